#!/usr/bin/env bats
load helper

prepare() {
    datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx
    embed-texts --encoder encoder.onnx pool.jsonl -o rows.npy
}

rows() { python3 -c 'import sys; print(open(sys.argv[1], "rb").read(128).decode("latin-1"))' "$1"; }

@test "a row of vectors for each line" {
    run -0 rows rows.npy
    assert_output --partial "'shape': ($(wc -l < pool.jsonl), 6)"
}

@test "plain text, parts and jobs give the same rows" {
    jq -r .text pool.jsonl > pool.txt
    embed-texts --encoder encoder.onnx --text --jobs 2 pool.txt -o text.npy
    same rows.npy text.npy
}

@test "embed-filter takes them, and the encoder's file itself, with the same result" {
    embed-texts --encoder encoder.onnx seed.jsonl -o in.npy
    embed-filter --embedding external --vectors rows.npy --in-vectors in.npy --keep 20% pool.jsonl | jq -r .id > by-rows
    embed-filter --embedding external --encoder encoder.onnx --in-domain-jsonl seed.jsonl --keep 20% pool.jsonl |
        jq -r .id > by-encoder
    same by-rows by-encoder
}

@test "a damaged encoder is refused and leaves the old vectors" {
    head -c 9000 encoder.onnx > cut.onnx
    cp rows.npy old.npy
    run -1 embed-texts --encoder cut.onnx pool.jsonl -o rows.npy
    assert_output --partial 'embed-texts: cut.onnx: '
    same old.npy rows.npy
}

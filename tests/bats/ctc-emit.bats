#!/usr/bin/env bats
load helper

prepare() {
    ctc-fit -q --lexicon tones.lexicon --epochs 4 --batch 2 --hidden 16 --layers 1 --rate 0.01 tones.jsonl -o tones.onnx
    ctc-emit --model tones.onnx tones.jsonl > emissions.jsonl
}

@test "every record has emissions, and the other fields as they were" {
    jq -c 'del(.emissions)' emissions.jsonl > left
    jq -c . tones.jsonl | cmp - left
    holds 'all(.emissions | startswith("npz;base64,"))' < emissions.jsonl
}

@test "parts of the input and jobs change nothing, noise or not" {
    ctc-emit --model tones.onnx --jobs 2 tones.jsonl | cmp - emissions.jsonl
    split -n l/3 tones.jsonl part.
    for part in part.*; do ctc-emit --model tones.onnx "$part"; done | cmp - emissions.jsonl
    ctc-emit --model tones.onnx --noise-snr 5 --seed 3 --level -20 tones.jsonl > noisy
    ctc-emit --model tones.onnx --noise-snr 5 --seed 3 --level -20 --jobs 2 < tones.jsonl | cmp - noisy
    run cmp -s noisy emissions.jsonl
    assert_failure
}

@test "files hold what records would" {
    ctc-emit --model tones.onnx --out-dir made/of tones.jsonl > filed.jsonl
    jq -rs '.[:2][].emissions' filed.jsonl | tr '\n' ' ' > names
    assert_equal "$(cat names)" 'made/of/tones-00.npz made/of/tones-01.npz '
    jq -rs '.[0].emissions | sub(".*,"; "")' emissions.jsonl | base64 -d | cmp - made/of/tones-00.npz
    ctc-emit --model tones.onnx --out-dir made/again --jobs 2 tones.jsonl > /dev/null
    diff -r made/of made/again
    jq -c 'del(.id)' tones.jsonl > bare.jsonl
    ctc-emit --model tones.onnx --out-dir numbered bare.jsonl bare.jsonl > /dev/null
    assert_equal "$(find numbered -name '*.npz' | wc -l)" 36
    same numbered/000020.npz made/of/tones-01.npz
}

@test "names of files are relative to the folder of the records" {
    mkdir -p far/away
    ctc-emit --model tones.onnx --out-dir far/emitted tones.jsonl -o far/away/filed.jsonl
    run -0 jq -rs '.[0].emissions' far/away/filed.jsonl
    assert_output ../emitted/tones-00.npz
    ctc-emit --token-map tones-map.tsv far/away/filed.jsonl | cmp - <(ctc-emit --token-map tones-map.tsv emissions.jsonl)
    jq -r .text tones.jsonl | build-arpa -q --text --order 2 --smoothing witten-bell > tones.arpa
    heard() { decode-wer -q --json --lexicon tones.lexicon --lm tones.arpa --reference-field text "$@"; }
    run -0 jq -r .WER <(heard far/away/filed.jsonl)
    assert_output "$(heard emissions.jsonl | jq -r .WER)"
    ctc-fit -q --features --epochs 1 far/away/filed.jsonl -o far/fitted.onnx
    (cd far/away && ctc-emit -q --model ../fitted.onnx < filed.jsonl | cmp - <(ctc-emit -q --model ../fitted.onnx "$PWD/filed.jsonl"))
    ctc-emit --model tones.onnx --out-dir "$PWD/far/absolute" tones.jsonl -o far/away/absolute.jsonl
    run -0 jq -rs '.[0].emissions' far/away/absolute.jsonl
    assert_output "$PWD/far/absolute/tones-00.npz"
    # a stream has no folder
    ctc-emit --model tones.onnx --out-dir made tones.jsonl | ctc-emit --token-map tones-map.tsv <(cat) > /dev/null
    run -0 bash -c 'ctc-emit --model tones.onnx --out-dir made tones.jsonl -o /dev/stdout | jq -rs ".[0].emissions"'
    assert_output made/tones-00.npz
}

@test "two records do not share a file" {
    cat tones.jsonl tones.jsonl > twice.jsonl
    run -1 ctc-emit --model tones.onnx --out-dir made -o never twice.jsonl
    assert_output 'ctc-emit: twice.jsonl:19: made/tones-00.npz is written already, for another record'
    assert_not_exists never
}

@test "a broken file is named, and set aside where that is asked for" {
    head -c 3000 tones/01.flac > cut.flac
    printf '%s\n' '{"audio":"tones/00.wav"}' '{"audio":"cut.flac"}' '{"audio":"none.wav"}' '{"audio":"tones.jsonl"}' > some
    run -1 ctc-emit --model tones.onnx some
    assert_output --regexp '^ctc-emit: some:2: cut.flac: '
    ctc-emit --model tones.onnx --rejects bad some > good
    assert_equal "$(wc -l < good)" 1
    assert_equal "$(cut -f2 bad | tr '\n' ' ')" '2 3 4 '
    cut -f4- bad | cmp - <(tail -n 3 some)
}

@test "tokens are merged by a map" {
    ctc-emit --model tones.onnx --token-map tones-map.tsv --out-dir merged tones.jsonl > /dev/null
    python -c 'import numpy; print(*numpy.load("merged/tones-00.npz")["tokens"])' > tokens
    assert_equal "$(cat tokens)" '- high low sil'
    ctc-emit --token-map tones-map.tsv --out-dir after emissions.jsonl > /dev/null
    python -c 'import numpy; one, other = (numpy.load(f"{name}/tones-00.npz")["log_probs"] for name in ("merged", "after"))
assert abs(one - other).max() < 0.02' # rounded to float16 in between
    run -1 ctc-emit --model tones.onnx --token-map <(echo 'L	low') tones.jsonl
    assert_output --partial "no class for the token 'sil'"
    # a map that can be read once
    ctc-emit --token-map <(cat tones-map.tsv) emissions.jsonl | cmp - <(ctc-emit --token-map tones-map.tsv emissions.jsonl)
    # what the map does not have is the record's fault
    ctc-emit --token-map tones-map.tsv emissions.jsonl > merged.jsonl
    run -0 bash -c 'head -n 2 merged.jsonl | cat - emissions.jsonl | ctc-emit --token-map tones-map.tsv --rejects rejected -q'
    assert_equal "$(wc -l < rejected)" 2
    ctc-emit --token-map <(sed 's/$/\r/' tones-map.tsv) emissions.jsonl | cmp - merged.jsonl
    run -1 ctc-emit --token-map <(echo 'L low') emissions.jsonl
    assert_output --partial ':1: not TOKEN<TAB>CLASS'
}

@test "a model on top of another model" {
    ctc-fit -q --features --lexicon tones.lexicon --epochs 2 --hidden 8 --layers 1 emissions.jsonl -o second.onnx
    ctc-emit --model second.onnx emissions.jsonl > second.jsonl
    ctc-emit --model tones.onnx tones.jsonl | ctc-emit --model second.onnx | cmp - second.jsonl
    ctc-emit --model tones.onnx --token-map tones-map.tsv tones.jsonl > merged.jsonl
    run -1 ctc-emit --model second.onnx merged.jsonl
    assert_output --partial 'merged.jsonl:1: emissions of other tokens'
    run -2 ctc-emit --model second.onnx --level -20 emissions.jsonl
    assert_output --partial 'emissions are read here'
    run -1 ctc-emit --model second.onnx tones.jsonl
    assert_output "ctc-emit: tones.jsonl:1: no field 'emissions'"
}

@test "wrong calls" {
    run -2 ctc-emit tones.jsonl
    run -2 ctc-emit --hama --model tones.onnx tones.jsonl
    run -2 ctc-emit --model tones.onnx --tokens tones.lexicon tones.jsonl
    run -2 ctc-emit --model tones.onnx --silence sil tones.jsonl
    run -2 ctc-emit --model tones.onnx --level nan tones.jsonl
}

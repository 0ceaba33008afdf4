#!/usr/bin/env bats
load helper

prepare() {
    paraphrase-pairs -n 300 --except-domain travel --except-domain alarm annotated.jsonl > pairs.jsonl
    paraphrase-pairs -n 100 --domain travel --domain alarm annotated.jsonl > dev-pairs.jsonl
    fit -q pairs.jsonl -o model.onnx
}

fit() {
    paraphrase-fit --dev dev-pairs.jsonl --threads 1 --epochs 2 --hidden 8 --embedding 8 --dimensions 8 \
        --buckets 1024 --batch 64 "$@"
}

# bats test_tags=slow
@test "another seed makes another model" {
    fit -q --seed 2 pairs.jsonl -o other.onnx
    run ! cmp -s model.onnx other.onnx
}

@test "-v says how every epoch went, and nothing goes to standard output" {
    run -0 --separate-stderr fit -v pairs.jsonl -o again.onnx
    assert_output ''
    assert_regex "${stderr?}" 'epoch 1: loss [0-9.]+; dev AUC [0-9.]+, accuracy [0-9.]+'
    assert_regex "$stderr" 'held-out domains: AUC [0-9.]+, accuracy [0-9.]+, calibration error [0-9.]+'
    same model.onnx again.onnx
}

@test "pairs that teach nothing are an error" {
    jq -c 'select(.label == 1)' pairs.jsonl > same.jsonl
    run -1 fit same.jsonl -o other.onnx
    assert_output --partial 'the training pairs must hold both paraphrases and others'
    run -1 paraphrase-fit --dev same.jsonl pairs.jsonl -o other.onnx
    assert_output --partial 'the --dev pairs must hold both paraphrases and others'
    (head -n 4 pairs.jsonl && echo '{"text":"a","other":"b","label":2}') > bad
    run -1 fit bad -o other.onnx
    assert_output 'paraphrase-fit: bad:5: label 2 is neither 0 nor 1'
    assert_not_exists other.onnx
}

# bats test_tags=slow
@test "a training that went astray is an error" {
    for rate in 1e5 1e30; do
        run -1 fit -q --rate $rate pairs.jsonl -o never.onnx
        assert_output --partial 'paraphrase-fit: the training went astray'
        assert_not_exists never.onnx
    done
}

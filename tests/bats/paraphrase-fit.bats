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

@test "the same pairs make the same model, by the pipe and in parts and whatever else they hold" {
    paraphrase-pairs -n 300 --except-domain travel --except-domain alarm annotated.jsonl | fit -q > piped.onnx
    same model.onnx piped.onnx
    jq -c '{extra: [1], "label": .label, other, text}' pairs.jsonl > other
    split -n l/2 other part.
    fit -q part.* -o parts.onnx
    same model.onnx parts.onnx
}

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

@test "a longer training tells better" {
    paraphrase-pairs -n 600 annotated.jsonl > all.jsonl
    paraphrase-pairs -n 200 --seed 2 annotated.jsonl > known.jsonl
    paraphrase-fit -q --dev known.jsonl --threads 1 --epochs 8 --hidden 16 --embedding 16 --dimensions 16 --rate 0.01 \
        --batch 32 --buckets 4096 all.jsonl -o long.onnx
    for model in model long; do
        paraphrase-score --model "$model.onnx" known.jsonl |
            jq -s 'def mean: add / length; ([.[] | select(.label == 1).paraphrase] | mean) -
                ([.[] | select(.label == 0).paraphrase] | mean)' > "$model.gap"
    done
    cat model.gap long.gap | holds '.[1] > 0.2 and .[1] > .[0] + 0.1'
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

@test "a training that went astray is an error" {
    for rate in 1e5 1e30; do
        run -1 fit -q --rate $rate pairs.jsonl -o never.onnx
        assert_output --partial 'paraphrase-fit: the training went astray'
        assert_not_exists never.onnx
    done
}

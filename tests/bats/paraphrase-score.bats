#!/usr/bin/env bats
load helper

prepare() {
    paraphrase-pairs -n 200 annotated.jsonl > pairs.jsonl
    paraphrase-fit -q --dev pairs.jsonl --threads 1 --epochs 2 --hidden 8 --embedding 8 --dimensions 8 --buckets 1024 \
        --batch 32 --rate 0.01 pairs.jsonl -o model.onnx
    score pairs.jsonl > scored.jsonl
}

score() { paraphrase-score --model model.onnx "$@"; }

@test "a record is what it was, with one field more, a probability" {
    jq -c 'del(.paraphrase)' scored.jsonl > without
    jq -c . pairs.jsonl > before
    same before without
    holds 'all(.paraphrase >= 0 and .paraphrase <= 1)' < scored.jsonl
}

@test "either text may come first" {
    score -f other --other text pairs.jsonl > exchanged
    same scored.jsonl exchanged
    jq -c '{text: .other, other: .text}' pairs.jsonl | score --print paraphrase > mirrored
    jq .paraphrase scored.jsonl > straight
    diff -u straight <(jq . mirrored)
}

@test "nothing is a better paraphrase than the text itself" {
    jq -c '.other = .text' pairs.jsonl | score | jq -s 'map(.paraphrase) | min' > self
    jq -s 'map(.paraphrase) | max' scored.jsonl > highest
    cat self highest | holds '.[0] >= .[1] - 0.01'
    cat self highest | holds '.[0] > 0.5'
}

@test "capitals and punctuation do not matter" {
    jq -c '.text |= ascii_upcase + "!" | .other |= "... " + ascii_upcase' pairs.jsonl | score --print paraphrase > loud
    score --print paraphrase pairs.jsonl > quiet
    same quiet loud
}

@test "a score does not depend on its fellows" {
    tac pairs.jsonl | score | tac > backwards
    same scored.jsonl backwards
    split -n l/7 pairs.jsonl part.
    for part in part.*; do score < "$part"; done > apart
    same scored.jsonl apart
    head -n 3 pairs.jsonl | while read -r line; do score <<< "$line"; done > single
    head -n 3 scored.jsonl > first
    same first single
}

@test "paraphrases score higher than others" {
    holds 'def mean: map(.paraphrase) | add / length;
        (map(select(.label == 1)) | mean) > (map(select(.label == 0)) | mean)' < scored.jsonl
}

@test "empty texts and other scripts have scores" {
    printf '%s\n' '{"text":"","other":""}' '{"text":"","other":"नमस्ते"}' '{"text":"गाना बजाओ","other":"𝄞\n"}' |
        score | holds 'all(.paraphrase >= 0) and .[0].paraphrase > 0.5'
}

#!/usr/bin/env bats
load helper

prepare() {
    nlu-fit seed.jsonl -o seed.nlu
    nlu-label --model seed.nlu pool.jsonl > labelled.jsonl
}

@test "a slot's value is the text between its offsets" {
    # shellcheck disable=SC2016
    holds 'all(.text as $text | .slots | all(.value == $text[.start:.end]))' < labelled.jsonl
}

@test "a record is what it was, with fields more" {
    jq -c 'del(.intent, .slots, .confidence)' labelled.jsonl > without
    jq -c . pool.jsonl > pool
    same pool without
}

@test "labels that are there play no part" {
    nlu-label --model seed.nlu labelled.jsonl > again
    same labelled.jsonl again
    jq -c '.slots = [] | .intent = "Other" | .confidence = 0' labelled.jsonl | nlu-label --model seed.nlu | jq -c . > relabelled
    jq -c . labelled.jsonl > wanted
    same wanted relabelled
}

@test "--min-confidence and --rejects part the input in two" {
    nlu-label --model seed.nlu --min-confidence 0.4 --rejects unsure.tsv pool.jsonl > sure.jsonl
    jq -c 'select(.confidence >= 0.4)' labelled.jsonl > wanted
    jq -c . sure.jsonl > sure
    same wanted sure
    cut -f 4- unsure.tsv > unsure.jsonl
    grep -vFx -f unsure.jsonl pool.jsonl | jq -c .id > rest
    jq -c .id sure.jsonl > kept
    same rest kept
}

@test "--min-confidence is select-topk --threshold on the confidence" {
    nlu-label --model seed.nlu --min-confidence 0.6 pool.jsonl > labeller
    select-topk --threshold 0.6 --by confidence labelled.jsonl > selector
    same labeller selector
}

@test "--print prints what jq sees, of plain text too" {
    nlu-label --model seed.nlu --print confidence pool.jsonl | jq . > printed
    jq .confidence labelled.jsonl > seen
    same printed seen
    jq -r .text pool.jsonl | nlu-label --model seed.nlu --text --print intent > printed
    jq -r .intent labelled.jsonl > seen
    same printed seen
}

@test "an intent of utterances without words has no slots to find" {
    { cat seed.jsonl; echo '{"text":"","intent":"Silence"}'; } | nlu-fit -q -o silent.nlu
    nlu-label --model silent.nlu pool.jsonl > found
    assert_equal "$(wc -l < found)" "$(wc -l < pool.jsonl)"
    echo '{"text":"","intent":"Silence"}' | nlu-fit -q -o nothing.nlu
    run -0 nlu-label --model nothing.nlu --text --print slots <(echo play it)
    assert_output '[]'
}

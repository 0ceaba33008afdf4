#!/usr/bin/env bats
load helper

prepare() {
    nlu-fit seed.jsonl -o seed.nlu
}

labels() { nlu-label --model "$1" test.jsonl; }

@test "several files are one training set" {
    split -n l/3 seed.jsonl part.
    nlu-fit part.* -o parts.nlu
    same seed.nlu parts.nlu
}

@test "the order of members and fields it does not know do not matter" {
    jq -c '{extra: [1, {"text": 2}], slots, intent, text}' seed.jsonl | nlu-fit -o other.nlu
    same seed.nlu other.nlu
}

@test "a record of weight 2 is that record twice" {
    jq -c 'select(.slots | length > 1).times = 2' seed.jsonl | nlu-fit --weight times -o weighted.nlu
    jq -c 'if .slots | length > 1 then (., .) else . end' seed.jsonl | nlu-fit -o twice.nlu
    labels weighted.nlu > weighted
    labels twice.nlu > twice
    same weighted twice
}

@test "it has learnt what it was taught" {
    nlu-label --model seed.nlu seed.jsonl | nlu-eval --reference seed.jsonl --json |
        holds 'first.all | .SemER < 0.1 and .ICER == 0'
}

@test "two intents are told apart" {
    head -n 40 general.txt | jq -c -R '{text: ., intent: "Other"}' > other.jsonl
    nlu-fit seed.jsonl other.jsonl -o two.nlu
    cat seed.jsonl other.jsonl | jq -c 'del(.id)' > both
    nlu-label --model two.nlu both | nlu-eval --reference both --json |
        holds 'first | .all.ICER == 0 and (.intents | keys == ["Other", "PlayMusic"])'
}

@test "a slot that is not the text at its offsets ends the run, and the old model stays" {
    cp seed.nlu kept.nlu
    jq -c 'if .id == "seed-07" then .slots[0].start -= 1 else . end' seed.jsonl > wrong.jsonl
    run -1 nlu-fit wrong.jsonl -o seed.nlu
    assert_output --partial 'wrong.jsonl:7: '
    same kept.nlu seed.nlu
}

@test "offsets count code points" {
    jq -c 'select(.text | test("^[ -~]*$") | not)' seed.jsonl > beyond.jsonl
    assert_not_equal "$(wc -l < beyond.jsonl)" 0
    nlu-fit beyond.jsonl -o beyond.nlu
    nlu-label --model beyond.nlu beyond.jsonl > labelled.jsonl
    # shellcheck disable=SC2016
    holds 'all(.text as $text | .slots | all(.value == $text[.start:.end]))' < labelled.jsonl
}

@test "an encoder and a list of values are features, and the model names the encoder it needs" {
    datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx
    printf 'bossa nova\nfado\n' > genre.txt
    nlu-fit seed.jsonl --encoder encoder.onnx --gazetteer genre.txt -o context.nlu
    run -1 nlu-label --model context.nlu test.jsonl
    assert_output --partial 'give it with --encoder'
    nlu-label --model context.nlu --encoder encoder.onnx seed.jsonl | nlu-eval --reference seed.jsonl --json |
        holds 'first.all | .SemER < 0.1 and .ICER == 0'
}

@test "slots that another recogniser finds are features, and a guide has no guide" {
    jq -c 'select(.intent != "PlayMusic")' annotated.jsonl > others.jsonl
    nlu-fit --slots joint --iterations 20 others.jsonl -o assistant.nlu
    nlu-fit seed.jsonl --guide assistant.nlu -o guided.nlu
    rm assistant.nlu
    nlu-label --model guided.nlu seed.jsonl | nlu-eval --reference seed.jsonl --json |
        holds 'first.all | .SemER < 0.1 and .ICER == 0'
    run -1 nlu-fit seed.jsonl --guide guided.nlu -o again.nlu
    assert_output 'nlu-fit: guided.nlu: the guide has a guide itself; take one that has none'
    run -1 nlu-fit seed.jsonl --guide seed.jsonl -o again.nlu
    assert_output --partial 'seed.jsonl: truncated, or not a datasel model'
}

@test "a list without values is an error" {
    : > none.txt
    run -1 nlu-fit seed.jsonl --gazetteer none.txt -o model.nlu
    assert_output 'nlu-fit: none.txt: no values'
}

@test "unlabelled text is the same as unlabelled records" {
    datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx
    jq -r .text pool.jsonl > pool.txt
    nlu-fit -q seed.jsonl --unlabelled pool.jsonl --encoder encoder.onnx -o records.nlu
    nlu-fit -q seed.jsonl --unlabelled-text pool.txt --encoder encoder.onnx -o text.nlu
    same records.nlu text.nlu
    nlu-fit -q seed.jsonl --encoder encoder.onnx -o alone.nlu
    run -1 cmp -s alone.nlu text.nlu
    run -1 nlu-fit seed.jsonl --unlabelled-text pool.jsonl -o none.nlu
    assert_output --partial 'pool.jsonl:1: records (JSON Lines) where plain text is read'
    run nlu-fit seed.jsonl --gazetteer <(printf 'name,value\ncity,Paris\n') -o none.nlu
    assert_output --partial 'looks like CSV (columns name, value)'
}

@test "a slot needs a name" {
    for name in '' 'a\u0000b'; do
        printf '{"text":"play adele","intent":"P","slots":[{"name":"%s","value":"adele","start":5,"end":10}]}\n' "$name" > bad
        run ! nlu-fit bad
        assert_output --regexp "^nlu-fit: bad:1: slot 'adele' has "
    done
}

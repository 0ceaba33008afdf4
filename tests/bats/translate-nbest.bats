#!/usr/bin/env bats
load helper

prepare() {
    translate-fit -q --dev sentences-dev.jsonl --epochs 2 --vocabulary 150 --dimensions 16 --feed-forward 16 --layers 1,1 \
        --threads 1 sentences.jsonl -o model/
    translate-nbest --model model/ -n 3 --longest 20 seed.jsonl > nbest.jsonl
}

@test "every record has its list, and the other fields as they were" {
    jq -c 'del(.nbest, .source)' nbest.jsonl > left
    jq -c . seed.jsonl | cmp - left
    holds 'all(.source == .text and (.nbest | length == 3) and all(.nbest[]; .mt_score <= 0))' < nbest.jsonl
}

@test "batches, parts of the input and jobs change nothing" {
    translate-nbest --model model/ -n 3 --longest 20 --batch-tokens 8 --jobs 2 seed.jsonl | cmp - nbest.jsonl
    split -n l/3 seed.jsonl part.
    for part in part.*; do translate-nbest --model model/ -n 3 --longest 20 "$part"; done | cmp - nbest.jsonl
}

@test "Moses' format is what lm-rescore reads" {
    translate-nbest --model model/ -n 3 --longest 20 --moses seed.jsonl > nbest.moses
    assert_equal "$(wc -l < nbest.moses)" 150
    build-arpa -q --text corpus.txt -o lm.arpa
    lm-rescore --lm lm.arpa --moses nbest.moses > best.jsonl
    assert_equal "$(wc -l < best.jsonl)" 50
}

@test "a given translation is scored" {
    translate-nbest --model model/ -f source --force target sentences.jsonl |
        holds 'all((.nbest | length == 1) and .nbest[0].text == .target and .nbest[0].mt_score < 0)'
    jq -nc '{source: ("play " * 1001), target: "चला"}' > long.jsonl
    run -1 translate-nbest --model model/ -f source --force target long.jsonl
    assert_output 'translate-nbest: long.jsonl:1: more than 1,000 pieces'
    translate-nbest -q --model model/ -f source --force target --rejects long sentences.jsonl long.jsonl > forced.jsonl
    assert_equal "$(wc -l < long) $(wc -l < forced.jsonl)" "1 $(wc -l < sentences.jsonl)"
    echo '{"source":"","target":""}' | translate-nbest --model model/ -f source --force target | holds '.[0].nbest[0].flags == []'
}

@test "a beam too narrow is a wrong call" {
    run -2 translate-nbest --model model/ -n 3 --beam 2 seed.jsonl
    assert_output --partial 'a --beam of 2 holds no 3 hypotheses'
    run -2 translate-nbest --model model/ --into source seed.jsonl
    run -2 translate-nbest --model model/ --length-penalty 1e9 seed.jsonl
}

@test "a hypothesis is its text, its score and what is odd about it; align-words adds the words" {
    holds 'all(.[].nbest[]; keys_unsorted == ["text", "mt_score", "mt_tokens", "mt_score_per_token", "flags"])' < nbest.jsonl
    align-fit --rounds 1 sentences.jsonl -o words.align
    align-words --model words.align nbest.jsonl > aligned.jsonl
    jq -c 'del(.nbest[].alignment)' aligned.jsonl | cmp - <(jq -c . nbest.jsonl)
    holds 'all(.[].nbest[]; .alignment | type == "array")' < aligned.jsonl
}

@test "a model made when translators had alignments of their own is read" {
    jq '.settings.training.guide = 0.05 | del(.sum)' model/datasel.json > meta
    sum=$(jq -cS . meta | tr -d '\n' | sha256sum | cut -d' ' -f1)
    cp -r model old
    jq --arg sum "$sum" '. + {sum: $sum}' meta > old/datasel.json
    translate-nbest --model old/ -n 3 --longest 20 seed.jsonl | cmp - nbest.jsonl
}

@test "a model that datasel translator described translates as it did, and cannot be trained on" {
    datasel translator --network model --pieces model/pieces.model -o described.tar
    translate-nbest --model described.tar -n 3 --longest 20 seed.jsonl | cmp - nbest.jsonl
    datasel translator --network model --pieces model/pieces.model -o described/
    translate-nbest --model described/ -n 3 --longest 20 --jobs 2 seed.jsonl | cmp - nbest.jsonl
    run -1 translate-fit --init described/ --dev sentences-dev.jsonl --epochs 1 sentences.jsonl -o tuned/
    assert_output 'translate-fit: described/: cannot be trained on, as it is not of translate-fit'
    rm described/datasel.json
    run -1 translate-nbest --model described/ seed.jsonl
    assert_output --partial "'datasel translator' makes one"
    run -1 datasel translator --network model --pieces model/pieces.model --target-prefix hin_Deva -o other.tar
    assert_output "datasel translator: model: its vocabulary has no 'hin_Deva', of --target-prefix"
    assert_not_exist other.tar
}

@test "numbers of Moses' lists run on over the files" {
    head -n 2 seed.jsonl > one.jsonl
    sed -n 3p seed.jsonl > two.jsonl
    run -0 bash -c "translate-nbest --model model/ -n 1 --longest 20 --moses one.jsonl two.jsonl | cut -d ' ' -f 1"
    assert_output $'1\n2\n3'
}

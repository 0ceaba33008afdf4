#!/usr/bin/env bats
load helper

prepare() { align-fit sentences.jsonl -o en-hi.align; }

@test "the same pairs make the same model, whatever the jobs; another seed another" {
    align-fit --jobs 2 sentences.jsonl | cmp - en-hi.align
    head -n 20 sentences.jsonl | align-fit - <(tail -n +21 sentences.jsonl) | cmp - en-hi.align
    run ! cmp -s <(align-fit --seed 2 sentences.jsonl) en-hi.align
}

@test "pairs may be columns of TSV" {
    jq -r '[.source, .target] | @tsv' sentences.jsonl | align-fit --tsv source,target > of-columns.align
    align-words --model en-hi.align sentences.jsonl > of-records.jsonl
    align-words --model of-columns.align sentences.jsonl | cmp - of-records.jsonl
}

@test "--with learns from lists and from translations as from pairs" {
    jq -c '{source, text: .nbest[].text}' translated.jsonl > single.jsonl
    jq -c '{source, target: .text}' single.jsonl > pairs.jsonl
    align-fit sentences.jsonl pairs.jsonl -o pairs.align
    for form in translated single; do
        align-fit --with "$form.jsonl" sentences.jsonl -o "$form.align"
        cmp <(align-words --model pairs.align single.jsonl) <(align-words --model "$form.align" single.jsonl)
    done
    run -1 align-fit --with <(echo '{"source":"a","nbest":[{}]}') sentences.jsonl
    assert_output --regexp "^align-fit: /dev/fd/[0-9]+:1: field 'nbest': not a list of hypotheses$"
}

@test "what cannot be learned from is counted" {
    run -0 align-fit -o few.align <(echo '{"source":"a","target":" "}') sentences.jsonl
    assert_output 'align-fit: left out 1 of 49 pairs, empty or too long'
    run -1 align-fit -q <(echo '{"source":"a","target":" "}')
    assert_output 'align-fit: no pairs to learn from'
}

@test "the model holds no sentences" {
    unzip -qq en-hi.align -d parts
    run ! grep -rl 'arijit' parts
    jq -e '.kind == "word aligner" and .settings.pairs == 48 and (.signature | startswith("align-fit|"))' parts/datasel.json
}

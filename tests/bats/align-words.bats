#!/usr/bin/env bats
load helper

prepare() {
    align-fit --with translated.jsonl sentences.jsonl -o en-hi.align
    jq -c 'del(.nbest[].alignment)' translated.jsonl > bare.jsonl
    align-words --model en-hi.align bare.jsonl > aligned.jsonl
}

@test "a record is what it was, but for the alignments" {
    same <(jq -c 'del(.nbest[].alignment)' aligned.jsonl) <(jq -c . bare.jsonl)
    holds 'all(has("alignment") | not) and all(.[].nbest[]; .alignment | length > 0)' < aligned.jsonl
}

@test "links are of words that are there, in order, each once" {
    # shellcheck disable=SC2016  # $sources and $targets are jq's
    holds 'all((.source | split(" ") | length) as $sources | .nbest[] | (.text | split(" ") | length) as $targets |
        .alignment | . == unique and all(.[0] >= 0 and .[0] < $sources and .[1] >= 0 and .[1] < $targets))' < aligned.jsonl
}

@test "jobs and parts of the input change nothing, nor what stands beside a translation" {
    align-words --model en-hi.align --jobs 2 bare.jsonl | cmp - aligned.jsonl
    while read -r line; do align-words --model en-hi.align <<< "$line"; done < bare.jsonl | cmp - aligned.jsonl
    jq -c '.nbest[] as $one | {source, text: $one.text}' bare.jsonl | align-words --model en-hi.align | jq -c .alignment |
        cmp - <(jq -c '.nbest[].alignment' aligned.jsonl)
}

@test "a record's text is the translation, or its target, or the field that is named" {
    echo '{"source":"play a song","target":"गाना चलाओ"}' | align-words --model en-hi.align > of-target
    echo '{"source":"play a song","text":"गाना चलाओ","target":"x"}' | align-words --model en-hi.align > of-text
    echo '{"from":"play a song","said":"गाना चलाओ"}' | align-words --model en-hi.align --source from -f said > of-said
    for file in of-text of-said; do same <(jq -c .alignment of-target) <(jq -c .alignment "$file"); done
    # with a list it is aligned only if it has an alignment already
    jq -c '. + {text: "play"}' bare.jsonl | align-words --model en-hi.align | holds 'all(has("alignment") | not)'
    jq -c '. + {text: .nbest[0].text, alignment: []}' bare.jsonl | align-words --model en-hi.align |
        holds 'all(.alignment == .nbest[0].alignment)'
}

@test "heuristics: the intersection is among the links of the union" {
    for name in intersection union grow och grow-diag grow-diag-final; do
        align-words --model en-hi.align --heuristic "$name" bare.jsonl | jq -c '.nbest[].alignment' > "$name.links"
    done
    # shellcheck disable=SC2016  # $n is jq's
    paste -d'\n' intersection.links union.links | holds '[range(0; length; 2) as $n | .[$n] - .[$n + 1]] | add == []'
    run -2 align-words --model en-hi.align --heuristic none bare.jsonl
}

@test "a side without words has no links, nor has one of too many" {
    { echo '{"source":"","text":"गाना"}'; echo '{"source":"a song","text":"  "}'
      jq -nc '{source: ("play " * 1001), text: "चलाओ"}'; } > odd.jsonl
    align-words --model en-hi.align odd.jsonl | holds 'length == 3 and all(.alignment == [])'
    jq -nc '{source: ("play " * 1000), text: ("चलाओ " * 1000)}' | align-words --model en-hi.align | holds '.[0].alignment != []'
}

@test "words unknown to the model are aligned to their like" {
    echo '{"source":"play [e1] now","text":"अभी [e1] चलाओ"}' | align-words --model en-hi.align | holds '.[0].alignment | any(. == [1, 1])'
}

@test "records without a translation are refused" {
    for line in '{"source":"a"}' '{"source":"a","nbest":3}' '{"source":"a","nbest":[{"mt_score":-1}]}' '{"text":"a"}'; do
        run -1 align-words --model en-hi.align <<< "$line"
        assert_output --partial 'align-words: stdin:1: '
    done
    { cat bare.jsonl; echo '{"source":"a"}'; } | align-words -q --model en-hi.align --rejects bad > good
    cmp good aligned.jsonl
    run -0 cat bad
    assert_output --partial "no field 'text' or 'target'"
}

#!/usr/bin/env bats
load helper

prepare() {
    entity-restore --keep-words particles.txt translated.jsonl > restored.jsonl
    code-mix --in-domain requests.hi.txt --keep-words particles.txt --scale 1e9 --alpha 0 --report words restored.jsonl > mixed.jsonl
}

@test "a record is what it was, but for texts, alignments and the places of entities" {
    same <(jq -c 'del(.nbest[] | .text, .alignment, .entities)' restored.jsonl) \
        <(jq -c 'del(.nbest[] | .text, .alignment, .entities)' mixed.jsonl)
    same <(jq -c '[.nbest[] | .entities | map(.name, .value)]' restored.jsonl) \
        <(jq -c '[.nbest[] | .entities | map(.name, .value)]' mixed.jsonl)
    # shellcheck disable=SC2016
    holds 'all(.[].nbest[]; .text as $text | all(.entities[]; $text[.start:.end] == .value))' < mixed.jsonl
}

@test "words come as the in-domain text writes them" {
    run -0 jq -r '.nbest[0].text' mixed.jsonl
    assert_line --index 4 'seven बजे की अलार्म लगाओ'
    assert_line --index 6 'एयरपोर्ट तक एक टैक्सी बुक'
    # each at its source word
    # shellcheck disable=SC2016
    holds 'all(.[]; (.source | split(" ")) as $source | .nbest[] | (.text | split(" ")) as $text |
        .alignment[] | $text[.[1]] != "टैक्सी" or $source[.[0]] == "taxi")' < mixed.jsonl
}

@test "the probability is what the manual says" {
    code-mix --in-domain requests.hi.txt --scale 3 --alpha 0.5 --report words restored.jsonl > /dev/null
    c=$(wc -w < requests.hi.txt) v=$(tr -s ' ' '\n' < requests.hi.txt | sort -u | wc -l)
    # shellcheck disable=SC2016
    jq --slurp --argjson c "$c" --argjson v "$v" 'all((.probability - ([1, 3 * (.count + .5) / ($c + .5 * $v)] | min) | fabs) < 1e-6)' words |
        cmp - <(echo true)
    assert_equal "$(jq -c 'select(.word == "email") | [.written, .count]' words)" '["ईमेल",2]'
}

@test "nothing is copied without scale, nor unknown words without alpha" {
    code-mix --in-domain requests.hi.txt --scale 0 restored.jsonl | cmp - restored.jsonl
    holds 'all((.count > 0) == (.copied > 0))' < words
    code-mix --in-domain <(echo 'कुछ नहीं') --scale 1e9 --alpha 0 restored.jsonl | cmp - restored.jsonl
}

@test "a word is copied in all hypotheses or in none, and the seed decides" {
    for _ in {1..60}; do cat restored.jsonl; done > many
    code-mix --in-domain requests.hi.txt --scale 15 --alpha 0 many > drawn
    # both hypotheses of a taxi have a word for it of their own
    holds 'map(select(.id == "tr-07") | [.nbest[].text | contains("टैक्सी")]) | unique == [[false, false], [true, true]]' < drawn
    code-mix --in-domain requests.hi.txt --scale 15 --alpha 0 --seed 1 many | cmp - drawn
    run ! cmp -s drawn <(code-mix --in-domain requests.hi.txt --scale 15 --alpha 0 --seed 2 many)
    run -0 bash -c 'set -o pipefail; code-mix --in-domain requests.hi.txt --scale 15 --alpha 0 --line-buffered < many | cmp - drawn'
}

@test "as often as the probability says" {
    for _ in {1..3000}; do echo '{"source":"alarm","text":"घंटी","alignment":[[0,0]]}'; done |
        code-mix --in-domain requests.hi.txt --scale 10 --alpha 0 --report words --print text | grep -c अलार्म > count
    awk -v p="$(jq .probability words)" -v n="$(cat count)" 'BEGIN {exit !(p > .3 && p < .6 && (n / 3000 - p)^2 < .03^2)}'
}

@test "entities stay whole, words aligned to them too" {
    jq -c '.slots = [{name: "x", value: .source, start: 0, end: (.source | length)}]' translated.jsonl > whole
    code-mix --in-domain requests.hi.txt --scale 1e9 whole | cmp - whole
    jq -c '.nbest[] |= (.entities = [{name: "x", value: .text, start: 0, end: (.text | length)}])' translated.jsonl > whole
    code-mix --in-domain requests.hi.txt --scale 1e9 whole | cmp - whole
}

@test "a list gives spellings, and counts for them" {
    code-mix --in-domain requests.hi.txt --spellings <(printf 'list\tसूची\nmilk\tमिल्क\nsong\tगाना\n') --scale 1e9 --report words restored.jsonl |
        jq -r 'select(.id == "tr-08").nbest[0].text' > text
    assert_equal "$(cat text)" 'my लिस्ट to rice and मिल्क add'
    assert_equal "$(jq -c 'select(.word | IN("milk", "song")) | [.word, .written, .count]' words | sort)" \
        $'["milk","मिल्क",0]\n["song","गाना",1]'
}

@test "a record's own text, hypotheses, and other names" {
    jq -c '.nbest[] as $best | del(.nbest) + ($best | {text, alignment, entities})' restored.jsonl > single.jsonl
    code-mix --in-domain requests.hi.txt --keep-words particles.txt --scale 1e9 --alpha 0 single.jsonl | jq -c '[.text, .alignment, .entities]' > own
    jq -c '.nbest[] | [.text, .alignment, .entities]' mixed.jsonl | cmp - own
    jq -c '.said = .text | .from = .source | del(.text, .source)' single.jsonl |
        code-mix --in-domain requests.hi.txt --keep-words particles.txt --scale 1e9 --alpha 0 -f said --source from | jq -c '[.said, .alignment, .entities]' | cmp - own
}

@test "what came out goes in again" {
    code-mix --in-domain requests.hi.txt --keep-words particles.txt --scale 1e9 --alpha 0 mixed.jsonl | cmp - mixed.jsonl
}

@test "errors and counts" {
    run -1 code-mix --in-domain /dev/null restored.jsonl
    assert_output 'code-mix: the in-domain text has no words'
    run -2 code-mix restored.jsonl
    run -0 code-mix -v --in-domain requests.hi.txt --scale 0 -o /dev/null restored.jsonl
    assert_line --regexp '^code-mix: 0 copied of [0-9]+ words that could be$'
    run -1 code-mix --in-domain requests.hi.txt <(echo '{"source":"a","text":"b","alignment":[[0,1]]}')
    assert_output --regexp '^code-mix: /dev/fd/[0-9]+:1: the alignment has 0-1'
}

@test "entities keep what else they have" {
    record='{"source":"calling Bob","text":"x Bob","alignment":[[0,0],[1,1]],'
    record+='"entities":[{"name":"e","value":"Bob","start":2,"end":5,"origin":"catalogue"}]}'
    code-mix --in-domain <(echo calling now) --scale 1e9 <<< "$record" |
        holds '.[0].entities == [{"name":"e","value":"Bob","start":8,"end":11,"origin":"catalogue"}]'
    run -1 code-mix --in-domain <(echo calling now) <<< "${record/\"Bob\",\"start\"/null,\"start\"}"
    assert_output --partial "stdin:1: field 'entities': not a list of"
}

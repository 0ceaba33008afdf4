#!/usr/bin/env bats
load helper

prepare() {
    jq -c '{id, text: .source, slots}' translated.jsonl > requests.jsonl
    entity-mask --except time requests.jsonl > masked.jsonl
}

@test "as many masks as there are entities, and what they stand for" {
    jq -c 'del(.masked, .masks)' masked.jsonl | cmp - <(jq -c . requests.jsonl)
    holds 'all(([.masked | scan("\\[e[0-9]\\]")] | length) == (.masks | length))' < masked.jsonl
    holds 'all((.masks | length) == ([.slots[] | select(.name != "time")] | length))' < masked.jsonl
    holds 'map(.masks | length) | add > 5' < masked.jsonl
    # put back, they are the text
    jq -c '. + {nbest: [{text: .masked, flags: []}]}' masked.jsonl | entity-mask --unmask > back.jsonl
    holds 'all(.nbest[0].text == .text and .source == .text and .nbest[0].flags == [])' < back.jsonl
}

@test "translations of masked texts get their entities, which entity-restore finds there" {
    # a translator that turns words round
    jq -c '.masked as $said | . + {source: $said, nbest: [{text: ($said | split(" ") | reverse | join(" "))}]}' masked.jsonl |
        entity-mask --unmask | entity-restore --except time --report placed > restored.jsonl
    holds 'last | .entities > 5 and .there == .entities' < placed
}

@test "options that exclude each other, and records that are not sound" {
    run -2 entity-mask --only a --except b requests.jsonl
    assert_output --partial 'exclude each other'
    run -2 entity-mask --field slots requests.jsonl
    run -1 entity-mask --unmask requests.jsonl
    assert_output "entity-mask: requests.jsonl:1: field 'nbest': not a list of hypotheses"
    echo '{"text":"a","nbest":[],"masks":["[e1]"]}' > odd.jsonl
    run -1 entity-mask --unmask odd.jsonl
    assert_output --partial "odd.jsonl:1: field 'masks'"
    echo '{"text":"a","slots":[{"name":"n","value":"b","start":0,"end":1}]}' > odd.jsonl
    run -1 entity-mask odd.jsonl
    assert_output --partial "odd.jsonl:1: slot 'n' is 'b'"
}

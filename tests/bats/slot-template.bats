#!/usr/bin/env bats
load helper

prepare() {
    slot-template annotated.jsonl > templates.jsonl
}

@test "a record is what it was, with one field more" {
    jq -c 'del(.template)' templates.jsonl > without
    jq -c . annotated.jsonl > before
    same before without
    holds 'all(.template | type == "string")' < templates.jsonl
}

@test "a template names the slots where their values stood" {
    holds 'all(([.template | scan("\\[([a-z]+)\\]")[0]]) == [.slots[].name])' < templates.jsonl
    jq -c '.template as $t | reduce .slots[] as $s ($t; sub("\\[" + $s.name + "\\]"; $s.value))' templates.jsonl > back
    jq -c .text annotated.jsonl > texts
    same texts back
}

@test "filled with its own values an utterance is itself" {
    # every slot under a name of its own, so that the catalogue has one value for it
    jq -s -c 'to_entries[] | .key as $key | .value | .slots[].name |= "\(.) \($key)"' annotated.jsonl > named
    slot-template named | slot-template --fill named | jq -c 'del(.template)' > filled
    same named filled
}

@test "templates filled have these templates again" {
    slot-template --fill annotated.jsonl --seed 5 templates.jsonl > filled
    slot-template filled > again
    same filled again
    jq -c '.text as $text | [.slots[] | $text[.start:.end]]' filled > there
    jq -c '[.slots[].value]' filled > values
    same values there
    jq -c .text filled > new
    jq -c .text templates.jsonl > old
    run ! cmp new old
}

@test "a text of nothing but a template's pieces needs no annotation" {
    jq -c 'del(.text, .slots)' templates.jsonl | slot-template --fill annotated.jsonl --seed 5 | jq -c '[.text, .slots]' > bare
    slot-template --fill annotated.jsonl --seed 5 templates.jsonl | jq -c '[.text, .slots]' > whole
    same whole bare
}

@test "a catalogue of names and values is one of annotated utterances" {
    jq -c '.slots[] | {name, value}' annotated.jsonl > catalogue
    slot-template --fill catalogue templates.jsonl > plain
    slot-template --fill annotated.jsonl templates.jsonl > annotated
    same annotated plain
    split -n l/2 catalogue part.
    slot-template --fill part.aa --fill part.ab templates.jsonl > parts
    same plain parts
}

@test "a value that stands three times as often is drawn three times as often" {
    printf '{"name":"artist","value":"%s"}\n' abba nena abba abba > catalogue
    for _ in {1..4000}; do echo '{"template":"[artist]"}'; done | slot-template --fill catalogue --print text |
        jq -R . | holds 'length == 4000 and (map(select(. == "abba")) | length | . > 2880 and . < 3120)'
}

@test "the seed decides, and nothing else" {
    slot-template --fill annotated.jsonl --seed 1 templates.jsonl > one
    slot-template --fill annotated.jsonl templates.jsonl > default
    slot-template --fill annotated.jsonl --seed 2 templates.jsonl > two
    same one default
    run ! cmp one two
    for _ in {1..60}; do cat templates.jsonl; done > long
    slot-template --fill annotated.jsonl long > filled
    head -n "$(wc -l < one)" filled > first
    same one first
}

@test "brackets of the text are doubled and come back" {
    echo '{"text":"say [it] [[now] नमस्ते","slots":[{"name":"what","value":"now","start":11,"end":14}]}' > odd
    run -0 slot-template --print template odd
    assert_output 'say [[it] [[[[[what]] नमस्ते'
    slot-template odd | slot-template --fill odd | jq -c '{text, slots}' > back
    same odd back
}

@test "bad records are named, or set aside" {
    printf '%s\n' '{"template":"play [artist"}' '{"template":"[nobody]"}' '{"template":"go"}' > bad
    run -1 slot-template --fill annotated.jsonl bad
    assert_output --partial 'bad:1: bracket 6 characters into the template is not closed'
    slot-template --fill annotated.jsonl --rejects rejects.tsv --print text bad > kept
    assert_equal "$(cat kept)" go
    assert_equal "$(sed -n 2p rejects.tsv | cut -f 3)" "the catalogue has no value for slot 'nobody'"
    run -1 slot-template <<< '{"text":"play","slots":[{"name":"a","value":"play","start":1,"end":5}]}'
    assert_output --partial "stdin:1: slot 'a' at 1-5 is no part of the text, which has 4 characters"
}

@test "values have no white space at their edges, and are not empty" {
    echo '{"name":"artist","value":" adele "}' > catalogue
    run -0 slot-template --fill catalogue --print text <<< '{"template":"play [artist]"}'
    assert_output 'play adele'
    echo '{"name":"artist","value":" "}' > catalogue
    run -1 slot-template --fill catalogue templates.jsonl
    assert_output "slot-template: catalogue:1: an empty value of 'artist'"
}

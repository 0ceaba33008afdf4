#!/usr/bin/env bats
load helper

prepare() {
    entity-restore translated.jsonl > restored.jsonl
    # a hypothesis a record, its text as the record's own
    jq -c '.nbest[] as $best | del(.nbest) + ($best | {text, alignment})' translated.jsonl > single.jsonl
}

@test "a record is what it was, but for texts, alignments and entities" {
    same <(jq -c 'del(.nbest[] | .text, .alignment)' translated.jsonl) \
        <(jq -c 'del(.nbest[] | .text, .alignment, .entities)' restored.jsonl)
    holds 'all(.nbest[].entities | type == "array")' < restored.jsonl
}

@test "what is placed stands at its offsets, as the source has it" {
    # shellcheck disable=SC2016
    holds 'all(.[]; [.slots[].value] as $values | .nbest[] | .text as $text | .entities[] |
        (.value | IN($values[])) and $text[.start:.end] == .value)' < restored.jsonl
}

@test "the alignment of a placed entity is its words'" {
    # shellcheck disable=SC2016
    holds 'all(.[]; (.source | split(" ")) as $source | .nbest[] | (.text | split(" ")) as $text |
        [.entities[].value | split(" ")[]] as $words | .alignment[] | $source[.[0]] as $word |
        ($word | IN($words[]) | not) or $text[.[1]] == $word or ($text[.[1]] | IN("को", "के", "बजे", "कुमार")))' < restored.jsonl
}

@test "nothing but names is changed where nothing but names is asked for" {
    entity-restore --only person translated.jsonl > some.jsonl
    same <(jq -c 'select(all(.slots[]; .name != "person")) | [.nbest[] | .text, .alignment]' translated.jsonl) \
        <(jq -c 'select(all(.slots[]; .name != "person")) | [.nbest[] | .text, .alignment]' some.jsonl)
    entity-restore --except date,time,place_name,artist_name,food_type,business_name,ingredient translated.jsonl | cmp - some.jsonl
    run -2 entity-restore --only person --except date translated.jsonl
    assert_output --partial 'exclude each other'
}

@test "a hypothesis is edited as a record's own text is" {
    entity-restore single.jsonl | jq -c '[.id, .text, .alignment, .entities]' > own
    jq -c '.id as $id | .nbest[] | [$id, .text, .alignment, .entities]' restored.jsonl | cmp - own
    jq -c '.id as $id | .nbest[] | [$id, .text]' restored.jsonl | cmp - <(jq -c '.[:2]' own)
    # both at once, under other names
    jq -c '. + (.nbest[0] | {said: .text, alignment}) | .from = .source | del(.source)' translated.jsonl |
        entity-restore -f said --source from > both
    same <(jq -c .nbest both) <(jq -c .nbest restored.jsonl)
    same <(jq -c '[.said, .alignment, .entities]' both) <(jq -c '.nbest[0] | [.text, .alignment, .entities]' restored.jsonl)
}

@test "with a list and no alignment of its own the text stays" {
    jq -c '.text = "कुछ"' translated.jsonl | entity-restore > kept
    same <(jq -c 'del(.text)' kept) <(jq -c . restored.jsonl)
    holds 'all(.text == "कुछ" and (has("entities") | not))' < kept
}

@test "without alignment only what stands there is found" {
    jq -c 'del(.nbest[].alignment)' translated.jsonl | entity-restore --report figures > found
    holds 'last | .placed == 0 and .unaligned > 0 and .there > 0' < figures
    # an alignment comes with what is placed
    holds 'all(.[].nbest[]; has("alignment") == (.entities != []))' < found
}

@test "what came out goes in again" {
    entity-restore restored.jsonl | cmp - restored.jsonl
    entity-restore --spellings spellings.tsv --keep-words particles.txt translated.jsonl > once
    entity-restore --spellings spellings.tsv --keep-words particles.txt once | cmp - once
    entity-restore --catalogue catalogue.jsonl --seed 4 translated.jsonl > once
    entity-restore --catalogue catalogue.jsonl --seed 4 once | cmp - once
}

@test "particles stay at the ends of entities" {
    entity-restore --keep-words particles.txt translated.jsonl | jq -r '.nbest[0].text' > texts
    assert_equal "$(head -n 1 texts)" 'john smith को five pm बजे बुलाओ'
}

@test "words are written as the list says, the longest phrase first" {
    entity-restore --only place_name --spellings spellings.tsv translated.jsonl | jq -r 'select(.id == "tr-03").nbest[0].text' > text
    assert_equal "$(cat text)" 'आज न्यूयॉर्क में मौसम कैसा है'
    entity-restore --spelled --spellings spellings.tsv --report figures translated.jsonl | jq -c '.nbest[].entities[].value' > values
    run ! grep '[a-z]' values
    holds 'last | .unspelled > 0 and .entities == .placed + .there + .unaligned + .shared + .overlapping + .unspelled' < figures
    echo 'new york' > bad.tsv
    run -1 entity-restore --spellings bad.tsv translated.jsonl
    assert_output 'entity-restore: bad.tsv:1: not a phrase, a tab and how it is written'
}

@test "drawn values are of the catalogue, the same for all hypotheses, and depend on the seed" {
    entity-restore --catalogue catalogue.jsonl --seed 3 translated.jsonl > drawn
    # shellcheck disable=SC2016
    jq -c --slurpfile all catalogue.jsonl '.nbest[].entities[] | . as $e |
        [$all[] | select(.name == $e.name).value] as $values | $values == [] or ($e.value | IN($values[]))' drawn | sort -u | cmp - <(echo true)
    holds 'all([.nbest[].entities[] | [.name, .value]] | unique | length == (unique_by(.[0]) | length))' < drawn
    entity-restore --catalogue catalogue.jsonl --seed 3 translated.jsonl | cmp - drawn
    run ! cmp -s drawn <(entity-restore --catalogue catalogue.jsonl --seed 4 translated.jsonl)
}

@test "several draws are records of their own, whatever the blocks" {
    entity-restore --catalogue catalogue.jsonl --draws 3 translated.jsonl > drawn
    same <(jq -c '[.id, .draw]' drawn) <(jq -c '.id as $id | range(3) | [$id, .]' translated.jsonl)
    run -0 bash -c 'set -o pipefail; entity-restore --catalogue catalogue.jsonl --draws 3 --line-buffered < translated.jsonl | cmp - drawn'
    run ! cmp -s <(jq -c 'select(.draw == 0).nbest' drawn) <(jq -c 'select(.draw == 1).nbest' drawn)
    entity-restore --catalogue catalogue.jsonl translated.jsonl | jq -c .id | cmp - <(jq -c .id translated.jsonl)
    run -2 entity-restore --draws 2 translated.jsonl
    assert_output --partial 'needs a --catalogue'
}

# bats test_tags=slow
@test "every value is drawn as often as it stands there" {
    for _ in {1..3000}; do head -n 1 single.jsonl; done |
        entity-restore --catalogue <(printf '{"name":"person","value":"%s"}\n' एक दो दो) --only person |
        jq -r '.entities[].value' | sort | uniq -c | awk '{n[$2] = $1} END {exit !(n["दो"] > 1900 && n["दो"] < 2100 && n["एक"] + n["दो"] == 3000)}'
}

@test "the report counts every entity once, by name and in all" {
    entity-restore -v --report figures translated.jsonl > /dev/null 2> said
    holds '(.[:-1] | map(.entities) | add) == last.entities and last.name == null and last.entities == 20' < figures
    holds '(.[:-1] | map(.placed) | add) == last.placed and last.rate == ((last.placed + last.there) / last.entities * 1e6 | round / 1e6)' < figures
    run -0 cat said
    assert_output --regexp '^entity-restore: [0-9]+ placed \([0-9]+ gapped, 0 drawn\), [0-9]+ there already, of 20 entities; unaligned'
    entity-restore --catalogue catalogue.jsonl --draws 5 --report more translated.jsonl > /dev/null
    same <(jq .entities figures) <(jq .entities more)
    jq -c '.slots = []' translated.jsonl | entity-restore --report none > /dev/null
    [ ! -s none ]
}

@test "bad records are named, or set aside" {
    for line in '{"source":"a"}' '{"text":"a"}' '{"source":"a","text":1}' '{"source":"a","nbest":{}}' '{"source":"a","nbest":[1]}' \
        '{"source":"a","nbest":[{"alignment":[]}]}' '{"source":"a","text":"b","alignment":[[0,1]]}' \
        '{"source":"a","text":"b","alignment":[[1,0]]}' '{"source":"a","text":"b","alignment":["0-0"]}' \
        '{"source":"a","text":"b","slots":[{"name":"x","value":"b","start":0,"end":1}]}' \
        '{"source":"a","text":"b","entities":[1]}' '{"source":"a","text":"b","entities":[{"name":"x","value":"c","start":0,"end":1}]}'; do
        run -1 entity-restore <(echo "$line")
        assert_output --regexp "^entity-restore: /dev/fd/[0-9]+:1: [^"$'\n'"]+$"
        echo "$line" >> bad
    done
    cat bad translated.jsonl bad | entity-restore --rejects rejects.tsv --catalogue catalogue.jsonl > kept
    entity-restore --catalogue catalogue.jsonl translated.jsonl | cmp - kept
    same <(cut -f 4- rejects.tsv) <(cat bad bad)
}

@test "a list without hypotheses has nothing to edit" {
    echo '{"source":"call sam","slots":[{"name":"p","value":"sam","start":5,"end":8}],"nbest":[]}' > empty
    entity-restore empty | cmp - empty
}

@test "entity-restore counts what lm-rescore chose once, and another own text beside its list" {
    entity-restore --report plain translated.jsonl > restored.jsonl
    jq -c '. + (.nbest[-1] | {text, alignment})' translated.jsonl | entity-restore --report chosen > both
    cmp plain chosen
    jq -c 'select(.id == "tr-03")' translated.jsonl | tee one | entity-restore --report plain > /dev/null
    jq -c '. + (.nbest[0] | {text: (.text + " जी"), alignment})' one | entity-restore --report more > /dev/null
    [ "$(jq -s '.[-1].entities' more)" -gt "$(jq -s '.[-1].entities' plain)" ]
}

#!/usr/bin/env bats
load helper

@test "as many pairs as asked for, half of them paraphrases" {
    paraphrase-pairs -n 1000 annotated.jsonl > pairs
    holds 'length == 1000 and (map(.label) | add | . > 440 and . < 560)' < pairs
    holds 'all((.kind == "paraphrase") == (.label == 1))' < pairs
    holds 'all(.text != .other)' < pairs
}

@test "fewer pairs are the beginning of more" {
    paraphrase-pairs -n 2500 annotated.jsonl > pairs
    head -n 700 pairs > first
    paraphrase-pairs -n 700 annotated.jsonl > fewer
    same first fewer
}

@test "what stands twice counts once" {
    paraphrase-pairs -n 300 annotated.jsonl > once
    cat annotated.jsonl annotated.jsonl | paraphrase-pairs -n 300 > twice
    same once twice
}

@test "--domain and --except-domain are a filter before it" {
    paraphrase-pairs -n 200 --domain travel --domain alarm annotated.jsonl > option
    jq -c 'select(.domain == "travel" or .domain == "alarm")' annotated.jsonl | paraphrase-pairs -n 200 > filter
    same filter option
    paraphrase-pairs -n 200 --except-domain music annotated.jsonl > option
    jq -c 'select(.domain != "music")' annotated.jsonl | paraphrase-pairs -n 200 > filter
    same filter option
}

@test "a kind that is not asked for does not come" {
    paraphrase-pairs -n 400 --negatives same-structure=1,random=3 annotated.jsonl |
        holds 'map(.kind) | unique == ["paraphrase", "random", "same-structure"]'
    paraphrase-pairs -n 200 --positives 100% annotated.jsonl | holds 'all(.label == 1)'
    paraphrase-pairs -n 200 --positives 0% --negatives other-intent=1 annotated.jsonl |
        holds 'all(.kind == "other-intent")'
}

@test "one structure filled twice has other words, and two ways to say it have the same values" {
    paraphrase-pairs -n 300 annotated.jsonl | holds 'map(select(.kind == "same-structure")) |
        length > 30 and all((.text | split(" ") | sort) != (.other | split(" ") | sort))'
    # with one value a slot, every paraphrase of travel is one of these
    jq -c 'select(.domain == "travel")' annotated.jsonl > travel.jsonl
    jq -c '.slots[] | {name, value: .name}' travel.jsonl > names
    slot-template travel.jsonl | slot-template --fill names > plain
    paraphrase-pairs -n 200 --positives 100% plain | jq -c '.text, .other' | sort -u > said
    jq -c 'select(.slots != []).text' plain | sort -u > known
    same known said
}

@test "no domain, no matter" {
    jq -c 'del(.domain)' annotated.jsonl | paraphrase-pairs -n 50 | holds 'length == 50 and all(.domain == null)'
}

@test "pairs that cannot be are an error" {
    run -1 paraphrase-pairs -n 5 seed.jsonl
    assert_output --partial "these utterances allow no pair of kind 'other-intent'"
    run -0 paraphrase-pairs -n 5 --negatives same-structure=1 --print kind seed.jsonl
    run -1 paraphrase-pairs -n 5 --domain sport annotated.jsonl
    assert_output 'paraphrase-pairs: no utterances of these domains to make pairs of'
    run -2 paraphrase-pairs -n 5 --negatives paraphrase=1 annotated.jsonl
    assert_output --partial 'kinds are same-structure, other-intent, random'
}

@test "a domain that no record has is told" {
    paraphrase-pairs -n 10 --except-domain musik annotated.jsonl 2>&1 > /dev/null | grep "no record has the domain 'musik'"
}

#!/usr/bin/env bats
load helper

prepare() {
    jq -nc 'range(200) | {id: ., source: "call john of paris \(.)", target: "john paris \(.) बताओ",
        alignment: [[0, 3], [1, 0], [3, 1], [4, 2]]}' > pairs.jsonl
    mask-pairs pairs.jsonl > masked.jsonl
}

@test "about half of the pairs have masks, the same on both sides" {
    holds 'length == 200 and (map(select(.source | test("\\[e1\\]"))) | length | . > 70 and . < 130)' < masked.jsonl
    holds 'all([.source | scan("\\[e[0-9]\\]")] == [.target | scan("\\[e[0-9]\\]")])' < masked.jsonl
    holds '[.[] | select(.source | test("\\[e2\\]"))] | length > 10' < masked.jsonl
    mask-pairs pairs.jsonl | cmp - masked.jsonl
    mask-pairs --seed 2 pairs.jsonl > other
    run ! cmp -s other masked.jsonl
}

@test "shares, and how many" {
    mask-pairs --share 0 pairs.jsonl | cmp - pairs.jsonl
    mask-pairs --share 1 --most 1 pairs.jsonl | holds 'all(.source | test("\\[e1\\]") and (test("\\[e2\\]") | not))'
    run mask-pairs -v --share 1 pairs.jsonl
    assert_output --partial '200 of 200 pairs have masks'
}

@test "pairs without an alignment stay, and one that does not fit is a bad record" {
    jq -c 'del(.alignment)' pairs.jsonl > bare.jsonl
    mask-pairs bare.jsonl | cmp - bare.jsonl
    head -n 1 pairs.jsonl | jq -c '.alignment = [[9, 9]]' > odd.jsonl
    run -1 mask-pairs odd.jsonl
    assert_output --partial 'odd.jsonl:1: the alignment has 9-9'
}

@test "a translator whose masks are pieces learns from them" {
    jq -c 'select(.source | length < 40)' masked.jsonl | translate-fit -q --dev sentences-dev.jsonl --updates 1 \
        --vocabulary 60 --dimensions 16 --feed-forward 16 --layers 1,1 --threads 1 --symbols '[e1],[e2]' -o copies/
    jq -nc '{text: "call [e1] of [e2] 7"}' | translate-nbest --model copies/ -n 1 | holds '.[0].nbest | length == 1'
}

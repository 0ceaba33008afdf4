#!/usr/bin/env bats
load helper

prepare() {
    nlu-fit seed.jsonl -o seed.nlu
    nlu-label --model seed.nlu test.jsonl > hyp.jsonl
}

evaluate() { nlu-eval --reference test.jsonl --json "$@"; }

# The report but for the signature, which says how it was made.
figures() { jq -c 'del(.signature)'; }

@test "the reference against itself makes no error" {
    evaluate test.jsonl |
        holds 'first.all | .SemER == 0 and .IRER == 0 and .ICER == 0 and .slot_F1 == 1 and .exact_match == 1'
}

@test "hypotheses without slots miss every slot" {
    jq -c '.slots = []' test.jsonl > empty
    slots=$(jq -s 'map(.slots | length) | add' test.jsonl)
    evaluate empty | holds "first.all | .deleted == $slots and .inserted == 0 and .SemER == $slots / ($slots + .utterances)"
}

@test "a wrong intent is one substitution" {
    jq -c '.intent = "Other"' test.jsonl > other
    evaluate other | holds 'first.all | .ICER == 1 and .substituted == .utterances and .slot_F1 == 1'
}

@test "the order of hypotheses does not matter where there are ids" {
    evaluate hyp.jsonl | figures > there
    tac hyp.jsonl | evaluate | figures > back
    same there back
}

@test "line by line is by id where both are in order" {
    jq -c 'del(.id)' test.jsonl > bare
    nlu-eval --reference bare --json hyp.jsonl | figures > lines
    evaluate hyp.jsonl | figures > ids
    same lines ids
}

@test "counts over parts add up to the whole" {
    split -n l/3 test.jsonl part.
    for part in part.*; do nlu-label --model seed.nlu "$part" | nlu-eval --reference "$part" --json; done |
        jq -c '.all | [.correct, .substituted, .deleted, .inserted]' > parts
    evaluate hyp.jsonl | jq -c '.all | [.correct, .substituted, .deleted, .inserted]' > whole
    jq -s -c 'transpose | map(add)' parts > sum
    same whole sum
}

@test "the table says what --json says" {
    SemER=$(evaluate hyp.jsonl | jq -r '.all.SemER * 10000 | round')
    run -0 nlu-eval --reference test.jsonl hyp.jsonl
    assert_line --regexp "^all +60 +0\.0*$SemER "
}

@test "a system against itself is no better, and two exchanged are as much better as worse" {
    evaluate --baseline hyp.jsonl hyp.jsonl |
        holds 'first.comparison | .relative_reduction == 0 and .probability_of_improvement == 0.5'
    jq -c '.slots = .slots[:1]' hyp.jsonl > fewer
    { evaluate --baseline hyp.jsonl fewer; evaluate --baseline fewer hyp.jsonl; } |
        holds 'map(.comparison.probability_of_improvement) | add | . > 0.999999 and . < 1.000001'
}

@test "a missing, an extra and a repeated record are errors" {
    run -1 evaluate <(sed 5d hyp.jsonl)
    assert_output --partial 'test-05'
    run -1 evaluate hyp.jsonl <(jq -c '.id = "new"' <(head -n 1 hyp.jsonl))
    assert_output --partial 'new'
    run -1 evaluate hyp.jsonl <(head -n 1 hyp.jsonl)
    assert_output --partial 'test-01'
}

@test "any field is a block, also one of the annotation" {
    for block in intent slots text; do
        nlu-eval --json --reference test.jsonl --block $block test.jsonl | jq -e '.all.SemER == 0'
    done
}

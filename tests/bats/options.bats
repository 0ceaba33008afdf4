#!/usr/bin/env bats
# Options that another one leaves nothing to do are wrong calls.
load helper

prepare() {
    nlu-fit seed.jsonl -o seed.nlu
    build-arpa -q pool.jsonl -o pool.arpa
}

useless() {
    run -2 "$@"
    assert_output --regexp "^${1}: --[a-z0-9-]+ is for "
}

@test "what does nothing is refused" {
    useless embed-fit --wrap some.vec --dim 300 pool.jsonl
    useless ngram-fit --positive seed.jsonl --negative pool.jsonl --method importance --l2 7
    useless ngram-fit --positive seed.jsonl --negative pool.jsonl --method importance --counts-only --negative-ratio 1
    useless embed-filter --embedding mean --sif 0.5 -m some.bin --in-domain some --keep 5% pool.jsonl
    useless lm-rescore --lm pool.arpa --tune some --all pool.jsonl
    useless entity-mask --unmask --most 2 pool.jsonl
    useless translate-nbest -m some --moses --into foo pool.jsonl
    useless decode-wer --weight 0.7 pool.jsonl
    useless decode-wer --reference-format kaldi pool.jsonl
    useless decode-wer --lexicon some --lm pool.arpa --weight 0.9 pool.jsonl
    useless lm-score --lm pool.arpa --summary --total pool.jsonl
    useless lm-prune --by confidence --keep 5% -f utterance pool.jsonl
    useless translate-nbest -m some --moses --print text pool.jsonl
    useless translate-nbest -m some --force target -n 2 pool.jsonl
    useless decode-wer --nbest -f foo recognised.jsonl
    useless decode-wer --format trn -r some -f foo recognised.jsonl
    useless decode-wer --format trn -r some --reference-field foo recognised.jsonl
    useless decode-wer --format kaldi -r some --id foo recognised.jsonl
    useless ctc-emit --token-map tones-map.tsv --longest 3 tones.jsonl
}

@test "a weight is that of the other model, too" {
    jq -c '{id, reference: .text, nbest: [{text, mt_score: 1}, {text: "x", mt_score: 0}]}' pool.jsonl > lists
    decode-wer --json --nbest --baseline-lm pool.arpa --weight 0.1 lists | jq -e '.all.WER == 0'
}

@test "an intent that the recogniser does not know is named" {
    run -2 nlu-label -m seed.nlu --intent PlayMusik pool.jsonl
    assert_output --partial "the recogniser has no 'PlayMusik', but PlayMusic"
}

@test "one field is not for two things" {
    for call in 'entity-restore -f source' 'entity-restore --source slots' 'code-mix --in-domain wanted.txt -f source' \
        'align-words -m en-hi.align -f alignment' 'mask-pairs --source alignment' 'align-fit --source target -o x'; do
        # shellcheck disable=SC2086  # several words
        run -2 $call sentences.jsonl
        assert_output --regexp 'is for something else|are both'
    done
    run -2 entity-restore --only 'a, b' pool.jsonl
    assert_output --partial "--only: ' b' is no name of a slot"
}

@test "large seeds are seeds" {
    align-fit -q --seed 99999999999999999999 --rounds 1 sentences.jsonl -o large.align
    embed-fit -q --seed 99999999999999999999 --dim 4 --buckets 10 --min-count 1 pool.jsonl -o large.bin
    run -2 align-fit --rounds 99999999999 sentences.jsonl -o large.align
}

@test "a model may come from a pipe" {
    lm-score --lm <(cat pool.arpa) --signature pool.jsonl 2> signature > piped
    grep -q 'lm:pipe|' signature
    lm-score --lm pool.arpa pool.jsonl > plain
    same plain piped
}

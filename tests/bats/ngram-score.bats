#!/usr/bin/env bats
load helper

prepare() {
    ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
    ngram-score --model relevance.npz pool.jsonl > scored.jsonl
}

@test "a record is what it was, with one field more" {
    jq -c 'del(.ngram_score)' scored.jsonl > without
    jq -c . pool.jsonl > pool
    same pool without
    holds 'all(.ngram_score | type == "number")' < scored.jsonl
}

@test "--print prints what jq sees" {
    ngram-score --model relevance.npz --print ngram_score pool.jsonl | jq . > printed
    jq .ngram_score scored.jsonl > seen
    same printed seen
    ngram-score --model relevance.npz --print text pool.jsonl > printed
    jq -r .text pool.jsonl > seen
    same printed seen
}

@test "parts scored apart are the whole" {
    split -n l/3 pool.jsonl part.
    for part in part.*; do ngram-score --model relevance.npz < "$part"; done > apart
    same scored.jsonl apart
    ngram-score --model relevance.npz part.* > together
    same scored.jsonl together
}

@test "--jobs changes no byte" {
    for _ in {1..40}; do cat pool.jsonl; done > long
    ngram-score --model relevance.npz long > one
    ngram-score --model relevance.npz --jobs 3 long > three
    same one three
}

@test "plain text has the scores of its records" {
    jq -r .text pool.jsonl | ngram-score --model relevance.npz --text | jq -c '[.text, .ngram_score]' > plain
    jq -c '[.text, .ngram_score]' scored.jsonl > records
    same records plain
}

@test "--probability is the logistic of the sum" {
    ngram-score --model relevance.npz --probability --into p scored.jsonl |
        holds 'all((.p - 1 / (1 + (-.ngram_score | exp))) | fabs < 2e-6)'
}

@test "--explain adds up to the score, but for the bias" {
    ngram-score --model relevance.npz --explain pool.jsonl |
        holds '[.[] | .ngram_score - ([.ngrams[][1]] | add // 0)] | max - min < 1e-4'
}

@test "the wanted utterances score higher on the whole" {
    ngram-score --model relevance.npz test.jsonl scored.jsonl |
        holds 'def mean: add / length;
            ([.[] | select(.intent).ngram_score] | mean) > ([.[] | select(.intent | not).ngram_score] | mean)'
}

@test "scored again it stays the same" {
    ngram-score --model relevance.npz scored.jsonl > again
    same scored.jsonl again
}

@test "-o may be the input" {
    ngram-score --model relevance.npz -o pool.jsonl pool.jsonl
    same scored.jsonl pool.jsonl
}

@test "--rejects holds the bad lines as they came" {
    printf '%s\n' '{"text":1}' '{"id":"x\ty"}' '[1]' > bad
    ngram-score --model relevance.npz --rejects rejects.tsv bad pool.jsonl bad > kept
    same scored.jsonl kept
    cut -f 4- rejects.tsv > restored
    cat bad bad > wanted
    same wanted restored
}

@test "a model of another kind is no model" {
    nlu-fit seed.jsonl -o seed.nlu
    run -1 ngram-score --model seed.nlu pool.jsonl
    assert_output --partial 'seed.nlu'
}

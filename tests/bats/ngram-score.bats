#!/usr/bin/env bats
load helper

prepare() {
    ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
    ngram-score --model relevance.npz pool.jsonl > scored.jsonl
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

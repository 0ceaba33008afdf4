#!/usr/bin/env bats
load helper

prepare() {
    ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
}

scores() { ngram-score --model "$1" --print ngram_score pool.jsonl; }

@test "several files are one set, and one may come by the pipe" {
    split -n l/2 seed.jsonl seed.
    split -n l/2 pool.jsonl pool.
    ngram-fit --positive seed.aa --positive seed.ab --negative - -o piped.npz < pool.jsonl
    ngram-fit --positive seed.jsonl --negative pool.aa --negative pool.ab -o parts.npz
    same relevance.npz piped.npz
    same relevance.npz parts.npz
}

@test "plain text teaches what its records teach" {
    jq -r .text seed.jsonl > seed.txt
    jq -r .text pool.jsonl > pool.txt
    ngram-fit --positive-text seed.txt --negative-text pool.txt -o text.npz
    scores relevance.npz > records
    scores text.npz > text
    same records text
}

@test "the seed matters where negatives are drawn, and only there" {
    ngram-fit --positive seed.jsonl --negative pool.jsonl --seed 2 -o all.npz
    scores relevance.npz > one
    scores all.npz > two
    same one two
    for seed in 1 2; do
        ngram-fit --positive seed.jsonl --negative pool.jsonl --negative-ratio 3 --seed "$seed" -o "$seed.npz"
        scores "$seed.npz" > "drawn.$seed"
    done
    assert_files_not_equal drawn.1 drawn.2
}

@test "a positive among the negatives is left out" {
    cat seed.jsonl pool.jsonl seed.jsonl | ngram-fit --positive seed.jsonl --negative - -o mixed.npz
    scores relevance.npz > without
    scores mixed.npz > with
    same without with
}

@test "importance weights of the classes exchanged are the negatives" {
    ngram-fit --method importance --positive-text wanted.txt --negative-text general.txt -o there.npz
    ngram-fit --method importance --positive-text general.txt --negative-text wanted.txt -o back.npz
    paste <(scores there.npz) <(scores back.npz) | jq -R 'split("\t") | map(tonumber) | add' |
        holds 'all(fabs < 1e-5)'
}

@test "-v speaks of held-out quality on standard error, and changes no byte" {
    ngram-fit -v --positive seed.jsonl --negative pool.jsonl 2> said > told.npz
    same relevance.npz told.npz
    assert_file_contains said 'held out: AUC 0\.[89]'
}

@test "a run that fails leaves the model that was there" {
    cp relevance.npz kept.npz
    echo '{"text":' >> pool.jsonl
    run -1 ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
    assert_output --partial "pool.jsonl:$(wc -l < pool.jsonl): "
    same kept.npz relevance.npz
    run -2 ngram-fit --positive seed.jsonl -o relevance.npz
    same kept.npz relevance.npz
}

@test "a table given as plain text is told of, and records are refused" {
    from-jsonl --to csv --columns id,text seed.jsonl > seed.csv
    for option in positive negative; do
        other=$([ $option = positive ] && echo negative || echo positive)
        run ngram-fit "--$option-text" seed.csv "--$other" pool.jsonl -o table.npz
        assert_success
        assert_output "ngram-fit: seed.csv: looks like CSV (columns id, text), and is read as plain text, line by line;\
 'to-jsonl --from csv' reads it"
        run -1 ngram-fit "--$option-text" seed.jsonl "--$other" pool.jsonl -o table.npz
        assert_output --partial 'seed.jsonl:1: records (JSON Lines) where plain text is read'
    done
}

@test "a pool counted in parts gives the weights of the pool" {
    split -n l/4 pool.jsonl part.
    for part in part.a?; do
        ngram-fit --method importance --positive seed.jsonl --negative "$part" --counts-only -o "$part.counts"
    done
    # shellcheck disable=SC2046  # words
    ngram-fit --method importance $(printf -- '--counts %s ' part.a?.counts) -o merged.npz
    ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl --negative-ratio 1e6 -o whole.npz
    scores merged.npz > merged
    scores whole.npz > whole
    same merged whole
    ngram-fit --method importance --counts part.aa.counts --counts part.ab.counts --counts-only -o some.counts
    ngram-fit --method importance --counts some.counts --counts part.ac.counts --counts part.ad.counts -o again.npz
    scores again.npz | cmp - merged
}

@test "counts have their own settings, and belong to one method" {
    ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl --counts-only -o pool.counts
    run -2 ngram-fit --positive seed.jsonl --negative pool.jsonl --counts-only -o never
    run -2 ngram-fit --method importance --counts pool.counts --negative pool.jsonl -o never
    run -2 ngram-fit --method importance --counts pool.counts --bits 10 -o never
    run -1 ngram-fit --method importance --counts relevance.npz -o never
    assert_output "ngram-fit: relevance.npz: a model of kind 'ngram-linear', but 'ngram-counts' is needed here"
    ngram-fit --method importance --positive seed.jsonl --negative /dev/null --counts-only -o none.counts
    run -1 ngram-fit --method importance --counts none.counts -o never
    assert_output 'ngram-fit: no negatives to learn from'
    assert_not_exist never
}

#!/usr/bin/env bats
load helper

prepare() {
    ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
    nlu-fit seed.jsonl -o seed.nlu
    nlu-label --model seed.nlu test.jsonl > seed-hyp.jsonl
}

@test "from seed to a better recogniser: the whole pipe" {
    ngram-score --model relevance.npz pool.jsonl |
        select-topk -k 180 --by ngram_score |
        nlu-label --model seed.nlu --min-confidence 0.5 > chosen.jsonl
    assert_file_not_empty chosen.jsonl
    cat seed.jsonl chosen.jsonl | nlu-fit > new.nlu
    nlu-label --model new.nlu test.jsonl |
        nlu-eval --reference test.jsonl --baseline seed-hyp.jsonl --json > report.json
    holds 'first | .comparison.new == .all.SemER and .comparison.baseline < 1 and .all.utterances == 60' < report.json
    run -0 nlu-eval --reference test.jsonl --json seed-hyp.jsonl
    assert_equal "$(jq .all.SemER <<< "$output")" "$(jq .comparison.baseline report.json)"
}

@test "one pipe is the same as its steps by way of files" {
    ngram-score --model relevance.npz pool.jsonl -o scored.jsonl
    select-topk -k 50 --by ngram_score scored.jsonl -o relevant.jsonl
    nlu-label --model seed.nlu relevant.jsonl -o steps.jsonl
    < pool.jsonl ngram-score --model relevance.npz | select-topk -k 50 --by ngram_score |
        nlu-label --model seed.nlu > pipe.jsonl
    same steps.jsonl pipe.jsonl
}

@test "datasel NAME is NAME in a pipe" {
    ngram-score -m relevance.npz pool.jsonl | select-topk -k 9 --by ngram_score > own
    datasel ngram-score -m relevance.npz pool.jsonl | datasel select-topk -k 9 --by ngram_score > shared
    same own shared
}

@test "labelling and selecting may change places" {
    ngram-score --model relevance.npz pool.jsonl > scored.jsonl
    select-topk -k 60 --by ngram_score scored.jsonl | nlu-label --model seed.nlu > there
    nlu-label --model seed.nlu scored.jsonl | select-topk -k 60 --by ngram_score > back
    same there back
}

@test "a failure in the pipe is the failure of the pipe" {
    run -1 bash -c 'set -o pipefail; ngram-score -m relevance.npz none.jsonl | select-topk -k 3 --by ngram_score -o best'
    assert_output --partial 'none.jsonl: No such file or directory'
    (sed 300q pool.jsonl && echo '{"text": 1}') > bad
    run -1 bash -c 'set -o pipefail; ngram-score -m relevance.npz bad | nlu-label -m seed.nlu > /dev/null'
    assert_output --partial 'ngram-score: bad:301: '
}

@test "a reader that has enough ends the writer, silently" {
    for _ in {1..100}; do cat pool.jsonl; done > long
    run -141 --separate-stderr bash -c 'set -o pipefail; ngram-score -m relevance.npz long | head -n 1'
    assert_output "$(ngram-score -m relevance.npz pool.jsonl | sed 1q)"
    assert_equal "${stderr-unset}" ''
}

@test "rejects may go down a pipe of their own" {
    nlu-label --model seed.nlu --min-confidence 0.5 --rejects rejects.tsv pool.jsonl > sure
    cut -f 4- rejects.tsv > unsure
    nlu-label --model seed.nlu --min-confidence 0.5 --rejects /dev/fd/3 pool.jsonl 3>&1 > piped.sure |
        cut -f 4- > piped.unsure
    same sure piped.sure
    same unsure piped.unsure
}

@test "standard input has one reader, models among them" {
    run -2 ngram-score --model - < relevance.npz
    assert_line 'ngram-score: standard input can be read only once'
    build-arpa -q --order 2 --smoothing witten-bell pool.jsonl -o general.arpa
    build-arpa -q --order 2 --smoothing witten-bell seed.jsonl -o target.arpa
    run -2 lm-mix --tune - general.arpa - < general.txt
    assert_line 'lm-mix: standard input can be read only once'
    ngram-score --model relevance.npz pool.jsonl > named
    ngram-score --model - pool.jsonl < relevance.npz > piped
    same named piped
    lm-mix --weight target.arpa=0.5 target.arpa general.arpa | tail -n +2 > named
    lm-mix --weight -=0.5 - general.arpa < target.arpa | tail -n +2 > piped
    same named piped
}

@test "an input is lost to no file beside the output, and a model to no records" {
    cp pool.jsonl pool.kept
    cp relevance.npz relevance.kept
    for option in --rejects --report; do
        run -2 paraphrase-diverse --model relevance.npz -k 1 pool.jsonl "$option" pool.jsonl
        assert_line "paraphrase-diverse: $option needs a FILE of its own"
        run -2 paraphrase-diverse --model relevance.npz -k 1 pool.jsonl "$option" ./relevance.npz
        assert_line "paraphrase-diverse: $option needs a FILE of its own"
    done
    run -2 ngram-score --model relevance.npz pool.jsonl -o relevance.npz
    assert_line 'ngram-score: -o would take the place of a model'
    run -2 from-jsonl --to moses --file text=pool.jsonl pool.jsonl
    assert_line 'from-jsonl: --file needs a FILE of its own'
    run -2 from-jsonl --to moses --file text=one --file id=one pool.jsonl
    assert_line 'from-jsonl: --file needs a FILE of its own'
    same pool.jsonl pool.kept
    same relevance.npz relevance.kept
    ngram-score --model relevance.npz pool.jsonl --rejects /dev/null -o pool.jsonl
    ngram-score --model relevance.npz pool.kept | cmp - pool.jsonl
}

@test "a name of 80 letters of three bytes is a name of a file" {
    name=$(printf 'क%.0s' {1..80})
    dedup -o "$name" seed.jsonl
    assert_equal "$(wc -l < "$name")" "$(wc -l < seed.jsonl)"
}

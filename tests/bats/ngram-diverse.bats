#!/usr/bin/env bats
load helper

prepare() {
    paraphrase-pairs -n 200 annotated.jsonl > pairs.jsonl
    paraphrase-fit -q --dev pairs.jsonl --threads 1 --epochs 1 --hidden 8 --embedding 8 --dimensions 8 --buckets 1024 \
        pairs.jsonl -o model.onnx
}

# The command with each of its objectives; "$@" is what to do.
each() {
    "$@"
    "$@" --weights tf-idf --order 2
    "$@" --objective facility --model model.onnx
}

@test "the first of a longer choice are the shorter choice" {
    prefix() {
        ngram-diverse --held seed.jsonl --sorted -k 30 "$@" pool.jsonl | head -n 10 > longer
        ngram-diverse --held seed.jsonl --sorted -k 10 "$@" pool.jsonl > shorter
        same longer shorter
    }
    each prefix
}

@test "what was chosen may be held instead" {
    steps() {
        ngram-diverse --held seed.jsonl --sorted -k 30 "$@" pool.jsonl > whole
        ngram-diverse --held seed.jsonl --sorted -k 18 "$@" pool.jsonl > first
        grep -vFx -f first pool.jsonl |
            ngram-diverse --held seed.jsonl --held first --sorted -k 12 "$@" > second
        cat first second > steps
        same whole steps
    }
    steps
    steps --weights tf-idf --order 2
}

@test "kept lines are lines of the input, byte for byte and in its order" {
    lines() {
        ngram-diverse --keep 12.5% "$@" pool.jsonl > kept
        grep -Fx -f kept pool.jsonl > found
        same kept found
        assert_equal "$(wc -l < kept)" "$((($(wc -l < pool.jsonl) * 125 + 500) / 1000))"
        ngram-diverse --sorted --keep 12.5% "$@" pool.jsonl | sort > ranked
        sort kept > sorted
        same sorted ranked
    }
    each lines
    lines --stochastic 0.1
}

@test "all of the input is the input, nothing of it nothing" {
    ends() {
        ngram-diverse --keep 100% "$@" < pool.jsonl > share
        ngram-diverse -k 100000 "$@" pool.jsonl > count
        same pool.jsonl share
        same pool.jsonl count
        run -0 ngram-diverse -k 0 "$@" pool.jsonl
        assert_output ''
    }
    each ends
    ends --stochastic 0.1
}

@test "what stands twice comes twice only when nothing new is left" {
    printf '{"text":"%s"}\n' 'play a song' 'play a song' 'wake me up' 'wake me up' 'wake me up' > twice
    run -0 ngram-diverse --min-count 1 --sorted -k 2 --print text twice
    assert_equal "$(sort <<< "$output")" $'play a song\nwake me up'
    run -0 ngram-diverse --min-count 1 --sorted -k 1 --held <(echo '{"text":"wake me up"}') --print text twice
    assert_output 'play a song'
}

@test "--prefer from 0, which changes nothing, to what decides alone" {
    jq -c '.place = (.text | explode | add) + input_line_number / 1000' pool.jsonl > placed.jsonl
    ngram-diverse --held seed.jsonl --sorted -k 20 placed.jsonl > without
    ngram-diverse --held seed.jsonl --sorted -k 20 --prefer place=0 placed.jsonl > zero
    same without zero
    ngram-diverse --held seed.jsonl --sorted -k 20 --prefer place=100000 placed.jsonl > much
    select-topk --sorted -k 20 --by place placed.jsonl > best
    same best much
    ngram-diverse --held seed.jsonl --sorted -k 20 --prefer place=0.7 placed.jsonl > some
    run ! cmp -s some without
    run ! cmp -s some best
}

@test "--min leaves out what a filter before it would" {
    nlu-fit seed.jsonl -o seed.nlu
    nlu-label --model seed.nlu pool.jsonl > labelled.jsonl
    ngram-diverse --min-count 1 --min confidence=0.4 --sorted -k 20 labelled.jsonl > option
    select-topk --threshold 0.4 --by confidence labelled.jsonl | ngram-diverse --min-count 1 --sorted -k 20 > filter
    same filter option
}

@test "-v says how much is covered, and greedy search covers most" {
    covered() { ngram-diverse -v "$@" 2>&1 > /dev/null | sed -n 's/.*held, \([0-9.]*\) with.*/\1/p'; }
    {
        covered -k 30 pool.jsonl
        covered --stochastic 0.1 -k 30 pool.jsonl
        covered --stochastic 0.9 -k 30 pool.jsonl
        covered -k 29 pool.jsonl
    } > values
    holds 'length == 4 and all(.[0] >= .[1:][]; .) and .[1] > 0.7 * .[0] and .[3] > 0.9 * .[0]' < values
}

@test "with --stochastic the seed decides" {
    ngram-diverse --stochastic 0.5 --sorted -k 20 pool.jsonl > one
    ngram-diverse --stochastic 0.5 --sorted -k 20 --seed 1 pool.jsonl > again
    ngram-diverse --stochastic 0.5 --sorted -k 20 --seed 2 pool.jsonl > other
    same one again
    run ! cmp -s one other
    ngram-diverse --sorted -k 20 pool.jsonl > plain
    ngram-diverse --sorted -k 20 --seed 2 pool.jsonl > seeded
    same plain seeded
}

@test "order and capitals of what is held do not matter" {
    ngram-diverse --held seed.jsonl -k 20 pool.jsonl > straight
    tac seed.jsonl | jq -c '.text |= ascii_downcase' > other
    ngram-diverse --held other -k 20 pool.jsonl > reversed
    same straight reversed
}

@test "facility and its model go together" {
    run -2 ngram-diverse --objective facility -k 5 pool.jsonl
    assert_line 'ngram-diverse: --objective facility and --model go together'
    run -2 ngram-diverse --model model.onnx -k 5 pool.jsonl
    run -2 ngram-diverse pool.jsonl
    assert_line 'ngram-diverse: give one of -k and --keep'
}

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

@test "what stands twice comes once, or with --repeats when nothing new is left" {
    printf '{"text":"%s"}\n' 'play a song' 'Play a song!' 'wake me up' 'wake me up' 'wake me up' > twice
    run -0 ngram-diverse --min-count 1 --sorted --keep 100% --print text twice
    assert_equal "$(sort <<< "$output")" $'play a song\nwake me up'
    run -0 ngram-diverse --min-count 1 --keep 100% --repeats --print text twice
    assert_equal "$(wc -l <<< "$output")" 5
    run -0 ngram-diverse --min-count 1 --sorted -k 2 --repeats --print text twice
    assert_equal "$(sort <<< "$output")" $'play a song\nwake me up'
    run -0 ngram-diverse --min-count 1 --sorted -k 1 --held <(echo '{"text":"wake me up"}') --print text twice
    assert_output 'play a song'
    jq -c '.n = (input_line_number % 4)' twice > numbered
    run -0 ngram-diverse --min-count 1 --keep 100% --prefer n=1 --print n numbered
    assert_output $'2\n3'
}

@test "--cost: gain for cost; --budget: as much as can be paid for" {
    printf '{"text":"%s","price":%s}\n' 'a b c d e f' 2 'a b' 1 'c d' 4 > priced
    run -0 ngram-diverse --order 1 --min-count 1 -k 1 --print text priced
    assert_output 'a b c d e f'
    run -0 ngram-diverse --order 1 --min-count 1 -k 1 --cost price --print text priced
    assert_output 'a b c d e f'
    run -0 ngram-diverse --order 1 --min-count 1 --cost words --budget 4 --print text priced
    assert_output $'a b\nc d'
    run -0 ngram-diverse --order 1 --min-count 1 --cost price --budget 1.5 --print text priced
    assert_output 'a b'
    spent() { ngram-diverse --cost "$1" --budget 200 --print text pool.jsonl; }
    assert_equal "$(spent characters | tr -d '\n' | wc -m | awk '{print ($1 > 150 && $1 <= 200)}')" 1
    assert_equal "$(spent words | wc -w | awk '{print ($1 > 190 && $1 <= 200)}')" 1
    ngram-diverse --cost words --sorted -k 30 pool.jsonl | head -n 10 > longer
    ngram-diverse --cost words --sorted -k 10 pool.jsonl > shorter
    same longer shorter
    run -1 ngram-diverse --cost price -k 1 <<< '{"text":"a","price":0}'
    assert_output "ngram-diverse: stdin:1: field 'price': a cost is above 0"
    run -2 ngram-diverse --budget 3 pool.jsonl
    assert_line 'ngram-diverse: --budget needs --cost'
}

@test "equal gains go to the earlier, whatever their sums round to" {
    printf '{"text":"%s"}\n' 'd b d a c' 'c c a a b' 'd' > held
    printf '{"text":"%s"}\n' 'b b' 'a d' > equal
    run -0 ngram-diverse --held held -k 1 --order 1 --min-count 1 --print text equal
    assert_output 'b b'
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

@test "-v says what one record covers that alone is worth more than all others" {
    printf '{"text":"%s"}\n' 'a' 'b c d e f g h i j k' > two
    run -0 ngram-diverse -v --order 1 --min-count 1 --cost words --budget 10 --print text two
    assert_line 'b c d e f g h i j k'
    refute_line 'a'
    assert_line --partial 'coverage: 0.000000 of what is held, 6.931472 with what is chosen'
    run -0 ngram-diverse -q --objective facility --model model.onnx --cost words --budget 30 --print text pool.jsonl
    assert [ "$(wc -w <<< "$output")" -le 30 ]
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

@test "facility and its vectors go together" {
    run -2 ngram-diverse --objective facility -k 5 pool.jsonl
    assert_line 'ngram-diverse: --objective facility takes one of --model, --vectors and --encoder, coverage none'
    run -2 ngram-diverse --model model.onnx -k 5 pool.jsonl
    assert_line 'ngram-diverse: --objective facility takes one of --model, --vectors and --encoder, coverage none'
    run -2 ngram-diverse --objective facility --model model.onnx --min-count 2 -k 5 pool.jsonl
    assert_line 'ngram-diverse: --min-count is not for --objective facility, but for coverage'
    run -2 ngram-diverse --cost words --stochastic 0.5 -k 5 pool.jsonl
    assert_line 'ngram-diverse: give one of --stochastic and --cost'
    run -2 ngram-diverse -k 5 --keep 5% pool.jsonl
    assert_line 'ngram-diverse: give one of -k, --keep and --budget'
    run -2 ngram-diverse pool.jsonl
    assert_line 'ngram-diverse: give one of -k, --keep and --budget'
}

@test "plain text is chosen from as records are" {
    ngram-diverse -q --held seed.jsonl -k 5 --print text <(jq -R -c '{text: .}' corpus.txt) > records
    ngram-diverse -q --held seed.jsonl -k 5 --print text --text corpus.txt > lines
    same records lines
    assert_equal "$(wc -l < lines)" 5
    ngram-diverse -q --held seed.jsonl -k 5 --text corpus.txt | jq -r .text | cmp - lines
    run -1 ngram-diverse -q -k 5 --min score=1 --text corpus.txt
    assert_output "ngram-diverse: corpus.txt: plain text has no field 'score'"
}

@test "what is held may be plain text" {
    jq -r .text seed.jsonl > seed.txt
    ngram-diverse --held seed.jsonl -k 10 pool.jsonl > records
    ngram-diverse --held-text seed.txt -k 10 pool.jsonl > text
    same records text
    ngram-diverse --held <(head -n 20 seed.jsonl) --held-text <(tail -n +21 seed.txt) -k 10 pool.jsonl > both
    same records both
}

@test "vectors of a file are those of the encoder that made them" {
    encoder() { ngram-diverse --objective facility --sorted -k 20 --encoder encoder.onnx "$@"; }
    vectors() { ngram-diverse --objective facility --sorted -k 20 --vectors pool.npy "$@"; }
    encoded
    same_vectors
    rows_of_bad_lines
    vectors --jobs 2 pool.jsonl > two
    same one two
}

@test "vectors that do not fit are refused by name" {
    of_vectors() { ngram-diverse --objective facility --sorted -k 20 "$@"; }
    refused_vectors ngram-diverse
}

@test "a cost that is none sets the record aside" {
    printf '%s\n' '{"text":"a","c":0}' '{"text":"b","c":1}' > input
    run -1 ngram-diverse -k 1 --cost c input
    ngram-diverse -q -k 1 --cost c --rejects rejected input | holds '.[0].text == "b"'
    grep -q 'a cost is above 0' rejected
}

@test "of equal gains in a sample the earlier counts" {
    printf '%s\n' 'a x' 'b x' 'c x' 'd x' 'e x' 'f x' > input
    ngram-diverse -q --text -k 4 --sorted --min-count 1 --print text input > plain
    ngram-diverse -q --text -k 4 --sorted --min-count 1 --stochastic 0.0001 --print text input > sampled
    same plain sampled
}

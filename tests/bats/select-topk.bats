#!/usr/bin/env bats
load helper

prepare() {
    ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
    ngram-score --model relevance.npz pool.jsonl > scored.jsonl
}

@test "the best of the best of parts are the best of the whole" {
    select-topk -k 40 --by ngram_score scored.jsonl > whole
    split -n l/3 scored.jsonl part.
    for part in part.*; do select-topk -k 40 --by ngram_score "$part"; done |
        select-topk -k 40 --by ngram_score > parts
    same whole parts
}

@test "kept lines are lines of the input, byte for byte and in its order" {
    select-topk --keep 17.5% --by ngram_score scored.jsonl > kept
    grep -Fx -f kept scored.jsonl > found
    same kept found
    assert_equal "$(wc -l < kept)" "$((($(wc -l < scored.jsonl) * 175 + 500) / 1000))"
}

@test "all of the input is the input, in whatever way it is asked for" {
    select-topk --keep 100% --by ngram_score scored.jsonl > share
    select-topk -k 100000 --by ngram_score < scored.jsonl > count
    select-topk --threshold=-1e9 --by ngram_score - < scored.jsonl > threshold
    same scored.jsonl share
    same scored.jsonl count
    same scored.jsonl threshold
}

@test "--sorted ranks as a stable sort does" {
    select-topk -k 100 --by ngram_score --sorted --print id scored.jsonl > ranked
    jq -r '[.ngram_score, .id] | @tsv' scored.jsonl | LC_ALL=C sort -s -t $'\t' -k 1,1gr | cut -f 2 > sorted
    head -n 100 sorted > best
    same ranked best
}

@test "the lowest of a score are the highest of its negative" {
    select-topk -k 30 --by ngram_score --print id scored.jsonl > highest
    jq -c '.cost = -.ngram_score' scored.jsonl | select-topk -k 30 --by cost --lowest --print id > lowest
    same highest lowest
}

@test "the worst kept score as the --threshold keeps the same" {
    select-topk -k 30 --by ngram_score scored.jsonl > kept
    bar=$(jq .ngram_score kept | sort -g | head -n 1)
    select-topk --threshold "$bar" --by ngram_score scored.jsonl > above
    jq -c "select(.ngram_score >= $bar).id" scored.jsonl > wanted
    jq -c .id above > found
    same wanted found
}

@test "--per selects in each group what it would select of that group alone" {
    jq -c '.words = (.text | split(" ") | length % 4)' scored.jsonl > counted
    select-topk -k 2 --per words --by ngram_score --print id counted | sort > grouped
    for words in $(jq .words counted | sort -u); do
        jq -c "select(.words == $words)" counted | select-topk -k 2 --by ngram_score --print id
    done | sort > apart
    same grouped apart
}

@test "a sample depends on its seed alone, and is part of the input" {
    select-topk -k 20 --sample gumbel --seed 3 --by ngram_score scored.jsonl > one
    select-topk -k 20 --sample gumbel --seed 3 --by ngram_score < scored.jsonl > again
    select-topk -k 20 --sample gumbel --seed 4 --by ngram_score scored.jsonl > other
    same one again
    assert_files_not_equal one other
    grep -Fx -f one scored.jsonl > found
    same one found
}

@test "with --key a sample of samples of parts is the sample of the whole, in whatever order" {
    sample() { select-topk -k 40 --sample gumbel --key "$1" --by ngram_score "${@:2}"; }
    sample id scored.jsonl > whole
    split -n l/3 scored.jsonl part.
    for part in part.*; do sample id "$part"; done | sample id > parts
    same whole parts
    tac scored.jsonl | sample id | tac | cmp - whole
    sample id --seed 2 scored.jsonl > other
    assert_files_not_equal whole other
    sample text scored.jsonl > by.text
    assert_files_not_equal whole by.text
    jq -c '.n = (.id | explode | add)' scored.jsonl | sample n | jq -c 'del(.n)' > by.number
    assert_files_not_equal whole by.number
}

@test "the noise by --key is Gumbel's: ranks of equal scores are even, and follow the scores" {
    seq 20000 | jq -c '{id: ., x: (. % 2 * 1.0986122887)}' > coins.jsonl  # ln 3
    high=$(select-topk -k 2000 --by x --sample gumbel --key id --print x coins.jsonl | grep -vc '^0')
    [ "$high" -gt 1400 ] && [ "$high" -lt 1560 ]  # some 0.74 of 2000: three to one, without replacement
}

@test "--key is of a sample, and a field that every record has" {
    run -2 select-topk -k 5 --by ngram_score --key id scored.jsonl
    run -2 select-topk -k 5 --by ngram_score --sample gumbel --key ngram_score scored.jsonl
    run -1 select-topk -k 5 --by ngram_score --sample gumbel --key missing scored.jsonl
    assert_output "select-topk: scored.jsonl:1: no field 'missing'"
}

@test "groups are of another field than the number" {
    run -2 --separate-stderr select-topk -k 1 --by score --per score pool.jsonl
    # shellcheck disable=SC2154  # run sets it
    [[ "$stderr" == 'select-topk: --per is another field than --by'* ]]
}

@test "a field to print is a member, not a word somewhere in the line" {
    run -1 select-topk -k 1 --by score --print artist <<< '{"text":"x","score":1,"slots":[{"name":"artist"}]}'
    assert_output --partial "cannot print field 'artist'"
}

@test "what cannot be ranked is set aside" {
    printf '%s\n' '{"x":36893488147419103233}' '{"x":1}' > input
    run -1 select-topk -k 1 --by x input
    assert_output --partial 'input:1: '
    select-topk -q -k 1 --by x --rejects rejected input | holds '.[0].x == 1'
    [ "$(cut -f 2 rejected)" = 1 ]
    printf '%s\n' '{"text":"a","x":36893488147419103233}' '{"text":"a","x":1}' > input
    dedup -q --by x --rejects rejected input | holds '.[0].x == 1'
}

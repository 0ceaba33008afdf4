#!/usr/bin/env bats
load helper

prepare() {
    nbest-spread nbest.jsonl > spread.jsonl
}

@test "every hypothesis is a record, its members those of the record, and all else stays" {
    same <(jq -c '.nbest[] | [.text, .mt_score]' nbest.jsonl) <(jq -c '[.text, .mt_score]' spread.jsonl)
    same <(jq -c '.nbest[]' nbest.jsonl) <(jq -c '.nbest[]' spread.jsonl)
    same <(jq -c '.nbest[] as $each | .id' nbest.jsonl) <(jq -c .id spread.jsonl)
}

@test "weights are the posterior probabilities of a list and sum to 1" {
    jq -c '.nbest | (map(.mt_score | exp) | add) as $sum | .[] | (.mt_score | exp) / $sum' nbest.jsonl > wanted
    paste wanted <(jq .weight spread.jsonl) | awk '($1 - $2)^2 > 1e-11 {bad = 1} END {exit bad || NR == 0}'
    holds 'group_by(.id) | all(map(.weight) | add - 1 | fabs < 1e-5)' < spread.jsonl
    # shellcheck disable=SC2016  # $n is jq's
    nbest-spread --scale 0 nbest.jsonl | holds 'group_by(.id) | all(length as $n | all(.weight * $n - 1 | fabs < 1e-4))'
    nbest-spread --scale 1000 nbest.jsonl | holds 'group_by(.id) | all(max_by(.weight) == max_by(.mt_score))'
}

@test "a weight that is there is shared out; scores of any size do" {
    echo '{"weight":3,"nbest":[{"text":"a","mt_score":-1e300},{"text":"b","mt_score":-1e300}]}' | nbest-spread --weight weight > found
    assert_equal "$(jq -c '[.text, .weight]' found)" $'["a",1.5]\n["b",1.5]'
    assert_equal "$(nbest-spread --into share --print share found)" $'1.0\n1.0'
    echo '{"nbest":[{"text":"a","am":0},{"text":"b","am":-5000}]}' | nbest-spread --score am --print weight > found
    assert_equal "$(cat found)" $'1.0\n0.0'
}

@test "a language model counts what is expected" {
    jq -c '.nbest |= [{text: "a", mt_score: (0.75 | log)}, {text: "b", mt_score: (0.25 | log)}]' nbest.jsonl |
        nbest-spread | build-arpa -q --weight weight --smoothing witten-bell --order 2 -o spread.arpa
    jq -r '"a\t0.75", "b\t0.25"' nbest.jsonl |
        build-arpa -q --text --weight n --smoothing witten-bell --order 2 -o lines.arpa
    same <(sed -n '/1-grams/,$p' spread.arpa) <(sed -n '/1-grams/,$p' lines.arpa)
}

@test "bad lists and weights are named or set aside" {
    for bad in '{"nbest":[]}' '{"nbest":[{"text":"a"}]}' '{"weight":-1,"nbest":[{"text":"a","mt_score":0}]}'; do
        { cat nbest.jsonl; echo "$bad"; } > bad.jsonl
        run -1 nbest-spread --weight weight bad.jsonl
        assert_output --regexp "nbest-spread: bad\.jsonl:$(wc -l < bad.jsonl): field '[a-z]*': "
        nbest-spread --weight weight --rejects rejects.tsv bad.jsonl | cmp - spread.jsonl
        assert_equal "$(wc -l < rejects.tsv)" 1
    done
    run -2 nbest-spread --score text nbest.jsonl
    run -2 nbest-spread --into nbest nbest.jsonl
    run -2 nbest-spread --scale -1 nbest.jsonl
}

@test "small weights of records are weights" {
    nbest-spread --weight p --print weight <<< '{"p":4e-7,"nbest":[{"text":"a","mt_score":-1},{"text":"b","mt_score":-1}]}' |
        jq -se 'add == 4e-7'
}

#!/usr/bin/env bats
load helper

prepare() {
    paraphrase-pairs -n 200 annotated.jsonl > pairs.jsonl
    paraphrase-fit -q --dev pairs.jsonl --threads 1 --epochs 1 --hidden 8 --embedding 8 --dimensions 8 --buckets 1024 \
        pairs.jsonl -o model.onnx
}

diverse() { paraphrase-diverse --model model.onnx "$@"; }

@test "the first of a longer choice are the shorter choice" {
    diverse --held seed.jsonl --sorted -k 30 pool.jsonl | head -n 10 > longer
    diverse --held seed.jsonl --sorted -k 10 pool.jsonl > shorter
    same longer shorter
}

@test "--batch changes no byte, nor does --jobs" {
    diverse --sorted -k 150 --batch 1 pool.jsonl > one
    for batch in 7 500; do
        diverse --sorted -k 150 --batch "$batch" pool.jsonl > other
        same one other
    done
    diverse --sorted -k 150 --jobs 2 pool.jsonl > two
    same one two
}

@test "kept lines are lines of the input, byte for byte and in its order" {
    diverse --keep 12.5% pool.jsonl > kept
    grep -Fx -f kept pool.jsonl > found
    same kept found
    assert_equal "$(wc -l < kept)" "$((($(wc -l < pool.jsonl) * 125 + 500) / 1000))"
    diverse --sorted --keep 12.5% pool.jsonl | sort > ranked
    sort kept > sorted
    same sorted ranked
}

@test "all of the input is the input, nothing of it nothing" {
    diverse --keep 100% < pool.jsonl > share
    diverse -k 100000 pool.jsonl > count
    same pool.jsonl share
    same pool.jsonl count
    run -0 diverse -k 0 pool.jsonl
    assert_output ''
}

@test "what was chosen may be held instead" {
    diverse --held seed.jsonl --sorted -k 40 pool.jsonl > whole
    diverse --held seed.jsonl --sorted -k 25 pool.jsonl > first
    grep -vFx -f first pool.jsonl | diverse --held seed.jsonl --held first --sorted -k 15 > second
    cat first second > steps
    same whole steps
}

@test "held twice or in parts is held" {
    diverse --held seed.jsonl -k 20 pool.jsonl > once
    split -n l/3 seed.jsonl part.
    diverse --held part.aa --held part.ab --held part.ac --held seed.jsonl -k 20 pool.jsonl > parts
    same once parts
}

@test "what is held already does not come again" {
    cat seed.jsonl pool.jsonl seed.jsonl | diverse --held seed.jsonl -k 40 > kept
    run ! grep -qFx -f seed.jsonl kept
}

@test "every choice has the lowest highest probability, as paraphrase-score has it" {
    # the highest of each text of the file "$1", against all that is held
    highest() {
        jq -c --slurpfile held held.jsonl '$held[].text as $other | {text, $other}' "$1" |
            paraphrase-score --model model.onnx | jq -s 'group_by(.text) | map(map(.paraphrase) | max)'
    }
    cp seed.jsonl held.jsonl
    diverse --held seed.jsonl --sorted -k 2 pool.jsonl > chosen
    while read -r line; do
        echo "$line" > choice
        { highest choice && highest pool.jsonl; } | holds '.[0][0] == (.[1] | min)'
        echo "$line" >> held.jsonl
    done < chosen
}

@test "--prefer from 0, which changes nothing, to what decides alone" {
    jq -c '.place = (.text | explode | add) + input_line_number / 1000' pool.jsonl > placed.jsonl
    diverse --held seed.jsonl --sorted -k 20 placed.jsonl > without
    diverse --held seed.jsonl --sorted -k 20 --prefer place=0 placed.jsonl > zero
    same without zero
    diverse --held seed.jsonl --sorted -k 20 --prefer place=100000 placed.jsonl > much
    select-topk --sorted -k 20 --by place placed.jsonl > best
    same best much
    diverse --held seed.jsonl --sorted -k 20 --prefer place=0.7 placed.jsonl > some
    run ! cmp -s some without
    run ! cmp -s some best
}

@test "--min leaves out what a filter before it would" {
    nlu-fit seed.jsonl -o seed.nlu
    nlu-label --model seed.nlu pool.jsonl > labelled.jsonl
    diverse --held seed.jsonl --min confidence=0.4 --sorted -k 20 labelled.jsonl > option
    select-topk --threshold 0.4 --by confidence labelled.jsonl | diverse --held seed.jsonl --sorted -k 20 > filter
    same filter option
}

@test "--report has a line a round" {
    diverse --held seed.jsonl -k 23 --batch 5 --report rounds.jsonl pool.jsonl > kept
    holds '[.[] | [.round, .chosen]] == [[1, 5], [2, 10], [3, 15], [4, 20], [5, 23]]' < rounds.jsonl
    holds 'map(.mean_probability) == (map(.mean_probability) | sort) and map(.covered) == (map(.covered) | sort)' \
        < rounds.jsonl
    holds 'all(.mean_probability > 0 and .mean_probability <= 1 and .covered >= 0 and .covered <= 1)' < rounds.jsonl
    diverse --held seed.jsonl -k 23 --report all.jsonl pool.jsonl > again
    same kept again
    tail -n 1 rounds.jsonl | jq -c 'del(.round)' > last
    jq -c 'del(.round)' all.jsonl > one
    same last one
}

@test "all records of a file may be bad" {
    printf '{"text":1}\n' > bad
    diverse -k 20 pool.jsonl > alone
    for jobs in 1 2; do
        diverse -k 20 --jobs "$jobs" --rejects rejects.tsv bad pool.jsonl bad > kept
        same alone kept
    done
}

@test "the model may be a pipe, whatever the number of jobs" {
    diverse -k 5 pool.jsonl > file
    paraphrase-diverse --jobs 2 -k 5 --model <(cat model.onnx) pool.jsonl > pipe
    same file pipe
}

@test "plain text is chosen from as records are" {
    paraphrase-diverse -q --model model.onnx --held seed.jsonl -k 5 --print text <(jq -R -c '{text: .}' corpus.txt) > records
    paraphrase-diverse -q --model model.onnx --held seed.jsonl -k 5 --print text --text corpus.txt > lines
    same records lines
    assert_equal "$(wc -l < lines)" 5
    paraphrase-diverse -q --model model.onnx --held seed.jsonl -k 5 --text corpus.txt | jq -r .text | cmp - lines
    run -1 paraphrase-diverse -q --model model.onnx -k 5 --min score=1 --text corpus.txt
    assert_output "paraphrase-diverse: corpus.txt: plain text has no field 'score'"
}

@test "vectors of a file are those of the encoder that made them" {
    encoder() { paraphrase-diverse --sorted -k 20 --encoder encoder.onnx "$@"; }
    vectors() { paraphrase-diverse --sorted -k 20 --vectors pool.npy "$@"; }
    encoded
    same_vectors
    rows_of_bad_lines
    vectors --jobs 2 pool.jsonl > two
    same one two
}

@test "vectors that do not fit are refused by name" {
    of_vectors() { paraphrase-diverse --sorted -k 20 "$@"; }
    refused_vectors paraphrase-diverse
}

@test "what a vector is like decides, and a report says how like" {
    printf '[1,0]\n[0.9,0.1]\n[0,1]\n[-1,0]\n[0,0]\n' > rows
    python3 -c 'import json, numpy; numpy.save("rows.npy", numpy.array([json.loads(row) for row in open("rows")]))'
    printf '{"n":%s,"text":"x"}\n' 1 2 3 4 5 > five
    run -0 paraphrase-diverse --vectors rows.npy --sorted -k 4 --batch 2 --report rounds --print n five
    assert_output $'1\n4\n3\n5'
    holds 'map(keys) == [["chosen", "mean_similarity", "round"], ["chosen", "mean_similarity", "round"]]' < rounds
    run -2 paraphrase-diverse -k 1 five
    assert_line 'paraphrase-diverse: give one of --model, --vectors and --encoder'
}

#!/usr/bin/env bats
load helper

prepare() {
    fit sentences.jsonl > model.tar
    mkdir model
    tar -xf model.tar -C model
}

fit() {
    translate-fit -q --dev sentences-dev.jsonl --epochs 2 --vocabulary 150 --dimensions 16 --feed-forward 16 --layers 1,1 \
        --threads 1 "$@"
}

@test "the archive is the folder, and the same pairs make the same model" {
    head -n 20 sentences.jsonl | fit - <(tail -n +21 sentences.jsonl) -o again/
    diff -r model again
}

@test "--init goes on from a model" {
    translate-fit -q --init model/ --dev sentences-dev.jsonl --epochs 1 --threads 1 sentences.jsonl -o tuned/
    cmp model/pieces.model tuned/pieces.model
    run ! cmp -s model/model.bin tuned/model.bin
    jq -e '.settings.init | startswith("translate-fit|")' tuned/datasel.json
}

@test "a folder of other things is left alone" {
    mkdir mine
    touch mine/precious
    run -1 fit sentences.jsonl -o mine/
    assert_output --partial 'left alone'
    assert_file_exists mine/precious
}

@test "pairs may be columns of TSV, and dev's as well" {
    jq -r '[.source, .target] | @tsv' sentences.jsonl > pairs.tsv
    jq -r '[.source, .target] | @tsv' sentences-dev.jsonl > dev.tsv
    translate-fit -q --tsv source,target --dev dev.tsv --dev dev.tsv --epochs 2 --vocabulary 150 --dimensions 16 \
        --feed-forward 16 --layers 1,1 --threads 1 pairs.tsv > of-columns.tar
    cmp model/model.bin <(tar -xOf of-columns.tar model.bin)
    run -1 translate-fit --tsv source,target --dev sentences-dev.jsonl pairs.tsv
    assert_output --partial 'sentences-dev.jsonl:1: 1 columns, not 2'
}

@test "alignments guide a translator that wants them, and what does not fit is a bad record" {
    align-fit -q --rounds 1 sentences.jsonl -o en-hi.align
    align-words --model en-hi.align -f target sentences.jsonl > aligned.jsonl
    fit aligned.jsonl | cmp - <(fit < sentences.jsonl)
    fit --guide 0.05 aligned.jsonl -o guided/
    run ! cmp -s model/model.bin guided/model.bin
    jq -e '.settings.training.guide == 0.05' guided/datasel.json
    run -1 fit --guide 0.05 sentences.jsonl
    assert_line "translate-fit: sentences.jsonl:1: no field 'alignment'"
    { cat aligned.jsonl; jq -c '.alignment = [[0, 99]]' <(head -n 1 aligned.jsonl); } > odd.jsonl
    run -1 fit --guide 0.05 odd.jsonl
    assert_output --partial "odd.jsonl:$(($(wc -l < aligned.jsonl) + 1)): the alignment has 0-99"
    run -2 translate-fit --guide 1 --tsv source,target --dev sentences.jsonl sentences.jsonl
    assert_output --partial '--guide reads alignments'
}

#!/usr/bin/env bats
load helper

@test "a CSV trains what a hand-made file trains" {
    { echo text,note; jq -r '[.text, .id] | @csv' pool.jsonl; } > pool.csv
    to-jsonl --from csv pool.csv > made.jsonl
    jq -c '{text, note: .id}' pool.jsonl > wanted.jsonl
    same wanted.jsonl made.jsonl
    ngram-fit --positive seed.jsonl --negative made.jsonl -o made.npz
    ngram-fit --positive seed.jsonl --negative pool.jsonl -o pool.npz
    ngram-score --model made.npz --print ngram_score pool.jsonl > made.scores
    ngram-score --model pool.npz --print ngram_score pool.jsonl > pool.scores
    same pool.scores made.scores
}

@test "a TSV as cut and paste make it" {
    jq -r .id pool.jsonl > ids
    jq -r .text pool.jsonl > texts
    paste ids texts | to-jsonl --from tsv --columns id,text > made.jsonl
    jq -c '{id, text}' pool.jsonl > wanted.jsonl
    same wanted.jsonl made.jsonl
    to-jsonl --from moses --columns id,text ids texts > made.jsonl
    same wanted.jsonl made.jsonl
}

@test "compressed files are read as they are" {
    gzip -k formats/requests.csv
    xz -k formats/corpus.en
    to-jsonl --from csv formats/requests.csv > wanted
    to-jsonl --from csv < formats/requests.csv.gz > made
    same wanted made
    to-jsonl --from moses formats/corpus.en formats/corpus.hi > wanted
    to-jsonl --from moses formats/corpus.en.xz formats/corpus.hi > made
    same wanted made
}

@test "an utterance of Snips has slots at character offsets" {
    to-jsonl --from snips formats/PlayMusic.json > made.jsonl
    jq -c '.text as $text | .slots | map(.value == $text[.start:.end]) | all' made.jsonl | sort -u > checked
    assert_equal "$(cat checked)" true
}

@test "what is rejected comes back by cut" {
    printf 'id,text\n1,a\n2,"b\nc",d\n3\n4,e\n' > bad.csv
    to-jsonl --from csv --rejects rejects bad.csv > made.jsonl
    assert_equal "$(jq -r .id made.jsonl | paste -sd,)" 1,4
    assert_equal "$(cut -f2 rejects | paste -sd,)" 3,4,5
    { printf 'id,text\n1,a\n'; cut -f4- rejects; printf '4,e\n'; } > again.csv
    same bad.csv again.csv
}

@test "an option of another format is a wrong call" {
    run -2 to-jsonl --from snips --delimiter ';' formats/PlayMusic.json
    assert_line 'to-jsonl: --delimiter is not for snips, but for csv'
    run -2 to-jsonl --from moses
    assert_line 'to-jsonl: moses is read from FILEs'
    run -2 to-jsonl --from snips --rename words=text formats/PlayMusic.json
    assert_line "to-jsonl: --rename: snips has no 'words', but text, intent, slots"
    run -2 to-jsonl formats/requests.csv
    assert_output --partial "Missing option '--from'"
}

@test "a tab in a Kaldi text stays" {
    mkdir -p tabbed
    printf 'u1 hello\tworld\nu2\tone  two\n' > tabbed/text
    run -0 to-jsonl --from kaldi tabbed
    assert_output $'{"id":"u1","text":"hello\\tworld"}\n{"id":"u2","text":"one  two"}'
}

@test "a TMX in an encoding that cannot be read, numbers out of range" {
    printf '<?xml version="1.0" encoding="GB2312"?>\n<tmx/>\n' > memory.tmx
    run -1 --separate-stderr to-jsonl --from tmx memory.tmx
    # shellcheck disable=SC2154  # run sets it
    [[ "$stderr" == 'to-jsonl: memory.tmx:1: an encoding that cannot be read here'* ]]
    echo '{"audio_filepath":"a.wav","duration":1e999}' > huge.json
    run -1 --separate-stderr to-jsonl --from nemo huge.json
    assert_equal "$stderr" 'to-jsonl: huge.json:1: a number that is out of range'
}

@test "a line of Kaldi's main table has a value" {
    mkdir k
    echo 'utt1' > k/wav.scp
    run -1 to-jsonl --from kaldi k
    assert_output 'to-jsonl: k/wav.scp:1: not a key and a value'
}

@test "two languages are asked for, and labels may end a line" {
    for languages in en en,hi,de; do
        run -2 to-jsonl --from tmx --languages "$languages" formats/memory.tmx
        assert_output --partial 'tmx takes --languages A,B'
    done
    for line in 'play jazz __label__Music' 'play jazz __label__Music '; do
        run -0 to-jsonl --from fasttext <<< "$line"
        assert_output '{"text":"play jazz","intent":"Music"}'
    done
}

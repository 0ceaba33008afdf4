#!/usr/bin/env bats
load helper

@test "a CSV comes back as it was" {
    to-jsonl --from csv formats/requests.csv | from-jsonl --to csv > made.csv
    same formats/requests.csv made.csv
    to-jsonl --from tsv formats/requests.tsv | from-jsonl --to tsv > made.tsv
    same formats/requests.tsv made.tsv
}

@test "parallel files come back as they were" {
    to-jsonl --from moses formats/corpus.en formats/corpus.hi |
        from-jsonl --to moses --file source=made.en --file target=made.hi > nothing
    same formats/corpus.en made.en
    same formats/corpus.hi made.hi
    assert_equal "$(wc -c < nothing)" 0
}

# Text and slots of records, as tab-separated values.
slots() { jq -r '[.text, (.slots[] | .name, .value, .start, .["end"])] | @tsv' "$@" | sort; }

@test "a column of words is the text, parted further where slots end" {
    from-jsonl --to bio -q annotated.jsonl | cut -f1 | tr -d '\n' > words
    jq -r .text annotated.jsonl | tr -d ' \n' > wanted
    assert_file_not_empty words
    same wanted words
}

@test "Snips, Rasa and tags hold the same slots" {
    slots annotated.jsonl > wanted
    assert_file_not_empty wanted
    from-jsonl --to snips -q annotated.jsonl | to-jsonl --from snips | slots > made
    same wanted made
    from-jsonl --to rasa -q annotated.jsonl | to-jsonl --from rasa | slots > made
    same wanted made
    from-jsonl --to bio -q --comments --scheme bioes annotated.jsonl | to-jsonl --from bio --scheme bioes | slots > made
    same wanted made
}

@test "labels of fastText are the intents" {
    from-jsonl --to fasttext -q annotated.jsonl | awk '{ print $1 }' > labels
    jq -r '"__label__" + .intent' annotated.jsonl > wanted
    assert_file_not_empty labels
    same wanted labels
}

@test "what is rejected comes back by cut, and the rest is written" {
    printf '%s\n' '{"text":"a"}' '{"text":"b\tc"}' '{"text":"d"}' > records.jsonl
    from-jsonl --to tsv --rejects rejects records.jsonl > made.tsv
    assert_equal "$(paste -sd, made.tsv)" text,a,d
    cut -f4- rejects > again.jsonl
    sed -n 2p records.jsonl > wanted.jsonl
    same wanted.jsonl again.jsonl
}

@test "a bad record ends the run and leaves no file" {
    printf '%s\n' '{"text":"a"}' '{"text":"b\nc"}' > records.jsonl
    run -1 from-jsonl --to tsv records.jsonl -o made.tsv
    assert_output --partial "from-jsonl: records.jsonl:2: field 'text' holds a line feed"
    assert_file_not_exist made.tsv
    printf '%s\n' '{"a\tb":"c"}' > records.jsonl
    run -1 from-jsonl --to tsv records.jsonl -o made.tsv
    assert_output --partial 'holds a tab, which has no place in this format'
    refute_output --partial 'internal error'
    assert_file_not_exist made.tsv
}

@test "an option of another format is a wrong call" {
    run -2 from-jsonl --to trn --scheme bioes recognised.jsonl
    assert_output --partial '--scheme'
    run -2 from-jsonl pool.jsonl
    assert_output --partial "Missing option '--to'"
}

@test "a number of any size is written as it stands" {
    echo '{"a":1e999,"b":"x"}' | from-jsonl --to csv > huge.csv
    grep -qx '1e999,x' huge.csv
}

@test "a rejected record is in no table, and all are segments or none is" {
    printf '%s\n' '{"id":"recording-000002","text":"hello","speaker":"s","audio":"a.wav","start":0,"end":1}' \
        '{"id":"u1","text":"b","audio":"b.wav","speaker":"s"}' \
        '{"id":"u2","text":"x","speaker":"s","audio":"a\nb.wav"}' \
        '{"id":"u3","text":"x","speaker":"s","audio":"a.wav","start":5,"end":2}' > some
    from-jsonl --to kaldi --rejects rejects some -o folder/
    assert_equal "$(wc -l < rejects)" 3
    run ! grep -r 'u[123]' folder
    run -0 to-jsonl --from kaldi folder
    assert_output --partial '"id":"recording-000002","audio":"a.wav"'
}

@test "a segment keeps its place in NeMo's manifest, and a rename needs its field" {
    printf '{"audio":"a.wav","start":5,"end":7,"duration":2}\n' | from-jsonl --to nemo | jq -e '.offset == 5 and .duration == 2'
    run -1 from-jsonl --to nemo <<< '{"audio":"a.wav","start":5,"end":7,"duration":3600}'
    assert_output --partial 'start and end say something else than offset and duration'
    run -1 from-jsonl --to nemo <<< '{"audio":"a.wav","start":7,"end":5}'
    assert_output --partial 'no segment from 7 to 5 seconds'
    run -2 from-jsonl --to fasttext --rename intent=intnet pool.jsonl
    assert_output --partial "the format has no 'intnet'"
    run -1 from-jsonl --to csv --rename foo=bar pool.jsonl
    assert_output --partial "no column is named 'foo'"
}

@test "times of more than milliseconds are numbers" {
    run -0 from-jsonl --to stm -q <<< '{"audio":"a","speaker":"s","start":0.5,"end":1.2345,"reference":"hi"}'
    assert_output 'a 1 s 0.500 1.2345 hi'
}

@test "what NeMo cannot have is a bad record" {
    record='{"audio":"a.wav","duration":1,"text":"ref","hypothesis":"hyp"}'
    run -1 from-jsonl --to nemo --rename hypothesis=text <<< "$record"
    assert_output 'from-jsonl: stdin:1: --rename gives two fields one name'
    from-jsonl --to nemo -q --rejects rejected <<< '{"audio":"a","start":1,"end":2,"duration":"1.0"}'
    grep -q "field 'duration' is no number" rejected
    run -0 from-jsonl --to nemo -q <<< '{"audio":"a","start":1,"end":2,"duration":null}'
    assert_output '{"audio_filepath":"a","offset":1,"duration":1}'
}

@test "a Kaldi folder is written again, and another folder is left alone" {
    record='{"id":"u","text":"a","audio":"x.wav"}'
    from-jsonl --to kaldi -o made/ <<< "$record"
    cp -r made first
    from-jsonl --to kaldi -o made/ <<< "$record"
    diff -r first made
    for name in notes segments/deep; do
        mkdir -p "$(dirname "made/$name")" && touch "made/$name"
        run -1 from-jsonl --to kaldi -o made/ <<< "$record"
        assert_output --partial 'left alone'
        assert_file_exist "made/$name"
        rm -r "made/${name%%/*}"
    done
    run -1 from-jsonl --to kaldi -o other/ <<< '{"id":"u","audio":"sox x.wav |"}'
    assert_output --partial 'stdin:1: its audio is a command'
}

@test "names are UTF-8, and columns differ" {
    run -2 from-jsonl --to csv --delimiter $'\xff' pool.jsonl
    run -2 from-jsonl --to csv --rename text=$'\xff' pool.jsonl
    run -0 from-jsonl --to csv -q <<< '{"a":1,"b":3,"a":2}'
    assert_line --index 0 a,b
}

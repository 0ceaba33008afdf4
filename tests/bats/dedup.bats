#!/usr/bin/env bats
load helper

prepare() {
    printf '{"text":"%s","n":%d}\n' 'Play a song' 3 'wake me up' 1 'play a song!' 5 'wake me  up' 1 'stop' 2 \
        'play a song' 5 > twice.jsonl
    # 150,000 texts, a third of them seen before
    seq 150000 | jq -c '{id: ., text: "call number \(. * 7919 % 100003)"}' > many.jsonl
}

@test "the first of each stays, byte for byte" {
    run -0 dedup --print n twice.jsonl
    assert_output $'3\n1\n2'
    dedup twice.jsonl > kept
    grep -Fx -f kept twice.jsonl > found
    same kept found
}

@test "equal in words, or with --exact in all characters" {
    run -0 dedup --exact --print text twice.jsonl
    assert_output $'Play a song\nwake me up\nplay a song!\nwake me  up\nstop\nplay a song'
    printf 'Caf\u00e9\nCafe\u0301\ncaf\u00e9\ncafe\n' > accents
    run -0 dedup --text --print text accents
    assert_output $'Café\ncafe'
    assert_equal "$(dedup --text --exact accents | wc -l)" 4
}

@test "--by keeps the best where it stands, of equals the first" {
    run -0 dedup --by n twice.jsonl
    assert_output $'{"text":"wake me up","n":1}\n{"text":"play a song!","n":5}\n{"text":"stop","n":2}'
}

@test "--by knows whole numbers that floats do not have, and counts themselves" {
    printf '{"text":"a","t":%s}\n' 9007199254740992 9007199254740993 > large
    run -0 dedup --by t large
    assert_output '{"text":"a","t":9007199254740993}'
    printf '{"text":"a","times":%d}\n' 3 5 4 > counted
    run -0 dedup --by times --count times --print times counted
    assert_output 12
}

@test "texts that wait may be long" {
    jq -nc 'range(40) | {text: ("word \(. % 20) " * 20000)}' > long
    dedup --count times long > kept
    holds 'length == 20 and all(.times == 2)' < kept
}

# bats test_tags=slow
@test "--count adds up over parts, whatever they are" {
    dedup --count times many.jsonl > whole
    head -n 70000 many.jsonl | dedup --count times > parts
    tail -n +70001 many.jsonl | dedup --count times >> parts
    dedup --count times parts > merged
    same whole merged
    holds 'map(.times) | add == 150000' < whole
    dedup many.jsonl | jq -c . > without
    jq -c 'del(.times)' whole > stripped
    same without stripped
}

@test "--count keeps a CR that is the text's own" {
    run -0 dedup --text --count n <<< $'a b\r\r\na b\r\r\n\r'
    assert_output $'{"text":"a b\\r","n":2}\n{"text":"","n":1}'
}

@test "what GNU sort and awk find" {
    jq -r .text many.jsonl | awk '!seen[$0]++' > expected
    dedup --print text many.jsonl > found
    same expected found
}

@test "--memory and --jobs change no byte" {
    dedup --rejects one.tsv many.jsonl > one
    dedup --memory 1K --rejects two.tsv many.jsonl > two
    dedup --memory 1K --jobs 2 --rejects three.tsv many.jsonl > three
    dedup --jobs 2 many.jsonl > four
    dedup --memory 1K many.jsonl > five
    same one two
    same one three
    same one four
    same one five
    same one.tsv two.tsv
    same one.tsv three.tsv
    dedup --near 0.8 --shingle chars:3 --count n --rejects one.tsv pool.jsonl > one
    dedup --near 0.8 --shingle chars:3 --count n --rejects two.tsv --memory 1K --jobs 2 pool.jsonl > two
    same one two
    same one.tsv two.tsv
}

@test "rejects come in input order, bad records among them, wherever records wait" {
    for part in one two; do
        printf '{"text":"%s"}\n{\n{"text":"b","n":2}\n{"text":"a"}\n[]\n' "$part" > "$part.jsonl"
    done
    mv two.jsonl $'tw\xff.jsonl'
    for options in '' '--count times' '--near 0.9' '--memory 1K' '--by n --jobs 2'; do
        # shellcheck disable=SC2086
        run -0 dedup -q $options --rejects aside one.jsonl $'tw\xff.jsonl'
        cut -f 2 aside | paste -sd ' ' > lines
        case $options in
            --by*) assert_equal "$(cat lines)" '1 2 4 5 1 2 3 4 5' ;;
            *) assert_equal "$(cat lines)" '2 5 2 3 4 5' ;;
        esac
        [ "$(cut -f 1 aside | uniq | wc -l)" = 2 ]
    done
}

@test "the rejects say which record each repeats" {
    dedup --rejects dropped.tsv twice.jsonl > /dev/null
    run -0 cut -f1-3 dropped.tsv
    assert_output $'twice.jsonl\t3\trepeats twice.jsonl:1\ntwice.jsonl\t4\trepeats twice.jsonl:2\ntwice.jsonl\t6\trepeats twice.jsonl:1'
    dedup --by n --rejects dropped.tsv twice.jsonl > /dev/null
    run -0 cut -f2-3 dropped.tsv
    assert_output $'1\trepeats twice.jsonl:3\n4\trepeats twice.jsonl:2\n6\trepeats twice.jsonl:3'
}

@test "--near drops what is as like as that, and says like what" {
    printf '%s\n' 'one two three four five six seven eight nine' 'one two three four five six seven eight ten' \
        'one two three four five six seven eight nine!' 'one two three four six seven eight nine' \
        'nine' > like
    run -0 dedup --text --near 0.75 --print text like  # 7 bigrams of 9, 6 of 9
    assert_output $'one two three four five six seven eight nine\none two three four six seven eight nine\nnine'
    dedup --text --near 0.78 --rejects dropped.tsv like > /dev/null
    run -0 cut -f2-3 dropped.tsv
    assert_output $'3\trepeats like:1'
    dedup --text --near 0.75 --rejects dropped.tsv like > /dev/null
    run -0 cut -f2-3 dropped.tsv
    assert_output $'2\tis near like:1\n3\trepeats like:1'
    run -0 dedup --text --near 0.9 --shingle words:1 --print text <<< $'to Paris from London\nfrom London to Paris'
    assert_output 'to Paris from London'
}

@test "--near 1 is equal sets of shingles; a second time nothing is near" {
    dedup --near 1 --shingle words:9 many.jsonl > sets
    dedup many.jsonl > words
    same sets words
    dedup --near 0.5 --shingle words:1 pool.jsonl > once
    dedup --near 0.5 --shingle words:1 once > again
    same once again
    run ! cmp -s once pool.jsonl
}

@test "--against: equal, near, and sharing words in a row" {
    printf '%s\n' 'play the new song by adele please' 'stop' > test.txt
    printf '%s\n' 'Stop!' 'go' 'well play the new song by somebody else' 'play the new song by adele' 'go' \
        'the song by adele' > train
    kept() { dedup --text --print text --against-text test.txt --rejects dropped.tsv "$@" train; }
    run -0 kept
    assert_output $'go\nwell play the new song by somebody else\nplay the new song by adele\nthe song by adele'
    run -0 kept --contains 5
    assert_output $'go\nthe song by adele'
    run -0 cut -f2-3 dropped.tsv
    assert_output $'1\tstands in test.txt:2\n3\tshares 5 words with test.txt:1\n4\tshares 5 words with test.txt:1\n5\trepeats train:2'
    run -0 kept --near 0.8
    assert_output $'go\nwell play the new song by somebody else\nthe song by adele'
    run -0 cut -f2-3 dropped.tsv
    assert_output $'1\tstands in test.txt:2\n4\tis near test.txt:1\n5\trepeats train:2'
    run -0 kept --near 0.8 --only-against
    assert_output $'go\nwell play the new song by somebody else\ngo\nthe song by adele'
    head -n 1 twice.jsonl > test.jsonl
    run -0 dedup --against test.jsonl --only-against --print n twice.jsonl
    assert_output $'1\n1\n2'
}

@test "what repeats a text near the test set goes for that reason" {
    printf '%s\n' 'play the new song by adele please' > test.txt
    printf '%s\n' 'play the new song by adele' 'go' 'Play the new song by Adele' > train
    dedup --text --near 0.8 --against-text test.txt --rejects dropped.tsv train
    run -0 cut -f2-3 dropped.tsv
    assert_output $'1\tis near test.txt:1\n3\tis near test.txt:1'
}

@test "wrong calls" {
    run -2 dedup --contains 5 pool.jsonl
    assert_line 'dedup: --contains and --only-against need --against'
    run -2 dedup --exact --near 0.5 pool.jsonl
    run -2 dedup --shingle words:3 pool.jsonl
    assert_line 'dedup: --shingle needs --near'
    run -2 dedup --only-against --against pool.jsonl --count n pool.jsonl
    run -2 dedup --near 0.5 --shingle lines:2 pool.jsonl
    assert_line --partial "'lines:2' is not words:N or chars:N"
    run -1 dedup --count n <<< '{"text":"a","n":0}'
    assert_line --partial "dedup: stdin:1: field 'n'"
}

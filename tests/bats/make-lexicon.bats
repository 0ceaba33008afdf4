#!/usr/bin/env bats
load helper

prepare() {
    printf 'play jazz\nप्ले जैज़ play\n' > words.txt
    build-arpa -q --order 2 --smoothing witten-bell annotated.jsonl -o voice.arpa
}

@test "every word has a line, sorted, each once" {
    make-lexicon --text --language hi --latin-language en-us words.txt > words.lexicon
    assert_equal "$(cut -f 1 words.lexicon)" $'jazz\nplay\nजैज़\nप्ले'
    LC_ALL=C sort -u words.lexicon | cmp - words.lexicon
    make-lexicon --text --language hi --latin-language en-us <(tac words.txt) | cmp - words.lexicon
}

@test "the voices differ, and the map says what their phones are" {
    run -0 make-lexicon --text --language en-us <(echo jazz)
    assert_output $'jazz\tdʒ æ z'
    run -0 make-lexicon --text --language en-us --token-map <(printf 'dʒ\tJ\næ\tA\nz\t-\n') <(echo jazz)
    assert_output $'jazz\tJ A'
}

@test "a word with a phone that has no class is left out and reported" {
    run -0 make-lexicon -q --text --language en-us --token-map <(printf 'p\tP\nl\tL\ne\tE\nɪ\tI\n') --report left.jsonl \
        <(echo 'play jazz')
    assert_output $'play\tP L E I'
    jq -e '.word == "jazz" and .line == 1 and (.reason | startswith("no class for"))' left.jsonl
}

@test "a lexicon that is given goes before, and a model's words come in" {
    make-lexicon --text --language en-us --extra <(printf 'jazz\tx y\n') <(echo 'jazz play') > lexicon
    assert_equal "$(grep ^jazz lexicon)" $'jazz\tx y'
    make-lexicon -q --language en-us --arpa voice.arpa --report left.jsonl /dev/null | grep -P '^kitchen\t'
    run -0 make-lexicon -q --language en-us --extra <(printf 'jazz\tx y\n') --extra <(printf 'bye\tb\njazz\tx z\njazz\tx y\n') /dev/null
    assert_output $'bye\tb\njazz\tx y\njazz\tx z'
}

@test "words that are no sound are counted" {
    run -0 --separate-stderr make-lexicon --text --language en-us <(echo 'play —')
    assert_equal "$(cut -f 1 <<< "$output")" play
    # shellcheck disable=SC2154  # bats sets it
    assert_equal "$stderr" "make-lexicon: 1 of 2 words have no pronunciation, '—' the first"
}

@test "a letter that is read with the name of its script has no pronunciation, where the script is foreign" {
    printf '%s\n' न ば हिन्दी नमस्ते é play > words.txt
    run -0 make-lexicon -q --text --language en-us --report left.jsonl words.txt
    assert_equal "$(cut -f 1 <<< "$output")" $'play\né\nनमस्ते\nहिन्दी'
    assert_equal "$(jq -r .word left.jsonl | sort)" $'न\nば'
    jq -e '.reason | startswith("a letter that the voice knows only by its script: ")' left.jsonl
    run -0 make-lexicon -q --text --language hi words.txt
    assert_line $'न\tn ə'
    refute_line --partial ば
}

@test "letters in place of tokens are spellings for entity-restore" {
    echo "john paris" | make-lexicon --language en-gb-scotland --letters letters-hi.tsv --text > sounds.tsv
    assert_equal "$(cut -f1 sounds.tsv | paste -sd' ')" "john paris"
    cut -f2 sounds.tsv > letters
    run ! grep -q '[a-z]' letters
    echo '{"source":"call john","slots":[{"name":"person","value":"john","start":5,"end":9}],"text":"अब बताओ","alignment":[[1,0]]}' |
        entity-restore --spellings sounds.tsv --spelled --print text | grep -qF "$(head -n 1 sounds.tsv | cut -f2)"
    run -2 make-lexicon --language hi --letters letters-hi.tsv --token-map letters-hi.tsv --text /dev/null
    assert_output --partial 'exclude each other'
    echo "प" > odd.tsv
    run -1 make-lexicon --language hi --letters odd.tsv --text wanted.txt
    assert_output --partial 'odd.tsv:1: not phones, a tab and letters'
}

#!/usr/bin/env bats
load helper

plain() { normalize-text --lang hi --lower --strip-punctuation --numbers words "$@"; }

@test "the text is written anew where it stands, and nothing else is touched" {
    plain hindi.jsonl > made
    jq -c 'del(.text)' hindi.jsonl > before
    jq -c 'del(.text)' made > after
    same before after
    run -0 jq -r 'select(.id == "h4").text' made
    assert_output 'ac को इक्कीस दशमलव पाँच डिग्री पर set कर दो'
    run -0 jq -c keys_unsorted made
    assert_line --index 0 '["id","text"]'
    refute_output --partial '["text","id"]'
}

@test "a record in this form already keeps its bytes" {
    printf '%s\n' '{ "text" : "कल \u0938\u0941\u092c\u0939", "n": 1.50 }' > kept
    normalize-text --lang hi kept > made
    same kept made
}

@test "--into leaves the text as it was" {
    plain --into normal hindi.jsonl > made
    jq -c 'del(.normal)' made > without
    jq -c . hindi.jsonl > before
    same before without
    plain hindi.jsonl | jq -r .text > in-place
    jq -r .normal made > beside
    same in-place beside
}

@test "plain text gives the same texts" {
    jq -r .text hindi.jsonl | plain --text --print text > lines
    jq -r .text hindi.jsonl | plain --text | jq -r .text > records
    plain --print text hindi.jsonl > printed
    same lines records
    same lines printed
}

@test "done twice is done once" {
    for options in --tokenize "--lower --strip-punctuation --numbers words --nukta drop --joiners keep"; do
        # shellcheck disable=SC2086
        normalize-text --lang hi $options hindi.jsonl > once
        # shellcheck disable=SC2086
        normalize-text --lang hi $options once > twice
        same once twice
    done
}

@test "tokens come together again" {
    normalize-text --lang hi --tokenize hindi.jsonl | normalize-text --lang hi --detokenize --print text > back
    normalize-text --lang hi --detokenize --print text hindi.jsonl > joined
    same joined back
}

@test "a line feed in a text is a space" {
    run -0 normalize-text --print text <<< '{"text":"a\nb \n c\r\n"}'
    assert_output 'a b c'
}

@test "what makes no sense is a wrong call" {
    run -2 normalize-text --lang hindi hindi.jsonl
    assert_line --index 0 "normalize-text: 'hindi' is no language that is known (en, hi, ta, ...)"
    run -2 normalize-text --lang ta --numbers words hindi.jsonl
    run -2 normalize-text --tokenize --detokenize hindi.jsonl
}

@test "into the text itself, by name or not" {
    normalize-text --lower --text corpus.txt > wanted
    normalize-text --lower --text --into text corpus.txt | cmp - wanted
}

@test "numbers do not become words of another script" {
    run -2 normalize-text --text --lang hi-Latn --numbers words <<< '5 baje'
    run -2 normalize-text --text --lang en-Deva --numbers words <<< '5'
}

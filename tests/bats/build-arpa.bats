#!/usr/bin/env bats
load helper

kenlm="$BATS_TEST_DIRNAME/../../build/kenlm/bin"

prepare() {
    jq -R -c '{text: .}' corpus.txt > corpus.jsonl
    build-arpa --text --smoothing witten-bell corpus.txt > model.arpa
}

# A model but for its first line, which says how it was made.
body() { sed 1d "$1"; }

# The n-grams of an order, without their numbers.
ngrams() { sed -n "/^.$1-grams:/,/^$/p" "$2" | grep -P '\t' | cut -f 2; }

# Perplexity of a text.
perplexity() { lm-score --lm "$1" --text --summary "$2" | jq .perplexity; }

@test "the same text makes the same model, from files, records, a pipe, compressed" {
    build-arpa --text --smoothing witten-bell -o again.arpa corpus.txt
    same model.arpa again.arpa
    build-arpa --smoothing witten-bell corpus.jsonl > records.arpa
    same model.arpa records.arpa
    jq -c '{said: .text}' corpus.jsonl | build-arpa --smoothing witten-bell -f said > renamed.arpa
    same <(body model.arpa) <(body renamed.arpa)
    split -n l/3 corpus.txt part.
    build-arpa --text --smoothing witten-bell part.* > parts.arpa
    same model.arpa parts.arpa
    xz -c corpus.txt | build-arpa --text --smoothing witten-bell > packed.arpa
    same model.arpa packed.arpa
}

@test "what is in the file is what is announced, and all of its words" {
    for order in 1 2 3 4; do
        announced=$(sed -n "s/^ngram $order=//p" model.arpa)
        assert_equal "$(ngrams $order model.arpa | wc -l)" "$announced"
    done
    { printf '%s\n' '<unk>' '<s>' '</s>'; tr ' ' '\n' < corpus.txt; } | LC_ALL=C sort -u > words
    ngrams 1 model.arpa | LC_ALL=C sort > unigrams
    same words unigrams
    grep -q 'दादी को फ़ोन लगाओ' <(ngrams 4 model.arpa)
}

@test "every smoothing knows its own text better than it knows another" {
    for smoothing in kneser-ney katz witten-bell; do
        build-arpa -q --text --order 3 --smoothing "$smoothing" corpus.txt -o "$smoothing.arpa"
        jq -n "$(perplexity "$smoothing.arpa" corpus.txt) < $(perplexity "$smoothing.arpa" heldout.txt)" | holds first
        jq -n "$(perplexity "$smoothing.arpa" heldout.txt) < $(perplexity "$smoothing.arpa" general.txt)" | holds first
    done
}

@test "ten lines are enough; what falls back says so, unless told not to" {
    sed 10q corpus.txt > ten.txt
    run -0 --separate-stderr build-arpa --text ten.txt -o ten.arpa
    assert_output ''
    # shellcheck disable=SC2154  # bats sets it
    [[ $stderr == 'build-arpa: order 1: too few n-grams to estimate Kneser-Ney discounts; using 0.5, 1 and 1.5'* ]]
    run -0 --separate-stderr build-arpa --text --smoothing katz ten.txt -o ten.arpa
    [[ $stderr == *'order 4: too few n-grams for Good-Turing discounts; taking '* ]]
    run -0 --separate-stderr build-arpa -q --text ten.txt -o ten.arpa
    assert_equal "$stderr" ''
    assert_file_not_empty ten.arpa
}

@test "--memory changes no byte" {
    jq -c '.n = (.text | length / 10)' corpus.jsonl > weighted.jsonl
    split -n l/5 weighted.jsonl part.
    for options in '--smoothing witten-bell' '-q --smoothing katz --order 3' '-q --prune 0,1' '-q --weight n --order 2'; do
        # shellcheck disable=SC2086  # words
        build-arpa $options weighted.jsonl > whole.arpa
        # shellcheck disable=SC2086
        build-arpa $options --memory 1 part.* > parts.arpa
        same whole.arpa parts.arpa
    done
    run -0 build-arpa -v -q --text --memory 1K corpus.txt -o parts.arpa
    assert_output --partial 'counted in parts, '
}

@test "a weight of two is the sentence twice, of none no sentence" {
    sed 's/$/\t1/; 3s/1$/2/; 5s/1$/0/' corpus.txt > weighted.txt
    sed '3p; 5d' corpus.txt > repeated.txt
    for smoothing in kneser-ney katz witten-bell; do
        build-arpa -q --text --order 3 --smoothing "$smoothing" --weight n weighted.txt > weighted.arpa
        build-arpa -q --text --order 3 --smoothing "$smoothing" repeated.txt > repeated.arpa
        same <(body weighted.arpa | sort) <(body repeated.arpa | sort)
    done
    jq -R -c 'split("\t") | {text: .[0]} + if .[1] == "1" then {} else {n: .[1] | tonumber} end' weighted.txt |
        build-arpa -q --order 3 --smoothing witten-bell --weight n > records.arpa
    same <(body weighted.arpa) <(body records.arpa)
}

@test "weights may be fractions with every smoothing, and so may what --prune leaves out" {
    jq -Rc '{text: ., n: (length % 7 / 4 + 0.25)}' corpus.txt > weighted.jsonl
    for smoothing in kneser-ney katz witten-bell; do
        build-arpa -q --order 2 --smoothing "$smoothing" --weight n weighted.jsonl > all.arpa
        build-arpa -q --order 2 --smoothing "$smoothing" --weight n --prune 0,0.5 weighted.jsonl > pruned.arpa
        assert_equal "$(ngrams 1 all.arpa)" "$(ngrams 1 pruned.arpa)"
        [ "$(ngrams 2 pruned.arpa | wc -l)" -lt "$(ngrams 2 all.arpa | wc -l)" ]
        assert_equal "$(comm -13 <(ngrams 2 all.arpa | sort) <(ngrams 2 pruned.arpa | sort))" ""
    done
    run -2 build-arpa --prune 0,-0.5 weighted.jsonl
    run -2 build-arpa --prune 0,nan weighted.jsonl
}

@test "--vocab closes the vocabulary, --min-count opens it to what is not rare" {
    printf '%s\n' the to rice मौसम > words
    build-arpa -q --text --vocab words corpus.txt -o closed.arpa
    same <(ngrams 1 closed.arpa) <(printf '%s\n' '<unk>' '<s>' '</s>' the to rice मौसम)
    tr ' ' '\n' < corpus.txt | LC_ALL=C sort | uniq -c | awk '$1 >= 3 {print $2}' > frequent
    build-arpa -q --text --min-count 3 corpus.txt -o frequent.arpa
    same <(ngrams 1 frequent.arpa | sed 1,3d | LC_ALL=C sort) frequent
}

@test "--prune leaves out what is rare, --prune-entropy what says little" {
    build-arpa -q --text --smoothing witten-bell --prune 0,1 corpus.txt -o cut.arpa
    grep -v -F -x -f <(ngrams 2 cut.arpa) <(ngrams 2 model.arpa) | head -n 3 | while IFS= read -r rare; do
        assert_equal "$(sed 's/^/<s> /; s/$/ <\/s>/' corpus.txt | grep -c -F -- "$rare")" 1
    done
    build-arpa -q --text --smoothing witten-bell --prune-entropy 1e-3 corpus.txt -o small.arpa
    [ "$(wc -l < small.arpa)" -lt "$(wc -l < model.arpa)" ]
    same <(grep -v -F -x -f <(ngrams 3 model.arpa) <(ngrams 3 small.arpa)) /dev/null
    build-arpa -q --text --smoothing witten-bell --prune-entropy 1e-30 corpus.txt -o all.arpa
    same <(ngrams 4 model.arpa) <(ngrams 4 all.arpa)
}

@test "--binary is the model in another form" {
    [ -x "$kenlm/build_binary" ] || skip 'build/kenlm is not there: tools/need-lmplz makes it'
    PATH="$kenlm:$PATH" build-arpa --text --smoothing witten-bell --binary corpus.txt > model.binary
    lm-score --lm model.arpa --text --print lm_score heldout.txt > text
    lm-score --lm model.binary --text --print lm_score heldout.txt > binary
    paste text binary | awk '($1 - $2)^2 > 1e-8 {exit 1}'
    cat <(head -c 1000 model.binary) > cut.binary
    run -1 lm-score --lm cut.binary --text heldout.txt
    assert_output --partial 'lm-score: cut.binary: a binary of KenLM that is damaged'
}

@test "--binary without its program is one line, at once" {
    mkdir bin
    ln -s "$(command -v build-arpa)" bin
    PATH="$PWD/bin:/usr/bin:/bin" run -1 build-arpa --text --binary -o model.binary
    assert_output "build-arpa: --binary needs KenLM's build_binary, and no such program is on the PATH"
    assert_file_not_exist model.binary
    printf '#!/bin/sh\necho reading\necho no room >&2\nexit 3\n' > bin/build_binary
    chmod +x bin/build_binary
    PATH="$PWD/bin:$PATH" run -1 build-arpa --text --binary -q corpus.txt -o model.binary
    assert_output 'build-arpa: build_binary failed: no room'
    assert_file_not_exist model.binary
}

@test "bad text and bad weights are named by file and line, and the old model stays" {
    cp model.arpa kept.arpa
    for line in 'turn </s> off' '<s>' $'tea \xff please'; do
        { cat corpus.txt; printf '%s\n' "$line"; } > bad.txt
        run -1 build-arpa --text corpus.txt bad.txt -o kept.arpa
        assert_output --regexp "^build-arpa: bad\.txt:$(wc -l < bad.txt): [^"$'\n'"]*$"
        same model.arpa kept.arpa
    done
    for weight in -1 none '' nan 1e999; do
        printf 'one\t1\ntwo\t%s\n' "$weight" > bad.txt
        run -1 build-arpa --text --weight n bad.txt
        assert_output --partial 'build-arpa: bad.txt:2: '
    done
    run -1 build-arpa --text --vocab <(printf 'one\ntwo words\n') corpus.txt
    assert_output --partial ':2: not one word'
    run -1 build-arpa --text --weight n <(printf 'one\t0\n')
    assert_output 'build-arpa: no sentences to estimate from'
}

@test "text with the words of the model is set aside, or these are white space" {
    sed '3s/.*/turn <unk> off/' corpus.txt > bad.txt
    build-arpa -q --text --smoothing witten-bell --rejects aside bad.txt > kept.arpa
    assert_equal "$(cat aside)" $'bad.txt\t3\tthe text holds <unk>, which the model uses itself\tturn <unk> off'
    build-arpa -q --text --smoothing witten-bell <(sed 3d corpus.txt) | cmp - kept.arpa
    build-arpa -q --text --smoothing witten-bell --skip-symbols bad.txt > skipped.arpa
    build-arpa -q --text --smoothing witten-bell <(sed '3s/ <unk> / /' bad.txt) > plain.arpa
    diff <(grep -v '|version:' skipped.arpa) <(grep -v '|version:' plain.arpa)
}

@test "what does not go together is a wrong call" {
    for words in '--order 1' '--order 7' '--smoothing none' '--prune 1,2' '--prune 0,2,1' '--prune 0,x' '--memory 0' \
        '--memory 1X' '--vocab x --min-count 2' '--order 2 --prune 0,0,1' '--prune-entropy -1'; do
        # shellcheck disable=SC2086  # words
        run -2 build-arpa --text $words corpus.txt
    done
}

@test "a weight next to nothing counts as nothing, and every line is a number" {
    printf 'wake up now\t1e-17\ncall me\t1\ncall him\t1\ncall me now\t2\n' |
        build-arpa -q --text --weight n --order 3 > light.arpa
    run ! grep -E 'null|nan' light.arpa
    echo 'wake up' | lm-score --text --lm light.arpa | holds '.[0].lm_score < 0'
}

@test "weights that no float holds are an error" {
    printf 'a b\t1e308\na c\t1e308\n' > heavy
    for smoothing in witten-bell katz kneser-ney; do
        run -1 build-arpa -q --text --weight n --smoothing "$smoothing" --order 2 heavy
        assert_output --partial 'build-arpa: '
        refute_output --partial null
    done
}

@test "a field's name does not break the comment" {
    printf '{"a\\nb":"x y"}\n{"a\\nb":"x z"}\n' | build-arpa -q -f $'a\nb' -o made.arpa
    sed -n 2p made.arpa | grep -q data
}

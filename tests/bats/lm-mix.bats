#!/usr/bin/env bats
load helper

prepare() {
    build-arpa -q --text --order 3 corpus.txt -o target.arpa
    build-arpa -q --order 2 --smoothing witten-bell pool.jsonl -o general.arpa
    lm-mix --tune heldout.txt target.arpa general.arpa > mixed.arpa
}

# The n-grams of an order, without their numbers.
ngrams() { sed -n "/^.$1-grams:/,/^$/p" "$2" | grep -P '\t' | cut -f 2 | LC_ALL=C sort; }

perplexity() { lm-score --lm "$1" --text --summary "$2" | jq .perplexity; }

# The numbers of a model, without the line that says how it was made.
body() { sed 1d "$1"; }

@test "the mixture lists the n-grams of both" {
    for order in 1 2 3; do
        LC_ALL=C sort -u <(ngrams $order target.arpa) <(ngrams $order general.arpa) > both
        same both <(ngrams $order mixed.arpa)
    done
}

@test "a tuned mixture knows the text better than either, and than other weights do" {
    best=$(perplexity mixed.arpa heldout.txt)
    for weight in 0.05 0.5 0.999; do
        lm-mix --weight target.arpa="$weight" target.arpa general.arpa -o other.arpa
        jq -n "$best <= $(perplexity other.arpa heldout.txt)" | holds first
    done
    jq -n "$best < $(perplexity general.arpa heldout.txt)" | holds first
}

@test "the report says what the weights are, and those weights make that mixture" {
    lm-mix --tune heldout.txt --report weights.jsonl target.arpa general.arpa | cmp - mixed.arpa
    holds 'length == 3 and (.[:2] | map(.model) == ["target.arpa", "general.arpa"] and (map(.weight) | add - 1 | fabs < 1e-6))
        and .[2].mixture == ["target.arpa", "general.arpa"] and (.[2].perplexity < ([.[:2][].perplexity] | min))' < weights.jsonl
    weight=$(jq 'select(.model == "target.arpa").weight' weights.jsonl)
    lm-mix --weight target.arpa="$weight" target.arpa general.arpa -o again.arpa
    paste <(body mixed.arpa) <(body again.arpa) | awk -F '\t' '/^-/ && ($1 - $(1 + NF / 2))^2 > 1e-8 {exit 1}'
    same <(ngrams 3 mixed.arpa) <(ngrams 3 again.arpa)
}

@test "--floor holds, -v says so, and the last part of a path is name enough" {
    run -0 --separate-stderr lm-mix -v --tune heldout.txt --floor general.arpa=0.9 ./target.arpa ./general.arpa -o new.arpa
    assert_output ''
    # shellcheck disable=SC2154  # bats sets it
    [[ $stderr == *'lm-mix: ./general.arpa: weight 0.9000, perplexity '* ]]
    [[ $stderr == *'lm-mix: mixture: perplexity '*' tokens, '*' unknown' ]]
    lm-mix --weight general.arpa=0.9 target.arpa general.arpa -o fixed.arpa
    same <(body fixed.arpa) <(body new.arpa)
    lm-mix --tune heldout.txt --floor general.arpa=0.0001 target.arpa general.arpa -o idle.arpa
    jq -n "$(perplexity idle.arpa heldout.txt) - $(perplexity mixed.arpa heldout.txt) | fabs < 0.001" | holds first
}

@test "a weight of one is that model, with more words" {
    lm-mix --weight target.arpa=1 target.arpa general.arpa -o one.arpa
    lm-score --lm target.arpa --text --print lm_score corpus.txt > alone
    lm-score --lm one.arpa --text --print lm_score corpus.txt > within
    paste alone within | awk '($1 - $2)^2 > 1e-8 {exit 1}'
}

@test "the order of models changes no probability, and three may be mixed" {
    lm-mix --weight target.arpa=0.3 target.arpa general.arpa -o there.arpa
    lm-mix --weight target.arpa=0.3 general.arpa target.arpa -o back.arpa
    paste <(lm-score --lm there.arpa --text --print lm_score heldout.txt) \
        <(lm-score --lm back.arpa --text --print lm_score heldout.txt) | awk '($1 - $2)^2 > 1e-8 {exit 1}'
    build-arpa -q --text --order 4 --smoothing katz general.txt -o third.arpa
    lm-mix --weight target.arpa=0.3 --weight third.arpa=0.2 target.arpa general.arpa third.arpa -o three.arpa
    assert_equal "$(grep -c '^ngram ' three.arpa)" 4
}

@test "models may be compressed, the text as well, and it may come by the pipe" {
    gzip -k target.arpa
    xz -k general.arpa
    bzip2 -c heldout.txt | lm-mix --tune - target.arpa.gz general.arpa.xz > packed.arpa
    same <(body mixed.arpa) <(body packed.arpa)
}

@test "-o may be one of the models" {
    lm-mix --tune heldout.txt target.arpa general.arpa -o target.arpa
    same mixed.arpa target.arpa
}

@test "a file that is no model is named, by its line where one is wrong, and nothing is written" {
    sed '/^.2-grams/,$s/kitchen/kitchn/' target.arpa > word.arpa
    sed '20s/^-[0-9.]*/low/' target.arpa > number.arpa
    sed '$d' target.arpa > cut.arpa
    sed 's/^ngram 2=/&1/' target.arpa > count.arpa
    sed '/^.1-grams/,/^$/s/<\/s>/sentence/' target.arpa > end.arpa
    for name in word number cut count end; do
        run -1 lm-mix --tune heldout.txt general.arpa "$name.arpa" -o made.arpa
        assert_output --regexp "^lm-mix: $name\.arpa:[^"$'\n'"]+$"
        assert_file_not_exist made.arpa
    done
    run -1 lm-mix --tune heldout.txt general.arpa word.arpa
    assert_output "lm-mix: word.arpa:$(grep -n -m 1 kitchn word.arpa | cut -d : -f 1): a word that is not in the unigrams"
    run -1 lm-mix --tune heldout.txt general.arpa number.arpa
    assert_output --partial 'lm-mix: number.arpa:20: '
    run -1 lm-mix --tune none.txt general.arpa target.arpa
    assert_output 'lm-mix: none.txt: No such file or directory'
    run -1 lm-mix --tune <(printf 'one\n<unk>\n') general.arpa target.arpa
    assert_output --partial ':2: the text holds <unk>, which the model uses itself'
    run -1 lm-mix --tune /dev/null general.arpa target.arpa
    assert_output 'lm-mix: /dev/null: no sentences to tune on'
}

@test "what does not go together is a wrong call" {
    for words in '' '--tune heldout.txt --weight target.arpa=1' '--weight target.arpa=0.5 --floor general.arpa=0.1' \
        '--weight other.arpa=0.5' '--weight target.arpa=1.1' '--weight target.arpa=0.5 --weight target.arpa=0.5' \
        '--weight target.arpa=0.5 --weight general.arpa=0.6' '--tune heldout.txt --floor target.arpa=1' \
        '--weight target.arpa=0.5 --report report.jsonl'; do
        # shellcheck disable=SC2086  # words
        run -2 lm-mix $words target.arpa general.arpa
    done
    run -2 lm-mix --tune heldout.txt target.arpa
    assert_file_not_exist report.jsonl
}

@test "words that are next to impossible leave weights" {
    tr ' ' '\t' > low.arpa << 'END'
\data\
ngram~1=4
ngram~2=2

\1-grams:
-99 <unk>
-99 <s> -99
-1 </s>
-400 w -99

\2-grams:
-0.1 <s>~w
-0.2 <s>~</s>

\end\
END
    sed -i 's/~/ /' low.arpa
    sed 's/-400/-390/' low.arpa > lower.arpa
    run -0 lm-mix -q --tune <(echo w w w) low.arpa lower.arpa
    refute_output --partial null
}

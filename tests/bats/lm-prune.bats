#!/usr/bin/env bats
load helper

prepare() {
    build-arpa -q --text --order 3 corpus.txt -o target.arpa
    build-arpa -q --order 2 --smoothing witten-bell pool.jsonl -o general.arpa
    lm-score --lm target.arpa pool.jsonl > scored.jsonl
}

@test "kept lines are lines of the input, in its order, and what they should be" {
    lm-prune --lm target.arpa --keep 17.5% pool.jsonl > kept
    grep -Fx -f kept pool.jsonl | cmp - kept
    select-topk --by lm_score --keep 17.5% --print id scored.jsonl > wanted
    same wanted <(jq -r .id kept)
    lm-prune --lm target.arpa --threshold -2 pool.jsonl > kept
    same <(jq -r 'select(.lm_score >= -2).id' scored.jsonl) <(jq -r .id kept)
    lm-prune --lm target.arpa --max-perplexity 100 pool.jsonl | cmp - kept
    lm-prune --by lm_score --threshold -2 scored.jsonl | jq -c 'del(.lm_score)' | cmp - <(jq -c . kept)
}

@test "all of the input is the input, and nothing of it is nothing" {
    lm-prune --lm target.arpa --keep 100% pool.jsonl | cmp - pool.jsonl
    lm-prune --lm target.arpa --threshold -1e9 < pool.jsonl > kept
    same pool.jsonl kept
    lm-prune --lm target.arpa --max-perplexity 1e99 - < pool.jsonl > kept
    same pool.jsonl kept
    run -0 lm-prune --lm target.arpa --keep 0% pool.jsonl
    assert_output ''
}

@test "--rejects and the output part the input in two, and -v counts" {
    for choice in '--keep 60%' '--threshold=-2.1' '--max-perplexity 120' '--keep 30% --minus general.arpa' '--keep 10% --by n'; do
        jq -c '.n = (.id[-1:] | tonumber)' pool.jsonl > numbered.jsonl
        [[ $choice == *--by* ]] || choice="$choice --lm target.arpa"
        # shellcheck disable=SC2086  # words
        run -0 --separate-stderr lm-prune -v $choice --rejects rejects.tsv numbered.jsonl
        echo "$output" > kept
        cut -f 4- rejects.tsv > dropped
        grep -vFx -f dropped numbered.jsonl | cmp - kept
        awk 'NR == FNR {line[$1]; next} FNR in line' <(cut -f 2 rejects.tsv) numbered.jsonl | cmp - dropped
        # shellcheck disable=SC2154  # bats sets it
        assert_equal "$stderr" "lm-prune: kept $(wc -l < kept) / 706, rejected $(wc -l < dropped)"
    done
}

@test "reasons say what it was, and bad lines go the same way" {
    { echo '{"text":1}'; sed 20q pool.jsonl; echo '{'; } > bad
    lm-prune --lm target.arpa --keep 50% --rejects share.tsv bad > kept
    assert_equal "$(wc -l < kept)" 10
    assert_equal "$(cut -f 3 share.tsv | sort | uniq -c | sort -rn | head -n 1 | sed 's/^ *//')" '10 score among the lowest'
    assert_equal "$(wc -l < share.tsv)" 12
    lm-prune --lm target.arpa --threshold 0 --rejects bar.tsv bad > kept
    assert_equal "$(grep -c 'score too low' bar.tsv)" 20
    same <(cut -f 4- bar.tsv) bad
    lm-prune --lm target.arpa --max-perplexity 1 --rejects high.tsv bad > kept
    assert_equal "$(grep -c 'perplexity too high' high.tsv)" 20
    run -1 lm-prune --lm target.arpa --keep 50% bad
    assert_output --partial "lm-prune: bad:1: field 'text': "
    run -1 bash -c 'set -o pipefail; lm-prune --lm target.arpa --threshold -9 bad | cat'
    assert_output "lm-prune: bad:1: field 'text': expected \`str\`, got \`int\`"
}

@test "--minus ranks by the difference of two scores" {
    lm-score --lm general.arpa --into other scored.jsonl | jq -c '.gain = .lm_score - .other' > both.jsonl
    lm-prune --lm target.arpa --minus general.arpa --threshold 0 --print id pool.jsonl > above
    same <(jq -r 'select(.gain >= 0).id' both.jsonl) above
    lm-prune --lm target.arpa --minus general.arpa --keep 12% --print id pool.jsonl | sort > kept
    same <(jq -r '[.gain, .id] | @tsv' both.jsonl | sort -k 1,1gr | head -n 85 | cut -f 2 | sort) kept
    lm-prune --lm target.arpa --minus target.arpa --threshold 0 pool.jsonl | cmp - pool.jsonl
}

@test "of equals the earlier, whatever they are ranked by" {
    for _ in 1 2 3 4; do echo '{"text":"call me a taxi","mt_score":0.5}'; done | jq -c '.id = input_line_number' > equal.jsonl
    lm-prune --lm target.arpa --keep 50% equal.jsonl | cmp - <(head -n 2 equal.jsonl)
    lm-prune --by mt_score --keep 50% equal.jsonl | cmp - <(head -n 2 equal.jsonl)
    lm-prune --by mt_score --keep 37.5% equal.jsonl | cmp - <(head -n 2 equal.jsonl)  # 1.5, half up
}

@test "what does not go together is a wrong call" {
    for words in '--keep 50%' '--lm target.arpa' '--lm target.arpa --by lm_score --keep 50%' '--lm target.arpa --keep 50' \
        '--lm target.arpa --keep 50% --threshold -1' '--by lm_score --minus general.arpa --keep 5%' \
        '--by lm_score --max-perplexity 100' '--lm target.arpa --minus general.arpa --max-perplexity 100' \
        '--lm target.arpa --max-perplexity 0.9' '--lm target.arpa --keep 101%'; do
        # shellcheck disable=SC2086  # words
        run -2 lm-prune $words scored.jsonl
    done
}

@test "it keeps what select-topk keeps of the scores that lm-score writes" {
    for models in '--lm target.arpa' '--lm target.arpa --minus general.arpa'; do
        # shellcheck disable=SC2086  # words
        lm-score $models --into s pool.jsonl > with.jsonl
        for choice in '--keep 33%' '-k 50' '--threshold -0.123456'; do
            # shellcheck disable=SC2086  # words
            select-topk $choice --by s --print id with.jsonl > wanted
            # shellcheck disable=SC2086  # words
            lm-prune $models $choice --print id pool.jsonl > kept
            same wanted kept
        done
    done
    run -2 lm-score --lm target.arpa --minus general.arpa --summary pool.jsonl
}

@test "a perplexity at the bar is kept" {
    printf '\\data\\\nngram 1=4\n\n\\1-grams:\n-9\t<unk>\n-99\t<s>\n-0.30103\t</s>\n-0.30103\ta\n\n\\end\\\n' > half.arpa
    run -0 lm-prune --lm half.arpa --max-perplexity 2 --text --print text <<< a
    assert_output a
}

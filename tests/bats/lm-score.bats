#!/usr/bin/env bats
load helper

prepare() {
    build-arpa -q --text --order 3 corpus.txt -o target.arpa
    lm-score --lm target.arpa pool.jsonl > scored.jsonl
}

@test "a score by token, times the tokens, is that of the whole" {
    lm-score --lm target.arpa --total --into total scored.jsonl |
        holds 'all((.lm_score * ([.text | scan("[^ ]+")] | length + 1) - .total) | fabs < 1e-4)'
    lm-score --lm target.arpa --total --no-end --into total scored.jsonl |
        lm-score --lm target.arpa --no-end --into token |
        holds 'all((.token * ([.text | scan("[^ ]+")] | length) - .total) | fabs < 1e-4)'
}

@test "scores are those of kenlm, with the end of the sentence and without" {
    cat > kenlms.py << 'END'
import sys, kenlm
model = kenlm.Model("target.arpa")
for line in sys.stdin:
    print(f"{model.score(line.rstrip(), bos=True, eos=sys.argv[1] == 'end')}")
END
    jq -r .text pool.jsonl > texts
    for end in end no-end; do
        # shellcheck disable=SC2046  # one word or none
        lm-score --lm target.arpa --total $([ $end = end ] || echo --no-end) --print lm_score pool.jsonl > ours
        python kenlms.py $end < texts > theirs
        assert_equal "$(paste ours theirs | awk '($1 - $2) ^ 2 < 1e-6' | wc -l)" "$(wc -l < texts)"
    done
}

@test "scores are the sums of what stands in the model" {
    cat > tiny.arpa << 'END'
\data\
ngram 1=5
ngram 2=2

\1-grams:
-1.5	<unk>	0
-99	<s>	-0.5
-1.0	</s>	0
-0.75	चाय	-0.25
-2.0	lao	0

\2-grams:
-0.125	<s> चाय
-0.25	चाय lao

\end\
END
    printf '%s\n' 'चाय lao' 'lao चाय' '' 'coffee' | lm-score --lm tiny.arpa --text --total --print lm_score > found
    # 2-gram, 2-gram, </s>; -0.5 and 1-gram, 1-gram, -0.25 and </s>; -0.5 and </s>; -0.5 and <unk>, </s>
    printf '%s\n' -1.375 -4.5 -1.5 -3.0 > wanted
    same wanted found
}

@test "the summary is what the records add up to, with --rejects of what can be read" {
    lm-score --lm target.arpa --summary pool.jsonl > summary
    lm-score --lm target.arpa --total --into total pool.jsonl > totals
    cat totals summary | holds '.[-1].log10 - (map(.total // 0) | add) | fabs < 0.01'
    tr ' ' '\n' < corpus.txt | sort -u > known
    assert_equal "$(jq .oov summary)" "$(jq -r .text pool.jsonl | tr ' ' '\n' | grep -v -F -x -f known -c)"
    assert_equal "$(jq .sentences summary)" "$(wc -l < pool.jsonl)"
    assert_equal "$(jq '.tokens - .sentences' summary)" "$(jq -r .text pool.jsonl | wc -w)"
    jq -e '(.perplexity | log10) * .tokens + .log10 | fabs < 0.01' summary
    { cat pool.jsonl; echo '{"text":7}'; } | lm-score --lm target.arpa --summary --rejects rejects.tsv | cmp - summary
    assert_equal "$(cut -f 2,4 rejects.tsv)" "$(printf '%s\t{"text":7}' "$(($(wc -l < pool.jsonl) + 1))")"
}

@test "-v says the same on standard error, and the records stay what they are" {
    run -0 --separate-stderr lm-score --lm target.arpa --text -v heldout.txt
    # shellcheck disable=SC2154  # bats sets it
    [[ $stderr == *"lm-score: sentences 12, tokens 100, oov 2, oov_rate 0.022727, log10 -"*", perplexity "* ]]
    assert_equal "$(lm-score --lm target.arpa --text --summary --print oov heldout.txt)" 2
    # all words unknown and no end: there is a perplexity, but none without them
    run -0 --separate-stderr lm-score --lm target.arpa --text --no-end -v <(echo 'zzz yyy')
    [[ $stderr == *'oov 2, oov_rate 1.0, '* && $stderr != *without_oov* ]]
    lm-score --lm target.arpa --text --no-end --summary <(echo 'zzz yyy') | holds 'first.perplexity_without_oov == null'
    run -1 lm-score --lm target.arpa --summary /dev/null
    assert_output 'lm-score: no tokens, so no perplexity'
    run -1 lm-score --lm target.arpa --text --no-end --summary <(echo)
    assert_output 'lm-score: no tokens, so no perplexity'
}

@test "what is like the corpus scores higher" {
    lm-score --lm target.arpa --text heldout.txt general.txt |
        holds 'def mean: map(.lm_score) | add / length; (.[:12] | mean) > (.[12:] | mean)'
}

@test "what is no model is named" {
    head -n 30 target.arpa > cut.arpa
    sed '20s/^-[0-9.]*/\xff/' target.arpa > odd.arpa
    for model in cut.arpa odd.arpa pool.jsonl /dev/null none.arpa .; do
        run -1 lm-score --lm "$model" pool.jsonl
        assert_output --regexp "^lm-score: $model:([0-9]+:)? [^"$'\n'"]+$"
    done
    run -2 lm-score pool.jsonl
}

@test "plain text has its field text; a number by that name is refused" {
    run -2 --separate-stderr lm-score --lm target.arpa --text --into text corpus.txt
    # shellcheck disable=SC2154  # run sets it
    [[ "$stderr" == 'lm-score: plain text becomes the field text: give --into another name'* ]]
}

#!/usr/bin/env bats
load helper

prepare() {
    build-arpa -q --text --order 3 corpus.txt -o target.arpa
    lm-rescore --lm target.arpa nbest.jsonl > best.jsonl
}

# Word errors of the texts against the references.
errors() { decode-wer --format text --json --reference references.txt | jq '.all | .substituted + .deleted + .inserted'; }

@test "the combined score is what it is said to be, raw and by token" {
    jq -c '.id as $id | .nbest[] | {id: $id, text, mt_score}' nbest.jsonl | lm-score --lm target.arpa --total --into total |
        jq -c '.id + " " + .text, 0.7 * .mt_score + 0.3 * .total * (10 | log)' | paste - - | sort > wanted
    lm-rescore --lm target.arpa --all nbest.jsonl |
        jq -c '.id as $id | .nbest[] | $id + " " + .text, .rescore' | paste - - | sort > found
    join -t $'\t' wanted found | awk -F '\t' '($2 - $3)^2 > 1e-8 {bad = 1} END {exit bad || NR == 0}'
    same <(cut -f 1 wanted) <(cut -f 1 found)
    # shellcheck disable=SC2016
    lm-rescore --lm target.arpa --all --per-token --weight 0.6 nbest.jsonl | holds 'all(.nbest[] |
        (.text | split(" ") | length + 1) as $tokens | .4 * .mt_score / $tokens + .6 * .lm_score * (10 | log) - .rescore | fabs < 1e-5)'
}

@test "the best comes first, and its members become the record's" {
    lm-rescore --lm target.arpa --all nbest.jsonl > all.jsonl
    # shellcheck disable=SC2016
    holds 'all((.nbest | map(.rescore)) as $scores | $scores == ($scores | sort | reverse))' < all.jsonl
    holds 'all(.nbest[0] == {text, mt_score, lm_score, rescore})' < all.jsonl
    jq -c '.nbest |= .[:1]' all.jsonl | cmp - <(jq -c . best.jsonl)
    same <(jq -c '[.id, .source]' nbest.jsonl) <(jq -c '[.id, .source]' best.jsonl)
    same <(jq -c '[.id, (.nbest | sort_by(.text))]' nbest.jsonl) \
        <(jq -c '[.id, (.nbest | map({text, mt_score}) | sort_by(.text))]' all.jsonl)
}

@test "without weight the translator decides, with all of it the model, and of equals the first" {
    lm-rescore --lm target.arpa --weight 0 nbest.jsonl --print text > translator
    same <(jq -r '.nbest | max_by(.mt_score).text' nbest.jsonl) translator
    jq -c '.id as $id | .nbest[] | {id: $id, text}' nbest.jsonl | lm-score --lm target.arpa --total |
        jq -r -s 'group_by(.id)[] | max_by(.lm_score).text' > likeliest
    lm-rescore --lm target.arpa --weight 1 nbest.jsonl --print text > model
    same likeliest model
    echo '{"nbest":[{"text":"x","mt_score":1},{"text":"y","mt_score":1},{"text":"x","mt_score":1,"k":0}]}' |
        lm-rescore --lm target.arpa --all | holds 'first.nbest | map([.text, .k]) == [["x", null], ["y", null], ["x", 0]]'
}

@test "--tune finds the weight with the fewest word errors" {
    lm-rescore --lm target.arpa --tune references.txt nbest.jsonl > tuned
    for weight in 0 0.1 "$(jq .weight tuned)" 0.5 1; do
        lm-rescore --lm target.arpa --weight "$weight" --print text nbest.jsonl | errors
    done > found
    assert_equal "$(jq '.wer * .words | round' tuned)" "$(sort -n found | head -n 1)"
    assert_equal "$(jq '.wer * .words | round' tuned)" "$(sed -n 3p found)"
    assert_equal "$(jq '.wer_first * .words | round' tuned)" "$(jq -r '.nbest[0].text' nbest.jsonl | errors)"
    assert_equal "$(jq .words tuned)" "$(wc -w < references.txt)"
    jq -c '{nbest: [.nbest[] | {text, am: .mt_score}], note: "हिन्दी"}' nbest.jsonl |
        lm-rescore --lm target.arpa --score am --tune references.txt | jq -c 'del(.signature)' > renamed
    same <(jq -c 'del(.signature)' tuned) renamed
    assert_equal "$(lm-rescore --lm target.arpa --tune references.txt --print weight nbest.jsonl)" "$(jq .weight tuned)"
}

@test "references and records that are not as many are an error" {
    run -1 lm-rescore --lm target.arpa --tune <(sed '$d' references.txt) nbest.jsonl
    assert_output --partial ': fewer references than records'
    run -1 lm-rescore --lm target.arpa --tune - nbest.jsonl < <(cat references.txt references.txt)
    assert_output 'lm-rescore: stdin: more references than records'
    run -1 lm-rescore --lm target.arpa --tune <(sed 's/.*//' references.txt) nbest.jsonl
    assert_output --partial ': no words in the references'
}

@test "the format of Moses says the same" {
    lm-rescore --lm target.arpa --moses nbest.moses > moses.jsonl
    same <(jq -c '[.text, .mt_score, .lm_score, .rescore]' best.jsonl) \
        <(jq -c '[.text, .mt_score, .lm_score, .rescore]' moses.jsonl)
    holds 'map(.id) == [range(length) | tostring] and .[0].features == "LM= -3.6 TM= -1.0"' < moses.jsonl
    lm-rescore --lm target.arpa --moses --tune references.txt nbest.moses | jq .weight > moses
    lm-rescore --lm target.arpa --tune references.txt nbest.jsonl | jq .weight > records
    same records moses
    split -n l/4 nbest.moses part.
    lm-rescore --lm target.arpa --moses part.* | cmp - moses.jsonl
    printf '7 ||| चाय लाओ ||| ||| -1 ||| 0-0 1-1\n' | lm-rescore --lm target.arpa --moses |
        holds 'first | .id == "7" and .text == "चाय लाओ" and .alignment == [[0, 0], [1, 1]]'
}

@test "a line that Moses would not write is named, or goes to --rejects while its list goes on" {
    sed '3i 1 ||| no score' nbest.moses > bad.moses
    run -1 lm-rescore --lm target.arpa --moses bad.moses
    assert_output "lm-rescore: bad.moses:3: not 'id ||| text ||| features ||| score'"
    lm-rescore --lm target.arpa --moses nbest.moses > whole
    lm-rescore --lm target.arpa --moses --rejects rejects.tsv bad.moses | cmp - whole
    assert_equal "$(cut -f 2,4 rejects.tsv)" $'3\t1 ||| no score'
    for line in '1 ||| a ||| b ||| nan' '1 ||| a ||| b ||| ' '1 ||| a ||| b ||| 1 ||| x-y' '' '1|2'; do
        run -1 lm-rescore --lm target.arpa --moses <(echo "$line")
        assert_output --partial ":1: not 'id ||| text ||| features ||| score'"
    done
}

@test "a list that is none is named, or goes to --rejects" {
    cat > bad << 'END'
{"id":"no list"}
{"nbest":[]}
{"nbest":"text"}
{"nbest":[{"mt_score":1}]}
{"nbest":[{"text":"a","mt_score":"1"}]}
{"nbest":[{"text":"a","mt_score":true}]}
{"nbest":[{"text":"a","mt_score":-1},{"text":"b"}]}
not JSON
END
    while IFS= read -r line; do
        run -1 lm-rescore --lm target.arpa <(echo "$line")
        assert_output --regexp "^lm-rescore: /dev/fd/[0-9]+:1: [^"$'\n'"]+$"
    done < bad
    cat bad nbest.jsonl bad | lm-rescore --lm target.arpa --rejects rejects.tsv | cmp - best.jsonl
    cut -f 4- rejects.tsv | cmp - <(cat bad bad)
    assert_equal "$(cut -f 2 rejects.tsv | paste -s -d ' ')" '1 2 3 4 5 6 7 8 23 24 25 26 27 28 29 30'
}

@test "odd characters in a hypothesis stay what they are" {
    jq -n -c '["a\u0000b", "a\u2028b", "क\u093c्\u200dष", "a\nb", "a\tb", "\ud83d\ude00", "", " "][] |
        {nbest: [{text: ., mt_score: 0, alignment: [[0, 1]]}]}' > odd.jsonl
    lm-rescore --lm target.arpa odd.jsonl > found.jsonl
    same <(jq -c '.nbest[0].text' odd.jsonl) <(jq -c .text found.jsonl)
    holds 'all(.alignment == [[0, 1]])' < found.jsonl
}

@test "best of the best is the best, and -o may be the input" {
    lm-rescore --lm target.arpa best.jsonl | cmp - best.jsonl
    gzip -c nbest.jsonl | lm-rescore --lm target.arpa > packed
    same best.jsonl packed
    lm-rescore --lm target.arpa -o nbest.jsonl nbest.jsonl
    same best.jsonl nbest.jsonl
}

@test "what does not go together is a wrong call" {
    for words in '--weight 1.1' '--weight -0.1' '--moses --score am_score' '--tune' '--text'; do
        # shellcheck disable=SC2086  # words
        run -2 lm-rescore --lm target.arpa nbest.jsonl $words
    done
    run -2 lm-rescore nbest.jsonl
}

@test "what is paired line by line has nothing set aside" {
    run -2 --separate-stderr lm-rescore --lm target.arpa --tune references.txt --rejects bad nbest.jsonl
    # shellcheck disable=SC2154  # run sets it
    [[ "$stderr" == 'lm-rescore: --tune pairs lists with references line by line'* ]]
}

@test "an alignment of Moses is pairs of places" {
    build-arpa -q pool.jsonl -o pool.arpa
    for alignment in 0 0-1-2 a-b; do
        run -1 lm-rescore --lm pool.arpa --moses <<< "0 ||| a ||| f ||| -1 ||| $alignment"
        assert_output --partial "stdin:1: not 'id ||| text ||| features ||| score'"
    done
}

#!/usr/bin/env bats
load helper

prepare() {
    jq -c '.hypothesis = .nbest[1].text' recognised.jsonl > second.jsonl
}

evaluate() { decode-wer --json "$@"; }

# The report but for the signature, which says how it was made.
figures() { jq -c 'del(.signature)'; }

kaldi() { jq -r "\"\\(.id) \\(.$1)\"" recognised.jsonl; }

@test "the reference against itself makes no error" {
    evaluate -f reference --reference recognised.jsonl recognised.jsonl |
        holds 'first.all | .WER == 0 and .CER == 0 and .WER_interval == [0, 0]'
}

@test "nothing heard is everything deleted" {
    words=$(jq -r .reference recognised.jsonl | wc -w)
    jq -c '.hypothesis = ""' recognised.jsonl > silence
    evaluate silence | holds "first.all | .deleted == $words and .words == $words and .WER == 1 and .CER == 1"
}

@test "all formats say the same" {
    evaluate recognised.jsonl | figures > records
    kaldi reference > text.ref
    kaldi hypothesis > text.hyp
    evaluate --format kaldi -r text.ref text.hyp | figures > from-kaldi
    evaluate --format kaldi -r <(tac text.ref) < text.hyp | figures | jq -c 'del(.all.WER_interval)' > turned
    jq -r '"\(.reference) (\(.id))"' recognised.jsonl > trn.ref
    jq -r '"\(.hypothesis) (\(.id))"' recognised.jsonl > trn.hyp
    evaluate --format trn -r trn.ref trn.hyp | figures > from-trn
    jq -r .reference recognised.jsonl > lines.ref
    jq -r .hypothesis recognised.jsonl > lines.hyp
    evaluate --format text -r lines.ref lines.hyp | figures > lines
    evaluate --reference-format kaldi -r text.ref recognised.jsonl | figures > mixed
    for other in from-kaldi from-trn lines mixed; do same records "$other"; done
    jq -c 'del(.all.WER_interval)' records > wanted
    same wanted turned
}

@test "references in the same records or in a file of their own" {
    evaluate --by scenario --block speaker recognised.jsonl > inside
    jq -c 'del(.hypothesis)' recognised.jsonl > references
    jq -c '{id, hypothesis}' recognised.jsonl | tac > hypotheses
    evaluate --by scenario --block speaker -r references hypotheses > apart
    same inside apart
    jq -c '{id, reference}' recognised.jsonl > references
    jq -c 'del(.reference)' recognised.jsonl > hypotheses
    evaluate --by scenario --block speaker -r references hypotheses > turned
    same inside turned
}

@test "counts of the groups add up to the whole" {
    evaluate --by scenario --by speaker recognised.jsonl |
        holds 'first | [.all.deleted, (.by[] | [.[].deleted] | add)] | unique | length == 1'
    for scenario in lights timer radio; do
        jq -c "select(.scenario == \"$scenario\")" recognised.jsonl | evaluate | jq -c .all.WER
    done > apart
    evaluate --by scenario recognised.jsonl | jq -c '.by.scenario | .lights.WER, .timer.WER, .radio.WER' > together
    same apart together
}

@test "the oracle is the best that could be chosen" {
    evaluate --nbest recognised.jsonl | jq .all.oracle_errors > oracle
    while read -r record; do
        jq -c '. as $all | .nbest[] | {reference: ($all.reference + " end"), hypothesis: (.text + " end")}' <<< "$record" |
            while read -r each; do evaluate <<< "$each" | jq '.all | .substituted + .deleted + .inserted'; done | sort -n |
            head -n 1
    done < <(head -n 12 recognised.jsonl | tail -n 4) | jq -s add > chosen
    head -n 12 recognised.jsonl | tail -n 4 | evaluate --nbest | jq .all.oracle_errors > some
    same some chosen
    [ "$(< oracle)" -le "$(evaluate recognised.jsonl | jq '.all | .substituted + .deleted + .inserted')" ]
}

@test "a list ranked by a model is what lm-rescore keeps" {
    build-arpa -q --order 2 --smoothing witten-bell annotated.jsonl -o voice.arpa
    build-arpa -q --order 2 --smoothing witten-bell pool.jsonl -o general.arpa
    score=(--score am_score --weight 0.6)
    lm-rescore --lm voice.arpa "${score[@]}" recognised.jsonl > voice.jsonl
    lm-rescore --lm general.arpa "${score[@]}" recognised.jsonl > general.jsonl
    evaluate -f text --baseline general.jsonl voice.jsonl | figures > apart
    evaluate --nbest --lm voice.arpa --baseline-lm general.arpa "${score[@]}" recognised.jsonl |
        jq -c 'del(.signature, .all.oracle_errors, .all.oracle_WER)' > together
    same apart together
    evaluate --nbest --lm voice.arpa --score am_score --weight 0 recognised.jsonl | jq .all.WER > unmoved
    evaluate recognised.jsonl | jq .all.WER > first
    same unmoved first
    jq -c 'del(.nbest[].am_score)' recognised.jsonl > unscored
    evaluate --nbest --lm voice.arpa "${score[@]}" --baseline unscored recognised.jsonl |
        holds ".[0].comparison.baseline == $(< first)"
    run -1 evaluate --nbest --lm voice.arpa "${score[@]}" unscored
    assert_output --partial "unscored:1: no field 'am_score'"
}

@test "a system against itself is no better, and two exchanged are as much better as worse" {
    evaluate --baseline recognised.jsonl recognised.jsonl |
        holds 'first | .comparison.probability_of_improvement == 0.5 and .matched_pairs.p == 1'
    { evaluate --baseline second.jsonl recognised.jsonl; evaluate --baseline recognised.jsonl second.jsonl; } > both
    holds 'map(.comparison.probability_of_improvement) | add - 1 | fabs < 1e-5' < both
    holds '.[0].matched_pairs.z == -.[1].matched_pairs.z and .[0].matched_pairs.p == .[1].matched_pairs.p' < both
}

@test "the table says what --json says" {
    WER=$(evaluate recognised.jsonl | jq -r '.all.WER * 10000 | round')
    run -0 decode-wer recognised.jsonl
    assert_line --regexp "^all +24 +120 .* 0\.0*$WER "
}

@test "--show and --html have every utterance with errors and no other" {
    jq -r 'select(.hypothesis != .reference).id' recognised.jsonl > wrong
    decode-wer --show recognised.jsonl | grep -o '^asr-[0-9]*' > shown
    same wrong shown
    decode-wer --html recognised.jsonl | grep -o '<small>asr-[0-9]*' | cut -d'>' -f2 > shown
    same wrong shown
}

@test "a missing hypothesis is announced and counted as deleted" {
    jq -c '{id, hypothesis}' recognised.jsonl | sed 5d > fewer
    run -0 --separate-stderr evaluate -r recognised.jsonl fewer
    assert_equal "$(jq .missing <<< "$output")" 1
    # shellcheck disable=SC2154  # bats sets it
    [[ $stderr == 'decode-wer: no hypothesis for 1 of 24 references, asr-05 the first: '* ]]
    jq -c 'if .id == "asr-05" then .hypothesis = "" else . end' recognised.jsonl | evaluate | jq -c .all > empty
    jq -c .all <<< "$output" > missing
    same empty missing
    run -0 --separate-stderr evaluate -q -r recognised.jsonl fewer
    assert_equal "$stderr" ''
}

@test "an extra and a repeated record are errors, and so is another number of lines" {
    run -1 evaluate -r recognised.jsonl recognised.jsonl <(jq -c '.id = "new"' <(head -n 1 recognised.jsonl))
    assert_output --partial 'new'
    run -1 evaluate recognised.jsonl <(head -n 1 recognised.jsonl)
    assert_output --partial 'asr-01'
    run -1 evaluate --format text -r <(printf 'a\nb\n') <(printf 'a\n')
    assert_output 'decode-wer: 1 hypotheses for 2 references (without ids: line by line)'
    run -1 evaluate --format text -r <(printf '\n\n') <(printf 'a\nb\n')
    assert_output --partial 'no words in the references'
}

@test "what does not go together is a wrong call" {
    for words in '--format text' '--show --json' '--json --html' '--nbest --format kaldi -r text' '--lm x' \
        '--format kaldi -r text --by scenario' '--baseline second.jsonl --nbest --baseline-lm x' '-f reference'; do
        # shellcheck disable=SC2086  # words
        run -2 decode-wer $words recognised.jsonl
    done
}

@test "emissions are recognised, by several models at once" {
    build-arpa -q --smoothing witten-bell --order 2 annotated.jsonl -o voice.arpa
    build-arpa -q --smoothing katz --order 2 seed.jsonl annotated.jsonl -o small.arpa
    run -0 decode-wer --lexicon spoken.lexicon --lm voice.arpa spoken.jsonl
    assert_output --partial 'WER 0.0000'
    decode-wer --json --lexicon spoken.lexicon --lm voice.arpa --lm small.arpa --lm-weight 0.5 spoken.jsonl > both.json
    jq -e '(.systems | keys) == ["small.arpa", "voice.arpa"] and .systems["voice.arpa"].all.words == 23' both.json
    decode-wer --json --lexicon spoken.lexicon --lm voice.arpa --lm small.arpa --lm-weight 0.5 -j 2 spoken.jsonl | cmp - both.json
    decode-wer --lexicon spoken.lexicon --lm voice.arpa --baseline-lm small.arpa spoken.jsonl | grep 'baseline 0.0000'
    decode-wer --lexicon spoken.lexicon --lm voice.arpa --lm small.arpa --lm-weight 0.5 spoken.jsonl > both.txt
    for name in small.arpa voice.arpa; do
        jq -r --arg name $name '.systems[$name].all | "\($name) \(.words) \(.substituted) \(.deleted) \(.inserted)"' both.json
    done | sort > wanted
    awk '/arpa/ {print $1, $3, $4, $5, $6}' both.txt | sort | cmp - wanted
    run -2 decode-wer --lexicon spoken.lexicon --lm voice.arpa --lm small.arpa --count 2 spoken.jsonl
}

@test "two models are compared with each other as one is with a baseline" {
    build-arpa -q --smoothing witten-bell --order 2 annotated.jsonl -o voice.arpa
    build-arpa -q --smoothing witten-bell --order 2 pool.jsonl -o small.arpa
    build-arpa -q --smoothing witten-bell --order 2 --text <(jq -r .text pool.jsonl) general.txt -o other.arpa
    several=(decode-wer --lexicon spoken.lexicon --lm voice.arpa --lm small.arpa)
    decode-wer --json --lexicon spoken.lexicon --lm voice.arpa --baseline-lm small.arpa spoken.jsonl > one.json
    "${several[@]}" --lm other.arpa --compare voice.arpa,small.arpa --json spoken.jsonl > pairs.json
    same <(jq -S '.pairs[0] | {comparison, matched_pairs}' pairs.json) <(jq -S '{comparison, matched_pairs}' one.json)
    assert_equal "$(jq -c '[.pairs[] | [.new, .baseline]]' pairs.json)" '[["voice.arpa","small.arpa"]]'
    run -0 "${several[@]}" --compare small.arpa,voice.arpa spoken.jsonl
    assert_output --partial 'small.arpa against voice.arpa'
    assert_output --partial 'matched pairs: mean difference'
    run -2 "${several[@]}" --compare voice.arpa,none.arpa spoken.jsonl
    run -2 "${several[@]}" --compare voice.arpa spoken.jsonl
    run -2 decode-wer --lexicon spoken.lexicon --lm voice.arpa --compare voice.arpa,voice.arpa spoken.jsonl
    run -2 decode-wer --compare a,b recognised.jsonl
}

@test "what was heard is kept, and can be ranked again" {
    build-arpa -q --smoothing witten-bell --order 2 annotated.jsonl -o voice.arpa
    decode-wer -q --lexicon spoken.lexicon --lm voice.arpa --count 3 --heard heard.jsonl spoken.jsonl
    jq -se 'length == 4 and all(.[]; .lm == "voice.arpa" and .hypothesis == .nbest[0].text and .nbest[0].am_score < 0)' heard.jsonl
    decode-wer --nbest --score am_score --lm voice.arpa --reference spoken.jsonl heard.jsonl | grep 'WER 0.0000'
}

@test "settings are found and used" {
    build-arpa -q --smoothing witten-bell --order 2 annotated.jsonl -o voice.arpa
    decode-wer --lexicon spoken.lexicon --lm voice.arpa --tune spoken.jsonl > settings.json
    jq -e '.WER == 0 and .lm_weight > 0 and (.signature | startswith("decode-wer|"))' settings.json
    decode-wer --lexicon spoken.lexicon --lm voice.arpa --settings settings.json --beam 5 spoken.jsonl | grep 'WER 0.0000'
    run -1 decode-wer --lexicon spoken.lexicon --lm voice.arpa --settings spoken.lexicon spoken.jsonl
    assert_output --partial 'not settings that --tune wrote'
    jq -c '.beam = -5' settings.json > far.json
    run -1 decode-wer --lexicon spoken.lexicon --lm voice.arpa --settings far.json spoken.jsonl
    assert_output 'decode-wer: far.json: a number is not in the range of its option'
    run -2 decode-wer --lexicon spoken.lexicon --lm voice.arpa --tune --heard heard.jsonl spoken.jsonl
    for number in nan inf; do
        run -2 decode-wer --lexicon spoken.lexicon --lm voice.arpa --lm-weight "$number" spoken.jsonl
        assert_line --regexp "^decode-wer: .*--lm-weight.*$number"
    done
}

@test "words that sound the same are told apart by their neighbours" {
    printf '%s\n' 'go there' 'go there' 'their dog' 'their dog' > said.txt
    build-arpa -q --text --smoothing witten-bell --order 2 said.txt -o said.arpa
    printf '%s\t%s\n' go 'g o' there 'd e' their 'd e' dog 'd o g' > alike.lexicon
    python - <<'END' > alike.jsonl
import json
import numpy
from datasel.speech.emissions import Emissions, inline, pack
tokens = ("-", "sil", "d", "e", "g", "o")
for number, text in enumerate(("go there", "their dog")):
    said = "sil " + " sil ".join({"go": "g o", "there": "d e", "their": "d e", "dog": "d o g"}[w] for w in text.split()) + " sil"
    rows = [[0.9 if token == each else 0.02 for token in tokens] for one in said.split() for each in (one, one, "-")]
    emissions = Emissions(numpy.log(numpy.array(rows)).astype("float16"), tokens, 0, 1, 50.0)
    print(json.dumps({"id": str(number), "reference": text, "emissions": inline(pack(emissions))}))
END
    run -0 decode-wer --lexicon alike.lexicon --lm said.arpa alike.jsonl
    assert_output --partial 'WER 0.0000'
    refute_output --partial 'left out'
}

@test "emissions that are damaged, and tokens that do not fit, are named by their place" {
    build-arpa -q --smoothing witten-bell --order 2 annotated.jsonl -o voice.arpa
    run -1 decode-wer --lexicon spoken.lexicon --lm voice.arpa spoken.jsonl \
        <(echo '{"id":"x","reference":"play","emissions":"nowhere.npz"}')
    assert_output --partial ':1: nowhere.npz: No such file or directory'
    run -1 decode-wer --lexicon <(printf 'play\tP\n') --lm voice.arpa spoken.jsonl
    assert_output --partial "spoken.jsonl:1: the lexicon has the token 'P' (in 'play'), the emissions do not"
    run -2 decode-wer --lm-weight 2 recognised.jsonl
    run -2 decode-wer --lexicon spoken.lexicon spoken.jsonl
}

@test "a baseline's records are those of the references, too" {
    printf '%s\n' '{"audio":"a.wav","reference":"one two"}' '{"audio":"b.wav","reference":"three"}' > ref
    printf '%s\n' '{"id":1,"audio":"a.wav","hypothesis":"one two"}' '{"id":2,"audio":"b.wav","hypothesis":"three"}' > hyp
    decode-wer -q -r ref -b hyp hyp
    run -1 decode-wer -r ref -b <(tac hyp) hyp
    assert_output --partial "'audio' is"
}

@test "a p that is small is not 0" {
    jq -c '.hypothesis = .reference' recognised.jsonl > right
    jq -c '.hypothesis = "nothing at all " + .id' recognised.jsonl > wrong
    evaluate --baseline wrong right | holds '.[0].matched_pairs.p | . > 0 and . < 1e-6'
}

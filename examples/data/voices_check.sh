#!/usr/bin/env bash
# Recordings made anew beside those given, for the same recogniser: voices_check.sh ASR_DATA HOW_MANY
# ASR_DATA has everyday-tasks.tsv and audio/ with dev.jsonl; the language model is of its train partition.
set -euo pipefail
data=$(realpath "$1") count=${2:-60}
cd "$(dirname "$0")"
work=work/voices phones=../asr/hindi-phones.tsv
mkdir -p $work
clean=(normalize-text -q --lang hi --lower --strip-punctuation)
head -n "$count" "$data/audio/dev.jsonl" | "${clean[@]}" | jq -c --arg data "$data/audio/" '.audio = $data + .audio' >$work/given.jsonl
python voices.py work/upstream $work/given.jsonl $work/made | jq -c --arg folder "$PWD/$work/made/" '.audio = $folder + .audio' \
    >$work/made.jsonl
awk -F '\t' '$1 == "train" {print $NF}' "$data/everyday-tasks.tsv" | "${clean[@]}" --text --print text >$work/train.txt
build-arpa -q --text $work/train.txt -o $work/train.arpa
make-lexicon -q --language hi --latin-language en-us --token-map $phones --arpa $work/train.arpa --report /dev/null /dev/null \
    -o $work/lexicon
for set in given made; do
    ctc-emit -q --hama --token-map $phones $work/$set.jsonl >$work/$set.emitted
    decode-wer -q --lexicon $work/lexicon --lm $work/train.arpa --lm-weight 0.9 --word-score 1.5 --reference-field text \
        $work/$set.emitted | sed -n "s/^WER/$set: WER/p"
done

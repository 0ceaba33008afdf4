#!/usr/bin/env bash
# What is heard with a language model: heard.sh MODEL.arpa SPOKEN.jsonl HEARD.jsonl
# The lexicon is work/hindi.lexicon and the words that the model alone has.
set -euo pipefail
model=$1 spoken=$2 heard=$3
lexicon=$heard.lexicon
trap 'rm -f "$lexicon" "$heard.part"' EXIT
make-lexicon -q --language hi --latin-language en-us --token-map hindi-phones.tsv --extra work/hindi.lexicon \
    --arpa "$model" --report /dev/null /dev/null -o "$lexicon"
decode-wer -q --lexicon "$lexicon" --settings work/settings.json --reference-field text --lm "$model" -j "${JOBS:-2}" \
    --heard "$heard.part" "$spoken" >/dev/null
mv "$heard.part" "$heard"

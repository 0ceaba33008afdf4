#!/usr/bin/env bash
# Language models of N transcripts in which each step adds one thing: additions.sh N NBEST.jsonl MORE.jsonl
# Into work/N/additions/: katz and kneser-ney of the transcripts alone (.arpa), and mixtures with
#   katz+translated, kneser-ney+translated   the best translations
#   kneser-ney+spread                        all translations of the lists, by their posterior probability
#   kneser-ney+more                          also those of more requests
#   kneser-ney+general                       the Hindi of all general pairs
#   everything                               that and the spread translations
#   kneser-ney+human                         the human Hindi of the same kind of requests, an upper bound
# Weights are found on dev, without floors.
set -euo pipefail
volume=$1 nbest=$2 more=$3
to=work/$volume/additions
parts=$to/parts
mkdir -p "$parts"
[ -e work/dev.txt ] || jq -r .target work/dev.jsonl >work/dev.txt

estimated() { build-arpa -q --order 4 "$@"; }
mixed() { lm-mix -q --tune work/dev.txt --report "${*: -1}.weights.jsonl" "${@:1:$#-1}" -o "${*: -1}"; }

head -n "$volume" work/cleo.txt >"$parts/transcripts.txt"
tail -n +$((volume + 1)) work/cleo.txt >"$parts/human.txt"
jq -c '.nbest[0] | {text}' "$nbest" >"$parts/translated.jsonl"
nbest-spread "$nbest" >"$parts/spread.jsonl"
nbest-spread "$nbest" "$more" >"$parts/more.jsonl"

estimated --text --smoothing katz "$parts/transcripts.txt" -o "$to/katz.arpa"
estimated --text "$parts/transcripts.txt" -o "$to/kneser-ney.arpa"
estimated --smoothing katz "$parts/translated.jsonl" -o "$parts/translated.katz.arpa"
estimated "$parts/translated.jsonl" -o "$parts/translated.arpa"
estimated --weight weight "$parts/spread.jsonl" -o "$parts/spread.arpa"
estimated --weight weight "$parts/more.jsonl" -o "$parts/more.arpa"
estimated --text "$parts/human.txt" -o "$parts/human.arpa"
if [ ! -e work/general.arpa ]; then
    jq -r .target work/general.jsonl | build-arpa -q --order 4 --text --prune 0,0,1 -o work/general.arpa
fi

mixed "$to/katz.arpa" "$parts/translated.katz.arpa" "$to/katz+translated.arpa"
mixed "$to/kneser-ney.arpa" "$parts/translated.arpa" "$to/kneser-ney+translated.arpa"
mixed "$to/kneser-ney.arpa" "$parts/spread.arpa" "$to/kneser-ney+spread.arpa"
mixed "$to/kneser-ney.arpa" "$parts/more.arpa" "$to/kneser-ney+more.arpa"
mixed "$to/kneser-ney.arpa" work/general.arpa "$to/kneser-ney+general.arpa"
mixed "$to/kneser-ney.arpa" work/general.arpa "$parts/more.arpa" "$to/everything.arpa"
mixed "$to/kneser-ney.arpa" "$parts/human.arpa" "$to/kneser-ney+human.arpa"

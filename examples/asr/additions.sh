#!/usr/bin/env bash
# Language models of N transcripts in which each step adds one thing: additions.sh N LISTS RESTORED MORE
# Into work/N/additions/: katz and kneser-ney of the transcripts alone (.arpa), and mixtures with
#   katz+translated, kneser-ney+translated   the best translations
#   kneser-ney+spread                        all translations of the lists, by their posterior probability
#   kneser-ney+names                         the same with the names of the requests put back
#   kneser-ney+more                          and translations of more requests
#   kneser-ney+general                       the Hindi of all general pairs
#   everything                               that and all translations
#   kneser-ney+human                         the human Hindi of the same kind of requests, an upper bound
# Weights are found on dev, without floors. Needs work/general.arpa, that of the Hindi of all general pairs.
set -euo pipefail
volume=$1 lists=$2 restored=$3 more=$4
to=work/$volume/additions
parts=$to/parts
mkdir -p "$parts"

estimated() { build-arpa -q --order 4 "$@"; }
mixed() { lm-mix -q --tune work/dev.txt --report "${*: -1}.weights.jsonl" "${@:1:$#-1}" -o "${*: -1}"; }

head -n "$volume" work/cleo.txt >"$parts/transcripts.txt"
tail -n +$((volume + 1)) work/cleo.txt >"$parts/human.txt"
jq -c '.nbest[0] | {text}' "$lists" >"$parts/translated.jsonl"
nbest-spread "$lists" >"$parts/spread.jsonl"
nbest-spread "$restored" >"$parts/names.jsonl"
nbest-spread "$restored" "$more" >"$parts/more.jsonl"

estimated --text --smoothing katz "$parts/transcripts.txt" -o "$to/katz.arpa"
estimated --text "$parts/transcripts.txt" -o "$to/kneser-ney.arpa"
estimated --smoothing katz "$parts/translated.jsonl" -o "$parts/translated.katz.arpa"
estimated "$parts/translated.jsonl" -o "$parts/translated.arpa"
for spread in spread names more; do
    estimated --weight weight "$parts/$spread.jsonl" -o "$parts/$spread.arpa"
    mixed "$to/kneser-ney.arpa" "$parts/$spread.arpa" "$to/kneser-ney+$spread.arpa"
done
estimated --text "$parts/human.txt" -o "$parts/human.arpa"

mixed "$to/katz.arpa" "$parts/translated.katz.arpa" "$to/katz+translated.arpa"
mixed "$to/kneser-ney.arpa" "$parts/translated.arpa" "$to/kneser-ney+translated.arpa"
mixed "$to/kneser-ney.arpa" work/general.arpa "$to/kneser-ney+general.arpa"
mixed "$to/kneser-ney.arpa" work/general.arpa "$parts/more.arpa" "$to/everything.arpa"
mixed "$to/kneser-ney.arpa" "$parts/human.arpa" "$to/kneser-ney+human.arpa"

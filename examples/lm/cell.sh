#!/usr/bin/env bash
# Language models from SIZE lines of in-domain text: cell.sh SIZE DATA FOLDER
# Every model knows the words of these lines and of the general text. figures.jsonl gets a record for each model and
# each of dev and test.
set -euo pipefail
size=$1 data=$2 out=$3
mkdir -p "$out"
: >"$out/figures.part"

head -n "$size" "$data/train.txt" >"$out/train.txt"
cat "$out/train.txt" "$data/general.txt" | tr ' ' '\n' | grep . | LC_ALL=C sort -u >"$out/words"

estimate() { build-arpa --text --vocab "$out/words" --smoothing "$1" --order "$2" -q -o "$3" "$4"; }
mix() { lm-mix --tune "$data/dev.txt" -o "$out/mixed.arpa" --report "$out/report.jsonl" "${@:2}" "$out/domain.arpa" "$1"; }

# measure MODEL WHAT SMOOTHING ORDER [SHARE [FLOOR]]
measure() {
    local part weight=null
    if [ "$1" = "$out/mixed.arpa" ]; then weight=$(sed -n 2p "$out/report.jsonl" | jq .weight); fi
    for part in dev test; do
        lm-score --lm "$1" --text --summary "$data/$part.txt" |
            jq -c --arg what "$2" --arg smoothing "$3" --argjson order "$4" --argjson share "${5:-null}" \
                --argjson floor "${6:-null}" --argjson weight "$weight" --arg part "$part" --argjson size "$size" \
                '{$size, $part, $what, $smoothing, $order, $share, $floor, $weight} + .' >>"$out/figures.part"
    done
}

# smoothing and order, on the in-domain text alone
for smoothing in kneser-ney katz witten-bell; do
    for order in 2 3 4 5; do
        estimate "$smoothing" "$order" "$out/x.arpa" "$out/train.txt"
        measure "$out/x.arpa" domain "$smoothing" "$order"
    done
done

# the general text, and both mixed, each smoothing
for smoothing in witten-bell katz kneser-ney; do
    estimate "$smoothing" 4 "$out/domain.arpa" "$out/train.txt"
    estimate "$smoothing" 4 "$out/general.arpa" "$data/general.txt"
    measure "$out/general.arpa" general "$smoothing" 4 100
    mix "$out/general.arpa"
    measure "$out/mixed.arpa" mixture "$smoothing" 4 100
done

# floors under the weight of the general text (the models are Kneser-Ney's from here on)
for floor in 0.1 0.15 0.25 0.3 0.4; do
    mix "$out/general.arpa" --floor "general.arpa=$floor"
    measure "$out/mixed.arpa" floor kneser-ney 4 100 "$floor"
done

# parts of the general text: at random, by the in-domain model, by its difference to a general model of equal size
head -n "$size" "$data/general.txt" >"$out/sample.txt"
estimate kneser-ney 4 "$out/sample.arpa" "$out/sample.txt"
lines=$(wc -l <"$data/general.txt")
keep() { lm-prune --lm "$out/domain.arpa" --keep "$1%" --text --print text "${@:2}" "$data/general.txt"; }
for share in 5 10 25 50 75; do
    head -n $((lines * share / 100)) "$data/general.txt" >"$out/random.txt"
    keep "$share" >"$out/lm-filter.txt"
    keep "$share" --minus "$out/sample.arpa" >"$out/moore-lewis.txt"
    for what in random lm-filter moore-lewis; do
        estimate kneser-ney 4 "$out/x.arpa" "$out/$what.txt"
        mix "$out/x.arpa"
        measure "$out/mixed.arpa" "$what" kneser-ney 4 "$share"
    done
done
mv "$out/figures.part" "$out/figures.jsonl"
rm -f "$out"/*.arpa "$out"/{random,lm-filter,moore-lewis}.txt

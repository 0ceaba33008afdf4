#!/usr/bin/env bash
# One cell of the experiment: cell.sh INTENT ANNOTATED SEED PART FOLDER
# From ANNOTATED utterances of INTENT (drawn by SEED) and the pool to recognisers, measured on PART (dev or test).
set -euo pipefail
intent=$1 annotated=$2 seed=$3 part=$4 out=$5
data=${DATA:-work/data}
relevant=${RELEVANT:-5000} # utterances that pass the relevance filter
chosen=${CHOSEN:-1000}     # of them labelled and learned from
mkdir -p "$out"

encoder=(${ENCODER:+--encoder "$ENCODER"}) # the teacher knows words in context, if there is one

# GNU shuf with a random source of our own: the same draw everywhere
draw() { shuf -n "$1" --random-source=<(yes "$seed"); }
label() { nlu-label --model "$1" "${encoder[@]}" | cat "$out/seed.jsonl" -; }
measure() { nlu-label --model "$out/$1.nlu" "${encoder[@]}" "$data/$intent.$part.jsonl" >"$out/$1.hyp.jsonl"; }

# annotated utterances, and the pool without them
draw "$annotated" <"$data/$intent.jsonl" >"$out/seed.jsonl"
sed -n 's/.*\("id": "[^"]*"\).*/\1/p' "$out/seed.jsonl" | grep -vFf - "$data/pool.jsonl" >"$out/pool.jsonl"

# baseline: annotated data only
nlu-fit "$out/seed.jsonl" -o "$out/baseline.nlu"

# relevance: train the filter, score the pool, keep the top
ngram-fit --positive "$out/seed.jsonl" --negative "$out/pool.jsonl" --seed "$seed" -o "$out/relevance.npz"
ngram-score --model "$out/relevance.npz" "$out/pool.jsonl" |
    select-topk -k "$relevant" --by ngram_score --sorted >"$out/relevant.jsonl"

# self-training: the teacher knows word classes of the relevant text, the student is the baseline's recogniser
nlu-fit "$out/seed.jsonl" --unlabelled "$out/relevant.jsonl" "${encoder[@]}" -o "$out/teacher.nlu"
head -n "$chosen" "$out/relevant.jsonl" >"$out/chosen.jsonl"
label "$out/teacher.nlu" <"$out/chosen.jsonl" | nlu-fit -o "$out/system.nlu"

# controls of the same size: random from the filtered pool; random from the whole pool (all of it blind to relevance)
draw "$chosen" <"$out/relevant.jsonl" | label "$out/teacher.nlu" | nlu-fit -o "$out/random-filtered.nlu"
draw "$relevant" <"$out/pool.jsonl" >"$out/random.jsonl"
nlu-fit "$out/seed.jsonl" --unlabelled "$out/random.jsonl" "${encoder[@]}" -o "$out/blind.nlu"
head -n "$chosen" "$out/random.jsonl" | label "$out/blind.nlu" | nlu-fit -o "$out/random-pool.nlu"

# taken apart: self-training without word classes
label "$out/baseline.nlu" <"$out/chosen.jsonl" | nlu-fit -o "$out/no-classes.nlu"

for system in baseline system random-filtered random-pool no-classes teacher; do measure "$system"; done
# what the selection held, where ids tell: the number of utterances that are of this intent in truth
if grep -q '"id": "snips-' "$out/pool.jsonl"; then
    grep -c "\"id\": \"snips-$intent-" "$out/chosen.jsonl" >"$out/precision.txt" || true
fi
rm -f "$out/pool.jsonl" "$out/random.jsonl" "$out"/*.nlu "$out/relevance.npz"
touch "$out/done"

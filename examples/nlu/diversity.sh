#!/usr/bin/env bash
# Diversity on top of one cell of the relevance experiment: diversity.sh RELEVANCE_CELL OUT DETECTOR INTENT SEED PART
# Of the most relevant utterances, labelled by the teacher, a share is kept by each method and learned from.
set -euo pipefail
cell=$1 out=$2 detector=$3 intent=$4 seed=$5 part=$6
data=${DATA:-work/data}
pool=${POOL:-2000}                # utterances of the relevance-filtered pool
shares=${SHARES:-10 25 50 75 100} # per cent of it
draws=${DRAWS:-5}                 # of the random choice
prefer=${PREFER:-2}               # how much relevance counts beside diversity
mkdir -p "$out"

nlu-fit "$cell/seed.jsonl" --unlabelled "$cell/relevant.jsonl" -o "$out/teacher.nlu"
head -n "$pool" "$cell/relevant.jsonl" | nlu-label --model "$out/teacher.nlu" >"$out/pool.jsonl"

# each method puts the pool in order; its first n are what it keeps
diverse() { "$1" --held "$cell/seed.jsonl" --keep 75% --sorted "${@:2}" "$out/pool.jsonl"; }
cp "$out/pool.jsonl" "$out/top.jsonl"
diverse paraphrase-diverse --model "$detector" >"$out/paraphrase.jsonl"
diverse paraphrase-diverse --model "$detector" --prefer ngram_score="$prefer" >"$out/paraphrase-relevance.jsonl"
diverse ngram-diverse >"$out/ngram.jsonl"
diverse ngram-diverse --prefer ngram_score="$prefer" >"$out/ngram-relevance.jsonl"
for draw in $(seq "$draws"); do
    shuf --random-source=<(yes "$seed $draw") "$out/pool.jsonl" >"$out/random-$draw.jsonl"
done

measure() { # METHOD SHARE
    head -n $((pool * $2 / 100)) "$out/$1.jsonl" | cat "$cell/seed.jsonl" - | nlu-fit -o "$out/student.nlu"
    nlu-label --model "$out/student.nlu" "$data/$intent.$part.jsonl" >"$out/$1-$2.hyp.jsonl"
}
for share in $shares; do
    if [ "$share" = 100 ]; then
        measure top 100
        continue
    fi
    for method in top paraphrase paraphrase-relevance ngram ngram-relevance; do measure "$method" "$share"; done
    for draw in $(seq "$draws"); do measure "random-$draw" "$share"; done
done
rm -f "$out"/*.nlu "$out"/random-?.jsonl
touch "$out/done"

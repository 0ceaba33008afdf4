#!/usr/bin/env bash
# An assistant learns a new functionality: new_functionality.sh SEED ASSISTANT POOL ENCODER OUT
# SEED: annotated utterances of one new intent. ASSISTANT: those of all other intents. POOL: unlabelled ones.
# OUT/new.nlu is the new assistant, a plain recogniser; it learned from OUT/new.jsonl and OUT/old.jsonl as well.
set -euo pipefail
seed=$1 assistant=$2 pool=$3 encoder=$4 out=$5
mkdir -p "$out"
intent=$(head -n 1 "$seed" | jq -r .intent)

# the 2,000 utterances of the pool that are most relevant
ngram-fit --positive "$seed" --negative "$pool" -o "$out/relevance.npz"
ngram-score --model "$out/relevance.npz" "$pool" | select-topk -k 2000 --by ngram_score --sorted >"$out/relevant.jsonl"

# the slots that the assistant would find
nlu-fit --slots joint --encoder "$encoder" "$assistant" -o "$out/guide.nlu"

# two recognisers with the encoder: one says which intent an utterance has, of all; one the new intent's slots
teach() {
    nlu-fit --encoder "$encoder" "$assistant" "$@" -o "$out/intents.nlu"
    nlu-fit --encoder "$encoder" --unlabelled "$out/relevant.jsonl" --guide "$out/guide.nlu" "$@" -o "$out/teacher.nlu"
}
# the new intent's utterances go to $out/new.jsonl, those of the others to $out/old.jsonl
label() {
    nlu-label --model "$out/intents.nlu" --encoder "$encoder" >"$out/labelled.jsonl"
    jq -c --arg new "$intent" 'select(.intent == $new)' "$out/labelled.jsonl" |
        nlu-label --model "$out/teacher.nlu" --encoder "$encoder" >"$out/new.jsonl"
    jq -c --arg new "$intent" 'select(.intent != $new)' "$out/labelled.jsonl" >"$out/old.jsonl"
}

# twice: they learn from the annotated utterances; then from these and what they found in the most relevant thousand
teach "$seed"
head -n 1000 "$out/relevant.jsonl" | label
cp "$out/new.jsonl" "$out/first.jsonl"
teach "$seed" "$out/first.jsonl"
label <"$out/relevant.jsonl"

# the penalty is per unit of mean loss, and there is about twice as much to learn from as before
nlu-fit --l2 5e-5 "$assistant" "$seed" "$out/new.jsonl" "$out/old.jsonl" -o "$out/new.nlu"

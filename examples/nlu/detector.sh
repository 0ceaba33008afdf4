#!/usr/bin/env bash
# The paraphrase detector: detector.sh ANNOTATED MODEL
# Pairs from the templates of annotated utterances; it stops by the pairs of domains kept aside.
set -euo pipefail
annotated=$1 model=$2
held=(alarm calendar homes transport)
pairs() { paraphrase-pairs -v "$@" "$annotated"; }

pairs --seed 2 -n 20000 "${held[@]/#/--domain=}" >"$model.dev.jsonl"
pairs --seed 1 -n "${PAIRS:-500000}" "${held[@]/#/--except-domain=}" |
    paraphrase-fit -v --epochs "${EPOCHS:-2}" --threads 1 --dev "$model.dev.jsonl" -o "$model"

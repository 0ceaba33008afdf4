#!/usr/bin/env bash
# alone.sh POOL SAMPLES OUT: what selection.py writes, by the commands on one machine
set -euo pipefail
pool=$(cd "$1" && pwd) samples=$2 out=$3
dedup --rejects "$out/rejects.tsv" "$pool"/* > "$out/pool.jsonl"
ngram-score --model "$samples/relevance.npz" "$out/pool.jsonl" | select-topk -k 60 --by ngram_score --sorted > "$out/relevant.jsonl"
ngram-diverse --held "$samples/seed.jsonl" --keep 50% --prefer ngram_score=2 "$out/relevant.jsonl" > "$out/diverse.jsonl"
ngram-fit --method importance --positive "$samples/seed.jsonl" --negative "$out/pool.jsonl" --counts-only -o "$out/counts"
ngram-fit --method importance --counts "$out/counts" -o "$out/importance.npz"
ngram-score --model "$out/importance.npz" "$out/pool.jsonl" \
    | select-topk -k 60 --by ngram_score --sample gumbel --key text > "$out/sampled.jsonl"
embed-filter --model "$samples/vectors.bin" --in-domain "$samples/corpus.txt" --keep 25% "$out/pool.jsonl" > "$out/near.jsonl"
lm-prune --lm "$samples/target.arpa" --minus "$samples/general.arpa" --keep 25% "$out/pool.jsonl" > "$out/probable.jsonl"

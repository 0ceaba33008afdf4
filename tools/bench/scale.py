"""What each stage of a selection costs a million records: processor time, and memory beyond what it holds at once.

Every command reads half a million and a million generated utterances of 123 bytes (spark_pool.py); twice what the
difference costs is what a million costs.  The table of docs/scale.md.  Arguments: only the stages that begin so.
"""

from __future__ import annotations

import sys

from measure import SCRATCH, machine, once
from spark_selection import made

SHORT, LONG = 1, 2  # parts of half a million


def stages(pool: str) -> dict[str, tuple[str, str]]:
    """Commands by what they are called, with their kind."""
    seed, model = f"{SCRATCH}/spark-seed.jsonl", f"{SCRATCH}/spark.npz"
    embed = f"embed-filter --model {SCRATCH}/scale.bin"
    near = f"{embed} --centroids {SCRATCH}/scale-centroids.npz"
    lm, general = f"{SCRATCH}/scale-domain.arpa", f"{SCRATCH}/scale-general.arpa"
    count = f"zcat {pool} | ngram-fit --method importance --positive {seed} --counts-only --negative -"
    return {
        "normalize-text --lower": ("map", f"normalize-text --lower --strip-punctuation {pool}"),
        "dedup": ("by key", f"dedup {pool}"),
        "dedup --near 0.8": ("one", f"dedup --near 0.8 {pool}"),
        "ngram-score": ("map", f"ngram-score --model {model} {pool}"),
        "ngram-score | select-topk -k 5000": (
            "map, merge", f"ngram-score --model {model} {pool} | select-topk -k 5000 --by ngram_score"),
        "ngram-fit --counts-only": ("map, merge", count),
        "embed-filter --save-centroids": ("map, merge", f"{embed} --save-centroids {SCRATCH}/scale-part.npz {pool}"),
        "embed-filter --threshold": ("map", f"{near} --threshold 0 {pool}"),
        "embed-filter -k": ("map", f"{near} -k 125000 {pool}"),
        "lm-score": ("map", f"lm-score --lm {lm} {pool}"),
        "lm-prune -k --minus": ("map", f"lm-prune --lm {lm} --minus {general} -k 125000 {pool}"),
        "ngram-diverse -k 1000": ("one", f"ngram-diverse --held {seed} -k 1000 {pool}"),
    }  # fmt: skip


def main() -> None:
    pools = {count: f"$(printf '%s ' {made(count)}/*)" for count in (SHORT, LONG)}
    text = f"<(zcat {SCRATCH}/spark-pool/part-0000.jsonl.gz)"
    for name, command in {
        "scale.bin": f"head -n 5000 {text} | embed-fit --dim 100 --buckets 50000",
        "scale-domain.arpa": f"head -n 20000 {text} | build-arpa -q --order 3",
        "scale-general.arpa": f"head -n 100000 {text} | build-arpa -q --order 3",
        "scale-centroids.npz": f"cat {text} | embed-filter --model {SCRATCH}/scale.bin --in-domain-jsonl "
                               f"{SCRATCH}/spark-seed.jsonl --save-centroids {SCRATCH}/scale-centroids.npz",
    }.items():  # fmt: skip
        if not (SCRATCH / name).exists():
            once(command if "centroids" in name else f"{command} -o {SCRATCH}/{name}")
    print(machine())
    print(f"\n{'':36s} {'kind':12s} {'cpu s/M':>8s} {'peak MB':>8s} {'MB/M more':>9s}")
    short, long = stages(pools[SHORT]), stages(pools[LONG])
    millions = (LONG - SHORT) / 2
    for name, (kind, command) in short.items():
        if not name.startswith(tuple(sys.argv[1:]) or ""):
            continue
        less, more = once(command), once(long[name][1])
        held = max(0.0, more.peak - less.peak) / millions
        print(f"{name:36s} {kind:12s} {(more.cpu - less.cpu) / millions:8.2f} {more.peak:8.0f} {held:9.0f}", flush=True)


if __name__ == "__main__":
    main()

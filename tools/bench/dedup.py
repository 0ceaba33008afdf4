"""dedup against what is used in its place: jq, sort and uniq; pandas; datasketch's own loop for near-duplicates.

Aims: exact, 5 times faster than either on five million records; near, 10 times faster than datasketch on a million;
--against a test set of 10,000 adds at most 20 %.  With arguments: these numbers of records, in place of five million
(exact), a million (near) and 200,000, which datasketch and text-dedup get: they take minutes.
rensa and text-dedup (which needs datasets) are left out where they are not installed.  At the end growth: 10^5, 10^6
and 10^7 records; --growth: that alone.
"""

import statistics
import sys
from importlib.util import find_spec
from pathlib import Path

from measure import HERE, SCRATCH, input_file, machine, note, once, sized, versus

counts = [int(word) for word in sys.argv[1:] if word.isdigit()] or [5_000_000, 1_000_000, 200_000]
print(machine())


def growth() -> None:
    for options in ("", "--count n", "--near 0.8"):
        for count in (100_000, 1_000_000, 10_000_000):
            run = once(f"dedup {options} {input_file('jsonl', count)}")
            shown = f"dedup {options}".strip()
            note(f"{shown}: {sized(count):,} records, {run.cpu:.2f} s of CPU time, {run.peak:.0f} MB")


def compared(title: str, commands: dict[str, str], runs: int) -> None:
    """Also by processor time, which other work on the machine changes least (that of workers is not known)."""
    found = versus(title, commands, next(iter(commands)), runs, warm=runs > 1)
    for peer in [name for name in commands if not name.startswith("dedup")]:
        for name in [name for name in commands if name.startswith("dedup") and "--jobs" not in name]:
            ratio = statistics.median(other.cpu / run.cpu for run, other in zip(found[name], found[peer]))
            print(f"{peer} takes {ratio:.2f} times the processor time of {name}", flush=True)


if "--growth" in sys.argv:
    growth()
    sys.exit()
exact, near = input_file("jsonl", counts[0]), input_file("jsonl", counts[min(1, len(counts) - 1)])
test = input_file("text", 10_000)
other = f"python {Path(HERE) / 'other_dedup.py'}"
compared(f"exact, {counts[0]:,} records", {
    "jq | sort | uniq": f"jq -r .text {exact} | LC_ALL=C sort | uniq",
    "pandas": f"{other} pandas {exact}",
    "dedup": f"dedup {exact}",
    "dedup --jobs 2": f"dedup --jobs 2 {exact}",
    "dedup --against 10,000": f"dedup --against-text {test} {exact}",
    "dedup --memory 16M": f"dedup --memory 16M {exact}",
}, runs=3)  # fmt: skip
rensa = {"rensa": f"{other} rensa {near}"} if find_spec("rensa") else {}
ours = {
    "dedup --near 0.8": f"dedup --near 0.8 {near}",
    "dedup --near 0.8 --against 10,000": f"dedup --near 0.8 --against-text {test} {near}",
}
if len(counts) > 2:
    compared(f"near, J 0.8 of word bigrams, {counts[1]:,} records", {**rensa, **ours}, runs=1)
    near = input_file("jsonl", counts[2])
    ours, rensa = {"dedup --near 0.8": f"dedup --near 0.8 {near}"}, {}
slow = {"datasketch": f"{other} datasketch {near}"}
if find_spec("text_dedup"):
    out = SCRATCH / "text-dedup"
    slow["text-dedup"] = (
        f"rm -rf {out}; python -m text_dedup.minhash --path json --data_files {near} --split train"
        f" --cache_dir {out}/cache --output {out}/made --column text --ngram 2 --min_length 0 --threshold 0.8"
        " --num_perm 128 --hash_func xxh3 --hash_bits 32 --num_proc 1 2>/dev/null"
    )
compared(f"near, J 0.8 of word bigrams, {counts[-1]:,} records", {**slow, **rensa, **ours}, runs=1)
growth()

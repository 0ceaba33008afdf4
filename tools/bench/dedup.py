"""dedup against what is used in its place: jq, sort and uniq; pandas; datasketch's own loop for near-duplicates.

Aims: exact, 5 times faster than either on five million records; near, 10 times faster than datasketch on a million;
--against a test set of 10,000 adds at most 20 %.  With arguments: these numbers of records, in place of five million
(exact) and of a million (near).  --growth: 10^5, 10^6 and 10^7 records, wall time and memory alone.
"""

import statistics
import sys
from pathlib import Path

from measure import HERE, input_file, machine, note, once, versus

counts = [int(word) for word in sys.argv[1:] if word.isdigit()] or [5_000_000, 1_000_000]
print(machine())
if "--growth" in sys.argv:
    print(f"{'records':>12s} {'':18s} {'wall s':>8s} {'cpu s':>8s} {'peak MB':>8s}")
    for count in (100_000, 1_000_000, 10_000_000):
        path = input_file("jsonl", count)
        for options in ("", "--count n", "--near 0.8"):
            run = once(f"dedup {options} {path}")
            note(f"{count:12,} {options:18s} {run.wall:8.2f} {run.cpu:8.2f} {run.peak:8.0f}")
    sys.exit()
exact, near = input_file("jsonl", counts[0]), input_file("jsonl", counts[-1])
test = input_file("text", 10_000)
other = f"python {Path(HERE) / 'other_dedup.py'}"


def compared(title: str, commands: dict[str, str], runs: int) -> None:
    """Also by processor time, which other work on the machine changes least (that of workers is not known)."""
    found = versus(title, commands, next(iter(commands)), runs)
    for peer in [name for name in commands if not name.startswith("dedup")]:
        for name in [name for name in commands if name.startswith("dedup") and "--jobs" not in name]:
            ratio = statistics.median(other.cpu / run.cpu for run, other in zip(found[name], found[peer]))
            print(f"{peer} takes {ratio:.2f} times the processor time of {name}", flush=True)


compared(f"exact, {counts[0]:,} records", {
    "jq | sort | uniq": f"jq -r .text {exact} | LC_ALL=C sort | uniq",
    "pandas": f"{other} pandas {exact}",
    "dedup": f"dedup {exact}",
    "dedup --jobs 2": f"dedup --jobs 2 {exact}",
    "dedup --against 10,000": f"dedup --against-text {test} {exact}",
    "dedup --memory 16M": f"dedup --memory 16M {exact}",
}, runs=3)  # fmt: skip
compared(f"near, J 0.8 of word bigrams, {counts[-1]:,} records", {
    "datasketch": f"{other} datasketch {near}",
    "dedup --near 0.8": f"dedup --near 0.8 {near}",
    "dedup --near 0.8 --against 10,000": f"dedup --near 0.8 --against-text {test} {near}",
}, runs=1)  # fmt: skip

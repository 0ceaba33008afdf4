"""ngram-diverse against apricot's FeatureBasedSelection (lazy greedy) on the same n-gram counts.

Aim: 10 times faster, the same value of the objective. apricot is given datasel's counts, so its time is the search and
what it takes to start; memory is of the whole process.
"""

import subprocess
import sys

from measure import HERE, input_file, machine, versus

few, many, full = (input_file("jsonl", count) for count in (20_000, 50_000, 200_000))

print(machine())
for path, k in ((few, 1000), (many, 2500)):
    for whose in ("", "--ours"):
        argv = [sys.executable, HERE / "apricot_select.py", path, str(k), *whose.split()]
        value, seconds = subprocess.run(argv, capture_output=True, check=True, text=True).stdout.split()
        size = path.rpartition("-")[2]
        print(f"{size:>8s} utterances, {k} chosen, {whose or 'apricot':8s} objective {value}, search {seconds} s")
    versus(f"ngram-diverse -k {k:,}, whole processes", {
        "apricot": f"python {HERE}/apricot_select.py {path} {k}",
        "ngram-diverse": f"ngram-diverse -k {k} {path}",
    }, "apricot", runs=1)  # fmt: skip
versus("ngram-diverse -k 10,000 of 200,000", {
    "ngram-diverse": f"ngram-diverse -k 10000 {full}",
    "ngram-diverse --stochastic 0.1": f"ngram-diverse -k 10000 --stochastic 0.1 {full}",
}, "ngram-diverse", runs=3)  # fmt: skip

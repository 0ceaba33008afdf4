"""ngram-diverse against apricot's FeatureBasedSelection (lazy greedy) on the same n-gram counts.

Aim: 10 times faster, the same value of the objective. apricot is given datasel's counts, so its time is the search and
what it takes to start. With --large also 10,000 of 200,000 utterances, once: that takes apricot many minutes.
"""

import subprocess
import sys

from measure import HERE, input_file, machine, note, sized, versus

few, full = input_file("jsonl", 20_000), input_file("jsonl", 200_000)
k = sized(1000)


def searches(path: str, k: int) -> None:
    """The value that each reaches, and the seconds of its search alone."""
    for name, flag in (("apricot", []), ("datasel", ["--ours"])):
        argv = [sys.executable, HERE / "apricot_select.py", path, str(k), *flag]
        value, seconds = subprocess.run(argv, capture_output=True, check=True, text=True).stdout.split()
        note(f"{k:,} of {path.rpartition('-')[2]}: {name} reaches {value}, search alone {seconds} s")


print(machine())
searches(few, k)
versus("ngram-diverse -k 1,000 of 20,000, whole processes", {
    "apricot": f"python {HERE}/apricot_select.py {few} {k}",
    "ngram-diverse": f"ngram-diverse -k {k} {few}",
}, "apricot", runs=1)  # fmt: skip
versus("ngram-diverse -k 10,000 of 200,000", {
    "ngram-diverse": f"ngram-diverse -k 10000 {full}",
    "ngram-diverse --stochastic 0.1": f"ngram-diverse -k 10000 --stochastic 0.1 {full}",
}, "ngram-diverse", runs=3)  # fmt: skip
if "--large" in sys.argv:
    searches(full, 10_000)

"""Selection and deduplication beside DSIR's own package, datatrove and OpusFilter: others.py PYTHON [RECORDS].

PYTHON: of an environment with data-selection, datatrove[io,processing], spacy and opusfilter, which ask for other
versions of packages than datasel does.
"""

import json
import shutil
import sys
from pathlib import Path

from measure import HERE, SCRATCH, input_file, machine, versus

python, count = sys.argv[1], int((*sys.argv[2:], 100_000)[0])
records, text = input_file("jsonl", count), input_file("text", count)
pool, target = SCRATCH / f"pool-{count}.jsonl", SCRATCH / "target-500.jsonl"
shutil.copy(records, pool)
target.write_text("".join(open(pool, encoding="utf-8").readlines()[-500:]), encoding="utf-8")
model = SCRATCH / "importance.npz"
other = f"{python} {HERE / 'other_selection.py'}"
print(machine())
versus(f"2,000 of {count:,} records by DSIR", {
    "data-selection": f"{other} dsir {pool} {target} {SCRATCH / 'dsir'}",
    "ngram-fit, ngram-score, select-topk":
        f"ngram-fit --method importance --positive {target} --negative {pool} -o {model} && "
        f"ngram-score --model {model} {pool} | select-topk -k 2000 --by ngram_score --sample gumbel",
}, "data-selection", runs=3)  # fmt: skip
versus(f"near-duplicates of {count:,} records, word bigrams", {
    "datatrove": f"{other} datatrove {pool} {SCRATCH / 'datatrove'}",
    "dedup --near 0.8": f"dedup --near 0.8 {pool}",
}, "datatrove", runs=3)  # fmt: skip
steps = SCRATCH / "opusfilter.yaml"
step = {"type": "remove_duplicates", "parameters": {"inputs": [text], "outputs": [str(SCRATCH / "opusfilter.txt")]}}
steps.write_text(json.dumps({"steps": [step]}), encoding="utf-8")
versus(f"repeats of {count:,} lines", {
    "opusfilter remove_duplicates": f"{Path(python).parent / 'opusfilter'} --overwrite {steps}",
    "dedup --exact --text": f"dedup --exact --text --print text {text}",
}, "opusfilter remove_duplicates", runs=3)  # fmt: skip

"""align-words with one process and two, on short pairs; and what align-fit takes.

Aim: 5,000 pairs a second with --jobs 2, start-up left aside.  Constant memory: no more for four times the input.
"""

import subprocess
import sys

from measure import HERE, SCRATCH, machine, note, once, versus

SCRATCH.mkdir(parents=True, exist_ok=True)
model, pairs, one = SCRATCH / "words.align", SCRATCH / "pairs.jsonl", SCRATCH / "one.jsonl"
with pairs.open("w") as file:
    subprocess.run([sys.executable, HERE / "pairs.py", "20000"], stdout=file, check=True)
lines = pairs.read_text().splitlines(True)
one.write_text(lines[0])
longer = SCRATCH / "pairs-longer.jsonl"
longer.write_text("".join(lines * 4))
print(machine())
fit = once(f"align-fit {pairs} -o {model}")
note(f"align-fit, {len(lines):,} pairs: {fit.wall:.1f} s, {fit.peak:.0f} MB")
versus(f"{len(lines):,} pairs", {
    "align-words": f"align-words --model {model} -f target {pairs}",
    "align-words --jobs 2": f"align-words --model {model} -f target --jobs 2 {pairs}",
    "start-up: one pair": f"align-words --model {model} -f target {one}",
}, "align-words", runs=3)  # fmt: skip
note(f"{4 * len(lines):,} pairs: {once(f'align-words --model {model} -f target {longer}').peak:.0f} MB")

"""translate-fit against torch's own Transformer in a plain loop: target pieces a second, one thread and two.

Aim: 0.9 times as fast, with means of the weights and checks of dev being ours alone.
"""

import json
import shutil
import statistics
import subprocess
import sys

import numpy as np
from measure import BIN, HERE, SCRATCH, machine, note

UPDATES, VOCABULARY, SHAPE = 45, 4000, (192, 768, 4, 3, 1)
SCRATCH.mkdir(parents=True, exist_ok=True)
path, dev = SCRATCH / "pairs.jsonl", SCRATCH / "pairs-dev.jsonl"
with path.open("w") as file:
    subprocess.run([sys.executable, HERE / "pairs.py", "20000"], stdout=file, check=True)
dev.write_text("".join(path.read_text().splitlines(True)[:5]))


def ours(threads: int) -> float:
    d, wide, heads, encoder, decoder = SHAPE
    state = SCRATCH / "translate-fit.state"
    shutil.rmtree(state, ignore_errors=True)
    subprocess.run(
        [BIN / "translate-fit", "-q", "--dev", dev, "--vocabulary", str(VOCABULARY), "--dimensions", str(d),
         "--feed-forward", str(wide), "--heads", str(heads), "--layers", f"{encoder},{decoder}", "--updates",
         str(UPDATES), "--threads", str(threads), "--epochs", "100", "--checkpoints", state, path,
         "-o", SCRATCH / "translator.tar"],
        check=True,
    )  # fmt: skip
    with np.load(state / "state.npz") as kept:
        figures = json.loads(kept["figures"].tobytes())
    return figures["trained"] / figures["seconds"]


def plain(threads: int) -> float:
    arguments = [path, UPDATES, VOCABULARY, *SHAPE, threads]
    run = [sys.executable, HERE / "plain_transformer.py", *map(str, arguments)]
    return float(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


print(machine())
print(f"\ntarget pieces/s of a network of {SHAPE} (dimensions, feed-forward, heads, layers), vocabulary {VOCABULARY:,}")
for threads in (1, 2):
    runs = [(ours(threads), plain(threads)) for _ in range(3)]
    ratios = sorted(a / b for a, b in runs)
    a, b = (statistics.median(side) for side in zip(*runs))
    low, middle, high = ratios
    note(
        f"translate-fit, threads: {threads}: {a:,.0f} target pieces/s, plain loop {b:,.0f}:"
        f" {middle:.2f} times as fast ({low:.2f} to {high:.2f})"
    )

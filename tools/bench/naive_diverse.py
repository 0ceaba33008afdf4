"""The peer of paraphrase-diverse, its definition written down: for every choice all probabilities anew.

usage: naive_diverse.py MODEL HELD POOL K

Same vectors; a choice takes the product of the whole pool with everything held, the highest of each row, the lowest
of those.
"""

import sys

import numpy as np

from datasel.paraphrase.detector import Detector
from datasel.records.jsonl import read

model, held_path, pool_path, k = *sys.argv[1:4], int(sys.argv[4])
detector = Detector.load(model)
held, pool = (
    np.concatenate([detector.vectors(records.column("text")) for records in read([path], {"text": str})])
    for path in (held_path, pool_path)
)
held, pool = held.astype(np.float32), pool.astype(np.float32)
chosen: list[int] = []
for _ in range(k):
    probability = detector.probability((pool @ held.T).max(axis=1))
    probability[chosen] = 2
    chosen.append(int(probability.argmin()))
    held = np.concatenate([held, pool[chosen[-1:]]])
lines = open(pool_path, "rb").read().split(b"\n")
for place in sorted(chosen):
    sys.stdout.buffer.write(lines[place] + b"\n")

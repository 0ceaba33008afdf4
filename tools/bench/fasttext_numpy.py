"""The peer of embed-filter: reads what fasttext print-sentence-vectors prints, keeps the quarter with the lowest delta.

usage: fasttext_numpy.py IN_DOMAIN_VECTORS TEXTS < VECTORS
"""

import sys

import numpy as np

inside = np.loadtxt(sys.argv[1], dtype=np.float32).mean(axis=0)
rows = np.loadtxt(sys.stdin, dtype=np.float32)
delta = np.linalg.norm(rows - inside, axis=1) - np.linalg.norm(rows - rows.mean(axis=0), axis=1)
kept = set(np.argsort(delta, kind="stable")[: len(rows) // 4].tolist())
with open(sys.argv[2]) as file:
    sys.stdout.writelines(line for number, line in enumerate(file) if number in kept)

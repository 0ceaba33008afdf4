"""A large pool in parts, for the benchmark of Spark: spark_pool.py FOLDER PARTS, half a million utterances each.

Words are drawn from a Zipf vocabulary; one utterance in ten is one of 200,000 that come again and again.
"""

from __future__ import annotations

import gzip
import os
import sys

import numpy as np

LINES = 500_000


def words() -> np.ndarray:
    """30,000 made-up words."""
    draw = np.random.default_rng(1)
    syllables = np.array([c + v for c in "bdfghjklmnprstvw" for v in "aeiou"], object)
    return np.array(["".join(draw.choice(syllables, draw.integers(1, 4))) for _ in range(30_000)], object)


def utterances(draw: np.random.Generator, count: int, vocabulary: np.ndarray) -> list[str]:
    """Texts of 5 to 24 words."""
    sizes = draw.integers(5, 25, count)
    shares = 1 / (np.arange(len(vocabulary)) + 3)
    drawn = np.searchsorted(np.cumsum(shares / shares.sum()), draw.random(int(sizes.sum())))
    chosen = vocabulary[np.minimum(drawn, len(vocabulary) - 1)].tolist()
    ends = np.cumsum(sizes).tolist()
    return [" ".join(chosen[start:end]) for start, end in zip([0, *ends], ends)]


def main() -> None:
    folder, count = sys.argv[1], int(sys.argv[2])
    vocabulary = words()
    again = utterances(np.random.default_rng(2), 200_000, vocabulary)
    os.makedirs(folder, exist_ok=True)
    for part in range(count):
        draw = np.random.default_rng([3, part])
        texts = utterances(draw, LINES, vocabulary)
        for place in np.flatnonzero(draw.random(LINES) < 0.1).tolist():
            texts[place] = again[draw.integers(len(again))]
        lines = [f'{{"id":"u{part * LINES + n:09d}","source":"generated","text":"{text}"}}\n'
                 for n, text in enumerate(texts)]  # fmt: skip
        path = os.path.join(folder, f"part-{part:04d}.jsonl.gz")
        with open(path + ".tmp", "wb") as file, gzip.GzipFile("", "wb", 1, file, 0) as packed:
            packed.write("".join(lines).encode())
        os.rename(path + ".tmp", path)


if __name__ == "__main__":
    main()

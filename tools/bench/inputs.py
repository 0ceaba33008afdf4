"""Inputs for the benchmarks: utterance-like text drawn from a Zipf vocabulary, the same every time."""

from __future__ import annotations

import json
import random
import sys


def utterances(count: int, seed: int = 1):
    """Lower-case sentences of 3 to 14 words, as long and as repetitive as assistant utterances are."""
    draw = random.Random(seed)
    syllables = [c + v for c in "bdfghjklmnprstvw" for v in "aeiou"]
    vocabulary = ["".join(draw.choice(syllables) for _ in range(draw.choice((1, 2, 2, 3)))) for _ in range(30_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    pool = draw.choices(vocabulary, weights, k=count * 8)
    place = 0
    for _ in range(count):
        length = draw.randint(3, 13)
        place = (place + length) % (len(pool) - 16)
        yield " ".join(pool[place : place + length])


def main() -> None:
    kind, count = sys.argv[1], int(sys.argv[2])
    draw = random.Random(2)
    for number, text in enumerate(utterances(count)):
        if kind == "text":
            print(text)
        elif kind == "jsonl":
            print(json.dumps({"id": f"u{number}", "text": text}))
        else:  # scored
            print(json.dumps({"id": f"u{number}", "text": text, "ngram_score": round(draw.gauss(0, 5), 6)}))


if __name__ == "__main__":
    main()

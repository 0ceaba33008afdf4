"""Sentence pairs for the benchmarks of translation: a made language whose words stand in another order."""

from __future__ import annotations

import json
import sys

from inputs import corpus


def pairs(count: int):
    """The target has a word for each of the source's, the last one first, and says some words in two."""
    for text in corpus(count):
        source = text.split()
        target = [source[-1], *source[:-1]]
        yield {"source": text, "target": " ".join(w[::-1] + (" e" if w.endswith("7") else "") for w in target)}


if __name__ == "__main__":
    for pair in pairs(int(sys.argv[1])):
        print(json.dumps(pair))

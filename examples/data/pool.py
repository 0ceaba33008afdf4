"""Unlabelled utterances, each once, sorted: pool.py clinc|banking77|slurp-lm FILE... > NAME.txt"""

import csv
import json
import sys
from collections.abc import Iterator


def clinc(path: str) -> Iterator[str]:
    """data_full.json: parts of pairs of utterance and intent, those out of scope included."""
    with open(path, encoding="utf-8") as file:
        for part in json.load(file).values():
            yield from (text for text, _ in part)


def banking77(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8", newline="") as file:
        yield from (" ".join(row["text"].split()) for row in csv.DictReader(file))


def slurp_lm(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8") as file:
        yield from file


if __name__ == "__main__":
    read = {"clinc": clinc, "banking77": banking77, "slurp-lm": slurp_lm}[sys.argv[1]]
    texts = {text.rstrip("\n") for path in sys.argv[2:] for text in read(path)} - {""}
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.writelines(f"{text}\n" for text in sorted(texts))

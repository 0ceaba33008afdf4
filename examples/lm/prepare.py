"""The text of the experiment under work/data, one sentence a line: train, dev and test of the domain, and general.

DATA/everyday-tasks.tsv: a header, then partition (train, dev, test, ...), intent, annotation, English, Hindi: prompts
of IndicVoices with the partition that the English sentence has in SLURP (../data/everyday.py).
DATA/general-parallel.tsv: source, licence, English, Hindi.

Train and general are shuffled, so that their first lines are a random sample; the Makefile leaves
general text out that stands in dev or test.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the two files")
    parser.add_argument("out", type=Path)
    where = parser.parse_args()
    for name in ("everyday-tasks.tsv", "general-parallel.tsv"):
        if not (where.data / name).is_file():
            sys.exit(f"prepare.py: no {name} in '{where.data}'; set DATASEL_DATA to a folder that has it (see the top)")
    where.out.mkdir(parents=True, exist_ok=True)
    domain: dict[str, list[str]] = {"train": [], "dev": [], "test": []}
    for row in rows(where.data / "everyday-tasks.tsv")[1:]:
        if row[0] in domain:
            domain[row[0]].append(row[4])
    random.Random(0).shuffle(domain["train"])
    general = [row[3] for row in rows(where.data / "general-parallel.tsv")]
    random.Random(0).shuffle(general)
    for part, texts in {**domain, "general": general}.items():
        (where.out / f"{part}.all").write_text("".join(text + "\n" for text in texts), encoding="utf-8")


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]


if __name__ == "__main__":
    main()

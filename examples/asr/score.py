"""BLEU and chrF of translators, a row each: score.py NAME=FOLDER/NBEST ...

FOLDER/NBEST.PART.jsonl holds the pairs of a PART (dev, ntrex) as translate-nbest left them. Texts are as they are:
lower case, without punctuation, words between spaces (sacrebleu's tokeniser "none"); chrF is chrF2.
"""

from __future__ import annotations

import json
import sys

from sacrebleu.metrics import BLEU, CHRF

PARTS = ("dev", "ntrex")


def main() -> None:
    print(f"{'translator':<24}" + "".join(f"{part + ' ' + what:>12}" for part in PARTS for what in ("chrF", "BLEU")))
    for argument in sys.argv[1:]:
        name, _, start = argument.partition("=")
        figures = [figure for part in PARTS for figure in scores(f"{start}.{part}.jsonl")]
        print(f"{name:<24}" + "".join(f"{figure:>12.1f}" for figure in figures))


def scores(path: str) -> tuple[float, float]:
    """chrF and BLEU of the best hypotheses of a file."""
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    made, wanted = [record["nbest"][0]["text"] for record in records], [[record["target"] for record in records]]
    return CHRF().corpus_score(made, wanted).score, BLEU(tokenize="none").corpus_score(made, wanted).score


if __name__ == "__main__":
    main()

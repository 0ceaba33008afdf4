"""Children's stories of Pratham Books in English and Hindi: pratham.py FOLDER > pairs.tsv

FOLDER/en and FOLDER/hi hold stories whose pages end with `##`; stories go together by their number. Sentences are
paired in order, within pages where a story has as many in both languages: one or two of the one with one or two of the
other, or one with none, so that lengths differ least (Gale and Church 1993). Pages that do not fit, and pairs that
differ much in length, are left out.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import parallel

_PICTURES_AND_STARS = re.compile(r"!\[.*?\]\(.*?\)|[*#]")
_END = re.compile(r"([.!?।|…][”’\"']*) +(?=[^a-z\s])")
_BEADS = {(1, 1): 0.0, (1, 2): 5.0, (2, 1): 5.0, (2, 2): 9.0, (1, 0): 9.0, (0, 1): 9.0}  # sentences, what they cost
_SPREAD = 6.8  # variance of one side's length for each character of the other
_STRANGE = 2.0  # a mark on one side alone
_SURE = 3.0  # most cost of a pair, on the average of a page
_LIKELY = 0.55  # most natural logarithm of the sides' lengths


def main() -> None:
    folder = Path(sys.argv[1])
    english, hindi = ({path.name.partition("_")[0]: pages(path) for path in folder.glob(f"{code}/*.md")}
                      for code in ("en", "hi"))  # fmt: skip
    stories = [(english[number], hindi[number]) for number in sorted(english.keys() & hindi.keys())]
    parallel.write("pratham-books", "CC-BY-4.0", (pair for story in stories for pair in pairs(*story)))


def pages(path: Path) -> list[list[str]]:
    """Sentences of the title and of each page, but for the last, which says whose they are."""
    parts = re.split(r"^## *$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[:-1]
    texts = (parallel.bare(_PICTURES_AND_STARS.sub("", part)) for part in parts)
    return [_END.sub("\\1\n", text).split("\n") for text in texts if text]


def pairs(english: list[list[str]], hindi: list[list[str]]) -> Iterator[tuple[str, str]]:
    if len(english) != len(hindi):
        english, hindi = [sum(english, [])], [sum(hindi, [])]
    ratio = sum(len(text) for page in hindi for text in page) / sum(len(text) for page in english for text in page)
    for page in zip(english, hindi):
        cost, made = aligned(*page, ratio)
        for left, right in made if cost < _SURE * len(made) else ():
            if left and right and abs(math.log(len(left) * ratio / len(right))) < _LIKELY:
                yield left, right


def aligned(english: list[str], hindi: list[str], ratio: float) -> tuple[float, list[tuple[str, str]]]:
    best: dict[tuple[int, int], tuple[float, list[tuple[str, str]]]] = {(0, 0): (0.0, [])}
    for i in range(len(english) + 1):
        for j in range(len(hindi) + 1):
            ways = []
            for (di, dj), cost in _BEADS.items():
                if (i - di, j - dj) in best:
                    before, made = best[i - di, j - dj]
                    pair = " ".join(english[i - di : i]), " ".join(hindi[j - dj : j])
                    sizes = len(pair[0]) * ratio, len(pair[1])
                    misfit = (sizes[0] - sizes[1]) ** 2 / (_SPREAD * (sum(sizes) / 2))
                    strange = _STRANGE * sum((mark in pair[0]) != (mark in pair[1]) for mark in "?!“")
                    ways.append((before + cost + (misfit / 2 + strange) * (di * dj > 0), [*made, pair]))
            if ways:
                best[i, j] = min(ways)
    return best[len(english), len(hindi)]


if __name__ == "__main__":
    main()

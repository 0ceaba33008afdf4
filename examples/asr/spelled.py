"""How names are spelled against how they were written by hand: spelled.py NAMES.tsv WAY=SPELLINGS.tsv ...

NAMES.tsv has a name in Latin letters, in Devanagari, and the set it is of. A way may be several files with commas
between, of which the first that has a word holds. A name is right with the same letters, but for the dot below and the
moon of a nasal vowel; alike if it also differs in the length of i and u, in o and e, or in what joins consonants.
Errors are by letter.
"""

from __future__ import annotations

import re
import sys
import unicodedata

LIKE = str.maketrans({"ई": "इ", "ी": "ि", "ऊ": "उ", "ू": "ु", "ऑ": "ओ", "ॉ": "ो", "ऐ": "ए", "ै": "े", "\u094d": None})


def main() -> None:
    names = rows(sys.argv[1])
    print(f"{'':24s}{'names':>8s}{'written':>10s}{'right':>10s}{'alike':>10s}{'errors':>10s}")
    for argument in sys.argv[2:]:
        way, _, paths = argument.partition("=")
        spelled: dict[str, str] = {}
        for path in paths.split(","):
            for word, written, *_ in rows(path):
                spelled.setdefault(word, written)
        for part in dict.fromkeys(row[2] for row in names):
            chosen = [row for row in names if row[2] == part]
            made = ["".join(spelled.get(word, "") for word in name.split()) for name, _, _ in chosen]
            wanted = [bare(written.replace(" ", "")) for _, written, _ in chosen]
            whole = sum(all(word in spelled for word in name.split()) for name, _, _ in chosen)
            made = [bare(each) for each in made]
            right = sum(a == b for a, b in zip(made, wanted))
            alike = sum(folded(a) == folded(b) for a, b in zip(made, wanted))
            wrong = sum(distance(a, b) for a, b in zip(made, wanted)) / sum(map(len, wanted))
            shares = "".join(f"{figure / len(chosen):10.1%}" for figure in (whole, right, alike))
            print(f"{way + ' ' + part:24s}{len(chosen):8d}{shares}{wrong:10.1%}")


def rows(path: str) -> list[list[str]]:
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def bare(word: str) -> str:
    return unicodedata.normalize("NFD", word).translate({0x93C: None, 0x200C: None, 0x901: 0x902})


def folded(word: str) -> str:
    return re.sub("[नमङञण]\u094d(?=[क-ह])", "\u0902", word).translate(LIKE)


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, another in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != another))
    return row[-1]


if __name__ == "__main__":
    main()

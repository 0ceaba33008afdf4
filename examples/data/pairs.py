"""English and Hindi of files of sentences: pairs.py indian-parallel|pud|tatoeba|ntrex FOLDER >NAME.tsv

Source, licence, English, Hindi, in NFC and without needless blanks, each pair once. Of the Indian Parallel Corpora dev
and devtest, each Hindi sentence with its four translations; of PUD's treebanks the sentences' texts; of Tatoeba
the sentences without their authors. Of NTREX-128 English and Hindi alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize


def indian_parallel(folder: Path) -> Iterator[tuple[str, ...]]:
    for part in ("dev", "devtest"):
        hindi = lines(folder / f"hi-en/{part}.hi-en.hi")
        for number in range(4):
            for english, original in zip(lines(folder / f"hi-en/{part}.hi-en.en.{number}"), hindi):
                yield f"indian-parallel-corpora-{part}", "CC-BY-SA-3.0", english, original


def pud(folder: Path) -> Iterator[tuple[str, ...]]:
    english, hindi = (texts(folder / f"pud-{code}" / f"{code}_pud-ud-test.conllu") for code in ("en", "hi"))
    for name, text in english.items():
        yield "ud-pud", "CC-BY-SA-3.0", text, hindi.get(name, "")


def texts(path: Path) -> dict[str, str]:
    """The text of each sentence of a treebank, by its id."""
    found = re.findall(r"^# sent_id = (\S+)$.*?^# text = (.*?)$", path.read_text(encoding="utf-8"), re.M | re.S)
    return dict(found)


def tatoeba(folder: Path) -> Iterator[tuple[str, ...]]:
    for line in filter(None, lines(folder / "hin.txt")):
        yield "tatoeba-manythings", "CC-BY-2.0-FR", *line.split("\t")[:2]


def ntrex(folder: Path) -> Iterator[tuple[str, ...]]:
    yield from zip(*(lines(folder / f"NTREX-128/newstest2019-{name}.txt") for name in ("src.eng", "ref.hin")))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


if __name__ == "__main__":
    read = {"indian-parallel": indian_parallel, "pud": pud, "tatoeba": tatoeba, "ntrex": ntrex}[sys.argv[1]]
    cleaned = (tuple(" ".join(normalize("NFC", text).split()) for text in row) for row in read(Path(sys.argv[2])))
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.writelines("\t".join(row) + "\n" for row in dict.fromkeys(cleaned) if all(row))

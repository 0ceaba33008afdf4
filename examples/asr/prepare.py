"""The texts of the experiment, into a folder: pairs to learn from, requests to translate, in-domain text, test sets.

From DATA: everyday-tasks.tsv (a header, then partition, intent, annotation, English, Hindi), general-parallel.tsv
(source, licence, English, Hindi), mt-test-ntrex.tsv (English, Hindi), english-assistant.jsonl. What they are and where
they come from: README.md here.

All text has one form: lower case, no punctuation. Of the general pairs those are left out that hold placeholders or
markup, no Devanagari, more than 40 words, or three times as many words on one side as on the other; and all but the
first of equal pairs. The rest is shuffled, so that its first lines are a random sample. (Those with English of dev and
test are dropped after that, by dedup.)

  general.jsonl    id, corpus, source (English), target (Hindi)
  cleo.txt         in-domain Hindi, one request a line, shuffled: the transcripts that a new voice product has
  dev.jsonl, test.jsonl, ntrex.jsonl    id, source, target
  apart.jsonl      the other half of test, if there is one: not measured on, and not learned from
  upper.jsonl      the in-domain pairs themselves, for the run that shows an upper bound and for nothing else
  english.jsonl    the assistant's requests to translate: id, text, domain, intent, slots
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from pathlib import Path

from datasel.text.languages import language
from datasel.text.normalisation import Normaliser

FILES = ("everyday-tasks.tsv", "general-parallel.tsv", "mt-test-ntrex.tsv", "english-assistant.jsonl")
MARKUP = re.compile(
    r"%[\d$.(]*[A-Za-z@]|[<>{}\\|~^=]|\$[({A-Za-z]|&\w+;|https?:|www\.|--\w|\w_\w|[\w-]+\.(?:com|org|txt|html?)\b"
)
ACCELERATORS = re.compile(r"\(_?&?\w\)|[&_](?=\w)")
DEVANAGARI = re.compile("[\u0904-\u0939\u0958-\u0961]")
GLOSS = re.compile(r"\s*\[[^\]]*\]")  # a Latin spelling after an Indian word
MOST_WORDS = 40
NORMALISE = {code: Normaliser(language(code), lower=True, strip_punctuation=True) for code in ("en", "hi")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with the four files")
    parser.add_argument("out", type=Path)
    where = parser.parse_args()
    for name in FILES:
        if not (where.data / name).is_file():
            sys.exit(f"prepare.py: no {name} in '{where.data}'; set DATASEL_DATA to a folder that has it (README.md)")
    where.out.mkdir(parents=True, exist_ok=True)
    everyday = rows(where.data / "everyday-tasks.tsv")[1:]
    parts = {
        part: pairs((row[3], row[4]) for row in everyday if row[0] == part)
        for part in ("train", "dev", "test", "apart")
    }
    cleo = [target for _, target in parts["train"] if target]
    random.Random(0).shuffle(cleo)
    (where.out / "cleo.txt").write_text("".join(text + "\n" for text in cleo), encoding="utf-8")
    for part, name in (("dev", "dev"), ("test", "test"), ("apart", "apart"), ("train", "upper")):
        write(where.out / f"{name}.jsonl", name, [(None, *pair) for pair in parts[part] if all(pair)])
    ntrex = pairs(tuple(row) for row in rows(where.data / "mt-test-ntrex.tsv"))
    write(where.out / "ntrex.jsonl", "ntrex", [(None, *pair) for pair in ntrex if all(pair)])
    write(where.out / "general.jsonl", "general", general(rows(where.data / "general-parallel.tsv")))
    with open(where.data / "english-assistant.jsonl", encoding="utf-8") as lines:
        requests = [plain(json.loads(line)) for line in lines]
    (where.out / "english.jsonl").write_text(
        "".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests if request["text"]),
        encoding="utf-8",
    )


def general(table: list[list[str]]) -> list[tuple[str, str, str]]:
    """Corpus, English and Hindi of the pairs that are fit to learn from, shuffled."""
    fit = [
        (row[0], ACCELERATORS.sub("", row[2]), GLOSS.sub("", ACCELERATORS.sub("", row[3])))
        for row in table
        if not MARKUP.search(row[2]) and not MARKUP.search(row[3]) and DEVANAGARI.search(row[3])
    ]
    found = {}
    for (corpus, _, _), (source, target) in zip(fit, pairs((row[1], row[2]) for row in fit)):
        sizes = sorted((len(source.split()), len(target.split())))
        if sizes[0] > 0 and sizes[1] <= MOST_WORDS and sizes[1] <= 3 * sizes[0] + 1:
            found.setdefault((source, target), corpus)
    made = [(corpus, *pair) for pair, corpus in found.items()]
    random.Random(0).shuffle(made)
    return made


def plain(request: dict) -> dict:
    """An utterance in the one form, its slots where they then are; parts between slots are normalised one by one."""
    text, slots, cuts = request["text"], sorted(request.get("slots", []), key=lambda slot: slot["start"]), [0]
    for slot in slots:
        cuts += [slot["start"], slot["end"]]
    pieces = [text[a:b].replace("\n", " ") for a, b in zip(cuts, [*cuts[1:], None])]
    parts = NORMALISE["en"]("\n".join(pieces)).split("\n")
    made, moved = parts[0], []
    for slot, value, after in zip(slots, parts[1::2], parts[2::2]):
        start = len(made) + (made != "")
        made = " ".join(part for part in (made, value) if part)
        if value:
            moved.append({"name": slot["name"], "value": value, "start": start, "end": len(made)})
        made = " ".join(part for part in (made, after) if part)
    return {**request, "text": made, **({"slots": moved} if "slots" in request else {})}


def pairs(texts) -> list[tuple[str, str]]:
    """English and Hindi, each in its one form."""
    texts = [tuple(" ".join(text.split()) for text in pair) for pair in texts]
    sides = [NORMALISE[code]("\n".join(pair[n] for pair in texts)).split("\n") for n, code in enumerate(NORMALISE)]
    return list(zip(*sides))


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]


def write(path: Path, name: str, made: list[tuple[str | None, str, str]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number, (corpus, source, target) in enumerate(made):
            record = {"id": f"{name}-{number}", **({"corpus": corpus} if corpus else {})}
            out.write(json.dumps({**record, "source": source, "target": target}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

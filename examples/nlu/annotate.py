"""Which utterances of a functionality to annotate: cells of the experiment, under work/annotate.

A cell is a functionality and a draw.  50 annotated utterances of it are there; of the other utterances of its training
data, 500 apart that are measured on, k % are annotated as well: those that a method chooses.  They get their
true labels, a recogniser of this functionality learns from all that is annotated, and its errors are counted on
dev (to choose settings by), on SNIPS' test set and on the 500.

Two pools:
    unique: the utterances as they are, each once.
    redundant: as many requests as traffic has them.  The utterances, in random order, have frequencies of 1 / rank
    (Zipf); requests are drawn by these, and half of them say the utterance again while the other half say it with other
    values: each slot's value is drawn from those that its slot has in the pool.

Methods put the pool in order and are given k utterances of it, or as many words as k random ones have.
What is there already is not computed again, so a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasel.ngrams import relevance
from datasel.ngrams.counted import CountedPool
from datasel.ngrams.hashing import hash_words, record_hashes
from datasel.nlu.recogniser import Recogniser, Utterance
from datasel.nlu.semantic_error import Frame, counts
from datasel.nlu.slots import Slot
from datasel.nlu.templates import template
from datasel.records.jsonl import joined
from datasel.selection import greedy
from datasel.text.words import words

ANNOTATED, HELD_OUT = 50, 500
GENERAL = 5000  # utterances of the large pool that the relevance model is trained against
SETTINGS = {"per_intent": True, "order": 3, "bits": 18, "l2": 1e-4, "c1": 0.1, "c2": 0.01, "iterations": 100}


class Cell(NamedTuple):
    intent: str
    draw: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--out", type=Path, default=Path("work/annotate"))
    parser.add_argument("--intents", nargs="+", required=True)
    parser.add_argument("--draws", nargs="+", type=int, required=True)
    parser.add_argument("--shares", nargs="+", type=float, required=True, help="k, per cent of the pool")
    parser.add_argument("--pools", nargs="+", default=["unique", "redundant"])
    parser.add_argument("--words", action="store_true", help="as many words, too")
    parser.add_argument("--random", type=int, default=2, help="orders of random choice")
    parser.add_argument("--most", type=int, default=10**9, help="cells to add to, then stop")
    where = parser.parse_args()
    where.out.mkdir(parents=True, exist_ok=True)
    done = 0
    for draw in where.draws:
        for intent in where.intents:
            done += run(where, Cell(intent, draw))
            if done >= where.most:
                return


def run(where, cell: Cell) -> bool:
    """Compute what the cell lacks; whether that was anything."""
    path = where.out / f"{cell.intent}-{cell.draw}.jsonl"
    there = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    known = {(one["pool"], one["method"], one["share"], one["equal"]) for one in there}
    wanted = [key for key in systems(where) if key not in known]
    if not wanted:
        return False
    held_out, seed, rest = parts(where.data, cell)
    tests = {part: load(where.data / f"{cell.intent}.{part}.jsonl") for part in ("dev", "test")}
    tests["held out"] = held_out
    measured = {tuple(words(item.text)) for part in tests.values() for item in part}
    pools = {"unique": rest, "redundant": traffic(rest, cell, measured)}
    orders: dict[str, dict[str, np.ndarray]] = {}
    for pool, method, share, equal in wanted:
        if method == "none":
            learned = seed
        else:
            items = pools[pool]
            if pool not in orders:
                orders[pool] = ordered(items, seed, cell, where)
            order, many = orders[pool][method], round(len(items) * share / 100)
            if equal == "words":
                sizes = np.array([len(words(item.text)) for item in items])
                many = int(np.searchsorted(np.cumsum(sizes[order]), many * sizes.mean(), "right"))
            learned = [*seed, *(items[place] for place in order[:many])]
        recogniser = Recogniser.fit(learned, **SETTINGS)
        result = {"pool": pool, "method": method, "share": share, "equal": equal, "utterances": len(learned),
                  "words": sum(len(words(item.text)) for item in learned[len(seed) :])}  # fmt: skip
        result["errors"] = {name: errors(recogniser, part) for name, part in tests.items()}
        with path.open("a") as file:
            file.write(json.dumps(result) + "\n")
    return True


def systems(where) -> Iterator[tuple[str, str, float, str]]:
    """Pool, method, share and what is equal, of every recogniser wanted; the first learns from the seed alone."""
    yield "", "none", 0, ""
    drawn = [f"random {n}" for n in range(1, where.random + 1)]
    for equal in ("utterances", *(["words"] if where.words else [])):
        for share in where.shares:
            for pool in where.pools:
                again = [f"dedup, {each}" for each in drawn] if pool == "redundant" else []
                for method in (*drawn, *again, "top", "ngram none", "ngram words", "ngram characters"):
                    if equal == "utterances" or method.startswith("ngram"):
                        yield pool, method, share, equal


def parts(data: Path, cell: Cell) -> tuple[list[Utterance], list[Utterance], list[Utterance]]:
    """The functionality's training data (in random order): what is measured on, the annotated utterances, the rest."""
    items = load(data / f"{cell.intent}.jsonl")
    rest = items[HELD_OUT:]
    random.Random(f"{cell.intent} {cell.draw}").shuffle(rest)
    return items[:HELD_OUT], rest[:ANNOTATED], rest[ANNOTATED:]


def load(path: Path) -> list[Utterance]:
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    names = ("name", "value", "start", "end")
    return [
        Utterance(record["text"], None, record["intent"], [Slot(*map(slot.get, names)) for slot in record["slots"]])
        for record in records
    ]


def traffic(items: list[Utterance], cell: Cell, measured: set[tuple[str, ...]]) -> list[Utterance]:
    """As many requests as there are utterances, with the repeats that traffic has; none is made that is measured on."""
    draw = random.Random(f"traffic {cell.intent} {cell.draw}")
    values: dict[str, list[str]] = {}
    for item in items:
        for slot in item.slots:
            values.setdefault(slot.name, []).append(slot.value)
    frequencies = [1 / rank for rank in range(1, len(items) + 1)]
    made = []
    for item in draw.choices(draw.sample(items, len(items)), frequencies, k=len(items)):
        if draw.random() < 0.5:
            carrier, _ = template(item.text, item.slots)
            text, slots = carrier.fill([draw.choice(values[name]) for name in carrier.names])
            if tuple(words(text)) not in measured:
                item = item._replace(text=text, slots=slots)
        made.append(item)
    return made


def ordered(items: list[Utterance], seed: list[Utterance], cell: Cell, where) -> dict[str, np.ndarray]:
    """For every method the places of the pool's utterances, the first to be annotated first."""
    texts, held = [item.text for item in items], [item.text for item in seed]
    _, firsts = np.unique(record_hashes(hash_words(joined(texts))), return_index=True)
    firsts.sort()
    found = {}
    for number in range(1, where.random + 1):
        draw = np.random.default_rng([cell.draw, number])
        found[f"random {number}"] = draw.permutation(len(items))
        found[f"dedup, random {number}"] = draw.permutation(firsts)
    with (where.data / "pool.jsonl").open(encoding="utf-8") as file:
        general = [json.loads(next(file))["text"] for _ in range(GENERAL)]
    model = relevance.fit(joined(held), joined(general), "logistic", 3, 20, 1e-4)
    found["top"] = np.argsort(-model.score(joined(texts)), kind="stable")
    for cost, size in {"none": None, "words": lambda text: len(words(text)), "characters": len}.items():
        with CountedPool(4, 22) as pool:  # as ngram-diverse has them
            pool.hold(held)
            pool.add(texts)
            function = pool.coverage("uniform", 2)
        budget = greedy.Budget(np.array([max(size(text), 1) for text in texts])) if size else None
        found[f"ngram {cost}"] = np.array(list(greedy.lazy(function, firsts, len(firsts), budget)))
    return found


def errors(recogniser: Recogniser, items: list[Utterance]) -> str:
    """Of each utterance the wrong, missing and extra slots, a digit each (9 for more)."""
    found = []
    for item, heard in zip(items, recogniser.label([item.text for item in items])):
        _, wrong, missing, extra, *_ = counts(
            Frame(None, item.intent, item.slots), Frame(None, heard.intent, heard.slots)
        )
        found.append(str(min(wrong + missing + extra, 9)))
    return "".join(found)


if __name__ == "__main__":
    main()

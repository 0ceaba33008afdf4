"""Which utterances of a functionality to annotate, or to label automatically: cells, under work/annotate.

A cell is a functionality and a draw.  50 annotated utterances of it are there; of the other utterances of its training
data, 500 apart that are measured on, a method chooses k %.  They get their true labels (annotation), or those of
a teacher: a recogniser that learns from the 50, from an encoder and from word classes of the pool (self-training).  A
plain recogniser of this functionality learns from the 50 and from them; its errors are counted on dev (to choose
settings by), on SNIPS' test set and on the 500.

Two pools:
    unique: the utterances as they are, each once.
    redundant: as many requests as traffic has them.  The utterances, in random order, have frequencies of 1 / rank
    (Zipf); requests are drawn by these, and half of them say the utterance again while the other half say it with other
    values: each slot's value is drawn from those that its slot has in the pool.

Methods (annotate_orders.py) put the pool in order and are given k % of its utterances, or as many words as those have
on average.  What is there already is not computed again, so a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from annotate_orders import Pool, ordered
from assistant import Cached

from datasel.nlu import word_classes
from datasel.nlu.contexts import Contexts
from datasel.nlu.recogniser import Recogniser, Utterance
from datasel.nlu.semantic_error import Frame, counts
from datasel.nlu.slots import Knowledge, Slot
from datasel.nlu.templates import template
from datasel.paraphrase.detector import Detector
from datasel.text.words import words

ANNOTATED, HELD_OUT = 50, 500
SETTINGS = {"per_intent": True, "order": 3, "bits": 18, "l2": 1e-4, "c1": 0.1, "c2": 0.01, "iterations": 100}
POOLS, LABELS = ("unique", "redundant"), ("true", "teacher")
DIVERSE = ("ngram none", "ngram words", "ngram characters", "paraphrase encoder", "paraphrase detector", "facility")


class System(NamedTuple):
    """What a recogniser learns from beside the 50; ``equal``: what there is as much of as of random choice."""

    labels: str
    pool: str
    method: str
    share: float
    equal: str


class Cell(NamedTuple):
    intent: str
    draw: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--out", type=Path, default=Path("work/annotate"))
    parser.add_argument("--encoder", default="work/minilm.onnx", help="a file of datasel encoder")
    parser.add_argument("--detector", default="work/paraphrase/paraphrase.onnx", help="a file of paraphrase-fit")
    parser.add_argument("--intents", nargs="+", required=True)
    parser.add_argument("--draws", nargs="+", type=int, required=True)
    parser.add_argument("--shares", nargs="+", type=float, required=True, help="k, per cent of the pool")
    parser.add_argument("--labels", nargs="+", default=LABELS, help="one after the other")
    parser.add_argument("--equal", nargs="+", default=["utterances", "words"], help="one after the other")
    parser.add_argument("--diverse", nargs="+", default=DIVERSE, help="of the diverse methods these")
    parser.add_argument("--random", type=int, default=2, help="orders of random choice")
    where = parser.parse_args()
    where.out.mkdir(parents=True, exist_ok=True)
    where.encoder = Cached.load(where.encoder)
    where.detector = Detector.load(where.detector) if "paraphrase detector" in where.diverse else None
    for equal in where.equal:
        for labels in where.labels:
            for draw in where.draws:
                for intent in where.intents:
                    run(where, Cell(intent, draw), labels, equal)


def run(where, cell: Cell, labels: str, equal: str) -> None:
    """Compute what the cell lacks."""
    path = where.out / f"{cell.intent}-{cell.draw}.jsonl"
    there = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    known = {System(*map(one.get, System._fields)) for one in there}
    wanted = [system for system in systems(where, labels, equal) if system not in known]
    if not wanted:
        return
    begin = time.time(), sum(os.times()[:4])
    held_out, seed, rest = parts(where.data, cell)
    tests = {part: load(where.data / f"{cell.intent}.{part}.jsonl") for part in ("dev", "test")}
    tests["held out"] = held_out
    measured = {tuple(words(item.text)) for part in tests.values() for item in part}
    rest = [item for item in rest if tuple(words(item.text)) not in measured]
    items = {"": [], "unique": rest, "redundant": traffic(rest, cell, measured)}
    held, learned, teachers = [item.text for item in seed], {}, {}
    pools = {name: Pool([item.text for item in each], held, cell.draw, where.data, where.encoder, where.detector)
             for name, each in items.items()}  # fmt: skip
    if labels == "teacher":
        for name in POOLS:
            teachers[name] = teacher(seed, items[name], where.encoder)
            items[name] = labelled(teachers[name], items[name])
    for system in wanted:
        places = chosen(system, pools[system.pool], path.with_suffix(f".{system.pool}.npz"))
        key = (system.pool, places.tobytes(), system.method == "teacher")
        if key not in learned:  # the same utterances may be chosen twice
            data = [*seed, *(items[system.pool][place] for place in places)]
            made = teachers[system.pool] if key[-1] else Recogniser.fit(data, **SETTINGS)
            learned[key] = {part: errors(made, each) for part, each in tests.items()}
        size = sum(len(words(pools[system.pool].texts[place])) for place in places)
        result = system._asdict() | {"utterances": len(places), "words": size, "errors": learned[key]}
        with path.open("a") as file:
            file.write(json.dumps(result) + "\n")
    took = [end - start for end, start in zip((time.time(), sum(os.times()[:4])), begin)]
    print(*cell, labels, equal, len(wanted), "systems", "{:.0f} s, of CPU {:.0f} s".format(*took), flush=True)


def systems(where, labels: str, equal: str) -> Iterator[System]:
    """Every recogniser wanted; the first learns from the seed alone."""
    drawn = [f"random {number}" for number in range(1, where.random + 1)]
    if equal == "utterances" and labels == "true":
        yield System(labels, "", "none", 0, equal)
    for share in where.shares:
        for pool in POOLS:
            if share == 100:
                if equal == "utterances":
                    yield System(labels, pool, "whole", 100, equal)
                    yield from [System(labels, pool, "teacher", 0, equal)] if labels == "teacher" else ()
                continue
            again = [f"dedup, {each}" for each in drawn] if pool == "redundant" else []
            for method in (*(drawn if equal == "utterances" else ()), *again, "top", *where.diverse):
                yield System(labels, pool, method, share, equal)


def chosen(system: System, pool: Pool, kept: Path) -> np.ndarray:
    """The places of what is learned from; the file ``kept`` has the orders that are made."""
    if system.share in (0, 100):
        return np.arange(len(pool.texts) if system.share else 0)
    orders = dict(np.load(kept)) if kept.exists() else {}
    if system.method not in orders:
        orders[system.method] = ordered(pool, system.method)
        np.savez(kept, **orders)
    order, many = orders[system.method], round(len(pool.texts) * system.share / 100)
    if system.equal == "words":
        sizes = np.array([len(words(text)) for text in pool.texts])
        many = int(np.searchsorted(np.cumsum(sizes[order]), many * sizes.mean(), "right"))
    return order[:many]


def teacher(seed: Sequence[Utterance], items: Sequence[Utterance], encoder: Cached) -> Recogniser:
    """What nlu-fit --encoder --unlabelled makes of the annotated utterances and the pool."""
    texts = [item.text for item in (*seed, *items)]
    known = Knowledge(word_classes.learn(texts), Contexts.learn(encoder, texts))
    return Recogniser.fit(seed, known=known, **SETTINGS)


def labelled(recogniser: Recogniser, items: Sequence[Utterance]) -> list[Utterance]:
    heard = recogniser.label([item.text for item in items])
    return [item._replace(slots=each.slots) for item, each in zip(items, heard)]


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

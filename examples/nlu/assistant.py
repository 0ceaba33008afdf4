"""An assistant gets a new functionality: annotated utterances of it, the pool, an encoder, and the slots it knows.

One bed (see beds.py), some draws of annotated utterances; a file OUT/F-ANNOTATED-DRAW.npz for each functionality and
draw, with the counts of every utterance of dev or test under every row. What is there already is not made again.

The commands' own functions are called, in one process, so that a text is encoded once and a CRF of the other intents is
trained once; cell.sh is a smaller cell as a pipe. The slots of the other intents are always those of their plain CRFs.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
from beds import FUNCTIONALITIES

from datasel.embedding.encoder import Encoder
from datasel.ngrams import relevance
from datasel.nlu import word_classes
from datasel.nlu.contexts import Contexts
from datasel.nlu.maxent import Maxent
from datasel.nlu.recogniser import Recogniser, Utterance, seen_of
from datasel.nlu.semantic_error import Frame, counts
from datasel.nlu.slots import NOTHING, Knowledge, Slot, Tagger, train_crf
from datasel.records.jsonl import joined

RELEVANT, CHOSEN = 2000, 1000  # labelled by the second teacher, by the first
CRF = {"c1": 0.1, "c2": 0.01, "iterations": 100}
MAXENT = {"order": 2, "bits": 16, "l2": 1e-4}
STUDENT_L2 = 5e-5  # of a classifier that learned from twice as much: the penalty is per unit of mean loss


class Cached(Encoder):
    """An encoder that remembers."""

    def words(self, texts, spans):
        memory = self.__dict__.setdefault("_memory", {})
        new = {text: spans[place] for place, text in enumerate(texts) if text not in memory}
        memory.update(zip(new, super().words(list(new), list(new.values()))))
        return [memory[text] for text in texts]


class Guide:
    """A joint recogniser of the other intents (nlu-fit --slots joint), which remembers what it found."""

    def __init__(self, data: list[Annotated], encoder: Encoder):
        utterances = [Utterance(item.text, None, item.intent, item.slots) for item in data]
        known = Knowledge(contexts=Contexts.learn(encoder, [item.text for item in data]))
        self._recogniser = Recogniser.fit(utterances, per_intent=False, **MAXENT, **CRF, known=known)
        self._memory: dict[str, Any] = {}

    def label(self, texts, _encoded=None):
        new = [text for text in dict.fromkeys(texts) if text not in self._memory]
        self._memory.update(zip(new, self._recogniser.label(new)))
        return [self._memory[text] for text in texts]


class Annotated:
    def __init__(self, record: dict):
        self.id, self.text, self.intent = record["id"], record["text"], record["intent"]
        self.slots = [Slot(s["name"], s["value"], s["start"], s["end"]) for s in record["slots"]]

    @property
    def frame(self) -> Frame:
        return Frame(None, self.intent, self.slots)


def read(path: Path) -> list[Annotated]:
    return [Annotated(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def crf(known: Knowledge, data) -> Tagger:
    found, _ = seen_of(known, [item.text for item in data])
    return Tagger(train_crf([(i.text, i.slots, c, 1) for i, c in zip(data, found)], **CRF, known=known), known)


def tag(tagger: Tagger, known: Knowledge, texts):
    return [tagger.tag(text, context) for text, context in zip(texts, seen_of(known, texts)[0])]


class Bed:
    """The data of a bed, and what is made of it once: encodings, the other intents' CRFs, guides."""

    def __init__(self, folder: Path, encoder: str, part: str):
        self.folder, self.part = folder, part
        self.encoder = Cached.load(encoder)
        self.annotated = read(folder / "annotated.jsonl")
        self.traffic = read(folder / f"traffic.{part}.jsonl")
        self.pool = [json.loads(line) for line in (folder / "pool.jsonl").read_text(encoding="utf-8").splitlines()]
        self._others: dict[str, Tagger] = {}
        self._guides: dict[str, Guide] = {}

    def other(self, intent: str) -> Tagger:
        """The CRF of another intent, plain: the same for every row."""
        if intent not in self._others:
            self._others[intent] = crf(NOTHING, [item for item in self.annotated if item.intent == intent])
        return self._others[intent]


    def guide(self, name: str) -> Guide:
        """Of all intents but this one."""
        if name not in self._guides:
            self._guides[name] = Guide([item for item in self.annotated if item.intent != name], self.encoder)
        return self._guides[name]


class Cell:
    """One functionality, one draw."""

    def __init__(self, bed: Bed, name: str, size: int, draw: int):
        self.bed, self.name = bed, name
        train = read(bed.folder / f"{name}.train.jsonl")
        random.Random(draw).shuffle(train)
        self.seed, self.hidden = train[:size], {item.id: item for item in train[size:]}
        self.others = [item for item in bed.annotated if item.intent != name]
        known = {item.id for item in (*self.seed, *self.others)}
        pool = [record for record in bed.pool if record["id"] not in known]
        rows = read(bed.folder / f"{name}.{bed.part}.jsonl")
        official = bed.folder / f"{name}.official.jsonl"
        self.official = read(official) if official.exists() and bed.part == "test" else []
        self.tests = [*rows, *(item for item in bed.traffic if item.intent != name), *self.official]
        others = len(self.tests) - len(rows) - len(self.official)
        self.kinds = np.repeat([0, 1, 2], [len(rows), others, len(self.official)])
        # relevance
        negative = [record["text"] for record in random.Random(draw).sample(pool, min(len(pool), 200 * size))]
        filter_by = relevance.fit(joined([i.text for i in self.seed]), joined(negative), "logistic", 3, 20, 1e-4)
        scores = filter_by.score(joined([record["text"] for record in pool]))
        self.relevant = [pool[place] for place in np.argsort(-scores, kind="stable")[:RELEVANT]]
        self.random = random.Random(draw).sample(pool, RELEVANT)
        self.made: dict[str, np.ndarray] = {}
        self.facts: dict[str, float] = {}

    def intents(self, more, known: Knowledge, l2: float = MAXENT["l2"]):
        """The classifier of an assistant that learns from ``more`` utterances."""
        data = [*self.others, *self.seed, *more]
        names = sorted({item.intent for item in data})
        place = {name: number for number, name in enumerate(names)}

        def vectors(texts):
            return seen_of(Knowledge(contexts=known.contexts), texts)[1]

        texts = [item.text for item in data]
        labels, settings = [place[item.intent] for item in data], {**MAXENT, "l2": l2}
        made = Maxent.fit(joined(texts), labels, len(names), np.ones(len(data)), **settings, vectors=vectors(texts))

        def of(texts):
            return [names[best] for best in made.probabilities(joined(texts), vectors(texts)).argmax(1)]

        return of

    def keeping(self, more) -> Knowledge:
        """The encoder's knowledge of all annotated text, and more of the functionality."""
        return Knowledge(contexts=Contexts.learn(self.bed.encoder, [i.text for i in (*self.seed, *more, *self.others)]))

    def row(self, name: str, intents, tagger: Tagger, known: Knowledge) -> None:
        """Every utterance of the test under an assistant; the official ones by the functionality alone as well."""
        texts = [item.text for item in self.tests]
        found = intents(texts)
        slots = tag(tagger, known, texts)
        hypotheses = []
        for text, intent, (own, _) in zip(texts, found, slots):
            hypotheses.append(Frame(None, intent, own if intent == self.name else self.bed.other(intent).tag(text)[0]))
        self.made[name] = np.array([counts(i.frame, h) for i, h in zip(self.tests, hypotheses)], np.int16)
        mine = [place for place, item in enumerate(self.tests) if item.intent == self.name]
        alone = [counts(self.tests[place].frame, Frame(None, self.name, slots[place][0])) for place in mine]
        self.made[name + ":alone"] = np.array(alone, np.int16)
        accepted = [intent == self.name != item.intent for item, intent in zip(self.tests, found)]
        self.made[name + ":accepted"] = np.array(accepted)

    def labelled(self, records, intents, tagger, known) -> list[Annotated]:
        """Pool records with the intents that a classifier gives them, and the teacher's slots if it is the new one."""
        found = [Annotated({**record, "intent": None, "slots": []}) for record in records]
        for item, intent in zip(found, intents([item.text for item in found])):
            item.intent = intent
        new = self.new(found)
        for item, (slots, _) in zip(new, tag(tagger, known, [item.text for item in new])):
            item.slots = slots
        return found

    def new(self, items) -> list[Annotated]:
        """Those of the functionality."""
        return [item for item in items if item.intent == self.name]


def semer(made: np.ndarray) -> float:
    total = made.astype(int).sum(0)
    return float((total[1] + total[2] + total[3]) / (total[0] + total[1] + total[2]))


def rows(cell: Cell) -> None:
    """Every row of the table."""
    bed, seed = cell.bed, cell.seed
    texts, relevant = [i.text for i in seed], [record["text"] for record in cell.relevant]
    # annotated only: plain; with the encoder, whose clusters are of the assistant's annotated text; with the guide too
    plain_intents = cell.intents([], NOTHING)
    cell.row("annotated", plain_intents, crf(NOTHING, seed), NOTHING)
    known = Knowledge(contexts=Contexts.learn(bed.encoder, [*texts, *(i.text for i in cell.others)]))
    encoder_intents = cell.intents([], known)
    cell.row("annotated-encoder", encoder_intents, crf(known, seed), known)
    guided = known._replace(guide=bed.guide(cell.name))
    cell.row("annotated-guide", encoder_intents, crf(guided, seed), guided)
    # word classes of the relevant text
    classes = word_classes.learn([*texts, *relevant])
    cell.row("classes", plain_intents, crf(Knowledge(classes), seed), Knowledge(classes))
    # the system: teachers that know the relevant text and what slots the assistant finds in it
    knows = Knowledge(classes, Contexts.learn(bed.encoder, [*texts, *relevant]), guide=bed.guide(cell.name))
    first, found, teacher = taught(cell, cell.relevant, encoder_intents, knows)
    student(cell, "first-round", first)
    student(cell, "system", found)
    new = cell.new(found)
    keeping = cell.keeping(new)
    cell.row("system-encoder", cell.intents(found, keeping, STUDENT_L2), crf(keeping, [*seed, *new]), keeping)
    # control: as many of the pool at random, word classes and clusters of these
    blind = [*texts, *(record["text"] for record in cell.random)]
    blind = knows._replace(classes=word_classes.learn(blind), contexts=Contexts.learn(bed.encoder, blind))
    student(cell, "random", taught(cell, cell.random, encoder_intents, blind)[1])
    cell.facts["accepted"] = len(new)
    if bed.folder.name == "snips":  # elsewhere nobody knows the truth about most of the pool
        true = {record["id"]: cell.hidden[record["id"]] for record in cell.relevant if record["id"] in cell.hidden}
        others = [item for item in found if item.intent != cell.name and item.id not in true]
        truly = [true[item.id] for item in new if item.id in true]
        student(cell, "true-labels", [*others, *truly])
        right = [record for record in cell.relevant if record["id"] in true]
        selected = cell.labelled(right, lambda texts: [cell.name] * len(texts), teacher, knows)
        student(cell, "true-selection", [*others, *selected])
        cell.facts["precision"] = len(truly) / max(1, len(new))
        cell.facts["precision of relevance"] = len(right) / len(relevant)
        cell.facts["recall of relevance"] = len(right) / len(cell.hidden)


def taught(cell: Cell, selected: list[dict], intents, knows: Knowledge) -> tuple[list, list, Tagger]:
    """What two teachers said, and the second.  The first learned from the annotated data, and labels the first half of
    what was selected where ``intents`` takes it for the functionality; the second learned from that too, labels all."""
    first = cell.labelled(selected[:CHOSEN], intents, crf(knows, cell.seed), knows)
    new = cell.new(first)
    teacher = crf(knows, [*cell.seed, *new])
    return first, cell.labelled(selected, cell.intents(new, cell.keeping(new)), teacher, knows), teacher


def student(cell: Cell, name: str, found: list) -> None:
    """An assistant without the encoder that learns what the teacher said: intents of all, slots of the new one."""
    tagger = crf(NOTHING, [*cell.seed, *cell.new(found)])
    cell.row(name, cell.intents(found, NOTHING, STUDENT_L2), tagger, NOTHING)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bed", type=Path, help="a folder of beds.py")
    parser.add_argument("encoder", help="a file of datasel encoder")
    parser.add_argument("out", type=Path)
    parser.add_argument("--annotated", type=int, default=50)
    parser.add_argument("--draws", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--part", default="test", help="dev or test")
    where = parser.parse_args()
    where.out.mkdir(parents=True, exist_ok=True)
    bed = None
    for draw in where.draws:
        for name in FUNCTIONALITIES[where.bed.name]:
            path = where.out / f"{name}-{where.annotated}-{draw}.npz"
            if path.exists():
                continue
            bed = bed or Bed(where.bed, where.encoder, where.part)
            begin = time.process_time()
            cell = Cell(bed, name, where.annotated, draw)
            rows(cell)
            cell.facts["seconds"] = time.process_time() - begin
            temporary = path.with_suffix(".tmp.npz")
            np.savez_compressed(temporary, kinds=cell.kinds, facts=json.dumps(cell.facts), **cell.made)
            temporary.rename(path)
            print(where.bed.name, where.annotated, draw, name,
                  *(f"{row} {semer(made[cell.kinds == 0]):.3f}" for row, made in cell.made.items() if ":" not in row),
                  {key: round(value, 2) for key, value in cell.facts.items()}, flush=True)  # fmt: skip


if __name__ == "__main__":
    main()

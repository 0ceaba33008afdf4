"""Slots as labelled tokens: B-name begins a slot, I-name continues it, O is outside."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from datasel.nlu.word_classes import WordClasses
from datasel.records.parallel import run_apart
from datasel.text.words import tokens


class Slot(NamedTuple):
    """A typed span of an utterance; offsets in code points, end exclusive."""

    name: str
    value: str
    start: int
    end: int


def encode_labels(spans: Sequence[tuple[int, int]], slots: Iterable[Slot]) -> list[str]:
    """One label a token.  A slot covers every token it touches; of overlapping slots the first keeps its tokens."""
    labels = ["O"] * len(spans)
    for slot in slots:
        prefix = "B-"
        for index, (start, end) in enumerate(spans):
            if start < slot.end and end > slot.start and labels[index] == "O":
                labels[index] = prefix + slot.name
                prefix = "I-"
    return labels


def decode_labels(text: str, spans: Sequence[tuple[int, int]], labels: Sequence[str]) -> list[Slot]:
    """The slots of one labelled text; an I- that continues nothing begins a slot."""
    found: list[Slot] = []
    previous = "O"
    for (start, end), label in zip(spans, labels):
        if label != "O":
            name = label[2:]
            if label[0] == "I" and previous[2:] == name:
                start = found.pop().start
            found.append(Slot(name, text[start:end], start, end))
        previous = label
    return found


def features(text: str, spans: Sequence[tuple[int, int]], classes: WordClasses | None = None) -> list[list[str]]:
    """For each token: itself, its neighbours up to two away, pairs of neighbours, affixes, shape; word classes."""
    raw = [text[start:end] for start, end in spans]
    words = ["<s>", "<s>", *(word.lower() for word in raw), "</s>", "</s>"]
    shapes = ["", *map(_shape, raw), ""]
    rows = []
    for index in range(len(raw)):
        before2, before, word, after, after2 = words[index : index + 5]
        rows.append([
            "b", "w=" + word, "-1=" + before, "+1=" + after, "-2=" + before2, "+2=" + after2,
            "-10=" + before + " " + word, "+01=" + word + " " + after, "-21=" + before2 + " " + before,
            "+12=" + after + " " + after2, "p2=" + word[:2], "p3=" + word[:3], "s2=" + word[-2:],
            "s3=" + word[-3:], "s4=" + word[-4:], "x=" + shapes[index + 1], "x-1=" + shapes[index],
            "x+1=" + shapes[index + 2],
        ])  # fmt: skip
    for cut, ids in enumerate(zip(*map(classes.of, raw)) if classes else ()):
        named = ["<s>", *ids, "</s>"]
        for row, before, here, after in zip(rows, named, named[1:], named[2:]):
            row += [f"c{cut}={here}", f"c{cut}-1={before}", f"c{cut}+1={after}"]
    return rows


def _shape(word: str) -> str:
    if word.isdigit():
        return f"d{min(len(word), 5)}"
    if word.isupper():
        return "XX" if len(word) > 1 else "X"
    if word[0].isupper():
        return "Xx"
    if word.isalpha():
        return "x"
    return "x+" if any(map(str.isalnum, word)) else word[0]


def train_crf(
    texts: Iterable[tuple[str, Iterable[Slot]]],
    *,
    c1: float,
    c2: float,
    iterations: int,
    classes: WordClasses | None = None,
    tell: Callable[[str], None] = lambda _message: None,
) -> bytes:
    """A CRFsuite model (linear-chain CRF, L-BFGS with elastic net) of the labels of ``texts``, as bytes.

    ``tell`` hears of every iteration.
    """
    import pycrfsuite

    class Trainer(pycrfsuite.BaseTrainer):
        def message(self, message: str) -> None:
            if "Iteration #" in message:
                tell(message.strip(" *\n"))

    trainer = Trainer("lbfgs", {"c1": c1, "c2": c2, "max_iterations": iterations})
    trainer.set("feature.possible_transitions", True)
    for text, slots in texts:
        spans = tokens(text)
        if spans:
            trainer.append(pycrfsuite.ItemSequence(features(text, spans, classes)), encode_labels(spans, slots))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "crf")

        def train() -> None:
            trainer.train(path)
            pycrfsuite.Tagger().open(path)

        # apart: CRFsuite does not hear Ctrl-C, does not say when a write failed, and crashes on what it wrote then
        run_apart(train, "CRFsuite could not train or write its model (is TMPDIR full?)")
        with open(path, "rb") as file:
            return file.read()


def _is_whole(crf: bytes) -> bool:
    """Whether a CRFsuite model is as long as its header says; CRFsuite itself crashes on one that is cut off."""
    return crf[:4] == b"lCRF" and int.from_bytes(crf[4:8], "little") == len(crf)


class Tagger:
    """A trained CRF put to work."""

    def __init__(self, model: bytes, classes: WordClasses | None = None):
        """Raises ValueError for a model that is cut off."""
        import pycrfsuite

        if not _is_whole(model):
            raise ValueError("not a CRFsuite model")
        self._classes = classes
        self._model = model  # CRFsuite reads from it as long as it lives
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)

    def tag(self, text: str) -> tuple[list[Slot], float]:
        """``(slots, probability)`` of the best label sequence."""
        import pycrfsuite

        spans = tokens(text)
        if not spans:
            return [], 1.0
        labels = self._tagger.tag(pycrfsuite.ItemSequence(features(text, spans, self._classes)))
        return decode_labels(text, spans, labels), self._tagger.probability(labels)

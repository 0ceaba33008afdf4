"""Slots as labelled tokens: B-name begins a slot, I-name continues it, O is outside."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from datasel.nlu import crf_file
from datasel.nlu.contexts import DIMENSIONS, Context, Contexts
from datasel.nlu.gazetteer import Gazetteer
from datasel.nlu.word_classes import WordClasses
from datasel.records.parallel import run_apart
from datasel.text.words import form, tokens

_DENSE = [f"v{number}" for number in range(DIMENSIONS)]  # names of the features that are numbers


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


class Knowledge(NamedTuple):
    """What is known of words beside the annotated data: word classes, words in context, lists of values, and the slots
    that another recogniser finds (guide features, as in stacking: Nivre and McDonald, ACL 2008)."""

    classes: WordClasses | None = None
    contexts: Contexts | None = None
    gazetteer: Gazetteer | None = None
    guide: Any = None  # a Recogniser


class Seen(NamedTuple):
    """Of one text: its words in context, and their labels by the guide; what there is."""

    context: Context | None = None
    guided: Sequence[str] = ()


NOTHING = Knowledge()
UNSEEN = Seen()


def features(
    text: str, spans: Sequence[tuple[int, int]], known: Knowledge = NOTHING, seen: Seen = UNSEEN
) -> list:
    """For each token: itself, its neighbours up to two away, pairs of neighbours, affixes, shape; what is known of it.

    Lists of names; where ``seen`` has a context mappings of names to numbers.
    """
    raw = [text[start:end] for start, end in spans]
    words = ["<s>", "<s>", *map(form, raw), "</s>", "</s>"]
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
    if known.classes:
        _add_numbered(rows, "c", zip(*map(known.classes.of, raw)))
    if known.gazetteer:
        listed = known.gazetteer.of(words[2:-2])
        for row, before, here, after in zip(rows, [[], *listed], listed, [*listed[1:], []]):
            row += [f"g={each}" for each in here]
            row += [f"g-1={each}" for each in before] + [f"g+1={each}" for each in after]
    if seen.guided:
        named = ["<s>", *seen.guided, "</s>"]
        for row, before, here, after in zip(rows, named, named[1:], named[2:]):
            row += [f"o={here}", f"on={here[2:]}", f"o-1={before}", f"o+1={after}", f"o01={here} {after}"]
    if seen.context is None:
        return rows
    _add_numbered(rows, "k", seen.context.clusters.T.tolist())
    dense = seen.context.dense.tolist()
    return [{**dict.fromkeys(row, 1.0), **dict(zip(_DENSE, numbers))} for row, numbers in zip(rows, dense)]


def _add_numbered(rows: list[list[str]], prefix: str, numberings: Iterable[Sequence]) -> None:
    """The numbers of each token and its neighbours, by one numbering after the other."""
    for cut, ids in enumerate(numberings):
        named = ["<s>", *ids, "</s>"]
        for row, before, here, after in zip(rows, named, named[1:], named[2:]):
            row += [f"{prefix}{cut}={here}", f"{prefix}{cut}-1={before}", f"{prefix}{cut}+1={after}"]


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
    texts: Iterable[tuple[str, Iterable[Slot], Seen, int]],
    *,
    c1: float,
    c2: float,
    iterations: int,
    known: Knowledge = NOTHING,
    tell: Callable[[str], None] = lambda _message: None,
) -> bytes:
    """A CRFsuite model (linear-chain CRF, L-BFGS with elastic net) of the labels of ``texts``, as bytes.

    Each is a text, its slots, what is known of it, and how many times it counts.

    ``tell`` hears of every iteration.
    """
    import pycrfsuite

    class Trainer(pycrfsuite.BaseTrainer):
        def message(self, message: str) -> None:
            if "Iteration #" in message:
                tell(message.strip(" *\n"))

    trainer = Trainer("lbfgs", {"c1": c1, "c2": c2, "max_iterations": iterations})
    trainer.set("feature.possible_transitions", True)
    for text, slots, seen, times in texts:
        spans = tokens(text)
        if spans:
            rows, labels = pycrfsuite.ItemSequence(features(text, spans, known, seen)), encode_labels(spans, slots)
            for _ in range(times):
                trainer.append(rows, labels)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "crf")

        def train() -> None:
            trainer.train(path)
            pycrfsuite.Tagger().open(path)

        # apart: CRFsuite does not hear Ctrl-C, does not say when a write failed, and crashes on what it wrote then
        run_apart(train, "CRFsuite could not train or write its model (is TMPDIR full?)")
        with open(path, "rb") as file:
            return file.read()


class Tagger:
    """A trained CRF put to work."""

    def __init__(self, model: bytes, known: Knowledge = NOTHING):
        """Raises ValueError for a model that is damaged."""
        import pycrfsuite

        try:
            crf_file.check(model)
        except (struct.error, IndexError):
            raise ValueError from None
        self._known = known
        self._model = model  # CRFsuite reads from it as long as it lives
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)
        self._knows = bool(self._tagger.labels())  # not of texts without words alone: CRFsuite would crash
        self._tagger.set(pycrfsuite.ItemSequence([["b"]]))
        try:
            for label in self._tagger.labels():
                self._tagger.probability([label])  # finds it by its hash
        except RuntimeError:
            raise ValueError from None

    def tag(self, text: str, seen: Seen = UNSEEN) -> tuple[list[Slot], float]:
        """``(slots, probability)`` of the best label sequence."""
        import pycrfsuite

        spans = tokens(text)
        if not spans or not self._knows:
            return [], 1.0
        labels = self._tagger.tag(pycrfsuite.ItemSequence(features(text, spans, self._known, seen)))
        return decode_labels(text, spans, labels), self._tagger.probability(labels)

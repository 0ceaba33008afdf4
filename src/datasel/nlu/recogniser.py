"""The recogniser: domain and intent by maximum entropy, slots by a linear-chain CRF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from datasel.nlu.maxent import Maxent
from datasel.nlu.slots import Slot, Tagger, train_crf
from datasel.nlu.word_classes import WordClasses
from datasel.records import modelfile
from datasel.records.jsonl import joined
from datasel.text.words import words

KIND = "nlu-recogniser"


class Utterance(NamedTuple):
    """One annotated utterance."""

    text: str
    domain: str | None
    intent: str
    slots: list[Slot]
    weight: int = 1


class Hypothesis(NamedTuple):
    """What the recogniser makes of a text.

    ``confidence``: p(domain, intent) * p(slots | domain, intent), 0 to 1, six decimals; 0 of a text without words.
    """

    domain: str | None
    intent: str
    slots: list[Slot]
    confidence: float


class Recogniser:
    """``classes``: the (domain, intent) pairs; ``crfs``: a CRFsuite model for each, or one for all."""

    def __init__(
        self,
        classes: list[tuple[str | None, str]],
        maxent: Maxent,
        crfs: list[bytes],
        word_classes: WordClasses | None = None,
    ):
        self.classes, self.maxent, self.crfs, self.word_classes = classes, maxent, crfs, word_classes
        self._taggers = [Tagger(crf, word_classes) for crf in crfs]

    @classmethod
    def fit(
        cls, data: Sequence[Utterance], *, per_intent: bool, order: int, bits: int, l2: float, c1: float, c2: float,
        iterations: int, word_classes: WordClasses | None = None, tell: Callable[[str], None] = lambda _message: None,
    ) -> Recogniser:  # fmt: skip
        """``per_intent``: a CRF for the slots of each class, else one for all.  ``tell`` hears of the progress."""
        classes = sorted({(item.domain, item.intent) for item in data}, key=lambda pair: (pair[0] or "", pair[1]))
        number = {pair: index for index, pair in enumerate(classes)}
        label = [number[item.domain, item.intent] for item in data]
        weight = np.array([item.weight for item in data], float)
        texts = joined([item.text for item in data])
        maxent = Maxent.fit(texts, label, len(classes), weight, order=order, bits=bits, l2=l2)
        groups = [[] for _ in classes] if per_intent else [[]]
        for item, index in zip(data, label):
            groups[index if per_intent else 0] += [(item.text, item.slots)] * item.weight
        crfs = []
        for done, group in enumerate(groups, 1):
            settings = {"c1": c1, "c2": c2, "iterations": iterations, "classes": word_classes}
            crfs.append(train_crf(group, **settings, tell=partial(_tell, tell, f"CRF {done} of {len(groups)}")))
        return cls(classes, maxent, crfs, word_classes)

    def label(self, texts: Sequence[str]) -> list[Hypothesis]:
        """A hypothesis for each text; it depends on that text alone."""
        if not texts:
            return []
        probability = self.maxent.probabilities(joined(texts))
        found = []
        for text, row in zip(texts, probability):
            best = int(row.argmax())
            slots, sure = self._taggers[best if len(self._taggers) > 1 else 0].tag(text)
            sure = sure if words(text) else 0.0  # nothing speaks for any intent
            found.append(Hypothesis(*self.classes[best], slots, round(float(row[best]) * sure, 6)))
        return found

    def to_bytes(self, signature: str, settings: dict[str, Any]) -> bytes:
        """The model file; ``settings`` are facts of the training that travel along."""
        facts = {"classes": self.classes, "order": self.maxent.order, "bits": self.maxent.bits}
        arrays = {
            "columns": self.maxent.columns,
            "weights": self.maxent.weights.astype(np.float32),
            "bias": self.maxent.bias,
            **{f"crf{index}": crf for index, crf in enumerate(self.crfs)},
        }
        if self.word_classes:
            arrays["words"] = "\n".join(self.word_classes.words).encode()
            arrays["word_classes"] = self.word_classes.labels
        return modelfile.pack(KIND, signature, {**settings, **facts, "crfs": len(self.crfs)}, arrays)

    @classmethod
    def load(cls, path: str) -> Recogniser:
        """Raises ModelError unless ``path`` is a sound model that nlu-fit made."""
        return modelfile.load(path, KIND, cls._build)

    @classmethod
    def _build(cls, facts: dict[str, Any], arrays: dict[str, Any]) -> Recogniser:
        maxent = Maxent(arrays["columns"], arrays["weights"], arrays["bias"], int(facts["order"]), int(facts["bits"]))
        crfs = [arrays[f"crf{index}"].tobytes() for index in range(facts["crfs"])]
        classes = [(domain, str(intent)) for domain, intent in facts["classes"]]
        shapes = (maxent.weights.shape, maxent.bias.shape, len(crfs))
        if shapes not in [((len(maxent.columns), len(classes)), (len(classes),), n) for n in (1, len(classes))]:
            raise ValueError
        word_classes = None
        if "words" in arrays:
            known = arrays["words"].tobytes().decode().split("\n")
            if len(known) != len(arrays["word_classes"]):
                raise ValueError
            word_classes = WordClasses(known, arrays["word_classes"])
        return cls(classes, maxent, crfs, word_classes)


def _tell(tell: Callable[[str], None], what: str, message: str) -> None:
    tell(f"{what}, {message}")

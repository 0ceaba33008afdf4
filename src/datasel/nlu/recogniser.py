"""The recogniser: domain and intent by maximum entropy, slots by a linear-chain CRF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from datasel.embedding.encoder import Encoder
from datasel.errors import ModelError
from datasel.nlu.contexts import Contexts
from datasel.nlu.gazetteer import Gazetteer
from datasel.nlu.maxent import Maxent
from datasel.nlu.slots import NOTHING, UNSEEN, Knowledge, Seen, Slot, Tagger, encode_labels, train_crf
from datasel.nlu.word_classes import WordClasses
from datasel.records import modelfile
from datasel.records.jsonl import joined
from datasel.records.streams import content
from datasel.text.words import tokens, words

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
        self, classes: list[tuple[str | None, str]], maxent: Maxent, crfs: list[bytes], known: Knowledge = NOTHING
    ):
        self.classes, self.maxent, self.crfs, self.known = classes, maxent, crfs, known
        self.file = b""  # what it was read from
        self._taggers = [Tagger(crf, known) for crf in crfs]

    @classmethod
    def fit(
        cls, data: Sequence[Utterance], *, per_intent: bool, order: int, bits: int, l2: float, c1: float, c2: float,
        iterations: int, known: Knowledge = NOTHING, tell: Callable[[str], None] = lambda _message: None,
    ) -> Recogniser:  # fmt: skip
        """``per_intent``: a CRF for the slots of each class, else one for all.  ``tell`` hears of the progress."""
        classes = sorted({(item.domain, item.intent) for item in data}, key=lambda pair: (pair[0] or "", pair[1]))
        number = {pair: index for index, pair in enumerate(classes)}
        label = [number[item.domain, item.intent] for item in data]
        weight = np.array([item.weight for item in data], float)
        texts = [item.text for item in data]
        seen, vectors = seen_of(known, texts)
        maxent = Maxent.fit(joined(texts), label, len(classes), weight, order=order, bits=bits, l2=l2, vectors=vectors)
        groups = [[] for _ in classes] if per_intent else [[]]
        for item, one, index in zip(data, seen, label):
            groups[index if per_intent else 0].append((item.text, item.slots, one, item.weight))
        crfs = []
        for done, group in enumerate(groups, 1):
            settings = {"c1": c1, "c2": c2, "iterations": iterations, "known": known}
            crfs.append(train_crf(group, **settings, tell=partial(_tell, tell, f"CRF {done} of {len(groups)}")))
        return cls(classes, maxent, crfs, known)

    def label(self, texts: Sequence[str], encoded: Sequence[np.ndarray] | None = None) -> list[Hypothesis]:
        """A hypothesis for each text; it depends on that text alone.  ``encoded``: what the encoder makes of them, if
        that is known."""
        if not texts:
            return []
        seen, vectors = seen_of(self.known, texts, encoded)
        probability = self.maxent.probabilities(joined(texts), vectors)
        found = []
        for text, one, row in zip(texts, seen, probability):
            best = int(row.argmax())
            slots, sure = self._taggers[best if len(self._taggers) > 1 else 0].tag(text, one)
            sure = sure if words(text) else 0.0  # nothing speaks for any intent
            found.append(Hypothesis(*self.classes[best], slots, round(float(row[best]) * sure, 6)))
        return found

    def to_bytes(self, signature: str, settings: dict[str, Any]) -> bytes:
        """The model file; ``settings`` are facts of the training that travel along."""
        listed = self.known.gazetteer.entries if self.known.gazetteer else []
        guide = self.known.guide
        facts = {"classes": self.classes, "order": self.maxent.order, "bits": self.maxent.bits}
        facts |= {"gazetteer": listed, "guide": guide is not None}
        arrays = {
            "columns": self.maxent.columns,
            "weights": self.maxent.weights.astype(np.float32),
            "bias": self.maxent.bias,
            **{f"crf{index}": crf for index, crf in enumerate(self.crfs)},
        }
        if self.known.classes:
            arrays["words"] = "\n".join(self.known.classes.words).encode()
            arrays["word_classes"] = self.known.classes.labels
        if self.known.contexts:
            facts["encoder"] = self.known.contexts.encoder.digest
            arrays |= self.known.contexts.arrays()
        if guide:
            arrays["guide"] = guide.file
        return modelfile.pack(KIND, signature, {**settings, **facts, "crfs": len(self.crfs)}, arrays)

    @classmethod
    def load(cls, path: str, encoder: Encoder | None = None) -> Recogniser:
        """Raises ModelError unless ``path`` is a sound model that nlu-fit made, and the encoder the one it needs."""
        return cls._load(path, content(path), encoder)

    @classmethod
    def load_guide(cls, path: str, encoder: Encoder | None) -> Recogniser:
        """The same, to guide another one; ModelError too if it has a guide itself."""
        return cls._load(path, content(path), encoder, guiding=True)

    @classmethod
    def _load(cls, path: str, data: bytes, encoder: Encoder | None, guiding: bool = False) -> Recogniser:
        facts, arrays, made = modelfile.load(
            path, KIND, lambda facts, arrays: (facts, arrays, cls._build(facts, arrays)), data
        )
        made.file = data
        if "guide" in arrays:
            if guiding:
                raise ModelError(f"{path}: the guide has a guide itself; take one that has none")
            guide = cls._load(path, arrays["guide"].tobytes(), encoder, guiding=True)
            made.known = made.known._replace(guide=guide)
        wanted = facts.get("encoder")
        if wanted and (encoder is None or encoder.digest != wanted):
            said = "give it with --encoder" if encoder is None else f"not {encoder.digest}"
            raise ModelError(f"{path}: was trained with the encoder {wanted}; {said}")
        if wanted:
            made.known.contexts.encoder = encoder
        return made

    @classmethod
    def _build(cls, facts: dict[str, Any], arrays: dict[str, Any]) -> Recogniser:
        order, bits = modelfile.whole(facts["order"], 1, 9), modelfile.whole(facts["bits"], 1, 28)
        maxent = Maxent(arrays["columns"], arrays["weights"], arrays["bias"], order, bits)
        modelfile.moderate(maxent.weights, maxent.bias)
        if maxent.columns.dtype.kind not in "iu" or maxent.columns.ndim != 1 or (maxent.columns < 0).any():
            raise ValueError
        crfs = [arrays[f"crf{index}"].tobytes() for index in range(facts["crfs"])]
        classes = [(domain, str(intent)) for domain, intent in facts["classes"]]
        shapes = (maxent.weights.shape, maxent.bias.shape, len(crfs))
        if shapes not in [((len(maxent.columns), len(classes)), (len(classes),), n) for n in (1, len(classes))]:
            raise ValueError
        word_classes = None
        if "words" in arrays:
            known = arrays["words"].tobytes().decode().split("\n")
            shape, kind = arrays["word_classes"].shape, arrays["word_classes"].dtype.kind
            if len(shape) != 2 or shape[0] != len(known) or kind not in "iu":
                raise ValueError
            word_classes = WordClasses(known, arrays["word_classes"])
        contexts = Contexts.build(arrays) if facts.get("encoder") else None
        width = (1 << maxent.bits) + (contexts.texts.axes.shape[1] if contexts else 0)
        if ("guide" in arrays) != facts.get("guide", False):
            raise ValueError
        if ("word_mean" in arrays) != (contexts is not None) or not (maxent.columns < width).all():
            raise ValueError
        entries = [(str(name), str(value)) for name, value in facts["gazetteer"]]
        return cls(classes, maxent, crfs, Knowledge(word_classes, contexts, Gazetteer(entries) if entries else None))


def seen_of(
    known: Knowledge, texts: Sequence[str], encoded: Sequence[np.ndarray] | None = None
) -> tuple[list[Seen], np.ndarray | None]:
    """What is known of the words of each text, and the vectors of the texts (texts x dimensions); None without encoder.

    ``encoded``: what the encoder makes of the texts, if that is known.
    """
    if not (known.contexts or known.guide):
        return [UNSEEN] * len(texts), None
    spans = [tokens(text) for text in texts]
    contexts, guided, vectors = [None] * len(texts), [()] * len(texts), None
    if known.contexts:
        encoded = known.contexts.encoder.words(texts, spans) if encoded is None else encoded
        contexts = known.contexts.of(encoded)
        vectors = np.stack([each.text for each in contexts])
    if known.guide:
        found = known.guide.label(texts, encoded)
        guided = [encode_labels(each, hypothesis.slots) for each, hypothesis in zip(spans, found)]
    return list(map(Seen, contexts, guided)), vectors


def _tell(tell: Callable[[str], None], what: str, message: str) -> None:
    tell(f"{what}, {message}")

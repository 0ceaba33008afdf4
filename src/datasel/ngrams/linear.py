"""The linear relevance model: a weight for every hashed n-gram, summed up over an utterance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from datasel.ngrams.hashing import Words, hash_words, ngrams
from datasel.records import modelfile
from datasel.text.words import words

KIND = "ngram-linear"
METHODS = ("logistic", "importance")


_PART = 1 << 16  # characters scored at a time, so that what is made of them stays in a core's cache


@dataclass
class LinearModel:
    """``weights`` (float32, one a bucket) and ``bias``; natural-log units: bias + sum of weights is a log-odds."""

    weights: np.ndarray
    bias: float
    order: int
    method: str

    @property
    def bits(self) -> int:
        return len(self.weights).bit_length() - 1

    def score(self, joined: str, aggregate: str = "sum") -> np.ndarray:
        """float64, one score a record of ``joined`` (see records.jsonl.joined); higher is more relevant.

        sum: bias plus the weights of all n-grams.  mean: their sum over their number (0 for a text without
        words; no bias).  max: the largest (likewise).
        """
        parts = [self._score(hash_words(part), aggregate) for part in _parts(joined)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _score(self, found: Words, aggregate: str) -> np.ndarray:
        if aggregate == "max":
            return self._highest(found)
        # all n-grams that begin at a word, added up there first, so that texts are summed up once
        each = np.zeros(len(found.hashes), np.float32)
        count = np.zeros(len(found.hashes), np.int8)
        for bucket, whole in ngrams(found, self.order, self.bits):
            weight = self.weights.take(bucket)
            weight *= whole
            each[: len(weight)] += weight
            if aggregate == "mean":
                count[: len(whole)] += whole
        total = np.bincount(found.record, each, found.records)
        if aggregate == "mean":
            return total / np.maximum(np.bincount(found.record, count, found.records), 1)
        return total + self.bias

    def _highest(self, found: Words) -> np.ndarray:
        highest = np.full(found.records, -np.inf)
        for bucket, whole in ngrams(found, self.order, self.bits):
            np.maximum.at(highest, found.record[: len(whole)][whole], self.weights[bucket[whole]])
        return np.where(np.isfinite(highest), highest, 0.0)

    def explain(self, text: str) -> list[tuple[str, float]]:
        """The n-grams of one text with their weights, in the order they stand, shorter ones first."""
        spelled = words(text)
        found = hash_words(text.replace("\n", " ") + "\n")
        return [
            (" ".join(spelled[place : place + length]), round(float(self.weights[slot]), 6))
            for length, (bucket, _) in enumerate(ngrams(found, self.order, self.bits), 1)
            for place, slot in enumerate(bucket.tolist())
        ]

    def to_bytes(self, signature: str, settings: dict) -> bytes:
        """The model file; ``settings`` are facts of the training that travel along."""
        used = np.flatnonzero(self.weights)
        facts = {"order": self.order, "bits": self.bits, "bias": self.bias, "method": self.method}
        arrays = {"bucket": used.astype(np.uint32), "weight": self.weights[used]}
        return modelfile.pack(KIND, signature, {**settings, **facts}, arrays)

    @classmethod
    def load(cls, path: str) -> LinearModel:
        """Raises ModelError unless ``path`` is a sound model that ngram-fit made."""
        return modelfile.load(path, KIND, cls._build)

    @classmethod
    def _build(cls, facts: dict, arrays: dict) -> LinearModel:
        if facts["method"] not in METHODS:
            raise ValueError
        bits, order = modelfile.whole(facts["bits"], 1, 28), modelfile.whole(facts["order"], 1, 9)
        bucket, weight = arrays["bucket"], arrays["weight"]
        if bucket.ndim != 1 or bucket.shape != weight.shape:
            raise ValueError
        if bucket.dtype.kind not in "iu":
            raise ValueError
        if len(bucket) and not 0 <= int(bucket.min()) <= int(bucket.max()) < 1 << bits:
            raise ValueError
        weights = np.zeros(1 << bits, np.float32)
        weights[bucket] = weight
        bias = float(facts["bias"])
        modelfile.moderate(weight, weights, np.array(bias))
        return cls(weights, bias, order, facts["method"])


def _parts(joined: str) -> Iterator[str]:
    """The text cut after a line end about every _PART characters."""
    begin = 0
    while begin < len(joined):
        end = joined.find("\n", begin + _PART) + 1 or len(joined)
        yield joined[begin:end]
        begin = end

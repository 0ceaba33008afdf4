"""How often each hashed n-gram is in wanted and in general text: what importance weights are made of.

Counts of parts of the general text add up to those of the whole, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from datasel.errors import ModelError
from datasel.ngrams.hashing import hash_words, ngrams
from datasel.ngrams.linear import LinearModel
from datasel.ngrams.sampling import Positives
from datasel.records import modelfile
from datasel.records.jsonl import Records, joined

KIND = "ngram-counts"
_EPSILON = 1e-8  # DSIR's floor under a bucket's probability


def bucket_counts(joined: str, order: int, bits: int) -> np.ndarray:
    """int64 (2**bits): the n-grams of 1 to ``order`` words of texts (see records.jsonl.joined), by bucket."""
    total = np.zeros(1 << bits, np.int64)
    for bucket, whole in ngrams(hash_words(joined), order, bits):
        total += np.bincount(bucket[whole], minlength=1 << bits)
    return total


def weights(wanted: np.ndarray, general: np.ndarray) -> np.ndarray:
    """float64: ln p(bucket | wanted) - ln p(bucket | general), of counts (Xie et al., DSIR, NeurIPS 2023)."""
    target, raw = (counts / max(counts.sum(), 1) for counts in (wanted, general))
    return np.log(target + _EPSILON) - np.log(raw + _EPSILON)


@dataclass
class Counts:
    """``wanted`` and ``general`` (int64, 2**bits), and of how many texts they are."""

    order: int
    bits: int
    positives: int
    wanted: np.ndarray
    negatives: int
    general: np.ndarray

    @classmethod
    def of(
        cls, positive: Iterable[tuple[Records, str]], negative: Iterable[tuple[Records, str]], order: int, bits: int
    ) -> Counts:
        """Of streams of (records, field).  Negatives made of the same words as a positive are left out."""
        made = cls(order, bits, 0, np.zeros(1 << bits, np.int64), 0, np.zeros(1 << bits, np.int64))
        positives = Positives()
        for records, field in positive:
            text = records.joined(field)
            made.positives += len(records)
            made.wanted += bucket_counts(text, order, bits)
            positives.add(text)
        for records, field in negative:
            text = records.joined(field)
            fresh = positives.fresh(text)
            if not fresh.all():
                text = joined([each for each, new in zip(records.column(field), fresh) if new])
            made.negatives += int(fresh.sum())
            made.general += bucket_counts(text, order, bits)
        return made

    @classmethod
    def merged(cls, paths: Iterable[str]) -> Counts:
        """What files hold: the same positives in each, the negatives added up.

        Raises ModelError for a file that is no sound one, or whose positives or settings are others.
        """
        first, *rest = paths
        made = modelfile.load(first, KIND, cls._build)
        for path in rest:
            more = modelfile.load(path, KIND, cls._build)
            if (more.order, more.bits) != (made.order, made.bits):
                told = f"--order {more.order} --bits {more.bits}, in {first} {made.order} and {made.bits}"
                raise ModelError(f"{path}: counts with {told}")
            if more.positives != made.positives or (more.wanted != made.wanted).any():
                raise ModelError(f"{path}: the positives are not those of {first}")
            made.negatives += more.negatives
            made.general += more.general
        return made

    def model(self) -> LinearModel:
        """The model of importance weights."""
        return LinearModel(weights(self.wanted, self.general).astype(np.float32), 0.0, self.order, "importance")

    def to_bytes(self, signature: str) -> bytes:
        """A file for :meth:`merged`."""
        settings = {name: getattr(self, name) for name in ("order", "bits", "positives", "negatives")}
        return modelfile.pack(KIND, signature, settings, {"wanted": self.wanted, "general": self.general})

    @classmethod
    def _build(cls, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> Counts:
        order, bits = modelfile.whole(settings["order"], 1, 9), modelfile.whole(settings["bits"], 8, 26)
        texts = [modelfile.whole(settings[name], 0, 1 << 62) for name in ("positives", "negatives")]
        wanted, general = arrays["wanted"], arrays["general"]
        for counts, count in zip((wanted, general), texts):
            if counts.dtype != np.int64 or counts.shape != (1 << bits,):
                raise ValueError
            if counts.min() < 0 or not count and counts.any():
                raise ValueError
        return cls(order, bits, texts[0], wanted, texts[1], general)

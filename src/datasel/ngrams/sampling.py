"""The positives and a sample of the negatives, taken from streams."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from datasel.ngrams.hashing import hash_words, record_hashes
from datasel.records.jsonl import Records
from datasel.records.seeding import generator
from datasel.selection.topk import TopK


class Positives:
    """Which texts are made of the same words as a positive."""

    def __init__(self):
        self._known = np.empty(0, np.uint64)

    def add(self, texts: str) -> None:
        """Positives (see records.jsonl.joined)."""
        self._known = np.union1d(self._known, record_hashes(hash_words(texts)))

    def fresh(self, texts: str) -> np.ndarray:
        """bool, one for each text: whether it is made of other words than all positives."""
        return ~np.isin(record_hashes(hash_words(texts)), self._known)


def positives_and_negatives(
    positive: Iterable[tuple[Records, str]], negative: Iterable[tuple[Records, str]], ratio: float, seed: int
) -> tuple[list[str], list[str]]:
    """All positive texts, and a uniform sample of at most ``ratio`` negatives for each of them.

    Both come as (records, field).  Negatives made of the same words as a positive are left out.
    """
    wanted: list[str] = []
    positives = Positives()
    for records, field in positive:
        wanted += records.column(field)
        positives.add(records.joined(field))
    sample = TopK(int(np.ceil(ratio * len(wanted))))
    draws = generator(seed, "negatives")
    seen = 0
    for records, field in negative:
        fresh = positives.fresh(records.joined(field))
        scores = np.where(fresh, draws.random(len(fresh)), -1.0)
        texts = records.column(field)
        chosen = np.flatnonzero(fresh)
        sample.offer(scores[chosen], seen + chosen, lambda index, texts=texts, chosen=chosen: texts[chosen[index]])
        seen += len(fresh)
    return wanted, sample.result()[1]

"""The positives and a sample of the negatives, taken from streams."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from datasel.ngrams.hashing import hash_words, record_hashes
from datasel.records.jsonl import Records
from datasel.records.seeding import generator
from datasel.selection.topk import TopK


def positives_and_negatives(
    positive: Iterable[tuple[Records, str]], negative: Iterable[tuple[Records, str]], ratio: float, seed: int
) -> tuple[list[str], list[str]]:
    """All positive texts, and a uniform sample of at most ``ratio`` negatives for each of them.

    Both come as (records, field).  Negatives made of the same words as a positive are left out.
    """
    wanted: list[str] = []
    known = np.empty(0, np.uint64)
    for records, field in positive:
        wanted += records.column(field)
        known = np.union1d(known, record_hashes(hash_words(records.joined(field))))
    sample = TopK(int(np.ceil(ratio * len(wanted))))
    draws = generator(seed, "negatives")
    seen = 0
    for records, field in negative:
        fresh = ~np.isin(record_hashes(hash_words(records.joined(field))), known)
        scores = np.where(fresh, draws.random(len(fresh)), -1.0)
        texts = records.column(field)
        chosen = np.flatnonzero(fresh)
        sample.offer(scores[chosen], seen + chosen, lambda index, texts=texts, chosen=chosen: texts[chosen[index]])
        seen += len(fresh)
    return wanted, sample.result()[1]

"""Candidates for near-duplicates: MinHash signatures cut in bands.

Broder, 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

from math import ceil, log
from typing import NamedTuple

import numpy as np

from datasel.ngrams.hashing import CHAIN, HALF, scramble
from datasel.records.seeding import generator
from datasel.redundancy.keys import Shingles

_MISSED = 0.01  # of the pairs that are as like as the threshold says, at most
_HASHES = 72  # at most, where the threshold allows
_SHORT = 64  # shingles of a text that are looked at beside those of others


class Bands(NamedTuple):
    """A pair of Jaccard similarity J is a candidate with probability 1 - (1 - J**rows)**count."""

    rows: int
    count: int

    @classmethod
    def of(cls, threshold: float) -> Bands:
        """As many rows as may be, and the bands that they take: at the threshold 99 % of pairs are candidates."""
        if threshold >= 1:
            return cls(8, 1)
        rows, count = 1, ceil(log(_MISSED) / log(1 - threshold))
        for more in range(2, 32):
            needed = ceil(log(_MISSED) / log(1 - threshold**more)) if threshold**more > 1e-9 else _HASHES
            if more * needed <= _HASHES:
                rows, count = more, needed
        return cls(rows, count)

    def keys(self, found: Shingles) -> np.ndarray:
        """uint64 (bands x texts): texts with the same key of a band have the same minima in it."""
        # an odd factor puts numbers of 32 bits in another order
        factors = generator(1, "minhash").integers(0, 1 << 31, self.rows * self.count, np.uint32) * np.uint32(2)
        keys = np.zeros((self.count, len(found.sizes)), np.uint64)
        for number, least in enumerate(_minima(found, (factors + np.uint32(1)).tolist())):
            key = keys[number // self.rows]
            key *= CHAIN
            key += least
            scramble(key)
        return keys


def _minima(found: Shingles, factors: list[int]) -> np.ndarray:
    """uint32 (factors x texts): the least product modulo 2**32 of a factor with any of a text's shingles."""
    halves = (found.hashes >> HALF).astype(np.uint32)
    starts = np.cumsum(found.sizes) - found.sizes
    order = np.argsort(found.sizes, kind="stable")
    sizes = found.sizes[order]
    least = np.empty((len(factors), len(order)), np.uint32)
    end = int(np.searchsorted(sizes, _SHORT, "right"))
    edges = [0, *(np.flatnonzero(np.diff(sizes[:end])) + 1).tolist(), end]
    for first, last in zip(edges, edges[1:]):  # texts of one size side by side
        if last > first:
            table = halves[starts[order[first:last]] + np.arange(sizes[first])[:, None]]
            mixed = np.empty_like(table)
            for number, factor in enumerate(factors):
                np.multiply(table, np.uint32(factor), out=mixed)
                mixed.min(axis=0, out=least[number, first:last])
    for place in range(end, len(order)):  # long ones one by one
        part = halves[starts[order[place]] :][: sizes[place]]
        for number, factor in enumerate(factors):
            least[number, place] = (part * np.uint32(factor)).min()
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return least[:, back]

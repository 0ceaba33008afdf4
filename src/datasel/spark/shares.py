"""How many records of each part are among the best share of all: exactly, from scores that stay where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from datasel.selection.topk import count_of
from datasel.spark.parts import RDD, Lines

_DIGIT = 16  # bits that one look at the scores settles


def quotas(scores: RDD, size: Fraction | int, lowest: bool = False) -> list[int]:
    """For each partition how many of its scores are among the ``size`` (a share, or a number) best of all.

    scores: an RDD of :class:`Lines`, a number a line.  Of equal scores the earlier is better, partitions being in
    order.  So what 'select-topk -k QUOTA' keeps of each partition is what 'select-topk --keep' keeps of all.

    The bar is found by four looks at the scores, 16 bits each: what comes to the driver are histograms.
    """
    ranked = scores.mapPartitions(partial(_ranks, lowest)).persist(_level())
    try:
        total = ranked.map(len).sum()
        wanted = count_of(size, total)
        if wanted in (0, total):
            return [count if wanted else 0 for count in ranked.map(len).collect()]
        bar, left = 0, wanted  # the bits of the bar that are known; how many of what begins with them are wanted
        for shift in range(64 - _DIGIT, -1, -_DIGIT):
            counts = ranked.map(partial(_histogram, bar, shift)).treeReduce(np.add)
            from_above = np.cumsum(counts[::-1])
            place = int(np.searchsorted(from_above, left))
            left -= int(from_above[place - 1]) if place else 0
            bar = bar << _DIGIT | (len(counts) - 1 - place)
        made = []
        for above, level in ranked.map(partial(_around, bar)).collect():
            made.append(above + min(level, left))
            left -= min(level, left)
        return made
    finally:
        ranked.unpersist()


def _ranks(lowest: bool, lines: Iterable[Lines]) -> Iterator[np.ndarray]:
    """A partition's scores as uint64, in the same order as they are: better ones are higher."""
    found = [np.array(some.data.split(), float) for some in lines]
    scores = np.concatenate([*found, np.empty(0)]) + 0.0  # no negative zero
    bits = (-scores + 0.0 if lowest else scores).view(np.uint64)
    negative = bits >> np.uint64(63) == 1
    yield np.where(negative, ~bits, bits | np.uint64(1 << 63))


def _histogram(bar: int, shift: int, ranks: np.ndarray) -> np.ndarray:
    """Of the ranks that begin with the bits of the bar, how many go on with each digit."""
    above = shift + _DIGIT
    here = ranks if above == 64 else ranks[ranks >> np.uint64(above) == np.uint64(bar)]
    digits = (here >> np.uint64(shift)) & np.uint64((1 << _DIGIT) - 1)
    return np.bincount(digits.astype(np.int64), minlength=1 << _DIGIT)


def _around(bar: int, ranks: np.ndarray) -> tuple[int, int]:
    return int((ranks > np.uint64(bar)).sum()), int((ranks == np.uint64(bar)).sum())


def _level():
    from pyspark import StorageLevel

    return StorageLevel.MEMORY_AND_DISK

"""Counts of n-grams, whole or expected.

Whole counts are a vector of integers.  Counts of weighted sentences are rows: the expected count, and the probabilities
that the n-gram occurred never, once, twice, ..., and ``most`` times or more often, when every n-gram in a sentence of
weight w is floor(w) certain occurrences and one more with probability w - floor(w), independent of all others (Zhang &
Chiang, "Kneser-Ney Smoothing on Expected Counts", ACL 2014).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasel.lm.columns import blocks
from datasel.lm.sorting import starts_of

ROUNDING = 1e-9  # so small a share of a sum of weights is rounding: ten tenths are one


def occurrences(weights: np.ndarray, most: int) -> np.ndarray:
    """The rows of single occurrences with these weights, each 0 or more; ``most`` of them and more are one case."""
    whole = np.floor(weights)
    rows = np.zeros((len(weights), 2 + most))
    rows[:, 0] = weights
    every = np.arange(len(weights))
    certain = np.minimum(whole, most).astype(int)
    rows[every, 1 + certain] += 1 - (weights - whole)
    rows[every, 1 + np.minimum(certain + 1, most)] += weights - whole
    return rows


def none(size: int, like: np.ndarray) -> np.ndarray:
    """Counts of what never occurs, of the same kind as ``like``."""
    rows = np.zeros((size, *like.shape[1:]), like.dtype)
    if rows.ndim > 1:
        rows[:, 1] = 1
    return rows


def seen(rows: np.ndarray) -> np.ndarray:
    """Each n-gram as one occurrence of its type: 1, or its probability to have occurred at all."""
    return np.ones(len(rows), rows.dtype) if rows.ndim == 1 else occurrences(1 - rows[:, 1], _most(rows))


def types(rows: np.ndarray, where: np.ndarray, order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """How many n-grams of each run occur: they are ``rows[where][order]``, in runs that begin at ``starts``."""
    if rows.ndim == 1:
        return np.diff(starts, append=len(order)).astype(rows.dtype)
    return combine(seen(rows[where])[order], starts)


def combine(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Sums over runs of rows: independent counts added up.  ``starts`` is where each run begins, the first at 0."""
    if not len(starts):
        return rows[:0]
    if rows.ndim == 1:
        return np.add.reduceat(rows, starts)
    run = np.zeros(len(rows), np.int64)
    run[starts[1:]] = 1
    run, rows = np.cumsum(run), rows.copy()
    while len(rows) > len(starts):  # neighbours of a run two by two, till one is left of each
        first = starts_of(run)
        place = np.arange(len(rows)) - np.repeat(first, np.diff(np.append(first, len(rows))))
        left = np.flatnonzero(place % 2 == 0)
        paired = left[np.append(run[1:] == run[:-1], False)[left]]
        rows[paired] = _sum(rows[paired], rows[paired + 1])
        rows, run = rows[left], run[left]
    return rows


def added(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Independent counts of the same n-grams, added up."""
    return one + other if one.ndim == 1 else _sum(one, other)


def _sum(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    total, most = np.zeros_like(one), _most(one)
    total[:, 0] = one[:, 0] + other[:, 0]
    for count in range(most):
        for part in range(count + 1):
            total[:, 1 + count] += one[:, 1 + part] * other[:, 1 + count - part]
    total[:, 1 + most] = np.maximum(1 - total[:, 1 : 1 + most].sum(1), 0)
    return total


def _most(rows: np.ndarray) -> int:
    return rows.shape[1] - 2


def expected(rows: np.ndarray) -> np.ndarray:
    """Expected counts, as floats."""
    return (rows if rows.ndim == 1 else rows[:, 0]).astype(float)


def expectation(rows: np.ndarray, values: Sequence[float]) -> np.ndarray:
    """The expectation for each n-gram of what is ``values`` at counts of 1, 2, ..., the last of them at all counts from
    there up, and 0 at 0.  There are at most as many values as cases of counts."""
    if rows.ndim == 1:
        return np.array([0.0, *values])[np.minimum(rows, len(values))]
    return rows[:, 2:] @ np.array([*values, *[values[-1]] * (_most(rows) - len(values))])


def how_many(rows: np.ndarray, most: int) -> np.ndarray:
    """The (expected) number of n-grams that occur once, twice, ... ``most`` times: of expected counts, fewer times than
    what is one case."""
    found = np.zeros(most)
    for part in blocks(len(rows)):
        some = rows[part]
        if rows.ndim == 1:
            found += np.bincount(np.minimum(some, most + 1), minlength=most + 2)[1 : most + 1]
        else:
            found += some[:, 2 : 2 + most].sum(0)
    return found

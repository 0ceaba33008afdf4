"""The k best of a stream, ties to the earlier."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np


class TopK:
    """Holds at most 2k + one block of candidates; ``offer`` in input order, higher is better."""

    def __init__(self, k: int):
        self.k = k
        self._scores = [np.empty(0)]  # parts
        self._places = [np.empty(0, np.int64)]
        self._items: list[Any] = []
        self._bar = -np.inf  # a later candidate must exceed this
        self._full = False

    def offer(self, scores: np.ndarray, places: np.ndarray, item: Callable[[int], Any]) -> None:
        """``item(i)`` has ``scores[i]`` (no NaN); ``places`` ascend over all calls.  Only a candidate is fetched."""
        chosen = np.flatnonzero(scores > self._bar) if self._full else np.arange(len(scores))
        if self.k == 0 or not len(chosen):
            return
        self._scores.append(scores[chosen])
        self._places.append(places[chosen])
        self._items += [item(index) for index in chosen.tolist()]
        if len(self._items) >= 2 * self.k:
            self._prune()

    def result(self, ranked: bool = False) -> tuple[np.ndarray, list[Any]]:
        """``(places, items)`` of the k best, in input order or, ``ranked``, best first."""
        scores, places = self._prune()
        if ranked:
            order = np.argsort(-scores, kind="stable").tolist()
            return places[order], [self._items[index] for index in order]
        return places, self._items

    def _prune(self) -> tuple[np.ndarray, np.ndarray]:
        """Scores and places of what is left."""
        scores, places = np.concatenate(self._scores), np.concatenate(self._places)
        if len(self._items) > self.k:
            kept = best(scores, self.k)
            scores, places = scores[kept], places[kept]
            self._items = [self._items[index] for index in kept.tolist()]
            self._bar, self._full = scores.min(), True
        self._scores, self._places = [scores], [places]
        return scores, places


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """Indices, ascending, of the k highest; of equal ones the first."""
    if k >= len(scores):
        return np.arange(len(scores))
    if k <= 0:
        return np.empty(0, np.int64)
    bar = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = np.flatnonzero(scores > bar)
    level = np.flatnonzero(scores == bar)[: k - len(above)]
    return np.sort(np.concatenate([above, level]))


def count_of(size: Fraction | int, count: int) -> int:
    """How many of ``count`` a number of them is, or a share, rounded half up."""
    return int(size * count + Fraction(1, 2)) if isinstance(size, Fraction) else min(size, count)

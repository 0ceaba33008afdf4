"""Farthest-first choice: always the candidate that is least like everything held (k-centre greedy).

Vectors hold whole numbers small enough that products are exact in float32, so that neither the order of summing nor
the number of threads can change a choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from datasel.selection.topk import best

NOTHING = -(2.0**24)  # lower than any product
_ROWS = 4096  # of the pool multiplied at a time
_HELD = 1024  # by so many rows at most, so that memory does not grow with what is held
_SHORTLIST = 8  # times the batch: candidates looked at one by one within a batch


class Nearest:
    """A pool (n x d, int16) and for each row its highest product with anything held, ``nearest`` (float32; ``lowest``
    where none is higher)."""

    def __init__(self, pool: np.ndarray, lowest: float, jobs: int = 1):
        self._pool, self._jobs = pool, jobs
        self.nearest = np.full(len(pool), lowest, np.float32)

    def hold(self, vectors: np.ndarray) -> None:
        """Hold these, too (m x d): a matrix product with the whole pool."""
        for start in range(0, len(vectors), _HELD):
            self._hold(vectors[start : start + _HELD].astype(np.float32).T)

    def _hold(self, held: np.ndarray) -> None:
        def update(start: int) -> None:
            rows = slice(start, start + _ROWS)
            products = self._pool[rows].astype(np.float32) @ held
            np.maximum(self.nearest[rows], products.max(axis=1), out=self.nearest[rows])

        starts = range(0, len(self._pool), _ROWS)
        if self._jobs == 1:
            for start in starts:
                update(start)
        else:
            with ThreadPoolExecutor(self._jobs) as workers:
                list(workers.map(update, starts))


class Farthest(Nearest):
    """The choice; ``nearest`` is NOTHING while nothing is held."""

    def __init__(self, pool: np.ndarray, jobs: int = 1):
        super().__init__(pool, NOTHING, jobs)

    def choose(self, candidates: np.ndarray, k: int, batch: int, bonus: np.ndarray) -> Iterator[list[int]]:
        """Batches, in all ``k`` of the rows ``candidates`` (ascending), held as soon as they are chosen.

        Each choice is the candidate whose highest product with all that is held, earlier choices included, less its
        ``bonus`` (n, whole numbers) is the lowest; of equal ones the first.  ``batch`` is how many are chosen between
        two looks at the whole pool; it changes speed and the grouping, not the choice.
        """
        left = np.zeros(len(self._pool), bool)
        left[candidates] = True
        remaining = min(k, len(candidates))
        while remaining:
            chosen: list[int] = []
            while len(chosen) < min(batch, remaining):
                found = self._shortlisted(np.flatnonzero(left), min(batch, remaining) - len(chosen), bonus)
                self.hold(self._pool[found])
                left[found] = False
                chosen += found
            remaining -= len(chosen)
            yield chosen

    def _shortlisted(self, left: np.ndarray, wanted: int, bonus: np.ndarray) -> list[int]:
        """At least one choice, at most ``wanted``: as many as the lowest rows can give without asking the others.

        A row's highest product only rises, so no row outside of the shortlist can fall below the bar.
        """
        score = self.nearest[left] - bonus[left]
        inside = best(-score, _SHORTLIST * wanted)
        outside = np.ones(len(left), bool)
        outside[inside] = False
        bar = score[outside].min() if outside.any() else np.inf
        rows, score = left[inside], score[inside]
        first, vectors, less = score.copy(), self._pool[rows].astype(np.float32), bonus[rows]
        chosen: list[int] = []
        while len(chosen) < min(wanted, len(rows)):
            place = int(score.argmin())
            # a row outside may have the same score and stand before one that has only now come to it
            if score[place] > bar or (score[place] == bar and score[place] > first[place]):
                break
            chosen.append(int(rows[place]))
            np.maximum(score, vectors @ vectors[place] - less, out=score)
            score[place] = np.inf
        return chosen

"""Farthest-first choice: always the candidate that is least like everything held (k-centre greedy).

Vectors hold whole numbers small enough that products are exact in float32, so that neither the order of summing nor
the number of threads can change a choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from datasel.selection.topk import best

NOTHING = -(2.0**24)  # lower than any product
_ROWS = 2048  # of the pool multiplied at a time
_HELD = 512  # by so many rows at most, so that memory does not grow with what is held
_SHORTLIST = 8  # times the batch: candidates looked at one by one within a batch,
_LEAST = 4096  # and at least so many


class Nearest:
    """A pool (n x d, int16) and for each row its highest product with anything held, ``nearest`` (float32; ``lowest``
    where none is higher)."""

    def __init__(self, pool: np.ndarray, lowest: float, jobs: int = 1):
        self._pool, self._jobs = pool, jobs
        self._highest = np.full(len(pool), lowest, np.float32)

    @property
    def nearest(self) -> np.ndarray:
        return self._highest

    def hold(self, vectors: np.ndarray) -> None:
        """Hold these, too (m x d): a matrix product with the whole pool."""
        for start in range(0, len(vectors), _HELD):
            parts = [slice(first, first + _ROWS) for first in range(0, len(self._pool), _ROWS)]
            self._multiply(parts, vectors[start : start + _HELD])

    def _multiply(self, parts: Sequence[slice | np.ndarray], vectors: np.ndarray) -> None:
        """Rows of the pool, no row in two parts, with some of what is held."""
        held = vectors.astype(np.float32).T

        def multiply(rows: slice | np.ndarray) -> None:
            products = self._pool[rows].astype(np.float32) @ held
            self._highest[rows] = np.maximum(self._highest[rows], products.max(axis=1))

        if self._jobs == 1 or len(parts) < 2:
            for rows in parts:
                multiply(rows)
        else:
            with ThreadPoolExecutor(self._jobs) as workers:
                list(workers.map(multiply, parts))


class Farthest(Nearest):
    """The choice; ``nearest`` is NOTHING while nothing is held.

    A row's highest product only rises, so that with a part of what is held is a bound; rows are multiplied with the
    rest only where the bound lets them be chosen (lazy evaluation: Minoux, 1978).
    """

    def __init__(self, pool: np.ndarray, jobs: int = 1):
        super().__init__(pool, NOTHING, jobs)
        self._chosen = np.empty(0, np.int64)
        self._seen = np.zeros(len(pool), np.int32)  # how many of these each row has been multiplied with

    @property
    def nearest(self) -> np.ndarray:
        self._catch_up(np.arange(len(self._pool)))
        return self._highest

    def _catch_up(self, rows: np.ndarray) -> None:
        """Multiply rows with what they have not seen."""
        behind = rows[self._seen[rows] < len(self._chosen)]
        while len(behind):
            first = self._seen[behind].min()
            last = min(first + _HELD, len(self._chosen))
            late = behind[self._seen[behind] < last]  # what some of them have seen changes nothing
            parts = [late[start : start + _ROWS] for start in range(0, len(late), _ROWS)]
            self._multiply(parts, self._pool[self._chosen[first:last]])
            self._seen[late] = last
            behind = behind[self._seen[behind] < len(self._chosen)]

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
                self._chosen = np.concatenate([self._chosen, np.array(found, np.int64)])
                left[found] = False
                chosen += found
            remaining -= len(chosen)
            yield chosen

    def _shortlisted(self, left: np.ndarray, wanted: int, bonus: np.ndarray) -> list[int]:
        """Choices, at most ``wanted``: as many as the rows with the lowest bounds can give without asking the others;
        none where one of these had too low a bound.

        No row outside of the shortlist can fall below the bar.
        """
        worth = bonus[left]
        worth -= self._highest[left]
        inside = best(worth, max(_SHORTLIST * wanted, _LEAST))
        rows, bound = left[inside], -worth[inside]
        worth[inside] = -np.inf
        bar = -worth.max()
        self._catch_up(rows)
        vectors, less = self._pool[rows].astype(np.float32), bonus[rows]
        score = self._highest[rows] - less
        chosen: list[int] = []
        while len(chosen) < min(wanted, len(rows)):
            place = int(score.argmin())
            # a row outside may have the same score and stand before one that has only now come to it
            if score[place] > bar or (score[place] == bar and score[place] > bound[place]):
                break
            chosen.append(int(rows[place]))
            np.maximum(score, vectors @ vectors[place] - less, out=score)
            score[place] = np.inf
        return chosen

"""The nearest neighbours of vectors, found in cells near their own: the work does not grow with the square.

An inverted file as in Jegou, Douze & Schmid (PAMI 2011), section IV, with whole vectors in its lists.  Vectors hold
whole numbers whose products are exact in float32 (see datasel.selection.vectors), and so all is the same whatever the
order of summing and the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from datasel.records.seeding import generator
from datasel.selection.vectors import whole

_ROWS = 512  # vectors whose neighbours are sought together
_PLACED = 8192  # vectors of a product with all centres
_TRAINED = 64  # vectors a cell that centres are learned from, at most
_ROUNDS = 8  # of k-means


class Found(NamedTuple):
    """Neighbours of some vectors: places of both, and their product."""

    row: np.ndarray  # int32
    neighbour: np.ndarray  # int32
    product: np.ndarray  # int32


class Cells:
    """Vectors (n x dim, int16) in about sqrt(n) cells around centres, by spherical k-means on a sample of them.

    ``members``: the places, ascending, of those that can be neighbours.  Memory: twelve bytes a vector and the centres.
    """

    def __init__(self, vectors: np.ndarray, members: np.ndarray, jobs: int = 1):
        self._vectors, self._jobs = vectors, jobs
        cells = max(1, round(len(vectors) ** 0.5))
        draw = generator(1, "cells")
        sample = vectors[np.sort(draw.permutation(len(vectors))[: _TRAINED * cells])]
        self._centres = sample[np.sort(draw.permutation(len(sample))[:cells])]
        for _ in range(_ROUNDS if cells > 1 else 0):
            self._centres = _means(sample, self._nearest_centre(sample), self._centres)
        self._cell = self._nearest_centre(vectors)
        among = self._cell[members]
        self._members = members[np.argsort(among, kind="stable")].astype(np.int32)
        self._sizes = np.bincount(among, minlength=cells)

    def _nearest_centre(self, vectors: np.ndarray) -> np.ndarray:
        centres = self._centres.astype(np.float32).T

        def placed(start: int) -> np.ndarray:
            return (vectors[start : start + _PLACED].astype(np.float32) @ centres).argmax(axis=1).astype(np.int32)

        return np.concatenate(
            [np.empty(0, np.int32), *_in_order(placed, range(0, len(vectors), _PLACED), self._jobs)]
        )

    def nearest(self, most: int, looked_at: int, above: np.ndarray) -> Iterator[Found]:
        """For every vector at most ``most`` members of the highest products with it, of equal ones the first.

        They are sought in the cells whose centres are nearest to that of its own, as many as hold ``looked_at``
        members; only products above its bar, ``above`` (n), count.
        """
        centres = self._centres.astype(np.float32)
        ends = np.cumsum(self._sizes)
        order = np.argsort(self._cell, kind="stable")
        edges = np.searchsorted(self._cell[order], np.arange(len(centres) + 1)).tolist()
        tasks = [
            (cell, order[start : min(start + _ROWS, end)])
            for cell, (begin, end) in enumerate(zip(edges, edges[1:]))
            for start in range(begin, end, _ROWS)
        ]

        def sought(task: tuple[int, np.ndarray]) -> Found:
            cell, rows = task
            near = np.argsort(-(centres @ centres[cell]), kind="stable")
            near = near[: int(np.searchsorted(np.cumsum(self._sizes[near]), looked_at)) + 1]
            spans = [self._members[ends[each] - self._sizes[each] : ends[each]] for each in near]
            places = np.sort(np.concatenate(spans))
            products = self._vectors[rows].astype(np.float32) @ self._vectors[places].astype(np.float32).T
            row, column = np.nonzero(_highest(products, most, above[rows]))
            return Found(rows[row].astype(np.int32), places[column], products[row, column].astype(np.int32))

        return _in_order(sought, tasks, self._jobs)


def _in_order(function: Callable[[Any], Any], items: Iterable, jobs: int) -> Iterator:
    """The results by ``jobs`` threads; a few are in hand."""
    if jobs == 1:
        yield from map(function, items)
        return
    items = list(items)
    with ThreadPoolExecutor(jobs) as workers:
        for start in range(0, len(items), 8 * jobs):
            yield from workers.map(function, items[start : start + 8 * jobs])


def _highest(products: np.ndarray, most: int, above: np.ndarray) -> np.ndarray:
    """bool: in each row at most so many of the highest that are above the row's bar, of equal ones the first."""
    wanted = products > above[:, None]
    if most >= products.shape[1]:
        return wanted
    bar = np.partition(products, -most, axis=1)[:, -most]
    wanted &= products >= bar[:, None]
    counts = np.count_nonzero(wanted, axis=1)
    for row in np.flatnonzero(counts > most).tolist():
        level = np.flatnonzero(products[row] == bar[row])
        wanted[row, level[len(level) - (int(counts[row]) - most) :]] = False
    return wanted


def _means(vectors: np.ndarray, cell: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The directions of the sums of each cell's vectors; an empty cell keeps its centre."""
    order = np.argsort(cell, kind="stable")
    counts = np.bincount(cell, minlength=len(centres))
    there = np.flatnonzero(counts)
    made = centres.copy()
    starts = (np.cumsum(counts) - counts)[there]
    made[there] = whole(np.add.reduceat(vectors[order], starts, axis=0, dtype=np.int64).astype(float))
    return made

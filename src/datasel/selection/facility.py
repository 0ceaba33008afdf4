"""Facility location by nearest neighbours: of a large pool not all similarities are worked out, and few are kept.

What is chosen is nearest to what it stands for, so that the similarities of each record with its nearest neighbours
keep nearly all of the value (Lindgren, Wu & Dimakis, "Leveraging Sparsity for Efficient Submodular Data Summarization",
NIPS 2016).  The definition is coverage.FacilityLocation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import numpy as np

from datasel.selection.farthest import Nearest
from datasel.selection.neighbours import Cells, Found
from datasel.selection.vectors import UNIT

PAIRS = 1 << 25  # similarities kept at most, but for those that _FEWEST asks for
_FEWEST = 32  # neighbours of a record
_LOOKED_AT, _LEAST = 8, 8192  # members looked at for each that is kept, and at least
_ELEMENTS = 4096  # whose gains are worked out together


class NearFacility:
    """f(S) = sum over all i of the highest similarity, at least 0, of i to anything held, or to those in S of its
    nearest ``neighbours`` among the candidates.  Of a pool so small that all pairs are kept it is the definition.

    ``vectors`` (n x dim) and ``held`` (m x dim) hold whole numbers (see datasel.selection.vectors), and gains are whole
    numbers in units of 1 / ``unit``.  Memory: eight bytes a pair.
    """

    unit = UNIT**2

    def __init__(
        self, vectors: np.ndarray, held: np.ndarray, candidates: np.ndarray, pairs: int = PAIRS, jobs: int = 1
    ):
        many = max(len(vectors), 1)
        self.neighbours = min(max(pairs // many, _FEWEST), len(candidates))
        covered = Nearest(vectors, 0, jobs)
        covered.hold(held)
        self._by_held = covered.nearest.astype(np.int32)
        self.clear()
        self._column = np.full(len(vectors), -1, np.int32)
        self._column[candidates] = np.arange(len(candidates), dtype=np.int32)
        looked_at = max(_LOOKED_AT * self.neighbours, _LEAST)
        found = Cells(vectors, candidates, jobs).nearest(self.neighbours, looked_at, covered.nearest)
        self._starts, self._rows, self._products = _by_column(found, self._column, len(candidates))

    def _part(self, element: int) -> slice:
        column = self._column[element]
        return slice(self._starts[column], self._starts[column + 1])

    def gain(self, element: int) -> int:
        part = self._part(element)
        more = self._products[part] - self._covered.take(self._rows[part])
        return int(np.maximum(more, 0, out=more).sum(dtype=np.int64))

    def gains(self, elements: np.ndarray) -> np.ndarray:
        found = np.zeros(len(elements), np.int64)
        for start in range(0, len(elements), _ELEMENTS):
            columns = self._column[elements[start : start + _ELEMENTS]]
            begins = self._starts[columns]
            sizes = self._starts[columns + 1] - begins
            ends = np.cumsum(sizes)
            places = np.arange(ends[-1]) + np.repeat(begins - (ends - sizes), sizes)
            more = self._products[places] - self._covered.take(self._rows[places])
            upto = np.zeros(len(more) + 1, np.int64)
            np.cumsum(np.maximum(more, 0, out=more), out=upto[1:])
            found[start : start + _ELEMENTS] = upto[ends] - upto[ends - sizes]
        return found

    def alike(self, elements: np.ndarray) -> Iterator[bytes]:
        for element in elements.tolist():
            part = self._part(element)
            made = blake2b(self._rows[part].tobytes(), digest_size=16)
            made.update(self._products[part].tobytes())
            yield made.digest()

    def add(self, element: int) -> None:
        part = self._part(element)
        rows = self._rows[part]
        self._covered[rows] = np.maximum(self._covered[rows], self._products[part])

    def clear(self) -> None:
        self._covered = self._by_held.copy()

    def value(self) -> float:
        return float(self._covered.sum(dtype=np.int64)) / self.unit


def _by_column(found: Iterable[Found], column: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the pairs of each column begin (columns + 1), and their rows and products, by way of a temporary file.

    ``column``: of each neighbour.
    """
    counts, sizes = np.zeros(columns, np.int64), []
    with tempfile.TemporaryFile() as file:
        for part in found:
            there = column[part.neighbour]
            counts += np.bincount(there, minlength=columns)
            file.write(np.stack([part.row, there, part.product]).tobytes())
            sizes.append(len(there))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        rows, products = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        free = starts[:-1].copy()
        file.seek(0)
        for size in sizes:
            row, there, product = np.frombuffer(file.read(12 * size), np.int32).reshape(3, size)
            order = np.argsort(there, kind="stable")
            ordered = there[order]
            firsts = np.searchsorted(ordered, ordered)
            at = free[ordered] + np.arange(size) - firsts
            rows[at], products[at] = row[order], product[order]
            np.add.at(free, there, 1)
    return starts, rows, products

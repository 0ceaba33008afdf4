"""What sets of utterances cover: submodular objectives for :mod:`datasel.selection.greedy`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from hashlib import blake2b

import numpy as np

from datasel.selection.farthest import Nearest
from datasel.selection.logarithms import UNIT, steps

_ROWS = 2048  # vectors multiplied at a time


class FeatureCoverage:
    """f(S) = sum over features u of w_u * ln(1 + c_u(L) + c_u(S)) (Cho et al., ASRU 2019; feature-based functions).

    ``starts`` (rows + 1), ``features`` and ``counts`` are the rows of a sparse matrix as in CSR, counts from 1;
    ``held`` is c(L), ``weights`` w, one a feature.  Gains are whole numbers, in units of 1 / ``unit``: 1 / UNIT, or
    the least in which none is above 2^62.
    """

    def __init__(
        self, starts: np.ndarray, features: np.ndarray, counts: np.ndarray, held: np.ndarray, weights: np.ndarray
    ):
        self.starts, self.features, self.counts = starts, features, counts
        self._held, self.weights = held, weights.astype(float)
        self._plain = bool((self.weights == 1).all())
        longest, most = np.diff(starts).max(initial=0), np.log1p(np.asarray(counts).max(initial=0))
        largest = float(longest) * float(self.weights.max(initial=0)) * float(most)  # no gain is above
        self._shift = max(0, math.frexp(largest * UNIT)[1] - 62)
        self.unit = UNIT >> self._shift
        self.clear()
        many = np.flatnonzero(np.asarray(counts) > 1)
        # rows in which a feature stands more than once; in the others every step is one
        self._repeats = set((np.searchsorted(starts, many, "right") - 1).tolist())

    def _step(self, features, count):
        found = steps(self._covered[features], count)
        if self._plain:
            return found >> self._shift
        return np.rint(self.weights[features] * found / 2**self._shift).astype(np.int64)

    def gain(self, element: int) -> int:
        begin, end = self.starts[element], self.starts[element + 1]
        features = self.features[begin:end]
        if element in self._repeats:
            return int(self._step(features, self.counts[begin:end]).sum())
        return int(self._one_more.take(features).sum())

    def gains(self, elements: np.ndarray) -> np.ndarray:
        begins = self.starts[elements]
        sizes = self.starts[elements + 1] - begins
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - (ends - sizes), sizes)
        features, counts = self.features[places], self.counts[places]
        found = self._one_more[features]
        several = counts > 1
        found[several] = self._step(features[several], counts[several])
        upto = np.concatenate([np.zeros(1, np.int64), np.cumsum(found)])
        return upto[ends] - upto[ends - sizes]

    def alike(self, elements: np.ndarray) -> Iterator[bytes]:
        features, counts = (memoryview(np.ascontiguousarray(each)) for each in (self.features, self.counts))
        bounds = self.starts[elements].tolist(), self.starts[elements + 1].tolist()
        for element, begin, end in zip(elements.tolist(), *bounds):
            key = _digest(features[begin:end])
            yield key + _digest(counts[begin:end]) if element in self._repeats else key

    def add(self, element: int) -> None:
        row = slice(self.starts[element], self.starts[element + 1])
        features = self.features[row]
        self._covered[features] += self.counts[row]
        self._one_more[features] = self._step(features, 1)

    def clear(self) -> None:
        self._covered = self._held.astype(np.int64)
        self._one_more = self._step(slice(None), 1)

    def value(self) -> float:
        return float(self.weights @ np.log1p(self._covered))


class FacilityLocation:
    """f(S) = sum over the utterances i of the pool of the highest similarity, at least 0, of i to anything in L or S.

    ``vectors`` (n x d) and ``held`` (m x d) hold whole numbers (see datasel.selection.vectors), similarities are
    their products over ``unit`` squared; all sums are exact.  A gain takes a product with the whole pool: it is the
    definition of what facility.NearFacility approximates.
    """

    unit = 1.0  # of gains

    def __init__(self, vectors: np.ndarray, held: np.ndarray, unit: int):
        self._vectors, self._held, self._whole = vectors, held, unit
        self.clear()

    def gain(self, element: int) -> float:
        return float(self.gains(np.array([element]))[0])

    def gains(self, elements: np.ndarray) -> np.ndarray:
        found = np.zeros(len(elements))
        for start in range(0, len(elements), _ROWS):
            some = slice(start, start + _ROWS)
            wanted = self._vectors[elements[some]].astype(np.float32).T
            for first in range(0, len(self._vectors), _ROWS):
                rows = slice(first, first + _ROWS)
                products = self._vectors[rows].astype(np.float32) @ wanted
                products -= self._covered.nearest[rows, None]
                found[some] += np.maximum(products, 0, out=products).sum(axis=0, dtype=float)
        return found / self._whole**2

    def alike(self, elements: np.ndarray) -> Iterator[bytes]:
        return (_digest(self._vectors[element].tobytes()) for element in elements.tolist())

    def add(self, element: int) -> None:
        self._covered.hold(self._vectors[[element]])

    def clear(self) -> None:
        self._covered = Nearest(self._vectors, 0)
        self._covered.hold(self._held)

    def value(self) -> float:
        return float(self._covered.nearest.sum(dtype=float)) / self._whole**2


def _digest(row) -> bytes:
    return blake2b(row, digest_size=16).digest()

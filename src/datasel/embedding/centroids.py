"""Two groups of vectors by their sums, and how much nearer a vector is to the mean of the one than of the other.

delta = |v - C_in| - |v - C_out|, Euclidean (Punjabi, Arsikere & Garimella, "Language Model Bootstrapping Using Neural
Machine Translation for Conversational Speech Recognition", ASRU 2019): the lower, the more like the in-domain group.

Sums are whole numbers: a vector's components are rounded to 30 bits below the largest there may be, for second moments
to 18.  So a sum does not depend on the order of its parts, and parts added are the whole, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import frexp
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import DataError, ModelError
from datasel.records import modelfile

KIND = "centroids"
_BITS, _MOMENT_BITS = 30, 18
_ROWS = 1 << 16  # multiplied at a time: a sum of that many products of 18 bits is exact in float64
_MOST, _MOST_MOMENT = 1 << 32, 1 << 26  # vectors in all; more might overflow


class Basis(NamedTuple):
    """What vectors are of: sums of different ones do not add."""

    embedding: str  # mean, sif or external
    model: str  # the digest of what the vectors come from; empty where that is not known
    dim: int
    exponent: int  # no component is more than 2**exponent in absolute value
    sif: float | None = None  # the weights' constant

    @classmethod
    def of(cls, embedding: str, model: str, dim: int, largest: float, sif: float | None = None) -> Basis:
        return cls(embedding, model, dim, frexp(largest)[1], sif)


class Total:
    """The sum of a group's vectors, how many they are, and where wanted the sum of their outer products."""

    def __init__(self, dim: int, moment: bool):
        self.count, self.sum = 0, np.zeros(dim, np.int64)
        self.moment = np.zeros((dim, dim), np.int64) if moment else None

    def add(self, vectors: np.ndarray, exponent: int) -> None:
        """Vectors, float32 (texts x dim), none of them one that stands for nothing."""
        scaled = np.ldexp(vectors.astype(float), -exponent)
        if not np.abs(scaled).max(initial=0) <= 1:  # NaN is not
            raise DataError(f"a component of a vector is no number, or above {2.0**exponent:g}; scale the vectors")
        self._counted(len(vectors))
        self.sum += np.rint(np.ldexp(scaled, _BITS)).astype(np.int64).sum(axis=0)
        for start in range(0, len(scaled) if self.moment is not None else 0, _ROWS):
            part = np.rint(np.ldexp(scaled[start : start + _ROWS], _MOMENT_BITS))
            self.moment += (part.T @ part).astype(np.int64)

    def _counted(self, more: int) -> None:
        self.count += more
        most = _MOST if self.moment is None else _MOST_MOMENT
        if self.count > most:
            raise DataError(f"more than {most:,} vectors")

    def merge(self, other: Total) -> None:
        """What another total has is added."""
        self._counted(other.count)
        self.sum += other.sum
        if self.moment is not None:
            self.moment += other.moment

    def mean(self, exponent: int) -> np.ndarray:
        """float64 (dim)."""
        return np.ldexp(self.sum.astype(float), exponent - _BITS) / max(1, self.count)


class Centroids:
    """Both groups."""

    def __init__(self, basis: Basis):
        self.basis = basis
        sif = basis.embedding == "sif"
        self.inside, self.outside = Total(basis.dim, False), Total(basis.dim, sif)

    def merge_saved(self, paths: Iterable[str]) -> None:
        """Add what these files hold; ModelError for one that is of other vectors."""
        for path in paths:
            basis, inside, outside = modelfile.load(path, KIND, _build)
            if basis != self.basis:
                raise ModelError(f"{path}: centroids of other vectors ({_told(basis)}, here {_told(self.basis)})")
            self.inside.merge(inside)
            self.outside.merge(outside)

    def to_bytes(self, signature: str) -> bytes:
        """A model file."""
        settings = {**self.basis._asdict(), "inside": self.inside.count, "outside": self.outside.count}
        arrays = {"inside": self.inside.sum, "outside": self.outside.sum}
        if self.outside.moment is not None:
            arrays["moment"] = self.outside.moment
        return modelfile.pack(KIND, signature, settings, arrays)

    def distance(self) -> Distance:
        """The measure they make; DataError where the in-domain group is empty.  (Of the other, 0 is the mean then.)"""
        if not self.inside.count:
            raise DataError("no in-domain text has a vector")
        exponent = self.basis.exponent
        means = self.inside.mean(exponent), self.outside.mean(exponent)
        if self.outside.moment is None or not self.outside.moment.any():
            return Distance(*means, None)
        # eigenvectors of the moment are singular vectors of the data; the last is the first
        _, vectors = np.linalg.eigh(self.outside.moment.astype(float))
        return Distance(*means, vectors[:, -1])


class Distance:
    """delta of vectors; with a ``direction`` (unit) after what lies along it is removed, from the means as well."""

    def __init__(self, inside: np.ndarray, outside: np.ndarray, direction: np.ndarray | None):
        self._inside, self._outside, self._direction = inside, outside, direction

    def of(self, vectors: np.ndarray) -> np.ndarray:
        """float64 (texts), rounded to six decimals; a row's result depends on nothing but the row."""
        return (self._to(vectors, self._inside) - self._to(vectors, self._outside)).round(6) + 0.0

    def _to(self, vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
        away = vectors - mean
        if self._direction is not None:
            away -= np.einsum("ij,j->i", away, self._direction)[:, None] * self._direction
        return np.sqrt(np.einsum("ij,ij->i", away, away))


def _build(settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> tuple[Basis, Total, Total]:
    basis = Basis(**{name: settings[name] for name in Basis._fields})
    kinds = (str, str, int, int, (float, int, type(None)))
    if not all(isinstance(value, kind) and not isinstance(value, bool) for value, kind in zip(basis, kinds)):
        raise TypeError
    modelfile.whole(basis.exponent, -200, 200)
    totals = []
    for name in ("inside", "outside"):
        total = Total(1, False)
        total.count, total.sum = modelfile.whole(settings[name], 0, _MOST), arrays[name]
        if total.sum.shape != (basis.dim,) or not _within(total.sum, total.count << _BITS):
            raise ValueError
        if name == "outside" and basis.embedding == "sif":
            total.moment = arrays["moment"]
            most = min(total.count, _MOST_MOMENT) << 2 * _MOMENT_BITS
            if total.moment.shape != (basis.dim, basis.dim) or not _within(total.moment, most):
                raise ValueError
        totals.append(total)
    return basis, totals[0], totals[1]


def _within(sums: np.ndarray, most: int) -> bool:
    return sums.dtype == np.int64 and bool(((sums >= -most) & (sums <= most)).all())


def _told(basis: Basis) -> str:
    return f"{basis.embedding}, {basis.dim} dimensions" + (f", of {basis.model}" if basis.model else "")

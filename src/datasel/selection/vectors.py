"""Vectors of whole numbers, whose products are exact, and those of a pool and of what is held."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from datasel.records.jsonl import Records
from datasel.selection.farthest import Farthest

UNIT = 2048  # the length of a vector: sums of products stay below 2**24, so they are exact in float32, in any order


class Source(Protocol):
    """Where the vectors of records come from."""

    dim: int

    def keys(self, records: Records, field: str) -> list:
        """What the vectors of these records are asked for by: their texts, say."""

    def vectors(self, keys: Sequence) -> np.ndarray:
        """int16 (keys x dim), each row of length UNIT but for rounding, or 0."""

    def end(self) -> None:
        """All records have been; DataError if the source has more."""

    def told(self, products: np.ndarray) -> dict[str, float]:
        """For a report: what the products of records with what is nearest to them say of all."""


def whole(vectors: np.ndarray) -> np.ndarray:
    """int16: rows of floats brought to the length UNIT and rounded; a row of zeros stays one."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=float))
    scale = UNIT / np.where(lengths > 0, lengths, 1)
    return np.rint(vectors * scale[:, None]).astype(np.int16)


class VectorPool:
    """The vectors of a pool, in a temporary file in TMPDIR, and those of what is held."""

    def __init__(self, source: Source, held: Source, jobs: int = 1):
        self._source, self._held_source, self._jobs = source, held, jobs
        self._file, self._held = tempfile.TemporaryFile(), [np.empty((0, source.dim), np.int16)]

    def __enter__(self) -> VectorPool:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, records: Records, field: str) -> None:
        self._file.write(self._source.vectors(self._source.keys(records, field)).tobytes())

    def hold(self, records: Records, field: str) -> None:
        self._held.append(self._held_source.vectors(self._held_source.keys(records, field)))

    def end(self) -> None:
        self._held_source.end()
        self._source.end()

    @property
    def vectors(self) -> np.ndarray:
        """Of the pool, n x dim; memory-mapped."""
        self._file.flush()
        rows = self._file.tell() // (2 * self._source.dim)
        return np.memmap(self._file, np.int16, "r", shape=(rows, self._source.dim))

    @property
    def held(self) -> np.ndarray:
        """m x dim."""
        return np.concatenate(self._held)

    def farthest(
        self, candidates: np.ndarray, k: int, bonus: np.ndarray, batch: int,
        tell: Callable[[dict[str, Any]], None] | None,
    ) -> Iterator[int]:  # fmt: skip
        """The places of ``k`` candidates, each with the lowest highest cosine to all held and chosen, less its bonus.

        ``tell`` hears of every round of ``batch``: how many are chosen, and what the source says of the candidates,
        for which all of them are looked at.
        """
        selection = Farthest(self.vectors, self._jobs)
        selection.hold(self.held)
        count = 0
        for number, found in enumerate(selection.choose(candidates, k, batch, np.rint(bonus * UNIT**2)), 1):
            yield from found
            count += len(found)
            if tell:
                tell({"round": number, "chosen": count, **self._source.told(selection.nearest[candidates])})

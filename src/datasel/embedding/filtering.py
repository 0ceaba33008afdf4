"""Records with the vectors of their texts, and which of them to keep."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, Protocol

import numpy as np

from datasel.embedding.centroids import Basis, Centroids
from datasel.records.jsonl import Records
from datasel.records.pipe import Pipe
from datasel.selection import ranking
from datasel.selection.spool import Spool
from datasel.selection.topk import best, count_of

_ROWS = 1 << 14  # vectors in hand at a time


class Source(Protocol):
    """Where vectors of texts come from."""

    basis: Basis

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        """float32 (records x dim), and bool, whether each is a vector (else it stands for nothing)."""


    def end(self) -> None:
        """All records have been; DataError if the source has more."""


class Choice(NamedTuple):
    """What is kept: the lowest, a share or a number of them, or what is not above a bar."""

    size: Fraction | int | None
    bar: float | None
    into: str  # the field that says how far each is


def add(records: Records, field: str, source: Source, total) -> None:
    """The vectors of texts, into a total."""
    vectors, has = source.of(records, field)
    total.add(vectors[has], source.basis.exponent)


def measure(pipe: Pipe, field: str, source: Source, centroids: Centroids) -> None:
    """Add the input, which stands for the out-domain, to the sums; nothing of it is kept."""
    for records in pipe.records({field: str}):
        add(records, field, source, centroids.outside)
    source.end()


def by_centroids(pipe: Pipe, field: str, source: Source, centroids: Centroids, choice: Choice) -> None:
    """Keep of the input what the centroids, both known, say."""
    distance = centroids.distance()

    def scored() -> Iterator[ranking.Scored]:
        for records in pipe.records({field: str}):
            yield ranking.Scored(records, -distance.of(source.of(records, field)[0]))

        source.end()

    if choice.size is None:
        ranking.above(pipe, scored(), -choice.bar, "embedding too far from the domain", choice.into)
    else:
        ranking.top_share(pipe, scored(), choice.size, reason="embedding among the farthest", into=choice.into)


def by_itself(pipe: Pipe, field: str, source: Source, centroids: Centroids, choice: Choice) -> None:
    """Keep of the input what the in-domain centroid and the input's own say: its lines and vectors wait in files."""
    with Spool() as spool, Vectors(source.basis.dim) as kept:
        for records in pipe.records({field: str}):
            vectors, has = source.of(records, field)
            centroids.outside.add(vectors[has], source.basis.exponent)
            spool.add(records)
            kept.add(vectors)
        source.end()
        if not kept.rows:
            return
        distance = centroids.distance()
        scores = -np.concatenate([distance.of(part) for part in kept.parts()])
        if choice.size is None:
            wanted, reason = np.flatnonzero(scores >= -choice.bar), "embedding too far from the domain"
        else:
            wanted, reason = best(scores, count_of(choice.size, len(scores))), "embedding among the farthest"
        ranking.settle(pipe, spool, wanted, scores, reason, choice.into)


class Vectors:
    """Vectors in a temporary file, in TMPDIR, that goes with the object."""

    def __init__(self, dim: int):
        self._file, self._dim, self.rows = tempfile.TemporaryFile(), dim, 0

    def __enter__(self) -> Vectors:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, vectors: np.ndarray) -> None:
        self._file.write(vectors.tobytes())
        self.rows += len(vectors)

    def head(self) -> bytes:
        """What stands before all of them in an .npy file."""
        made = io.BytesIO()
        described = {"descr": "<f4", "fortran_order": False, "shape": (self.rows, self._dim)}
        np.lib.format.write_array_header_1_0(made, described)
        return made.getvalue()

    def parts(self) -> Iterator[np.ndarray]:
        """All of them, some at a time."""
        self._file.seek(0)
        while part := self._file.read(_ROWS * 4 * self._dim):
            yield np.frombuffer(part, np.float32).reshape(-1, self._dim)

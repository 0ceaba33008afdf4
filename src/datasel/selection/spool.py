"""Lines set aside in a temporary file until it is known which of them are wanted."""

from __future__ import annotations

import tempfile
from bisect import bisect
from collections.abc import Iterator, Sequence

import numpy as np

from datasel.records.jsonl import Records

_LINES = 4096  # fetched together
_SPAN = 8  # read up to that many times what is wanted


class Spool:
    """Lines by their place, from 0.  Holds eight bytes a line; the file is in TMPDIR and goes with the object."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()
        self._sizes: list[np.ndarray] = [np.empty(0, np.int64)]
        self._firsts: list[int] = []  # the place of each part's first line
        self._origins: list[tuple[str, Sequence[int]]] = []  # its file, and the numbers of its lines
        self._total = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, records: Records) -> None:
        """The lines of these records."""
        data = records.whole()
        self._file.write(data)
        self._sizes.append(np.diff(np.flatnonzero(np.frombuffer(data, np.uint8) == 10), prepend=-1))
        self._firsts.append(self._total)
        self._origins.append((records.block.name, records.numbers))
        self._total += len(records)

    def origin(self, place: int) -> tuple[str, int]:
        """The file and the line number that the line at a place comes from."""
        part = bisect(self._firsts, place) - 1
        name, numbers = self._origins[part]
        return name, numbers[place - self._firsts[part]]

    def lines(self, places: Sequence[int]) -> Iterator[bytes]:
        """The lines at these places, in this order."""
        size = np.concatenate(self._sizes)
        ends = np.cumsum(size)
        starts = ends - size
        for part in range(0, len(places), _LINES):
            some = np.array(places[part : part + _LINES])
            first, last = int(some.min()), int(some.max())
            if ends[last] - starts[first] <= _SPAN * size[some].sum():  # they lie close together: one read
                self._file.seek(int(starts[first]))
                held = self._file.read(int(ends[last] - starts[first]))
                a, b = (starts[some] - starts[first]).tolist(), (ends[some] - starts[first] - 1).tolist()
                yield from [held[start:end] for start, end in zip(a, b)]
                continue
            for place in some.tolist():
                self._file.seek(int(starts[place]))
                yield self._file.read(int(size[place]) - 1)

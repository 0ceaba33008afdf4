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
    """Lines by their place, from 0.  Holds two bytes a line (more of long ones); the file, in TMPDIR, goes with it."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()
        self._sizes: list[np.ndarray] = []  # of each part: the lengths of its lines, LF included
        self._firsts: list[int] = []  # the place of its first line
        self._offsets: list[int] = []  # where it begins in the file
        self._origins: list[tuple[str, Sequence[int]]] = []  # its file, and the numbers of its lines
        self._total = self._bytes = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, records: Records) -> None:
        """The lines of these records."""
        data = records.whole()
        self._file.write(data)
        sizes = np.diff(np.flatnonzero(np.frombuffer(data, np.uint8) == 10), prepend=-1)
        self._sizes.append(sizes.astype(np.promote_types(np.uint16, np.min_scalar_type(sizes.max(initial=0)))))
        self._firsts.append(self._total)
        self._offsets.append(self._bytes)
        self._origins.append((records.block.name, records.numbers))
        self._total += len(records)
        self._bytes += len(data)

    def origin(self, place: int) -> tuple[str, int]:
        """The file and the line number that the line at a place comes from."""
        part = bisect(self._firsts, place) - 1
        name, numbers = self._origins[part]
        return name, numbers[place - self._firsts[part]]

    def lines(self, places: Sequence[int] | np.ndarray) -> Iterator[bytes]:
        """The lines at these places, in this order."""
        for start in range(0, len(places), _LINES):
            starts, sizes = self._spans(np.array(places[start : start + _LINES], np.int64))
            ends = starts + sizes
            first, last = int(starts.min()), int(ends.max())
            if last - first <= _SPAN * sizes.sum():  # they lie close together: one read
                self._file.seek(first)
                held = self._file.read(last - first)
                yield from [held[a:b] for a, b in zip((starts - first).tolist(), (ends - first - 1).tolist())]
                continue
            for place, size in zip(starts.tolist(), sizes.tolist()):
                self._file.seek(place)
                yield self._file.read(size - 1)

    def _spans(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the lines at these places begin in the file, and their lengths with the LF."""
        part = np.searchsorted(self._firsts, places, side="right") - 1
        starts, sizes = np.empty_like(places), np.empty_like(places)
        for number in np.unique(part).tolist():
            here = part == number
            size = self._sizes[number].astype(np.int64)
            within = places[here] - self._firsts[number]
            starts[here] = self._offsets[number] + (np.cumsum(size) - size)[within]
            sizes[here] = size[within]
        return starts, sizes

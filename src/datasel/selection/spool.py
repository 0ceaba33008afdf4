"""Lines set aside in a temporary file until it is known which of them are wanted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence

import numpy as np


class Spool:
    """Lines by their place, from 0.  Holds eight bytes a line; the file is in TMPDIR and goes with the object."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()
        self._sizes: list[np.ndarray] = [np.empty(0, np.int64)]

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, lines: Sequence[bytes]) -> None:
        """Lines without their LF."""
        self._file.writelines([line + b"\n" for line in lines])
        self._sizes.append(np.array([len(line) + 1 for line in lines], np.int64))

    def lines(self, places: Iterable[int]) -> Iterator[bytes]:
        """The lines at these places, in this order."""
        size = np.concatenate(self._sizes)
        starts = np.cumsum(size) - size
        for place in places:
            self._file.seek(int(starts[place]))
            yield self._file.read(int(size[place]) - 1)

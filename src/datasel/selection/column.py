"""A column of numbers that grows in a temporary file, in TMPDIR."""

from __future__ import annotations

import tempfile

import numpy as np


class Column:
    """Numbers of one type, all of them mapped from the file once they are wanted; floats become longdouble with the
    first longdouble among them."""

    def __init__(self, kind: type):
        self._file, self._kind, self._count = tempfile.TemporaryFile(), np.dtype(kind), 0

    def __enter__(self) -> Column:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, values: np.ndarray) -> None:
        if values.dtype == np.longdouble != self._kind:
            known, self._kind = self.all().astype(np.longdouble), values.dtype
            self._file.seek(0)
            self._file.write(known.tobytes())
        self._file.write(np.ascontiguousarray(values, self._kind).tobytes())
        self._count += len(values)

    def all(self) -> np.ndarray:
        """Writing to it changes nothing but memory."""
        self._file.flush()
        if not self._count:
            return np.empty(0, self._kind)
        return np.asarray(np.memmap(self._file, self._kind, "c", shape=(self._count,)))

"""Columns of n-grams in temporary files: mapped arrays, and passes over them that let go of what they have read.

A column may be longer than memory.  Whoever goes through it by :func:`blocks` or :func:`groups` holds little of it at a
time; whoever takes from all over it uses :func:`taken`.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from collections.abc import Iterator

import numpy as np

ROWS = 1 << 18  # that a pass looks at together
HELD = 1 << 24  # values that are held to be taken from

_maps: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()


def column(size: int, dtype, tail: tuple[int, ...] = ()) -> np.ndarray:
    """Zeros (``size``, *``tail``) on disk.  OSError where there is no room for them."""
    with tempfile.TemporaryFile() as file:
        nbytes = size * np.dtype(dtype).itemsize * int(np.prod(tail))
        if hasattr(os, "posix_fallocate") and nbytes:  # a full disk is an error here, and a crash where it is written
            os.posix_fallocate(file.fileno(), 0, nbytes)
        else:
            file.truncate(nbytes)
        return _mapped(file, dtype, (size, *tail))


class Growing:
    """A column that is written from its beginning to its end."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()
        self._size, self._like = 0, np.empty(0, np.int32)

    def write(self, rows: np.ndarray) -> None:
        """Rows of the same type and shape as those before."""
        self._file.write(np.ascontiguousarray(rows).data)
        self._size, self._like = self._size + len(rows), rows[:0]

    def done(self) -> np.ndarray:
        with self._file as file:
            file.flush()
            return _mapped(file, self._like.dtype, (self._size, *self._like.shape[1:]))


def _mapped(file, dtype, shape: tuple[int, ...]) -> np.ndarray:
    if not all(shape):
        return np.empty(shape, dtype)
    pages = mmap.mmap(file.fileno(), int(np.prod(shape)) * np.dtype(dtype).itemsize)
    _maps.add(pages)
    return np.frombuffer(pages, dtype).reshape(shape)


def release() -> None:
    """Let the pages of all columns go from this process's memory; what is in them stays."""
    if hasattr(mmap, "MADV_DONTNEED"):
        for pages in list(_maps):
            pages.madvise(mmap.MADV_DONTNEED)


def blocks(size: int) -> Iterator[slice]:
    """Slices that make up ``size`` rows; pages are let go after each."""
    for start in range(0, size, ROWS):
        yield slice(start, min(start + ROWS, size))
        release()


def groups(context: np.ndarray, size: int) -> Iterator[tuple[slice, slice]]:
    """Slices of ``size`` contexts and of the rows that have them, by the rows' ascending contexts: all rows of one are
    in one slice.  Pages are let go after each."""
    start = first = 0
    while first < size:
        stop, last = len(context), size
        if start + ROWS < stop:
            last = int(context[start + ROWS])
            stop = int(np.searchsorted(context, last))
            if stop <= start:  # more rows of one context than that
                last += 1
                stop = int(np.searchsorted(context, last))
        yield slice(first, last), slice(start, stop)
        release()
        start, first = stop, last


def taken(values: np.ndarray, index: np.ndarray) -> np.ndarray:
    """``values[index]``, as a column."""
    made = column(len(index), values.dtype)
    for low in range(0, len(values), HELD):
        held = np.array(values[low : low + HELD])
        for rows in blocks(len(index)):
            place = index[rows]
            if len(held) == len(values):
                made[rows] = held[place]
            else:
                inside = np.flatnonzero((place >= low) & (place < low + HELD))
                made[rows][inside] = held[place[inside] - low]
    return made

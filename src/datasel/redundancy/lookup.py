"""Numbers of 64 bits looked up many at a time among those of a smaller collection."""

from __future__ import annotations

import numpy as np

from datasel.redundancy.keys import places


class Lookup:
    """``values`` (uint64, evenly spread) and where each stands among them; one may stand there several times."""

    def __init__(self, values: np.ndarray):
        self._places = np.argsort(values, kind="stable")
        self._values = values[self._places]
        bits = min(max(16 * len(values), 1024).bit_length(), 27)
        self._drop = np.uint64(64 - bits)
        self._some = np.zeros(1 << bits, bool)  # most of what is asked for is not there: that is seen here
        self._some[values >> self._drop] = True

    def first(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of ``wanted`` (ascending places) are there, and where each stands first."""
        asked, at, _ = self._ranges(wanted)
        return asked, self._places[at]

    def all(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same, with every place where one stands."""
        asked, starts, counts = self._ranges(wanted)
        return np.repeat(asked, counts), self._places[np.repeat(starts, counts) + places(counts)]

    def counts(self, wanted: np.ndarray) -> np.ndarray:
        """How often each of ``wanted`` stands there."""
        made = np.zeros(len(wanted), np.int64)
        asked, _, counts = self._ranges(wanted)
        made[asked] = counts
        return made

    def _ranges(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        asked = np.flatnonzero(self._some[(wanted >> self._drop).view(np.int64)])
        starts, ends = (np.searchsorted(self._values, wanted[asked], side) for side in ("left", "right"))
        there = ends > starts
        return asked[there], starts[there], (ends - starts)[there]

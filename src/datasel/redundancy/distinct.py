"""A growing set of keys, many at a time: a hash table in numpy arrays, filled and asked without a loop over keys."""

from __future__ import annotations

import numpy as np

from datasel.redundancy.keys import Keys

_START = 1 << 17  # slots
_FULL = 0.75  # of the slots: then the table grows by half
_SPARE = 4096  # slots behind the last home
_CHUNK = 1 << 19  # slots moved at a time when it grows
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


class Distinct:
    """Keys, and with ``numbered`` a number for each.

    Open addressing, quadratic probing, between half and three quarters full: 16 to 24 bytes a key, 27 to 40 with
    numbers. It grows in its place: a key's home rises with the key, so a larger table can be filled from its end.
    """

    def __init__(self, limit: int, numbered: bool = False):
        """``limit``: bytes that it may hold."""
        self._high, self._low = np.zeros(_START + _SPARE, np.uint64), np.zeros(_START + _SPARE, np.uint32)
        self._number = np.zeros(_START + _SPARE, np.int64) if numbered else None
        self._each = 12 + 8 * numbered
        self._homes, self._held, self._limit = _START, 0, limit

    def __len__(self) -> int:
        return self._held

    def room(self, more: int) -> bool:
        """Whether so many keys can be added within the limit; makes the room."""
        while self._held + more > _FULL * self._homes:
            homes = self._homes + self._homes // 2
            if homes * self._each > self._limit or homes > _LOW:
                return False
            self._grow(homes)
        return True

    def add(self, keys: Keys, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``(new, number)`` for keys that there is room for: whether a key is there for the first time, and the number
        that it had then (without ``numbered``: of its first in this call)."""
        firsts, group = grouped(keys)
        found, new = self._visit(keys.high[firsts], keys.low[firsts], numbers[firsts], adding=True)
        self._held += int(new.sum())
        fresh = np.zeros(len(keys.high), bool)
        fresh[firsts[new]] = True
        return fresh, found[group]

    def find(self, keys: Keys) -> np.ndarray:
        """The numbers of keys, -1 of those that are not there (without ``numbered``: 0 of those that are)."""
        numbers = np.full(len(keys.high), -1)
        return self._visit(keys.high, keys.low, numbers, adding=False)[0]

    def _visit(self, high, low, numbers, adding: bool) -> tuple[np.ndarray, np.ndarray]:
        """``adding``: keys that differ."""
        found, new = numbers.copy(), np.zeros(len(high), bool)
        left, slot, step = np.arange(len(high)), self._home(high), 1
        while len(left):
            there = self._high.take(slot)
            on = there != 0
            if adding:
                free = np.flatnonzero(~on)
                at, mine = slot[free], (high[free], low[free])
                self._high[at], self._low[at] = mine  # of several that come to the same slot the last stays there
                won = (self._high[at] == mine[0]) & (self._low[at] == mine[1])
                on[free[~won]] = True
                at, owner = at[won], left[free[won]]
                new[owner] = True
                if self._number is not None:
                    self._number[at] = found[owner]
            same = np.flatnonzero(there == high)
            same = same[self._low[slot[same]] == low[same]]
            on[same] = False
            if self._number is not None:
                found[left[same]] = self._number[slot[same]]
            elif not adding:
                found[left[same]] = 0
            on = np.flatnonzero(on)
            left, slot, high, low = left[on], slot[on] + step, high[on], low[on]
            step += 1
        return found, new

    def _home(self, high: np.ndarray) -> np.ndarray:
        return ((high >> _HALF) * np.uint64(self._homes) >> _HALF).astype(np.int64)

    def _grow(self, homes: int) -> None:
        before, self._homes = len(self._high), homes
        columns = [column for column in (self._high, self._low, self._number) if column is not None]
        for column in columns:
            column.resize(homes + _SPARE, refcheck=False)  # in place where the system can
        # a chunk's keys go to homes at its start or behind it: what is before it is not in their way.  That holds as
        # long as keys stand nearer to their homes than the homes move, so the first chunks are one.
        step = min(_CHUNK, before)
        starts = [0, *range(max(step, before // 8), before, step)]
        for start, end in zip(reversed(starts), reversed([*starts[1:], before])):
            part = slice(start, end)
            there = np.flatnonzero(self._high[part])
            high, low, *number = (column[part][there] for column in columns)
            for column in columns:
                column[part] = 0
            self._visit(high, low, number[0] if number else there, adding=True)


def grouped(keys: Keys) -> tuple[np.ndarray, np.ndarray]:
    """``(firsts, group)``: the place of the first of each different key, and for each place its group among these."""
    order = np.argsort(keys.high)
    high, low = keys.high[order], keys.low[order]
    starts = np.ones(len(order), bool)
    starts[1:] = high[1:] != high[:-1]
    if (low[1:][~starts[1:]] != low[:-1][~starts[1:]]).any():
        order = np.lexsort((keys.low, keys.high))
        high, low = keys.high[order], keys.low[order]
        starts[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    group = np.empty(len(order), np.int64)
    group[order] = np.cumsum(starts) - 1
    return np.minimum.reduceat(order, np.flatnonzero(starts)) if len(order) else order, group

"""A growing set of keys, many at a time: a hash table in numpy arrays, filled and asked without a loop over keys."""

from __future__ import annotations

import numpy as np

from datasel.redundancy.keys import Keys

_START = 1 << 17  # slots
_SMALL = 1 << 20  # slots
_PACKED = 1 << 18  # keys: of more the bits beside their places are too few to tell them apart
_FULL = 0.75  # of the slots: then the table grows by half
_SPARE = 4096  # slots behind the last home
_CHUNK = 1 << 17  # slots moved at a time when it grows
_LOW, _HALF = 0xFFFFFFFF, np.uint64(32)


class Distinct:
    """Keys, and with ``numbered`` a number for each.

    Open addressing, quadratic probing, between half and three quarters full: 16 to 24 bytes a key, 27 to 40 with
    numbers; with less than 1.5 million keys perhaps emptier. It grows in its place: a key's home rises with the key, so
    a larger table can be filled from its end.
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
            # a small one grows more at a time: growing takes as long as filling
            wanted = (4 * self._homes if self._homes < _SMALL else 0, self._homes + self._homes // 2)
            homes = next((each for each in wanted if self._homes < each <= min(self._limit // self._each, _LOW)), None)
            if not homes:
                return False
            self._grow(homes)
        return True

    def add(self, keys: Keys, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``(new, number)`` for keys that there is room for: whether a key is there for the first time, and the number
        that it had then (without ``numbered`` none of them)."""
        order, starts = _ordered(keys)
        firsts = order[starts]
        found, new = self._visit(keys.high[firsts], keys.low[firsts], numbers[firsts], adding=True)
        self._held += int(new.sum())
        fresh = np.zeros(len(keys.high), bool)
        fresh[firsts[new]] = True
        return fresh, found[:0] if self._number is None else found[_groups(order, starts)]

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
            on = there != high
            same = np.flatnonzero(~on)
            unlike = self._low[slot[same]] != low[same]
            on[same] = unlike
            same = same[~unlike]
            if self._number is not None:
                found[left[same]] = self._number[slot[same]]
            elif not adding:
                found[left[same]] = 0
            free = np.flatnonzero(there == 0)
            if adding:
                at, ours, rest = slot[free], high[free], low[free]
                self._high[at], self._low[at] = ours, rest  # of several that come to the same slot the last stays there
                won = self._high[at] == ours
                won &= self._low[at] == rest
                if not won.all():
                    at, free = at[won], free[won]
                new[left[free]] = True
                if self._number is not None:
                    self._number[at] = found[left[free]]
            on[free] = False
            on = np.flatnonzero(on)
            left, slot, high, low = left[on], slot[on], high[on], low[on]
            slot += step
            step += 1
        return found, new

    def _home(self, high: np.ndarray) -> np.ndarray:
        return ((high >> _HALF) * np.uint64(self._homes) >> _HALF).astype(np.int64)

    def _grow(self, homes: int) -> None:
        before, self._homes = len(self._high), homes
        columns = [column for column in (self._high, self._low, self._number) if column is not None]
        for column in columns:
            column.resize(homes + _SPARE, refcheck=False)  # in place where the system can
        # a chunk's keys go to homes at its start or behind it: what is before it is not in their way.  That holds where
        # keys stand nearer to their homes than the homes move, a half of their places: behind the first chunk.
        step = min(_CHUNK, before)
        starts = [0, *range(max(step, 4 * _SPARE), before, step)]
        for start, end in zip(reversed(starts), reversed([*starts[1:], before])):
            part = slice(start, end)
            there = np.flatnonzero(self._high[part])
            high, low, *number = (column[part][there] for column in columns)
            for column in columns:
                column[part] = 0
            self._visit(high, low, number[0] if number else there, adding=True)


def grouped(keys: Keys) -> tuple[np.ndarray, np.ndarray]:
    """``(firsts, group)``: the place of the first of each different key, and for each place its group among these."""
    order, starts = _ordered(keys)
    return order[starts], _groups(order, starts)


def _groups(order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    group = np.empty(len(order), np.int64)
    group[order] = np.cumsum(starts) - 1
    return group


def _ordered(keys: Keys) -> tuple[np.ndarray, np.ndarray]:
    """The places of keys, equal ones together and the first of these first; and where another key begins."""
    count = len(keys.high)
    starts = np.ones(count, bool)
    if count <= _PACKED:
        # numbers are sorted faster than places are by their numbers, so a place stands in the last bits of its key
        bits = np.uint64(max(count - 1, 1).bit_length())
        made = keys.high >> bits << bits
        made |= np.arange(count, dtype=np.uint64)
        made.sort()
        order = (made & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64)
        made >>= bits
    else:
        order = np.argsort(keys.high, kind="stable")
        made = keys.high[order]
    np.not_equal(made[1:], made[:-1], out=starts[1:])
    second = np.flatnonzero(~starts)
    one, other = order[second - 1], order[second]
    if (keys.high[one] != keys.high[other]).any() or (keys.low[one] != keys.low[other]).any():
        order = np.lexsort((keys.low, keys.high))
        high, low = keys.high[order], keys.low[order]
        starts[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    return order, starts

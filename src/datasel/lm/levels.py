"""The n-grams of every order, from those of the highest.

An n-gram is known by its context (the index of its first n-1 words one level below) and its last word.  A level is
sorted by (context, word), so the n-grams of a context lie side by side.  Levels are columns on disk (columns.py), made
and read a part at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datasel.lm.columns import Growing, blocks, column, release
from datasel.lm.occupancy import ROUNDING, added, combine, expected, none, types
from datasel.lm.sorting import sorted_order, starts_of

UNK, BOS, EOS = 0, 1, 2
RESERVED = (b"<unk>", b"<s>", b"</s>")
LINKED = 1 << 21  # n-grams that are sorted by their suffixes together
_BINS = 16  # bits by which parts are told apart


class Level(NamedTuple):
    """The n-grams of one order; arrays in step."""

    context: np.ndarray  # index in the level below
    word: np.ndarray  # identifier
    suffix: np.ndarray  # index in the level below of the n-gram without its first word
    count: np.ndarray  # of occurrences: see occupancy.py
    continuations: np.ndarray  # of distinct words before it; of occurrences after <s> and in the highest order


class Counts(NamedTuple):
    words: list[bytes]  # by identifier, the first three RESERVED
    levels: list[Level]  # unigrams first: all words, in order of identifiers


Grown = tuple[np.ndarray, np.ndarray, np.ndarray]  # context, word and count of a level


def above(counts: Counts, cuts: Sequence[int]) -> list[np.ndarray]:
    """Marks of the n-grams of order n that occur more than ``cuts[n - 1]`` times, level by level; and all unigrams."""
    marks = []
    for level, cut in zip(counts.levels, cuts):
        mark = column(len(level.word), bool)
        for rows in blocks(len(mark)):
            mark[rows] = expected(level.count[rows]) > cut * (1 + ROUNDING)
        marks.append(mark)
    marks[0][:] = True
    return marks


def levels(parts: Iterable[tuple[list[np.ndarray], np.ndarray]], order: int, words: int) -> list[Grown]:
    """The levels, from the sorted n-grams of the highest order as their words' columns, and their counts."""
    higher, every, last = [_Growing() for _ in range(order - 1)], None, [-1] * order
    for columns, rows in parts:
        if every is None:
            every = none(words, rows)
        fresh = _changes(columns[0], last[0])
        starts = np.flatnonzero(fresh)
        if not fresh[0]:
            starts = np.append(0, starts)
        found = columns[0][starts]
        every[found] = added(every[found], combine(rows, starts))
        index = columns[0]  # of the n-gram of the level below that each row begins with
        for level, words_there, before in zip(higher, columns[1:], last[1:]):
            fresh |= _changes(words_there, before)
            index = level.add(index, words_there, rows, fresh)
        last = [each[-1] for each in columns]
    unigrams = np.zeros(words, np.int32), np.arange(words, dtype=np.int32), every
    return [unigrams, *(level.done() for level in higher)]


def _changes(values: np.ndarray, before: int) -> np.ndarray:
    """Which values differ from the one before them."""
    fresh = np.empty(len(values), bool)
    fresh[0] = values[0] != before
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return fresh


class _Growing:
    """A level that grows; its last n-gram waits for what the next part may add to its count."""

    def __init__(self) -> None:
        self._columns = Growing(), Growing(), Growing()
        self._waiting: Grown | None = None
        self._size = 0

    def add(self, context: np.ndarray, word: np.ndarray, rows: np.ndarray, fresh: np.ndarray) -> np.ndarray:
        """Rows of the highest order, ``fresh`` where another n-gram of this one begins; the index of the n-gram that
        each row begins with."""
        starts = np.flatnonzero(fresh)
        begins = fresh[0]
        count = combine(rows, starts if begins else np.append(0, starts))
        grown = context[starts], word[starts], count if begins else count[1:]
        if self._waiting is not None:
            if not begins:
                self._waiting = (*self._waiting[:2], added(self._waiting[2], count[:1]))
            grown = tuple(map(np.concatenate, zip(self._waiting, grown)))
        self._write(*(array[:-1] for array in grown))
        self._waiting = tuple(array[-1:].copy() for array in grown)
        index = np.cumsum(fresh & (word != BOS), dtype=np.int32)
        index += self._size - 1
        self._size = int(index[-1]) + 1
        return index

    def _write(self, context: np.ndarray, word: np.ndarray, count: np.ndarray) -> None:
        whole = word != BOS  # the others are cut short by the end of their sentence
        for made, array in zip(self._columns, (context, word, count)):
            made.write(array[whole])

    def done(self) -> Grown:
        self._write(*self._waiting)
        return tuple(each.done() for each in self._columns)


def linked(grown: Iterable[Grown]) -> Iterator[Level]:
    """Levels with their suffixes, and the numbers of continuations, which the level above tells."""
    context, word, count = next(levels := iter(grown))
    words = len(word)
    below, suffix = 1, np.zeros(words, np.int32)
    initial = BOS, BOS + 1  # where the n-grams that begin with <s> lie
    for order, (above, last, more) in enumerate(levels, 2):
        continuations = none(words, count) if order == 2 else column(len(word), count.dtype, count.shape[1:])
        if order > 2:
            continuations[slice(*initial)] = count[slice(*initial)]
        higher, done = column(len(last), np.int32), 0
        for part in _by_word(last, words) if order == 2 else _by_suffix(suffix, below, above, last, words):
            # every n-gram but the initial ones is the suffix of some above, so those, grouped by suffix, tell its place
            starts = starts_of(part.keys)
            if order == 2:
                places = part.keys[starts].astype(np.int32)
            else:
                places = np.arange(done, done + len(starts), dtype=np.int32)
                places[max(initial[0] - done, 0) :] += initial[1] - initial[0]
                done += len(starts)
            found = np.empty(len(part.keys), np.int32)
            found[part.sequence] = np.repeat(places, np.diff(starts, append=len(found)))
            for rows in blocks(len(found)):
                higher[part.where[rows]] = found[rows]
            continuations[places] = types(more, part.where, part.sequence, starts)
            release()
        yield Level(context, word, suffix, count, continuations)
        initial = tuple(np.searchsorted(above, initial))
        below, context, word, count, suffix = len(word), above, last, more, higher
    yield Level(context, word, suffix, count, count)


class _Part(NamedTuple):
    """n-grams with neighbouring suffixes."""

    where: np.ndarray  # their indices, ascending
    sequence: np.ndarray  # the order that sorts them by suffix
    keys: np.ndarray  # of the suffixes, in that order


def _by_word(word: np.ndarray, words: int) -> Iterator[_Part]:
    """Bigrams by their suffixes, which are words."""
    return _parted(len(word), words, 1, lambda rows: (word[rows], 0))


def _by_suffix(suffix: np.ndarray, below: int, context: np.ndarray, word: np.ndarray, words: int) -> Iterator[_Part]:
    """The n-grams of a level by suffix: by that of their context, of which there are ``below``, and their word."""
    return _parted(len(word), below, words, lambda rows: (suffix[context[rows]], word[rows]))


def _parted(size: int, bound: int, base: int, keys: Callable[[slice], tuple]) -> Iterator[_Part]:
    """Some :data:`LINKED` of ``size`` rows at a time, those of neighbouring keys, each of which is a number below
    ``bound`` and one below ``base``."""
    shift = max((bound - 1).bit_length() - _BINS, 0)
    tally = np.zeros((bound - 1 >> shift) + 1, np.int64)
    for rows in blocks(size):
        tally += np.bincount(keys(rows)[0] >> shift, minlength=len(tally))
    ends, low = np.append(0, np.cumsum(tally)), 0
    while low < len(tally):
        stop = max(int(np.searchsorted(ends, ends[low] + LINKED, "right")) - 1, low + 1)
        found, at = np.empty(ends[stop] - ends[low], np.int64), 0
        where = np.empty(len(found), np.int32)
        for rows in blocks(size):
            high, lowest = keys(rows)
            inside = np.flatnonzero((high >= low << shift) & (high < stop << shift))
            part = slice(at, at + len(inside))
            where[part] = inside + rows.start
            found[part] = (high.astype(np.int64) * base + lowest)[inside]
            at = part.stop
        yield _Part(where, *sorted_order(found, (stop << shift) * base))
        low = stop

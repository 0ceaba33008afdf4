"""N-gram counts of a corpus: sorted arrays, one level an order, spilled to disk where memory asks for it.

An n-gram is known by its context (the index of its first n-1 words one level below) and its last word.  A level is
sorted by (context, word), so the n-grams of a context lie side by side.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datasel.lm.occupancy import ROUNDING, combine, expected, none, occurrences, seen
from datasel.lm.sorting import Packed, sorted_order, starts_of

UNK, BOS, EOS = 0, 1, 2
RESERVED = (b"<unk>", b"<s>", b"</s>")
_BYTES_A_TOKEN = 48  # what counting holds at its peak for each token read

# ASCII white space and NUL separate words, as in KenLM; line feeds end sentences
BLANKS = bytes.maketrans(b"\0", b" ")


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


def above(counts: Counts, cuts: Sequence[int]) -> list[np.ndarray]:
    """Marks of the n-grams of order n that occur more than ``cuts[n - 1]`` times, level by level; and all unigrams."""
    marks = [expected(level.count) > cut * (1 + ROUNDING) for level, cut in zip(counts.levels, cuts)]
    marks[0][:] = True
    return marks


class Vocabulary(dict):
    """Identifiers of words in order of appearance; a closed one knows no others than it was made with."""

    def __init__(self, words: Sequence[bytes] | None = None):
        super().__init__((word, number) for number, word in enumerate(RESERVED))
        self.closed = words is not None
        for word in words or ():
            self.setdefault(word, len(self))

    def __missing__(self, word: bytes) -> int:
        if self.closed:
            return UNK
        self[word] = number = len(self)
        return number

    def identifiers(self, lines: bytes) -> np.ndarray:
        """The words of lines (each with its LF), each sentence between <s> and </s>."""
        tokens = (b"<s> " + lines.translate(BLANKS).replace(b"\n", b" </s> <s> ")).split()[:-1]
        return np.fromiter(map(self.__getitem__, tokens), np.int32, len(tokens))


def reserved_word(line: bytes) -> bytes | None:
    """The first word of a line that no text may hold, if any."""
    if b"<" not in line:
        return None
    return next((word for word in line.translate(BLANKS).split() if word in RESERVED), None)


class Counter:
    """Counts the n-grams of sentences up to an order, holding about ``memory`` bytes before it spills to disk."""

    def __init__(self, order: int, vocabulary: Vocabulary, memory: int, most: int = 5):
        """Of weighted sentences, ``most`` occurrences of an n-gram and more are one case (occupancy.py)."""
        self._order, self._vocabulary, self._most = order, vocabulary, most
        self._limit = max(memory // _BYTES_A_TOKEN, 1)
        self._held = 0
        self._tokens: list[np.ndarray] = []
        self._weights: list[np.ndarray] = []
        self._runs: list[_Run] = []

    def add(self, tokens: np.ndarray, weights: np.ndarray | None = None) -> None:
        """Sentences as :meth:`Vocabulary.identifiers` gives them, each with its weight (always or never)."""
        self._tokens.append(tokens)
        if weights is not None:
            self._weights.append(weights[np.cumsum(tokens == BOS) - 1])
        self._held += len(tokens)
        if self._held >= self._limit:
            self._runs.append(_Run(*self._rows()))

    @property
    def spilled(self) -> int:
        """Bytes on disk."""
        return sum(run.size for run in self._runs)

    def counts(self, least: float = 0) -> Counts:
        """All counts, words that occur less than ``least`` times read as <unk>.  The counter is done after that."""
        words = list(self._vocabulary)
        if not self._runs:
            columns, rows = self._rows()
        else:
            if self._held:
                self._runs.append(_Run(*self._rows()))
            columns, rows = _joined(_merged(self._runs, len(words), self._limit))
        if least:
            words, columns, rows = _without_rare(words, columns, rows, least)
        levels = _levels(columns, rows, len(words))
        del columns, rows
        return Counts(words, list(_linked(levels)))

    def _rows(self) -> tuple[list[np.ndarray], np.ndarray]:
        """Every n-gram of the highest order among the tokens held, sorted, with its count."""
        tokens = np.concatenate([np.empty(0, np.int32), *self._tokens])
        rows = occurrences(np.concatenate(self._weights), self._most) if self._weights else None
        self._tokens, self._weights, self._held = [], [], 0
        return _distinct(Packed(_windows(tokens, self._order), len(self._vocabulary)), rows)


def _windows(tokens: np.ndarray, order: int) -> list[np.ndarray]:
    """The ``order`` words from each token on, as columns.

    What the end of its sentence cuts short is filled up with <s>, which is but a first word otherwise.
    """
    columns, over = [tokens], np.zeros(len(tokens), bool)
    for place in range(1, order):
        column = np.full(len(tokens), BOS, np.int32)
        column[:-place] = tokens[place:]
        over |= column == BOS
        column[over] = BOS
        columns.append(column)
    return columns


def _distinct(packed: Packed, rows: np.ndarray | None) -> tuple[list[np.ndarray], np.ndarray]:
    """Distinct n-grams, sorted, with their counts added up; without counts each counts once."""
    keys, packed.keys = packed.keys, None
    if rows is None:
        keys.sort()
        starts = starts_of(keys)
        rows = np.diff(starts, append=len(keys))
    else:
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = starts_of(keys)
        rows = combine(rows[order], starts)
    keys = keys[starts]
    return packed.columns(keys), rows


class _Run:
    """Sorted n-grams and their counts in a temporary file of TMPDIR."""

    def __init__(self, columns: list[np.ndarray], rows: np.ndarray):
        self._file = tempfile.TemporaryFile()
        self._arrays = []
        for array in (*columns, rows):
            self._arrays.append((self._file.tell(), array.dtype, array.shape))
            self._file.write(np.ascontiguousarray(array).data)
        self.size = self._file.tell()

    def first_words(self) -> np.ndarray:
        return self._read(0, 0, self._arrays[0][2][0])

    def part(self, start: int, stop: int) -> tuple[list[np.ndarray], np.ndarray]:
        *columns, rows = [self._read(number, start, stop) for number in range(len(self._arrays))]
        return columns, rows

    def _read(self, number: int, start: int, stop: int) -> np.ndarray:
        offset, dtype, shape = self._arrays[number]
        width = dtype.itemsize * int(np.prod(shape[1:]))
        self._file.seek(offset + start * width)
        raw = self._file.read((stop - start) * width)
        return np.frombuffer(raw, dtype).reshape(stop - start, *shape[1:])


def _merged(runs: list[_Run], words: int, limit: int) -> Iterator[tuple[list[np.ndarray], np.ndarray]]:
    """Runs merged, a range of first words at a time: some ``limit`` n-grams together, those of one word at least."""
    ends = np.zeros((len(runs), words + 1), np.int64)  # n-grams of each run whose first word is below each word
    for number, run in enumerate(runs):
        ends[number, 1:] = np.cumsum(np.bincount(run.first_words(), minlength=words))
    total = ends.sum(0)
    start = 0
    while start < words:
        stop = max(int(np.searchsorted(total, total[start] + limit, "right")) - 1, start + 1)
        parts = [run.part(int(ends[n, start]), int(ends[n, stop])) for n, run in enumerate(runs)]
        columns = [np.concatenate(column) for column in zip(*(part[0] for part in parts))]
        yield _distinct(Packed(columns, words), np.concatenate([part[1] for part in parts]))
        start = stop


def _joined(parts: Iterator[tuple[list[np.ndarray], np.ndarray]]) -> tuple[list[np.ndarray], np.ndarray]:
    columns, rows = zip(*parts)
    return [np.concatenate(column) for column in zip(*columns)], np.concatenate(rows)


def _without_rare(words: list[bytes], columns: list[np.ndarray], rows: np.ndarray, least: float):
    """Words, columns and rows with rarer words than that gone from the vocabulary."""
    kept = np.bincount(columns[0], expected(rows), len(words)) >= least * (1 - ROUNDING)
    kept[: len(RESERVED)] = True
    new = np.where(kept, np.cumsum(kept) - 1, UNK).astype(np.int32)
    packed = Packed([new[column] for column in columns], int(kept.sum()))
    return [word for word, keep in zip(words, kept) if keep], *_distinct(packed, rows)


def _levels(columns: list[np.ndarray], rows: np.ndarray, words: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Context, word and count of the n-grams of every order, from the sorted n-grams of the highest."""
    every = none(words, rows)
    starts = starts_of(columns[0])
    every[columns[0][starts]] = combine(rows, starts)
    yield np.zeros(words, np.int32), np.arange(words, dtype=np.int32), every
    index = columns[0]  # of the n-gram of the level below that each row begins with
    fresh = np.zeros(len(rows), bool)
    fresh[starts] = True
    while len(columns) > 1:
        column = columns.pop(1)
        fresh[1:] |= column[1:] != column[:-1]
        starts = np.flatnonzero(fresh)
        count = combine(rows, starts)
        whole = column[starts] != BOS
        starts = starts[whole]
        yield index[starts], column[starts], count[whole]
        index = np.zeros(len(rows), np.int32)
        index[starts[1:]] = 1
        index = np.cumsum(index, dtype=np.int32)


def _linked(levels: Iterator[tuple[np.ndarray, ...]]) -> Iterator[Level]:
    """Levels with their suffixes, and the numbers of continuations, which the level above tells."""
    context, word, count = next(levels)
    words = len(word)
    suffix, initial = np.zeros(words, np.int32), (BOS, BOS + 1)  # initial: where the n-grams that begin with <s> lie
    for order, (above, last, more) in enumerate(levels, 2):
        # every n-gram but the initial ones is the suffix of some above, so those, grouped by suffix, tell its place
        known = len(suffix)
        key = suffix[above].astype(np.int64) * words + last
        sequence, key = sorted_order(key, (known if order > 2 else 1) * words)
        starts = starts_of(key)
        if order == 2:
            places = key[starts].astype(np.int32)
        else:
            places = np.arange(len(starts), dtype=np.int32)
            places[initial[0] :] += initial[1] - initial[0]
        higher = np.empty(len(last), np.int32)
        higher[sequence] = np.repeat(places, np.diff(starts, append=len(last)))
        continuations = none(len(word), count)
        if order > 2:
            continuations[slice(*initial)] = count[slice(*initial)]
        continuations[places] = combine(seen(more)[sequence], starts)
        yield Level(context, word, suffix, count, continuations)
        initial = tuple(np.searchsorted(above, initial))
        context, word, count, suffix = above, last, more, higher
    yield Level(context, word, suffix, count, count)

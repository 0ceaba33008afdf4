"""N-gram counts of a corpus: sorted runs of n-grams of the highest order, as many as memory asks for, merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datasel.lm.columns import Growing, blocks, release
from datasel.lm.levels import BOS, RESERVED, UNK, Counts, levels, linked
from datasel.lm.occupancy import ROUNDING, combine, expected, occurrences
from datasel.lm.sorting import Packed, starts_of

_BYTES_A_TOKEN = 56  # what counting holds at its peak for each token read, where words have more than 16 bits
_BYTES_A_NUMBER = 24  # and for each number of weighted n-grams (occupancy.py), of which there are up to three copies
MERGED = 1 << 19  # n-grams of runs that are merged together

# ASCII white space and NUL separate words, as in KenLM; line feeds end sentences
BLANKS = bytes.maketrans(b"\0", b" ")


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
        self._memory = memory
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
        each = _BYTES_A_TOKEN + (_BYTES_A_NUMBER * (2 + self._most) if self._weights else 0)
        if self._held * each >= self._memory:
            self._runs.append(self._run())

    @property
    def spilled(self) -> int:
        """Bytes of the runs on disk."""
        return sum(array.nbytes for run in self._runs for array in (*run.columns, run.rows))

    def counts(self, least: float = 0) -> Counts:
        """All counts, words that occur less than ``least`` times read as <unk>.  The counter is done after that."""
        words = list(self._vocabulary)
        if self._held or not self._runs:
            self._runs.append(self._run())
        runs, self._runs = self._runs, []
        if least:
            words, runs = _without_rare(words, runs, least)
        parts = _merged(runs, len(words), max(min(self._memory // _BYTES_A_TOKEN, MERGED), len(runs)))
        return Counts(words, list(linked(levels(parts, self._order, len(words)))))

    def _run(self) -> _Run:
        """Every n-gram of the highest order among the tokens held."""
        windows = _Windows(np.concatenate([np.empty(0, np.int32), *self._tokens]), self._order)
        rows = occurrences(np.concatenate(self._weights), self._most) if self._weights else None
        self._tokens, self._weights, self._held = [], [], 0
        packed = Packed(windows, len(self._vocabulary))
        del windows
        return _stored(packed, rows)


class _Windows:
    """The ``order`` words from each token on, as columns.

    What the end of its sentence cuts short is filled up with <s>, which is but a first word otherwise.
    """

    def __init__(self, tokens: np.ndarray, order: int):
        self._tokens, self._order = tokens, order

    def __len__(self) -> int:
        return self._order

    def __iter__(self) -> Iterator[np.ndarray]:
        tokens = self._tokens
        yield tokens
        over = np.zeros(len(tokens), bool)
        for place in range(1, self._order):
            column = np.full(len(tokens), BOS, np.int32)
            column[:-place] = tokens[place:]
            over |= column == BOS
            column[over] = BOS
            yield column


class _Run(NamedTuple):
    """Distinct n-grams, sorted: their words column by column, and their counts.  On disk."""

    columns: list[np.ndarray]
    rows: np.ndarray

    def part(self, start: int, stop: int) -> tuple[list[np.ndarray], np.ndarray]:
        return [column[start:stop] for column in self.columns], self.rows[start:stop]

    def pairs(self, start: int, stop: int) -> np.ndarray:
        """The first two words of the n-grams, in one number."""
        first, second = (column[start:stop].astype(np.int64) for column in self.columns[:2])
        return first << 32 | second


def _stored(packed: Packed, rows: np.ndarray | None) -> _Run:
    keys, rows = _distinct(packed, rows)
    columns, count = [Growing() for _ in range(len(packed))], Growing()
    count.write(rows)
    del rows
    for part in blocks(len(keys)):
        for column, words in zip(columns, packed.columns(keys[part])):
            column.write(words)
    return _Run([column.done() for column in columns], count.done())


def _distinct(packed: Packed, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Distinct keys, sorted, with their counts added up; without counts each counts once.  The keys are taken."""
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
    return keys[starts], rows


def _merged(runs: list[_Run], words: int, limit: int) -> Iterator[tuple[list[np.ndarray], np.ndarray]]:
    """Runs merged, some ``limit`` n-grams together; those with the same first two words come together."""
    if len(runs) == 1:
        for part in blocks(len(runs[0].rows)):
            yield runs[0].part(part.start, part.stop)
        return
    sizes, at, ahead = [len(run.rows) for run in runs], [0] * len(runs), limit // len(runs)
    while at != sizes:
        pairs = [run.pairs(start, start + ahead) for run, start in zip(runs, at)]
        # up to the first n-gram of which there may be more than was looked at
        ends = [each[-1] for each, start, size in zip(pairs, at, sizes) if start + len(each) < size]
        ready = [int(np.searchsorted(each, min(ends))) if ends else len(each) for each in pairs]
        if not any(ready):
            ahead *= 2
            continue
        parts = [run.part(start, start + count) for run, start, count in zip(runs, at, ready)]
        packed = Packed([np.concatenate(column) for column in zip(*(part[0] for part in parts))], words)
        keys, rows = _distinct(packed, np.concatenate([part[1] for part in parts]))
        yield packed.columns(keys), rows
        release()
        at, ahead = [start + count for start, count in zip(at, ready)], limit // len(runs)


def _without_rare(words: list[bytes], runs: list[_Run], least: float) -> tuple[list[bytes], list[_Run]]:
    """Words and runs with rarer words than that gone from the vocabulary."""
    times = np.zeros(len(words))
    for run in runs:
        for part in blocks(len(run.rows)):
            times += np.bincount(run.columns[0][part], expected(run.rows[part]), len(words))
    kept = times >= least * (1 - ROUNDING)
    kept[: len(RESERVED)] = True
    new = np.where(kept, np.cumsum(kept) - 1, UNK).astype(np.int32)
    found = [
        _stored(Packed([new[column] for column in run.columns], int(kept.sum())), np.array(run.rows)) for run in runs
    ]
    return [word for word, keep in zip(words, kept) if keep], found

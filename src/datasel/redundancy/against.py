"""What texts share with test sets: decontamination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datasel.ngrams.hashing import hash_words
from datasel.records.jsonl import Records, joined
from datasel.redundancy import keys
from datasel.redundancy.keys import Keys, Shingles, Shingling
from datasel.redundancy.lookup import Lookup
from datasel.redundancy.near import Nearness, Sets
from datasel.redundancy.near import near as are_near
from datasel.redundancy.origins import Origins

_PAIRS = 1 << 20  # candidates in hand at a time, but for a single text
_ROUNDS = (4, 64, 1024, 1 << 62)  # candidates of a text that are compared at a time
STANDS, NEAR, SHARES = 3, 4, 5  # how a text is like one of a test set; see redundancy.verdicts


class Looked(NamedTuple):
    """What is known of the texts of a block."""

    keys: Keys
    kind: np.ndarray  # uint8: 0, or how it is like one of a test set
    cause: np.ndarray  # int64: which


class Against:
    """The texts of test sets, and how others are like them: equal, near, or with ``words`` words in a row of theirs."""

    def __init__(self, exact: bool, nearness: Nearness | None = None, words: int | None = None):
        self._exact, self._nearness, self._words = exact, nearness, words
        self.origins = Origins()
        self._keys: list[Keys] = []
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []
        self._bands: list[np.ndarray] = []  # of each block, bands x texts
        self._sets = Sets()

    def add(self, records: Records, field: str) -> None:
        texts, first = records.column(field), len(self.origins)
        self.origins.add(records)
        self._keys.append(keyed(texts, self._exact))
        if self._words:
            grams, owner = _runs(texts, self._words)
            self._runs.append((grams, owner + first))
        if self._nearness:
            sets, bands = self._nearness.signed(texts)
            self._sets.add(sets)
            self._bands.append(bands)

    def end(self) -> Against:
        """All are there."""
        if not self._keys:
            return self
        found, self._keys = Keys(*map(np.concatenate, zip(*self._keys))), []
        self._equal, self._low = Lookup(found.high), found.low
        if self._words:
            (grams, self._owner), self._runs = map(np.concatenate, zip(*self._runs)), []
            self._grams = Lookup(grams)
        if self._nearness:
            self._sets.end()
            bands, self._bands = np.concatenate(self._bands, axis=1), []
            self._near = [Lookup(band) for band in bands]
        return self

    def look(self, texts: Sequence[str], near: bool = True) -> Looked:
        """``texts``: those of a block; whether they are near to one is left open without ``near``."""
        found = keyed(texts, self._exact)
        kind, cause = np.zeros(len(texts), np.uint8), np.zeros(len(texts), np.int64)
        if not len(self.origins):
            return Looked(found, kind, cause)
        if self._nearness and near:
            self.mark_near(*self._nearness.signed(texts), kind, cause)
        if self._words:
            grams, owner = _runs(texts, self._words)
            asked, place = self._grams.first(grams)
            _mark(kind, cause, SHARES, owner[asked], self._owner[place])
        asked, place = self._equal.first(found.high)
        same = found.low[asked] == self._low[place]
        _mark(kind, cause, STANDS, asked[same], place[same])
        return Looked(found, kind, cause)

    def mark_near(self, sets: Shingles, bands: np.ndarray, kind: np.ndarray, cause: np.ndarray) -> None:
        """Note which texts, of these shingles and keys, are near one of a test set."""
        many = sum(lookup.counts(band) for lookup, band in zip(self._near, bands))
        if not np.any(many):
            return
        with Sets() as ours:
            ours.add(sets)
            ours.end()
            for some in _parts(many):
                self._mark_near(ours, some, bands, kind, cause)

    def _mark_near(self, ours: Sets, some: slice, bands: np.ndarray, kind: np.ndarray, cause: np.ndarray) -> None:
        """Of some texts; each is compared with a few at a time, the first first, until one is near."""
        pairs = [np.empty(0, np.int64)]
        for lookup, band in zip(self._near, bands):
            asked, place = lookup.all(band[some])
            pairs.append((asked + some.start) * len(self.origins) + place)
        one, other = np.divmod(np.unique(np.concatenate(pairs)), len(self.origins))
        for size in _ROUNDS:
            starts = np.flatnonzero(np.diff(one, prepend=-1))
            first = keys.places(np.diff(np.append(starts, len(one)))) < size
            alike = are_near(ours, one[first], self._sets, other[first], self._nearness.threshold)
            _mark(kind, cause, NEAR, one[first][alike], other[first][alike])
            left = ~first & (kind[one] != NEAR)
            one, other = one[left], other[left]
            if not len(one):
                break


def _parts(many: np.ndarray) -> Iterator[slice]:
    """Texts by how many candidates they have, so that those of a part are not too many."""
    upto, start = np.cumsum(many), 0
    while start < len(many):
        before = upto[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(upto, before + _PAIRS, "right")))
        yield slice(start, end)
        start = end


def keyed(texts: Sequence[str], exact: bool) -> Keys:
    """The keys by which texts are equal."""
    return keys.of_bytes(texts) if exact else keys.of_words(joined(texts))


def _runs(texts: Sequence[str], words: int) -> tuple[np.ndarray, np.ndarray]:
    """The hash of every n-gram of so many words, and the text it stands in (ascending)."""
    content = joined(texts)
    found = keys.shingles(content, Shingling("words", words))
    owner = np.repeat(np.arange(len(found.sizes)), found.sizes)
    counts = np.bincount(hash_words(content).record, minlength=len(texts))
    long = (counts >= words)[owner]
    return found.hashes[long], owner[long]


def _mark(kind: np.ndarray, cause: np.ndarray, how: int, texts: np.ndarray, of: np.ndarray) -> None:
    """The first of those that are given for a text."""
    texts, first = np.unique(texts, return_index=True)
    kind[texts], cause[texts] = how, of[first]

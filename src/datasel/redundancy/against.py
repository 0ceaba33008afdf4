"""What texts share with test sets: decontamination."""

from __future__ import annotations

from collections.abc import Sequence
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
        self._texts: list[str] = []
        self._sets = Sets()

    def add(self, records: Records, field: str) -> None:
        self.origins.add(records)
        self._texts += records.column(field)

    def end(self) -> Against:
        """All are there."""
        texts, self._texts = self._texts, []
        found = keyed(texts, self._exact)
        self._equal, self._low = Lookup(found.high), found.low
        if self._words:
            grams, self._owner = _runs(texts, self._words)
            self._grams = Lookup(grams)
        if self._nearness:
            sets = keys.shingles(joined(texts), self._nearness.shingling)
            self._sets.add(sets)
            self._sets.end()
            self._bands = [Lookup(band) for band in self._nearness.bands.keys(sets)]
        return self

    def look(self, texts: Sequence[str], near: bool = True) -> Looked:
        """``texts``: those of a block; whether they are near to one is left open without ``near``."""
        found = keyed(texts, self._exact)
        kind, cause = np.zeros(len(texts), np.uint8), np.zeros(len(texts), np.int64)
        if not len(self.origins):
            return Looked(found, kind, cause)
        if self._nearness and near:
            sets = keys.shingles(joined(texts), self._nearness.shingling)
            self.mark_near(sets, self._nearness.bands.keys(sets), kind, cause)
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
        pairs = [np.empty(0, np.int64)]
        for lookup, band in zip(self._bands, bands):
            asked, place = lookup.all(band)
            pairs.append(asked * len(self.origins) + place)
        one, other = np.divmod(np.unique(np.concatenate(pairs)), len(self.origins))
        if len(one):
            with Sets() as ours:
                ours.add(sets)
                alike = are_near(ours.end(), one, self._sets, other, self._nearness.threshold)
            _mark(kind, cause, NEAR, one[alike], other[alike])


def keyed(texts: Sequence[str], exact: bool) -> Keys:
    """The keys by which texts are equal."""
    return keys.of_bytes(texts) if exact else keys.of_words(joined(texts))


def _runs(texts: Sequence[str], words: int) -> tuple[np.ndarray, np.ndarray]:
    """The hash of every n-gram of so many words, and the text it stands in (ascending)."""
    found = keys.shingles(joined(texts), Shingling("words", words))
    owner = np.repeat(np.arange(len(found.sizes)), found.sizes)
    counts = np.bincount(hash_words(joined(texts)).record, minlength=len(texts))
    long = (counts >= words)[owner]
    return found.hashes[long], owner[long]


def _mark(kind: np.ndarray, cause: np.ndarray, how: int, texts: np.ndarray, of: np.ndarray) -> None:
    """The first of those that are given for a text."""
    texts, first = np.unique(texts, return_index=True)
    kind[texts], cause[texts] = how, of[first]

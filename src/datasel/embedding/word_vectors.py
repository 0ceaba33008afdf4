"""Vectors and frequencies of words: fastText's .bin, or a .vec that embed-fit wrapped.

All words of a block are looked up side by side by their hashes.  A word's vector is the mean of its own row and of its
character n-grams', as fastText composes it; it is made when the word is first met.  A word that the model does not
have is made of n-grams alone; the last of those are remembered, in bounded memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from datasel.embedding import fasttext_file
from datasel.embedding.subwords import LONGEST, subwords
from datasel.ngrams.hashing import Words, hash_normalised
from datasel.records import modelfile
from datasel.text.words import normalised

KIND = "word vectors"
_REMEMBERED = 1 << 12  # unknown words, at most
_GATHERED = 1 << 22  # bytes of matrix rows in hand at a time


class Found(NamedTuple):
    """The distinct words of a block."""

    place: np.ndarray  # int64, for each word of the block which distinct one it is
    vectors: np.ndarray  # float32 (distinct words x dim); zeros where there is none
    has: np.ndarray  # bool, whether there is a vector
    frequency: np.ndarray  # float64, the share among the words of the model's text; 0 for unknown ones


class WordVectors:
    """A model in memory, or mapped from its file."""

    def __init__(self, words: Sequence[bytes], counts: np.ndarray, dim: int, largest: float, digest: str):
        self.dim, self.largest, self.digest = dim, largest, digest
        whole = counts.copy()
        whole[[n for n, word in enumerate(words) if word == fasttext_file.END_OF_LINE]] = 0
        self._hashes, self._ids, first, of_form = _reachable(words)
        self._frequency = np.zeros(len(words))
        if len(first):  # all spellings of a word count
            self._frequency[self._ids] = np.add.reduceat(whole[of_form], first) / max(1, whole.sum())
        self._memory = np.zeros(_REMEMBERED, np.uint64), np.zeros((_REMEMBERED, dim), np.float32)
        self._memory_has = np.zeros(_REMEMBERED, bool)

    @staticmethod
    def load(path: str) -> WordVectors:
        """The model at ``path``, by its magic bytes; ModelError if it is no sound model of either kind."""
        data = fasttext_file.view(path)
        if data[:4] == b"PK\x03\x04":
            data = bytes(data)  # path may be a pipe
            digest = hashlib.sha256(data).hexdigest()[:12]
            return modelfile.load(path, KIND, lambda _settings, arrays: _Listed(arrays, digest), data)
        return _Composed(fasttext_file.parse(path, data))

    def find(self, content: bytes, words: Words) -> Found:
        """The words of a block of normalised texts."""
        distinct, first, place = np.unique(words.hashes, return_index=True, return_inverse=True)
        spot = np.minimum(np.searchsorted(self._hashes, distinct), len(self._hashes) - 1)
        known = self._hashes[spot] == distinct if len(self._hashes) else np.zeros(len(distinct), bool)
        ids = self._ids[spot[known]]
        vectors, has = np.zeros((len(distinct), self.dim), np.float32), known.copy()
        vectors[known] = self._rows(ids)
        frequency = np.zeros(len(distinct))
        frequency[known] = self._frequency[ids]
        unknown = np.flatnonzero(~known)
        if len(unknown):
            vectors[unknown], has[unknown] = self._unknown(distinct[unknown], first[unknown], content)
        return Found(place.ravel(), vectors, has, frequency)

    def _unknown(self, hashes: np.ndarray, first: np.ndarray, content: bytes) -> tuple[np.ndarray, np.ndarray]:
        keys, rows = self._memory
        slots = (hashes % np.uint64(_REMEMBERED)).astype(np.int64)
        vectors, has = rows[slots], self._memory_has[slots]
        new = np.flatnonzero((keys[slots] != hashes) | (hashes == 0))
        if len(new):
            split = content.split()
            words = [split[place] for place in first[new].tolist()]
            short = np.array([len(word) <= LONGEST for word in words])
            vectors[new], has[new] = self._compose([word if fits else b"" for word, fits in zip(words, short)])
            vectors[new[~short]], has[new[~short]] = 0, False
            keys[slots[new]], rows[slots[new]], self._memory_has[slots[new]] = hashes[new], vectors[new], has[new]
        return vectors, has

    def _rows(self, ids: np.ndarray) -> np.ndarray:
        """float32 (ids x dim): the vectors of words of the model."""
        raise NotImplementedError

    def _compose(self, words: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
        """Vectors of words that the model does not have, and whether there is one."""
        raise NotImplementedError


class _Composed(WordVectors):
    """fastText's: words and n-grams."""

    def __init__(self, model: fasttext_file.FastTextFile):
        super().__init__(model.words, model.counts, model.dim, model.largest, model.digest)
        self._model = model
        self._made = np.zeros((len(model.words), model.dim), np.float32)  # pages never touched take no memory
        self._ready = np.zeros(len(model.words), bool)

    def _rows(self, ids):
        new = ids[~self._ready[ids]]
        if len(new):
            words = [self._model.words[each] for each in new.tolist()]
            self._made[new], _ = self._means(words, new)
            self._ready[new] = True
        return self._made[ids]

    def _compose(self, words):
        return self._means(words, None)

    def _means(self, words: Sequence[bytes], ids: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        model = self._model
        found = subwords(words, model.shortest, model.longest, model.buckets)
        rows, counts = found.buckets + len(model.words), found.counts
        if ids is not None:  # a word's own row before its n-grams'
            rows = np.insert(rows, np.cumsum(counts) - counts, ids)
            counts = counts + 1
        ends = np.cumsum(counts)
        means = np.zeros((len(words), model.dim), np.float32)
        step, start = max(1, _GATHERED // (4 * model.dim)), 0
        while start < len(words):
            begin = ends[start] - counts[start]
            stop = max(start + 1, int(np.searchsorted(ends, begin + step, side="right")))
            some = np.flatnonzero(counts[start:stop]) + start
            if len(some):
                values = model.matrix[rows[begin : ends[stop - 1]]].view("<f4")
                sums = np.add.reduceat(values, ends[some] - counts[some] - begin, axis=0)
                means[some] = sums / counts[some, None].astype(np.float32)
            start = stop
        return means, counts > 0


class _Listed(WordVectors):
    """Words and nothing below them: an unknown word has no vector."""

    def __init__(self, arrays: dict[str, Any], digest: str):
        words, vectors, counts = arrays["words"].tobytes().split(b"\n")[:-1], arrays["vectors"], arrays["counts"]
        if vectors.dtype != np.float32 or vectors.shape[:1] != (len(words),) or vectors.ndim != 2 or not words:
            raise ValueError
        if counts.dtype != np.int64 or counts.shape != (len(words),) or counts.min() < 0 or not vectors.shape[1]:
            raise ValueError
        largest = float(np.abs(vectors).max())
        if not np.isfinite(largest):
            raise ValueError
        super().__init__(words, counts, vectors.shape[1], largest, digest)
        self._vectors = vectors

    def _rows(self, ids):
        return self._vectors[ids]

    def _compose(self, words):
        return np.zeros((len(words), self.dim), np.float32), np.zeros(len(words), bool)


def forms(words: Sequence[bytes]) -> list[bytes]:
    """The words as a normalised text has them; empty for what is no word of one."""
    as_text = b"\n".join(words).decode("utf-8", "replace") + "\n"
    lines = normalised(as_text).split(b"\n")[:-1]
    if len(lines) != len(words):  # a word holds a line feed
        lines = [normalised(word.decode("utf-8", "replace")).replace(b"\n", b" ") for word in words]
    return [b"" if b" " in line or b"\xef\xbf\xbd" in line else line for line in lines]


def _reachable(words: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Sorted hashes of the forms of words, and the word that each stands for: the one spelled so, else the first.

    And for each where in the last array, which has the indices of all words by their forms, those of this form begin.
    """
    found = forms(words)
    ids = np.flatnonzero(np.fromiter(map(bool, found), bool, len(words)))
    hashes = hash_normalised(b"".join([found[each] + b"\n" for each in ids.tolist()])).hashes
    other = np.fromiter((found[each] != words[each] for each in ids.tolist()), bool, len(ids))
    order = np.lexsort((ids, other, hashes))
    hashes, ids = hashes[order], ids[order]
    first = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])) if len(ids) else np.empty(0, np.int64)
    return hashes[first], ids[first], first, ids

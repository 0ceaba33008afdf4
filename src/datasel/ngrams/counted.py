"""A pool's n-grams in temporary files: rows of features and their counts, for pools beyond memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

import numpy as np

from datasel.ngrams.hashing import hash_words, ngrams
from datasel.records.jsonl import joined
from datasel.selection.coverage import FeatureCoverage


class CountedPool:
    """Counts of the hashed word n-grams, 1 to ``order`` words, of each utterance.

    Holds eight bytes a record and twelve a bucket that occurs; the rest is in TMPDIR and goes with the object.
    """

    def __init__(self, order: int, bits: int):
        self._order, self._bits = order, bits
        self._features, self._counts = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self._sizes = [np.zeros(1, np.int64)]
        self._total = np.zeros(1 << bits, np.int32)  # in the pool and what is held
        self._rows = np.zeros(1 << bits, np.int32)  # utterances with it
        self._held = np.zeros(1 << bits, np.int32)
        self.texts = 0

    def __enter__(self) -> CountedPool:
        return self

    def __exit__(self, *_error) -> None:
        self._features.close()
        self._counts.close()

    def add(self, texts: Sequence[str]) -> None:
        """Utterances of the pool."""
        rows, buckets, counts, records = self._counted(texts)
        self._features.write(buckets.astype(np.int32).tobytes())
        self._counts.write(counts.astype(np.int32).tobytes())
        self._sizes.append(np.bincount(rows, minlength=records))

    def hold(self, texts: Sequence[str]) -> None:
        """Utterances that are covered already."""
        _, buckets, counts, _ = self._counted(texts)
        np.add.at(self._held, buckets, counts)

    def _counted(self, texts: Sequence[str]):
        """The n-grams of each text: ``(text, bucket, count)`` arrays, and how many texts there are."""
        found = hash_words(joined(texts))
        keys = []
        for bucket, whole in ngrams(found, self._order, self._bits):
            keys.append((found.record[: len(whole)][whole].astype(np.int64) << self._bits) | bucket[whole])
        key, counts = np.unique(np.concatenate(keys), return_counts=True)
        rows, buckets = key >> self._bits, key & ((1 << self._bits) - 1)
        np.add.at(self._total, buckets, counts)
        np.add.at(self._rows, buckets, 1)
        self.texts += found.records
        return rows, buckets, counts, found.records

    def coverage(self, weights: str, min_count: int) -> FeatureCoverage:
        """Of the n-grams that occur at least ``min_count`` times in the pool and in what is held, taken together.

        ``weights``: uniform, 1; tf-idf, ln(utterances / utterances with the n-gram).
        """
        kept = np.flatnonzero(self._total >= max(min_count, 1))
        place = np.full(1 << self._bits, -1, np.int32)
        place[kept] = np.arange(len(kept), dtype=np.int32)
        starts, features, counts = self._compacted(place)
        weight = np.ones(len(kept)) if weights == "uniform" else np.log(self.texts / self._rows[kept])
        return FeatureCoverage(starts, features, counts, self._held[kept], weight)

    def _compacted(self, place: np.ndarray):
        """The rows with kept features only, by their new numbers."""
        starts = np.cumsum(np.concatenate(self._sizes))
        features, counts = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        sizes = [np.zeros(1, np.int64)]
        self._features.seek(0)
        self._counts.seek(0)
        step = 1 << 16  # rows at a time
        for row in range(0, len(starts) - 1, step):
            ends = starts[row : row + step + 1]
            some = 4 * int(ends[-1] - ends[0])
            found = place[np.frombuffer(self._features.read(some), np.int32)]
            there = found >= 0
            features.write(found[there].tobytes())
            counts.write(np.frombuffer(self._counts.read(some), np.int32)[there].tobytes())
            sizes.append(np.diff(np.concatenate([[0], np.cumsum(there)])[ends - ends[0]]))
        starts = np.cumsum(np.concatenate(sizes))
        return starts, *(_mapped(file, int(starts[-1])) for file in (features, counts))


def _mapped(file, count: int) -> np.ndarray:
    file.flush()
    # a plain array over the map: rows of it are taken again and again, and of a memmap that takes twice as long
    return np.asarray(np.memmap(file, np.int32, "r", shape=(count,))) if count else np.empty(0, np.int32)

"""Near-duplicates: sets of shingles on disk, the exact Jaccard similarity of pairs, and who stays of texts alike."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from datasel.records.jsonl import joined
from datasel.redundancy import keys
from datasel.redundancy.keys import Shingles, Shingling
from datasel.redundancy.minhash import Bands

_PAIRS = 1 << 14  # compared at a time
_SHINGLES = 1 << 20  # of them, but for a single pair
_STEADY = 0.999  # of what is undecided, left by a round: then texts are looked at one by one


class Nearness(NamedTuple):
    """Two texts are near if the Jaccard similarity of their sets of shingles is at least the threshold."""

    threshold: Fraction
    shingling: Shingling
    bands: Bands

    @classmethod
    def of(cls, threshold: float, shingling: Shingling) -> Nearness:
        return cls(Fraction(repr(threshold)), shingling, Bands.of(threshold))

    def signed(self, texts: Sequence[str]) -> tuple[Shingles, np.ndarray]:
        """The shingles of texts, and the keys of their bands (bands x texts)."""
        found = keys.shingles(joined(texts), self.shingling)
        return found, self.bands.keys(found)


class Sets:
    """The shingles of texts by their place, in a temporary file in TMPDIR; sixteen bytes a text in memory."""

    def __init__(self):
        self._file, self._sizes = tempfile.TemporaryFile(), [np.empty(0, np.int64)]
        self._hashes, self._starts, self._size = np.empty(0, np.uint64), np.empty(0, np.int64), self._sizes[0]

    def __enter__(self) -> Sets:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, found: Shingles) -> None:
        self._file.write(found.hashes.tobytes())
        self._sizes.append(found.sizes)

    def end(self) -> Sets:
        """All are there: now they can be asked for."""
        self._file.flush()
        self._size = np.concatenate(self._sizes)
        self._sizes = []
        self._starts = np.cumsum(self._size) - self._size
        total = int(self._size.sum())
        if total:
            self._hashes = np.asarray(np.memmap(self._file, np.uint64, "r", shape=(total,)))
        return self

    def of(self, places: np.ndarray) -> Shingles:
        sizes = self._size[places]
        return Shingles(self._hashes[np.repeat(self._starts[places], sizes) + keys.places(sizes)], sizes)


def near(left: Sets, one: np.ndarray, right: Sets, other: np.ndarray, threshold: Fraction) -> np.ndarray:
    """bool, for pairs of places in two collections: whether they are as like as that.

    Exact but for shingles whose hashes agree in 48 bits: less than one pair in 10**11.
    """
    answers = [np.empty(0, bool)]
    start = 0
    while start < len(one):
        sizes = left._size[one[start : start + _PAIRS]] + right._size[other[start : start + _PAIRS]]
        some = max(1, int(np.searchsorted(np.cumsum(sizes), _SHINGLES)))
        part = slice(start, start + some)
        answers.append(_compared(left.of(one[part]), right.of(other[part]), threshold))
        start += some
    return np.concatenate(answers)


def _compared(left: Shingles, right: Shingles, threshold: Fraction) -> np.ndarray:
    # the pair's number, 48 bits of the hash, and the side: sorted, shared shingles of a pair are neighbours
    parts = []
    for side, found in enumerate((left, right)):
        pair = np.repeat(np.arange(len(found.sizes), dtype=np.uint64) << np.uint64(49), found.sizes)
        pair |= found.hashes >> np.uint64(16) << np.uint64(1)
        parts.append(pair | np.uint64(side))
    marked = np.concatenate(parts)
    marked.sort()
    marked = marked[np.concatenate([[True], marked[1:] != marked[:-1]])]
    twins = marked[1:][marked[1:] == (marked[:-1] | np.uint64(1))]
    shared = np.bincount((twins >> np.uint64(49)).astype(np.int64), minlength=len(left.sizes))
    both = np.bincount((marked >> np.uint64(49)).astype(np.int64), minlength=len(left.sizes))
    return shared * threshold.denominator >= (both - shared) * threshold.numerator


def repeats(bands: Iterable[np.ndarray], sets: Sets, places: np.ndarray, threshold: Fraction) -> np.ndarray:
    """For texts in order of rank, the best first: the rank of one that stays and is near, -1 for those that stay.

    ``bands``: of each the keys, uint64, one a rank; ``places``: where in ``sets`` each text is.  A
    text stays unless a candidate of better rank stays and is near it: what comes out is what going through the
    texts one by one would give.
    """
    cause = np.full(len(places), -1)
    bucket, rank = _buckets(bands)
    undecided = np.ones(len(places), bool)
    while len(rank):
        first = np.ones(len(bucket), bool)
        first[1:] = bucket[1:] != bucket[:-1]
        blocked = np.zeros(len(places), bool)
        blocked[rank[~first]] = True
        head = np.maximum.accumulate(np.where(first, np.arange(len(rank)), 0))
        leader = rank[head]
        asked = ~first & ~blocked[leader]  # beside a text that is the best left in all of its buckets: it stays
        undecided[rank[first][~blocked[rank[first]]]] = False
        pair = np.unique(leader[asked].astype(np.int64) * len(places) + rank[asked])
        one, other = np.divmod(pair, len(places))
        alike = near(sets, places[one], sets, places[other], threshold)
        one, other = one[alike], other[alike]
        dropped, best = np.unique(other, return_index=True)
        cause[dropped] = one[best]  # pairs ascend, so it is the best of them
        undecided[dropped] = False
        left = undecided[rank]
        if left.sum() > _STEADY * len(left):  # a chain: nearly everything waits for what is before it
            _one_by_one(bucket[left], rank[left], cause, sets, places, threshold)
            break
        bucket, rank = bucket[left], rank[left]
        # who is alone in a bucket has nobody to be compared with there
        alone = np.ones(len(bucket), bool)
        alone[1:] &= bucket[1:] != bucket[:-1]
        alone[:-1] &= bucket[1:] != bucket[:-1]
        bucket, rank = bucket[~alone], rank[~alone]
    return cause


def _one_by_one(bucket, rank, cause, sets: Sets, places: np.ndarray, threshold: Fraction) -> None:
    """The same for what is left, in order of rank: each beside those of its buckets that stay."""
    order = np.lexsort((bucket, rank))
    starts = np.flatnonzero(np.diff(rank[order], prepend=-1))
    stay: dict[int, list[int]] = {}
    for one, buckets in zip(rank[order[starts]].tolist(), np.split(bucket[order], starts[1:])):
        buckets = buckets.tolist()
        others = np.array(sorted({other for each in buckets for other in stay.get(each, ())}), np.int64)
        if len(others):
            alike = near(sets, places[others], sets, np.repeat(places[one], len(others)), threshold)
            if alike.any():
                cause[one] = others[alike.argmax()]
                continue
        for each in buckets:
            stay.setdefault(each, []).append(one)


def _buckets(bands: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """``(bucket, rank)`` by bucket, then by rank, of all bands; only buckets that hold several."""
    buckets, ranks, total = [np.empty(0, np.int32)], [np.empty(0, np.int32)], 0
    for key in bands:
        some = _not_alone(key)
        order = some[np.argsort(key[some], kind="stable")]
        ordered = key[order]
        follows = np.zeros(len(ordered), bool)
        follows[1:] = ordered[1:] == ordered[:-1]
        several = follows.copy()
        several[:-1] |= follows[1:]
        number = np.cumsum(~follows[several])
        buckets.append((number - 1 + total).astype(np.int32))
        ranks.append(order[several].astype(np.int32))
        total += int(number[-1]) if len(number) else 0
    return np.concatenate(buckets), np.concatenate(ranks)


def _not_alone(key: np.ndarray) -> np.ndarray:
    """The places, ascending, of all keys that come several times, and of a few others: cheaper than sorting all."""
    bits = max((4 * len(key)).bit_length(), 1)
    slot = key >> np.uint64(64 - bits)
    slot = slot.view(np.int64)
    last = np.empty(1 << bits, np.int32)
    place = np.arange(len(key), dtype=np.int32)
    last[slot] = place
    shared = np.zeros(1 << bits, bool)
    shared[slot[last[slot] != place]] = True
    return np.flatnonzero(shared[slot])

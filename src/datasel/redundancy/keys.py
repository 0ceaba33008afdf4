"""What texts are compared by: keys of 96 bits for equality, sets of hashed shingles for nearness.  All without a loop.

Two of n different texts have the same key with a probability below n**2 / 2**97: 10**-9 for 10**10 texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from datasel.ngrams.hashing import CHAIN, HALF, LOW_BYTES, hash_normalised, scramble
from datasel.text.words import normalised

_STEP = np.uint64(0x9E3779B97F4A7C15)  # between the constants of two places
_OTHER = np.uint64(0xA24BAED4963EE407)
_EDGE, _SPACE = 10, 32  # LF ends a text


class Keys(NamedTuple):
    """One for each text."""

    high: np.ndarray  # uint64, never 0
    low: np.ndarray  # uint32


class Shingling(NamedTuple):
    """Which n-grams of a text make its set."""

    unit: str  # "words" or "chars"
    size: int


class Shingles(NamedTuple):
    """The shingles of a block of texts, at least one for each text; one may stand twice."""

    hashes: np.ndarray  # uint64, text after text
    sizes: np.ndarray  # int64, one a text


def of_words(joined: str) -> Keys:
    """Of texts with an LF after each (see records.jsonl.joined): equal for the same words in the same order."""
    content = _spaced_once(normalised(joined))
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == _EDGE)
    starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)]
    return _of_bytes(content, starts, ends - starts)


def of_bytes(texts: Sequence[str]) -> Keys:
    """Equal for the same characters."""
    pieces = [text.encode() for text in texts]
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    return _of_bytes(b"".join(pieces), np.cumsum(lengths) - lengths, lengths)


def _spaced_once(content: bytes) -> bytes:
    """One space between words, and none at either end of a line."""
    units = np.frombuffer(content, np.uint8)
    space, gap = units == _SPACE, units <= _SPACE
    again = space.copy()
    again[1:] &= gap[:-1]
    if again.any():
        units = units[~again]
    last = units[:-1] == _SPACE
    last &= units[1:] == _EDGE
    if last.any():
        units = units[:-1][~last]
        return units.tobytes() + b"\n"
    return units.tobytes() if again.any() else content


def _of_bytes(content: bytes, starts: np.ndarray, lengths: np.ndarray) -> Keys:
    """Of texts, each some bytes of the content, which are read eight at a time."""
    sizes = (lengths + 7) >> 3
    upto = np.cumsum(sizes)
    place = places(sizes)
    where = place << 3
    where += np.repeat(starts, sizes)
    eights = np.ndarray(len(content) + 1, "<u8", content + bytes(9), strides=(1,))
    parts = eights[where]
    some = lengths > 0
    parts[upto[some] - 1] &= LOW_BYTES[((lengths[some] - 1) & 7) + 1]
    scramble(parts)
    return _summed(parts, place, upto, lengths.astype(np.uint64))


def _summed(hashes: np.ndarray, place: np.ndarray, upto: np.ndarray, first: np.ndarray) -> Keys:
    """Sums of what each part of a text is in its place; ``first`` is part of the text as well.

    ``place``: of each part in its text, from 0; ``upto``: where each text's parts end.
    """
    mixed = place.astype(np.uint64)
    mixed += np.uint64(1)
    mixed *= _STEP
    mixed ^= hashes
    sums, total = [], np.zeros(len(mixed) + 1, np.uint64)
    for start in (first * _STEP, first * _OTHER):
        mixed += _OTHER
        scramble(mixed)
        np.cumsum(mixed, out=total[1:])
        found = total[upto]
        found[1:] -= total[upto[:-1]]
        found += start
        scramble(found)
        sums.append(found)
    return Keys(np.maximum(sums[0], np.uint64(1)), (sums[1] >> HALF).astype(np.uint32))


def places(sizes: np.ndarray) -> np.ndarray:
    """0, 1, 2 ... in each of several runs of these sizes."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)


def shingles(joined: str, shingling: Shingling) -> Shingles:
    """Of texts with an LF after each (see records.jsonl.joined), normalised.

    Character n-grams take one space between words.  A text too short for an n-gram has one shingle: all of it.
    """
    content = normalised(joined)
    if shingling.unit == "words":
        found = hash_normalised(content)
        return _windows(found.hashes, np.bincount(found.record, minlength=found.records), shingling.size)
    lines = [" ".join(line.split()) for line in content.decode().split("\n")[:-1]]
    units = np.frombuffer("".join(lines).encode("utf-32-le"), np.uint32).astype(np.uint64)
    scramble(units)
    return _windows(units, np.fromiter(map(len, lines), np.int64, len(lines)), shingling.size)


def _windows(units: np.ndarray, counts: np.ndarray, size: int) -> Shingles:
    """The hash of every ``size`` neighbours among the units of a text."""
    short = counts < size
    sizes = np.where(short, 1, counts - size + 1)
    hashes = np.empty(int(sizes.sum()), np.uint64)
    ends, made = np.cumsum(counts), np.cumsum(sizes)
    if short.any():
        found = _summed(units, places(counts), ends, np.zeros(len(counts), np.uint64))
        hashes[made[short] - 1] = found.high[short]
    if len(units) >= size:
        mixed = units.copy()
        for more in range(1, size):
            mixed = mixed[:-1] * CHAIN
            mixed += units[more:]
            mixed ^= mixed >> HALF
        scramble(mixed)
        whole = ~short
        runs = sizes[whole]
        within = places(runs)
        hashes[np.repeat(made[whole] - runs, runs) + within] = mixed[
            np.repeat(ends[whole] - counts[whole], runs) + within
        ]
    return Shingles(hashes, sizes)

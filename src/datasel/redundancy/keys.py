"""What texts are compared by: keys of 96 bits for equality, sets of hashed shingles for nearness.  All without a loop.

Two of n different texts have the same key with a probability below n**2 / 2**97: 10**-9 for 10**10 texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from datasel.ngrams.hashing import CHAIN, HALF, LOW_BYTES, Words, hash_normalised, scramble
from datasel.text.words import normalised

_STEP = np.uint64(0x9E3779B97F4A7C15)  # between the constants of two places
_OTHER = np.uint64(0xA24BAED4963EE407)
_EDGE = 10  # LF


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


def of_words(found: Words) -> Keys:
    """Equal for texts of the same words in the same order."""
    sizes = np.bincount(found.record, minlength=found.records)
    return _summed(found.hashes, found.record, sizes, np.zeros(found.records, np.uint64))


def of_bytes(texts: Sequence[str]) -> Keys:
    """Equal for the same characters."""
    pieces = [text.encode() for text in texts]
    content = b"".join(pieces)
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    sizes = -(-lengths // 8)  # read eight bytes at a time
    record = np.repeat(np.arange(len(pieces)), sizes)
    done = 8 * _places(sizes)
    eights = np.ndarray(len(content) + 1, "<u8", content + bytes(9), strides=(1,))
    parts = eights[(np.cumsum(lengths) - lengths)[record] + done] & LOW_BYTES[np.minimum(lengths[record] - done, 8)]
    scramble(parts)
    return _summed(parts, record, sizes, lengths.astype(np.uint64))


def _summed(hashes: np.ndarray, record: np.ndarray, sizes: np.ndarray, first: np.ndarray) -> Keys:
    """Sums of what each word is in its place; ``first`` is part of the text as well."""
    mixed = (_places(sizes).astype(np.uint64) + np.uint64(1)) * _STEP
    mixed ^= hashes
    ends = np.cumsum(sizes)
    sums = []
    for start in (first * _STEP, first * _OTHER):
        mixed += _OTHER
        scramble(mixed)
        upto = np.zeros(len(mixed) + 1, np.uint64)
        np.cumsum(mixed, out=upto[1:])
        total = upto[ends] - upto[ends - sizes] + start
        scramble(total)
        sums.append(total)
    return Keys(np.maximum(sums[0], np.uint64(1)), (sums[1] >> HALF).astype(np.uint32))


def _places(sizes: np.ndarray) -> np.ndarray:
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
        record = np.repeat(np.arange(len(counts)), counts)
        hashes[made[short] - 1] = _summed(units, record, counts, np.zeros(len(counts), np.uint64)).high[short]
    if len(units) >= size:
        mixed = units.copy()
        for more in range(1, size):
            mixed = mixed[:-1] * CHAIN
            mixed += units[more:]
            mixed ^= mixed >> HALF
        scramble(mixed)
        whole = ~short
        runs = sizes[whole]
        within = _places(runs)
        hashes[np.repeat(made[whole] - runs, runs) + within] = mixed[
            np.repeat(ends[whole] - counts[whole], runs) + within
        ]
    return Shingles(hashes, sizes)

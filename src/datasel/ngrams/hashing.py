"""Hashed word n-grams of a whole block of texts at once, without a loop over texts.

A word is read eight bytes at a time, all words of the block side by side; an n-gram's hash mixes those of its
words in order, and its top bits are its bucket.  All arithmetic is modulo 2**64.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from datasel.text.words import normalised

_MIX = np.uint64(0xD6E8FEB86659FD93)
CHAIN = np.uint64(0xC2B2AE3D27D4EB4F)
HALF = np.uint64(32)
LOW_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
_LONG = 64  # bytes; longer words are rare, and hashed one by one


class Words(NamedTuple):
    """The words of a block of texts."""

    hashes: np.ndarray  # uint64, one a word
    record: np.ndarray  # int32, the text each word stands in, ascending
    records: int  # how many texts there are


def hash_words(joined: str) -> Words:
    """The words of texts joined with an LF after each (see records.jsonl.joined)."""
    return hash_normalised(normalised(joined))


def hash_normalised(content: bytes) -> Words:
    """The same for texts that text.words.normalised has been over; ``content.split()`` is their words in this order."""
    units = np.frombuffer(content, np.uint8)
    inside = np.zeros(len(units) + 2, bool)
    np.greater(units, 32, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[0::2], edges[1::2]
    breaks = np.flatnonzero(units == 10)
    counts = np.diff(np.searchsorted(starts, breaks), prepend=0)
    record = np.repeat(np.arange(len(breaks), dtype=np.int32), counts)
    return Words(_hash(content, starts, ends - starts), record, len(breaks))


def _hash(content: bytes, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    # every position of the text as the eight bytes that begin there
    eights = np.ndarray(len(content), "<u8", content + bytes(8), strides=(1,))
    hashes = eights[starts]
    hashes &= LOW_BYTES[np.minimum(lengths, 8)]
    scramble(hashes)
    left = np.flatnonzero(lengths > 8)
    for done in range(8, _LONG, 8):
        if not len(left):
            return hashes
        more = eights[starts[left] + done] & LOW_BYTES[np.minimum(lengths[left] - done, 8)]
        more += hashes[left] * CHAIN
        scramble(more)
        hashes[left] = more
        left = left[lengths[left] > done + 8]
    for index in left.tolist():
        word = content[starts[index] : starts[index] + lengths[index]]
        hashes[index] = int.from_bytes(blake2b(word, digest_size=8).digest(), "little")
    return hashes


def scramble(hashes: np.ndarray) -> None:
    """Mix the bits of 64-bit numbers in place; no two different numbers become one."""
    hashes *= _MIX
    hashes ^= hashes >> HALF
    hashes *= _MIX


def ngrams(found: Words, order: int, bits: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each length from 1 to ``order``: ``(bucket, whole)``, one for each word that begins one.

    ``bucket`` is int64 in [0, 2**bits); ``whole`` (bool) says whether the n-gram ends in the text it began in.
    """
    drop = np.uint64(64 - bits)
    mixed = found.hashes
    yield (mixed >> drop).view(np.int64), np.ones(len(mixed), bool)
    for length in range(2, min(order, len(found.hashes)) + 1):
        mixed = mixed[:-1] * CHAIN
        mixed += found.hashes[length - 1 :]
        mixed ^= mixed >> HALF
        bucket = mixed * _MIX
        bucket >>= drop
        yield bucket.view(np.int64), found.record[: len(mixed)] == found.record[length - 1 :]


def record_hashes(found: Words) -> np.ndarray:
    """uint64, one a text: equal for texts of the same words in the same order."""
    ends = np.searchsorted(found.record, np.arange(found.records), side="right")
    starts = np.concatenate([[0], ends])[:-1]
    place = np.arange(len(found.record)) - starts[found.record]
    powers = np.full(max(int(place.max(initial=0)), 0) + 1, CHAIN)
    powers[0] = 1
    np.multiply.accumulate(powers, out=powers)
    prefix = np.zeros(len(place) + 1, np.uint64)
    np.cumsum(found.hashes * powers[place], out=prefix[1:])
    return prefix[ends] - prefix[starts]

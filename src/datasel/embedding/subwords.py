"""The character n-grams of words as fastText hashes them, for many words at once.

A word is put between ``<`` and ``>``; its n-grams are those of minn to maxn code points, one alone never being a mark;
FNV-1a of the UTF-8 bytes (taken as signed) modulo the buckets is an n-gram's bucket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

LONGEST = 512  # bytes of a word; what is longer is no word of a language, and has no vector

_START, _PRIME = np.uint32(2166136261), np.uint32(16777619)


class Subwords(NamedTuple):
    """Of each word the buckets of its n-grams, word by word, those of a word shorter first."""

    buckets: np.ndarray  # int64
    counts: np.ndarray  # int64, how many each word has


def without_long(content: bytes) -> bytes:
    """Normalised texts without the words that are too long."""
    return re.sub(rb"[^\n ]{%d,}" % (LONGEST + 1), b"", content)


def subwords(words: Sequence[bytes], shortest: int, longest: int, buckets: int) -> Subwords:
    """The n-grams of UTF-8 words."""
    if longest <= 0 or buckets <= 0 or not words:
        return Subwords(np.empty(0, np.int64), np.zeros(len(words), np.int64))
    content = b"<" + b"><".join(words) + b">"
    units = np.frombuffer(content, np.uint8)
    signed = units.view(np.int8).astype(np.int32).view(np.uint32)
    starts = np.flatnonzero(units & 0xC0 != 0x80)  # of characters
    sizes = np.diff(starts, append=len(units))
    word_ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)) + 2)
    word = np.searchsorted(word_ends, starts, side="right")
    ends = np.searchsorted(starts, word_ends)[word]  # the first character after the word
    begins = np.concatenate([[0], np.searchsorted(starts, word_ends)[:-1]])[word]
    first = np.arange(len(starts))  # the character an n-gram begins with
    hashes = np.full(len(starts), _START)
    found, owners = [], []
    for length in range(1, longest + 1):
        last = first + length - 1
        inside = last < ends[first]
        first, last, hashes = first[inside], last[inside], hashes[inside]
        if not len(first):
            break
        for place in range(int(sizes[last].max())):
            more = np.flatnonzero(sizes[last] > place)
            hashes[more] = (hashes[more] ^ signed[starts[last[more]] + place]) * _PRIME
        if length >= shortest:
            wanted = (first > begins[first]) & (first + 1 < ends[first]) if length == 1 else slice(None)
            found.append((hashes[wanted] % np.uint32(buckets)).astype(np.int64))
            owners.append(word[first[wanted]])
    owner = np.concatenate(owners) if owners else np.empty(0, np.int64)
    order = np.argsort(owner, kind="stable")
    joined = np.concatenate(found)[order] if found else np.empty(0, np.int64)
    return Subwords(joined, np.bincount(owner, minlength=len(words)))

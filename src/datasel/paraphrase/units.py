"""Utterances as the detector's encoder takes them: words, and each word as hashed pieces of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from zlib import crc32

import numpy as np

from datasel.records.jsonl import joined
from datasel.text.words import normalised

PIECES = 20  # of a word at most: itself, its character trigrams and 4-grams
LONGEST = 32  # words; what comes after them is not read


class Vocabulary:
    """Numbers words as they come and knows the pieces of each.

    ``pieces``: int32 (words x PIECES), buckets from 1 to ``buckets`` - 1, 0 where a word has fewer.
    """

    def __init__(self, buckets: int):
        self.buckets = buckets
        self._number: dict[bytes, int] = {}
        self._pieces = np.zeros((1024, PIECES), np.int32)

    @property
    def pieces(self) -> np.ndarray:
        return self._pieces[: len(self._number)]

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """The words of each text by number, at least one and at most LONGEST a text."""
        lines = normalised(joined(texts)).split(b"\n")[:-1]
        return [[self._of(word) for word in line.split()[:LONGEST] or [b""]] for line in lines]

    def __len__(self) -> int:
        return len(self._number)

    def _of(self, word: bytes) -> int:
        number = self._number.get(word)
        if number is None:
            number = self._number[word] = len(self._number)
            if number == len(self._pieces):
                self._pieces = np.concatenate([self._pieces, np.zeros_like(self._pieces)])
            found = [crc32(piece.encode()) % (self.buckets - 1) + 1 for piece in _pieces(word.decode())]
            self._pieces[number] = found + [0] * (PIECES - len(found))
        return number


def _pieces(word: str) -> list[str]:
    """The whole word, then its trigrams and 4-grams (of characters, ends marked) in turn from its beginning."""
    marked = f"<{word}>"
    threes, fours = ([marked[place : place + n] for place in range(len(marked) - n + 1)] for n in (3, 4))
    in_turn = chain.from_iterable(zip_longest(threes, fours))
    return [f"={word}", *(piece for piece in in_turn if piece is not None)][:PIECES]

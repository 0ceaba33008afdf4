"""Sentences scored by a back-off model's arrays: slower than KenLM, of any order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasel.lm.backoff import Backoff
from datasel.lm.counting import Vocabulary
from datasel.lm.levels import RESERVED, UNK


class ArrayScorer:
    """A model in memory, with what :class:`datasel.lm.query.Scorer` asks of KenLM."""

    def __init__(self, model: Backoff):
        self._model, self._words = model, Vocabulary(model.words[len(RESERVED) :])

    def __contains__(self, word: str | bytes) -> bool:
        known = word.encode() if isinstance(word, str) else word
        return known != RESERVED[UNK] and known in self._words

    def log10(self, lines: Sequence[bytes], end: bool = True) -> np.ndarray:
        """log10 p of each sentence, in total, given <s>; ``end``: of </s> as well."""
        _, p = self._scored(lines)
        sizes = np.fromiter((len(line.split()) for line in lines), np.int64, len(lines)) + 2  # <s> and </s>
        if not end:
            p[np.cumsum(sizes) - 1] = 0
        return np.bincount(np.repeat(np.arange(len(lines)), sizes), p, len(lines))

    def unknown(self, lines: Sequence[bytes]) -> tuple[int, float]:
        """How many words of the sentences the model does not know, and their log10 p in total."""
        tokens, p = self._scored(lines)
        return int((tokens == UNK).sum()), float(p[tokens == UNK].sum())

    def _scored(self, lines: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
        tokens = self._words.identifiers(b"".join([line + b"\n" for line in lines]))
        return tokens, self._model.log10(tokens)

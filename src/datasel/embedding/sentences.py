"""Vectors of texts from vectors of words."""

from __future__ import annotations

import numpy as np

from datasel.embedding.word_vectors import WordVectors
from datasel.ngrams.hashing import hash_normalised
from datasel.text.words import normalised


class TextVectors:
    """Mean of the vectors of a text's words, each weighted by 1, or as SIF does by a / (a + its frequency).

    (Arora, Liang & Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017; the singular vector
    that they remove is centroids' business, for it is one of all texts.)  The sum is divided by the number of
    words that have a vector; a text without such a word has the zero vector.
    """

    def __init__(self, words: WordVectors, sif: float | None = None):
        self._words, self._sif = words, sif
        self.dim, self.largest = words.dim, words.largest

    def of(self, joined: str) -> tuple[np.ndarray, np.ndarray]:
        """Of texts with an LF after each: float32 (texts x dim), and bool, whether a word of it has a vector."""
        from scipy.sparse import csr_matrix

        content = normalised(joined)
        words = hash_normalised(content)
        found = self._words.find(content, words)
        weight = found.has.astype(float)
        if self._sif is not None:
            weight *= self._sif / (self._sif + found.frequency)
        ends = np.searchsorted(words.record, np.arange(words.records + 1))  # where each text's words begin
        matrix = csr_matrix((weight[found.place], found.place, ends), (words.records, len(found.has)))
        counts = np.bincount(words.record, found.has[found.place], words.records)
        vectors = (matrix @ found.vectors.astype(float)) / np.maximum(counts, 1)[:, None]
        return vectors.astype(np.float32), counts > 0

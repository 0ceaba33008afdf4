"""The classifier of domain and intent: maximum entropy on hashed word n-grams, and vectors of texts where there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from datasel.ngrams.features import count_matrix
from datasel.ngrams.logistic import fit_multinomial


@dataclass
class Maxent:
    """``weights`` (columns x classes) for the bucket numbers in ``columns``, those from 2**bits on being components of
    texts' vectors; ``bias`` (classes,); natural log."""

    columns: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    order: int
    bits: int

    @classmethod
    def fit(
        cls, joined: str, label: Sequence[int], classes: int, weight: np.ndarray, *, order: int, bits: int, l2: float,
        vectors: np.ndarray | None = None,
    ) -> Maxent:  # fmt: skip
        """From texts joined by LF, the class number and the weight of each; ``vectors``: texts x dimensions."""
        if classes == 1:
            return cls(np.empty(0, np.int64), np.empty((0, 1)), np.zeros(1), order, bits)
        rows = _rows(joined, order, bits, vectors)
        columns, weights, bias = fit_multinomial(rows, np.asarray(label), classes, weight, l2)
        return cls(columns, weights, bias, order, bits)

    def probabilities(self, joined: str, vectors: np.ndarray | None = None) -> np.ndarray:
        """float64 (texts x classes); rows sum to 1."""
        from scipy.special import softmax

        rows = _rows(joined, self.order, self.bits, vectors)[:, self.columns]
        return softmax(rows @ self.weights + self.bias, axis=1)


def _rows(joined: str, order: int, bits: int, vectors: np.ndarray | None):
    """CSR; a product with it goes row by row, so that a text's result depends on the text alone."""
    from scipy import sparse

    rows = count_matrix(joined, order, bits)
    return rows if vectors is None else sparse.hstack([rows, sparse.csr_matrix(vectors)], "csr")

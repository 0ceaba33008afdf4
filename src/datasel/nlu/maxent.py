"""The classifier of domain and intent: maximum entropy on hashed word n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from datasel.ngrams.features import count_matrix
from datasel.ngrams.logistic import fit_multinomial


@dataclass
class Maxent:
    """``weights`` (columns x classes) for the bucket numbers in ``columns``; ``bias`` (classes,); natural log."""

    columns: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    order: int
    bits: int

    @classmethod
    def fit(
        cls, joined: str, label: Sequence[int], classes: int, weight: np.ndarray, *, order: int, bits: int, l2: float
    ) -> Maxent:
        """From texts joined by LF, the class number and the weight of each."""
        rows = count_matrix(joined, order, bits)
        if classes == 1:
            return cls(np.empty(0, np.int64), np.empty((0, 1)), np.zeros(1), order, bits)
        columns, weights, bias = fit_multinomial(rows, np.asarray(label), classes, weight, l2)
        return cls(columns, weights, bias, order, bits)

    def probabilities(self, joined: str) -> np.ndarray:
        """float64 (texts x classes); rows sum to 1."""
        from scipy.special import softmax

        rows = count_matrix(joined, self.order, self.bits)[:, self.columns]
        return softmax(rows @ self.weights + self.bias, axis=1)

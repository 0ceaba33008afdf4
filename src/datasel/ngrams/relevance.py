"""Fitting relevance models: wanted utterances against general text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasel.evaluation.classification import auc
from datasel.ngrams import importance
from datasel.ngrams.features import count_matrix
from datasel.ngrams.linear import LinearModel
from datasel.ngrams.logistic import fit_binary
from datasel.records.jsonl import joined

DEFAULTS = {"logistic": (3, 20), "importance": (2, 14)}  # order, bits
FOLDS = 5


def fit(positive: str, negative: str, method: str, order: int, bits: int, l2: float) -> LinearModel:
    """A model from joined texts (see records.jsonl.joined).

    logistic: n-gram logistic regression, L2, both classes of equal total weight (Cho et al., ASRU 2019).
    importance: weight = ln p(bucket | positive) - ln p(bucket | negative), bags of hashed n-grams (Xie et al.,
    DSIR, NeurIPS 2023); the sum over a text is its log importance weight.
    """
    if method == "importance":
        weights = importance.weights(*(importance.bucket_counts(text, order, bits) for text in (positive, negative)))
        return LinearModel(weights.astype(np.float32), 0.0, order, method)
    from scipy import sparse

    wanted, general = count_matrix(positive, order, bits), count_matrix(negative, order, bits)
    weights = np.zeros(wanted.shape[1], np.float32)
    positives, negatives = wanted.shape[0], general.shape[0]
    truth = np.arange(positives + negatives) < positives
    balance = np.where(truth, 1 / positives, 1 / negatives)
    columns, found, bias = fit_binary(sparse.vstack([wanted, general]).tocsr(), truth, balance, l2)
    weights[columns] = found
    return LinearModel(weights, bias, order, method)


def cross_validate(
    positive: list[str], negative: list[str], build: Callable[[str, str], LinearModel]
) -> tuple[float, dict[float, float]]:
    """Held-out ``(AUC, {share of negatives kept: recall of positives})`` by 5-fold cross-validation.

    Fold i holds out every fifth text.  A negative pool that hides positives makes both figures too low.
    """
    high, low = [], []
    for fold in range(FOLDS):
        rest = ([text for i, text in enumerate(texts) if i % FOLDS != fold] for texts in (positive, negative))
        model = build(*map(joined, rest))
        high.append(model.score(joined(positive[fold::FOLDS])))
        low.append(model.score(joined(negative[fold::FOLDS])))
    return auc(np.concatenate(high), np.concatenate(low)), {
        share: float(np.mean(np.concatenate([h >= np.quantile(n, 1 - share) for h, n in zip(high, low)])))
        for share in (0.01, 0.05)
    }

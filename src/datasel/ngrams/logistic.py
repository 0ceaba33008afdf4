"""Logistic regression on sparse counts, binary and multinomial, by L-BFGS from zero: deterministic."""

from __future__ import annotations

import numpy as np


def fit_binary(rows, positive: np.ndarray, sample_weight: np.ndarray, l2: float):
    """``(columns, weights, bias)`` minimising the weighted mean logistic loss + l2/2 * |weights|**2 (bias free).

    ``rows``: CSR (n x features), ``positive``: bool (n,), ``sample_weight``: (n,), any scale.
    ``columns`` are the ones that occur in ``rows``; ``weights`` is in step with them.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    used, rows = _used_columns(rows)
    transposed = rows.T.tocsr()
    target = positive.astype(float)
    share = sample_weight / sample_weight.sum()

    def loss(theta):
        margin = rows @ theta[:-1] + theta[-1]
        value = share @ (np.logaddexp(0, margin) - target * margin)
        slope = share * (expit(margin) - target)
        gradient = np.append(transposed @ slope + l2 * theta[:-1], slope.sum())
        return value + l2 / 2 * (theta[:-1] @ theta[:-1]), gradient

    options = {"maxiter": 200, "maxcor": 10}
    theta = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options=options).x
    return used, theta[:-1], float(theta[-1])


def fit_multinomial(
    rows, label: np.ndarray, classes: int, sample_weight: np.ndarray, l2: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``(columns, weights (columns x classes), bias (classes,))`` of a maximum-entropy classifier.

    Minimises the weighted mean cross-entropy + l2/2 * |weights|**2 (biases free).  ``columns`` are the ones that
    occur in ``rows``.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    used, rows = _used_columns(rows)
    transposed = rows.T.tocsr()
    each = np.arange(len(label))
    share = sample_weight / sample_weight.sum()
    features = rows.shape[1]

    def loss(theta):
        matrix = theta.reshape(features + 1, classes)
        logits = rows @ matrix[:-1] + matrix[-1]
        log_probability = logits - logsumexp(logits, axis=1, keepdims=True)
        slope = np.exp(log_probability)
        slope[each, label] -= 1
        slope *= share[:, None]
        gradient = np.vstack([transposed @ slope + l2 * matrix[:-1], slope.sum(0)])
        value = -(share @ log_probability[each, label]) + l2 / 2 * np.sum(matrix[:-1] ** 2)
        return value, gradient.ravel()

    start = np.zeros((features + 1) * classes)
    options = {"maxiter": 150, "maxcor": 5}
    matrix = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(features + 1, classes)
    return used, matrix[:-1], matrix[-1]


def _used_columns(rows):
    """The columns that occur, and the same rows with these columns only."""
    from scipy import sparse

    used, place = np.unique(rows.indices, return_inverse=True)
    return used, sparse.csr_matrix((rows.data, place.ravel(), rows.indptr), (rows.shape[0], len(used)))

"""How well scores tell two classes apart, and whether probabilities mean what they say."""

from __future__ import annotations

import numpy as np


def auc(high: np.ndarray, low: np.ndarray) -> float:
    """The probability that a score of ``high`` exceeds one of ``low``, ties counting half."""
    low = np.sort(low)
    below, up_to = np.searchsorted(low, high, "left"), np.searchsorted(low, high, "right")
    return float(np.mean((below + up_to) / 2) / len(low))


def calibration_error(probability: np.ndarray, truth: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error, 0 to 1: the mean distance of probability from frequency over equal bins of [0, 1]."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    distance = np.bincount(place, probability - truth, bins)
    return float(np.abs(distance).sum() / len(truth))

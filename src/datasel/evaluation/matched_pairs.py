"""The matched-pairs test (Gillick & Cox, ICASSP 1989)."""

from __future__ import annotations

from math import copysign, erfc, inf, sqrt
from typing import NamedTuple

import numpy as np


class MatchedPairs(NamedTuple):
    """Errors of two systems on the same segments, which are taken to be independent of each other."""

    difference: float  # mean of errors of the baseline - errors of the new system
    z: float  # that mean in standard errors; infinite where every difference is the same and not 0
    p: float  # two-sided, of the normal distribution
    segments: int

    def __str__(self) -> str:
        return (
            f"matched pairs: mean difference {self.difference:+.4f} errors (baseline - new) over {self.segments}, "
            f"z {self.z:+.2f}, p {self.p:.2g} (two-sided)"
        )


def matched_pairs(baseline: np.ndarray, new: np.ndarray) -> MatchedPairs | None:
    """The test on numbers of errors, a segment each; None for less than two (the normal distribution wants fifty)."""
    differences = np.asarray(baseline, float) - new
    if len(differences) < 2:
        return None
    mean, error = float(differences.mean()), float(differences.std(ddof=1)) / sqrt(len(differences))
    z = mean / error if error else copysign(inf, mean) if mean else 0.0
    return MatchedPairs(mean, z, erfc(abs(z) / sqrt(2)), len(differences))

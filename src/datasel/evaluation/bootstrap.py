"""Paired bootstrap over utterances or blocks of them (Bisani & Ney, ICASSP 2004)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from datasel.records.seeding import generator

REPLICATES = 10_000
_CELLS = 1 << 22  # drawn at a time: bounds memory


class Interval(NamedTuple):
    low: float
    high: float


def resampled(counts: np.ndarray, seed: int, replicates: int = REPLICATES) -> np.ndarray:
    """Sums of ``counts`` (blocks x ...) over blocks drawn with replacement: (replicates x ...).

    Blocks with the same counts are drawn together: how often any of them comes is multinomial.
    """
    flat = counts.reshape(len(counts), -1)
    _, first, times = np.unique(_keys(flat), axis=0, return_index=True, return_counts=True)
    appearance = np.argsort(first)  # the same draws for columns in another order, such as two systems exchanged
    rows, times = flat[first[appearance]], times[appearance]
    draw = generator(seed, "bootstrap")
    step = max(1, _CELLS // len(rows))
    sums = []
    for start in range(0, replicates, step):
        drawn = draw.multinomial(len(counts), times / len(counts), size=min(step, replicates - start))
        sums.append(drawn.astype(float) @ rows)
    return np.concatenate(sums).reshape(replicates, *counts.shape[1:])


def _keys(rows: np.ndarray) -> np.ndarray:
    """A number for each of the rows where whole numbers from 0 up fit into one (they sort fast), or the rows."""
    whole = rows.astype(np.int64)
    sizes = [int(size) + 1 for size in whole.max(0, initial=0)]
    if prod(sizes) >= 1 << 62 or (whole != rows).any() or (whole < 0).any():
        return rows
    return np.ravel_multi_index(tuple(whole.T), sizes)


def interval(samples: np.ndarray, level: float = 0.95) -> Interval:
    """The central interval of bootstrap samples."""
    # between an infinite sample and its neighbour there is no number
    method = "linear" if np.isfinite(samples).all() else "inverted_cdf"
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2], method=method)
    return Interval(float(low), float(high))


def by_block(counts: np.ndarray, blocks: Sequence[object] | None) -> np.ndarray:
    """Rows summed up over equal block names, in order of first appearance; as they are without names."""
    if blocks is None:
        return counts
    number: dict[object, int] = {}
    place = [number.setdefault(name, len(number)) for name in blocks]
    total = np.zeros((len(number), *counts.shape[1:]))
    np.add.at(total, place, counts)
    return total


class Comparison(NamedTuple):
    """A new system against a baseline on one error rate (lower is better)."""

    baseline: float
    new: float
    relative_reduction: float  # (baseline - new) / baseline
    interval: Interval  # of the relative reduction
    probability_of_improvement: float  # share of replicates in which new < baseline, ties counting half

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"baseline {self.baseline:.4f}: relative reduction {self.relative_reduction:+.1%}, "
            f"95 % interval {low:+.1%} to {high:+.1%}; "
            f"probability of improvement {self.probability_of_improvement:.3f}"
        )


def compare(
    baseline: np.ndarray, new: np.ndarray, rate: Callable[[np.ndarray], np.ndarray], seed: int
) -> Comparison | None:
    """Counts of both systems on the same blocks; None where the baseline makes no error to reduce."""
    old_rate, new_rate = (float(rate(counts.sum(0))) for counts in (baseline, new))
    if not old_rate:
        return None
    sums = resampled(np.stack([baseline, new], axis=1), seed)
    old, fresh = rate(sums[:, 0]), rate(sums[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        reduction = np.where(old > 0, (old - fresh) / old, np.where(fresh > 0, -np.inf, 0.0))
    better = float(np.mean((fresh < old) + 0.5 * (fresh == old)))
    return Comparison(old_rate, new_rate, (old_rate - new_rate) / old_rate, interval(reduction), better)

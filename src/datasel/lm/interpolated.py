"""Interpolated smoothing: modified Kneser-Ney and Witten-Bell.

p(w | h) = a(h w) / T(h) + g(h) p(w | h'), where the method says what a and T are, and g(h) is what is left of 1; the
lowest distribution is interpolated with the uniform one over all words but <s>.  Written as a back-off model, g(h) is
the back-off weight of h."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from datasel.lm.backoff import Backoff, Grams, log10, selected, unigrams
from datasel.lm.counting import BOS, Counts, Level, above
from datasel.lm.occupancy import expectation, expected, how_many

CASES = 5  # of counts that are told apart in weighted sentences, those from there up being one
FALLBACK = (0.5, 1.0, 1.5)  # discounts where the counts of counts give none, as lmplz --discount_fallback


class Amounts(NamedTuple):
    """What a method makes of a level's counts."""

    amount: np.ndarray  # a, one for each n-gram
    total: np.ndarray  # T, one for each n-gram of the level below


Method = Callable[[Level, int, int], Amounts]  # of a level, its order, and how many n-grams the level below has


def estimate(counts: Counts, method: Method, cuts: Sequence[int]) -> Backoff:
    """The model; n-grams of order n that occur ``cuts[n - 1]`` times or less are left out, their share backed off."""
    levels: list[Grams] = []
    keep = above(counts, cuts)
    p = np.empty(0)
    for order, (level, kept) in enumerate(zip(counts.levels, keep), 1):
        size = len(p) if levels else 1
        made = method(level, order, size)
        share = made.amount / made.total[level.context]
        if order == 1:
            real = np.arange(len(share)) != BOS
            p = share + (1 - share.sum()) * real / real.sum()
            levels.append(unigrams(len(p), p))
            continue
        share[~kept] = 0
        left = np.maximum(1 - np.bincount(level.context, share, size), 0)
        p = share + left[level.context] * p[level.suffix]
        goes_on = np.bincount(level.context[kept], minlength=size) > 0
        levels[-1] = levels[-1]._replace(bow=np.where(goes_on, log10(left), 0.0))
        levels.append(Grams(level.context, level.word, level.suffix, log10(p), np.zeros(len(p))))
    return selected(Backoff(counts.words, levels), keep)


def kneser_ney(warn: Callable[[str], None]) -> Method:
    """Modified Kneser-Ney (Chen & Goodman 1999), as lmplz (Heafield et al., ACL 2013); on weighted sentences by
    expected counts (Zhang & Chiang, ACL 2014).  ``warn`` hears of orders whose discounts could not be estimated."""

    def method(level: Level, order: int, below: int) -> Amounts:
        count = expected(level.continuations)
        found = discounts(how_many(level.continuations, 4))
        if found is None:
            warn(f"order {order}: too few n-grams to estimate Kneser-Ney discounts; using 0.5, 1 and 1.5")
            found = FALLBACK
        left = np.maximum(count - expectation(level.continuations, found), 0)
        return Amounts(left, np.bincount(level.context, count, below))

    return method


def discounts(n: np.ndarray) -> tuple[float, float, float] | None:
    """The discounts of counts 1, 2, and 3 or more, from the numbers of n-grams with counts 1 to 4 (Chen & Goodman,
    equation 17); None where these give none above 0 and up to the count."""
    if not (n[:3] > 0).all():
        return None
    y = n[0] / (n[0] + 2 * n[1])
    found = tuple(float(r - (r + 1) * y * n[r] / n[r - 1]) for r in (1, 2, 3))
    return found if all(0 < d <= r for r, d in enumerate(found, 1)) else None


def witten_bell(level: Level, order: int, below: int) -> Amounts:
    """Witten-Bell (Bell, Cleary & Witten 1990): T(h) is the count of h plus the number of distinct words after it."""
    count = expected(level.count)
    types = expectation(level.count, (1.0,))
    if order == 1:
        count[BOS] = types[BOS] = 0  # it is never predicted
    return Amounts(count, np.bincount(level.context, count + types, below))

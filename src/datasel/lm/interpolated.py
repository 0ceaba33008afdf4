"""Interpolated smoothing: modified Kneser-Ney and Witten-Bell.

p(w | h) = a(h w) / T(h) + g(h) p(w | h'), where the method says what a and T are, and g(h) is what is left of 1; the
lowest distribution is interpolated with the uniform one over all words but <s>.  Written as a back-off model, g(h) is
the back-off weight of h."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from datasel.lm.backoff import Backoff, Grams, log10, selected, unigrams
from datasel.lm.columns import column, groups, taken
from datasel.lm.levels import BOS, Counts, Level, above
from datasel.lm.occupancy import expectation, expected, how_many

CASES = 5  # of counts that are told apart in weighted sentences, those from there up being one
FALLBACK = (0.5, 1.0, 1.5)  # discounts where the counts of counts give none, as lmplz --discount_fallback


class Amounts(NamedTuple):
    """What a method makes of the counts of n-grams."""

    amount: np.ndarray  # a, one for each
    total: np.ndarray  # what each adds to T


Method = Callable[[Level, int], Callable[[slice], Amounts]]  # of a level and its order, and then of its rows


def estimate(counts: Counts, method: Method, cuts: Sequence[int]) -> Backoff:
    """The model; n-grams of order n that occur ``cuts[n - 1]`` times or less are left out, their share backed off."""
    keep = above(counts, cuts)
    p = _lowest(method(counts.levels[0], 1), len(counts.words))
    levels = [unigrams(len(p), p)]
    for order, (level, kept) in enumerate(zip(counts.levels[1:], keep[1:]), 2):
        amounts, lower = method(level, order), taken(p, level.suffix)
        bow, logp, p = column(len(p), float), column(len(kept), float), column(len(kept), float)
        for contexts, rows in groups(level.context, len(bow)):
            context, listed, size = level.context[rows] - contexts.start, kept[rows], contexts.stop - contexts.start
            amount, total = amounts(rows)
            share = _shares(amount, np.bincount(context, total, size)[context])
            share[~listed] = 0
            left = np.maximum(1 - np.bincount(context, share, size), 0)
            p[rows] = share + left[context] * lower[rows]
            logp[rows] = log10(p[rows])
            bow[contexts] = np.where(np.bincount(context[listed], minlength=size) > 0, log10(left), 0.0)
        levels[-1] = levels[-1]._replace(bow=bow)
        levels.append(Grams(level.context, level.word, level.suffix, logp, np.zeros(len(p))))
    return selected(Backoff(counts.words, levels), keep)


def _shares(amount: np.ndarray, total: np.ndarray) -> np.ndarray:
    """None where all of a context's counts are too small to be there: it backs off."""
    return np.divide(amount, total, out=np.zeros(len(amount)), where=total > 0)


def _lowest(amounts: Callable[[slice], Amounts], words: int) -> np.ndarray:
    amount, total = amounts(slice(words))
    share = _shares(amount, np.full(words, total.sum()))
    real = np.arange(words) != BOS
    return share + (1 - share.sum()) * real / real.sum()


def kneser_ney(warn: Callable[[str], None]) -> Method:
    """Modified Kneser-Ney (Chen & Goodman 1999), as lmplz (Heafield et al., ACL 2013); on weighted sentences by
    expected counts (Zhang & Chiang, ACL 2014).  ``warn`` hears of orders whose discounts could not be estimated."""

    def method(level: Level, order: int) -> Callable[[slice], Amounts]:
        found = discounts(how_many(level.continuations, 4))
        if found is None:
            warn(f"order {order}: too few n-grams to estimate Kneser-Ney discounts; using 0.5, 1 and 1.5")
            found = FALLBACK

        def amounts(rows: slice) -> Amounts:
            count = expected(level.continuations[rows])
            return Amounts(np.maximum(count - expectation(level.continuations[rows], found), 0), count)

        return amounts

    return method


def discounts(n: np.ndarray) -> tuple[float, float, float] | None:
    """The discounts of counts 1, 2, and 3 or more, from the numbers of n-grams with counts 1 to 4 (Chen & Goodman,
    equation 17); None where these give none above 0 and up to the count."""
    if not (n[:3] > 0).all():
        return None
    y = n[0] / (n[0] + 2 * n[1])
    found = tuple(float(r - (r + 1) * y * n[r] / n[r - 1]) for r in (1, 2, 3))
    return found if all(0 < d <= r for r, d in enumerate(found, 1)) else None


def witten_bell(level: Level, order: int) -> Callable[[slice], Amounts]:
    """Witten-Bell (Bell, Cleary & Witten 1990): T(h) is the count of h plus the number of distinct words after it."""

    def amounts(rows: slice) -> Amounts:
        count = expected(level.count[rows])
        types = expectation(level.count[rows], (1.0,))
        if order == 1:
            count[BOS] = types[BOS] = 0  # it is never predicted
        return Amounts(count, count + types)

    return amounts

"""Katz back-off with Good-Turing discounts (Katz, IEEE ASSP 35, 1987).

On weighted sentences the discounts come from the expected numbers of n-grams that occur once, twice, ..., and what is
discounted is expected too, as Zhang & Chiang (ACL 2014) do for Kneser-Ney: with the discount ratio d(r) of a count r,
c = E[d(r) r] over the distribution of the n-gram's count.  Of whole weights that is what it is without weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from datasel.lm.backoff import Backoff, Grams, log10, normalised, selected, unigrams
from datasel.lm.columns import column, groups
from datasel.lm.levels import BOS, Counts, above
from datasel.lm.occupancy import ROUNDING, expectation, expected, how_many, none

RELIABLE = 5  # counts above this are taken as they are (Katz's own choice)
CASES = RELIABLE + 2  # of counts that are told apart in weighted sentences, those from there up being one


def estimate(counts: Counts, cuts: Sequence[int], warn: Callable[[str], None]) -> Backoff:
    """The model; n-grams of order n that occur ``cuts[n - 1]`` times or less are left out.

    ``counts`` of weighted sentences tell :data:`CASES` apart.  p(w | h) = d c(h w) / c(h) with the Good-Turing discount
    d of the count; the rest backs off.  In a history all of whose counts are too high to be discounted, c(h) is one
    more, so that something is left.  The rest of the unigrams'
    share goes in equal parts to the words that do not occur, <unk> among them.  ``warn`` hears of orders whose
    discounts failed.
    """
    levels: list[Grams] = []
    for order, level in enumerate(counts.levels, 1):
        discounted, p = _discounted(level.count, order, warn), column(len(level.word), float)
        for contexts, rows in groups(level.context, len(levels[-1].word) if levels else 1):
            context, size = level.context[rows] - contexts.start, contexts.stop - contexts.start
            count, amount = expected(level.count[rows]), discounted(level.count[rows])
            if order == 1:
                count[BOS] = amount[BOS] = 0
            total = np.bincount(context, count, size)
            total += np.bincount(context, amount, size) >= total * (1 - ROUNDING)  # nothing is left
            p[rows] = amount / total[context]
            if order > 1:
                p[rows] = log10(p[rows])
        if order == 1:
            levels.append(unigrams(len(p), _shared(p)))
        else:
            levels.append(Grams(level.context, level.word, level.suffix, p, np.zeros(len(p))))
    return normalised(selected(Backoff(counts.words, levels), above(counts, cuts)))


def _shared(p: np.ndarray) -> np.ndarray:
    """Unigrams with what is left of 1 shared among the words without any, or else among all."""
    real = np.arange(len(p)) != BOS
    free = real & (p == 0) if (real & (p == 0)).any() else real
    return p + (1 - p.sum()) * free / free.sum()


def _discounted(counts: np.ndarray, order: int, warn: Callable[[str], None]) -> Callable[[np.ndarray], np.ndarray]:
    """What some of the counts of a level are worth when they are discounted; ``order`` is for ``warn``."""
    if order == 1:  # <s> is never predicted
        counts = counts.copy()
        counts[BOS] = none(1, counts)[0]
    n = how_many(counts, RELIABLE + 1)
    for reliable in range(RELIABLE, 1, -1):  # counts of 1 alone would have nothing left
        ratios = good_turing(n, reliable)
        if ratios is not None:
            if reliable < RELIABLE:
                warn(f"order {order}: Good-Turing discounts are sound for counts up to {reliable} only, not {RELIABLE}")
            taken = [*(np.arange(reliable + 1) * (1 - ratios))[1:], 0.0]
            return lambda rows: expected(rows) - expectation(rows, taken)
    absolute = n[0] / (n[0] + 2 * n[1]) if n[0] and n[1] else 0.5
    warn(f"order {order}: too few n-grams for Good-Turing discounts; taking {absolute:.3g} from every count")
    return lambda rows: np.maximum(expected(rows) - expectation(rows, [absolute]), 0)


def good_turing(n: np.ndarray, reliable: int) -> np.ndarray | None:
    """The discount ratios of counts 0 (unused) to ``reliable``, from the numbers of n-grams that occur once, twice,
    ...: Katz 1987, equation 12.  None unless each lies between 0 and 1."""
    r = np.arange(1, reliable + 1)
    if not (n[: reliable + 1] > 0).all():
        return None
    most = (reliable + 1) * n[reliable] / n[0]
    if most >= 1:
        return None
    ratios = ((r + 1) * n[1 : reliable + 1] / (r * n[:reliable]) - most) / (1 - most)
    return np.append(1.0, ratios) if ((ratios > 0) & (ratios < 1)).all() else None

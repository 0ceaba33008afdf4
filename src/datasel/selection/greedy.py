"""Greedy maximisation of submodular functions: lazy (exact) and stochastic (approximate).

Both give at least a share 1 - 1/e of the best value that k elements can have (Nemhauser, Wolsey & Fisher, 1978); the
stochastic one, in expectation, 1 - 1/e - epsilon (Mirzasoleiman et al., AAAI 2015).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from heapq import heapify, heappop, heappush, heapreplace
from math import ceil, inf, log
from typing import NamedTuple, Protocol

import numpy as np

_ABOVE = 1e-12  # of many gains at once, one may come out a little lower than alone: a bound has to stay above it


class Objective(Protocol):
    """A monotone submodular function of a growing set of elements, by its gains."""

    def gain(self, element: int) -> float:
        """What the value would rise by; never more than before, to the last bit."""

    def gains(self, elements: np.ndarray) -> np.ndarray:
        """The same for several, but for the rounding of floats."""

    def alike(self, elements: np.ndarray) -> Iterable[Hashable]:
        """A key for each: elements of the same key have the same gains, to the last bit, whatever the set holds."""

    def add(self, element: int) -> None:
        """Put an element into the set."""

    def clear(self) -> None:
        """Take all that was added out of it."""


class Preferring:
    """An objective in units of its highest first gain over ``elements``, plus a bonus for each element chosen.

    A sum of a submodular function and a constant for each element is submodular.
    """

    def __init__(self, objective: Objective, elements: np.ndarray, bonus: np.ndarray):
        self._objective, self._bonus = objective, bonus
        self._unit = objective.gains(elements).max(initial=0) or 1.0

    def gain(self, element: int) -> float:
        return self._objective.gain(element) / self._unit + float(self._bonus[element])

    def gains(self, elements: np.ndarray) -> np.ndarray:
        return self._objective.gains(elements) / self._unit + self._bonus[elements]

    def alike(self, elements: np.ndarray) -> Iterable[Hashable]:
        return zip(self._objective.alike(elements), self._bonus[elements].tolist())

    def add(self, element: int) -> None:
        self._objective.add(element)

    def clear(self) -> None:
        self._objective.clear()


class Budget(NamedTuple):
    """What elements cost (above 0, one each of all there are), and how much may be spent."""

    costs: np.ndarray
    most: float = inf


_ROUNDING = 1e-9  # of a budget, which sums of decimal fractions may miss by


def lazy(objective: Objective, elements: np.ndarray, k: int, budget: Budget | None = None) -> Iterator[int]:
    """``k`` elements, each the one of highest gain, of equal ones the first: what plain greedy gives.

    With a ``budget`` each is the one of highest gain for its cost, of those that can still be paid for.  ``elements``
    ascend.  A gain only falls as the set grows, so an old one bounds it from above, and few are worked out anew; of
    elements that are alike only the first that is left.
    """
    bounds = objective.gains(elements)
    if bounds.dtype.kind == "f":
        bounds = bounds + _ABOVE * (1 + np.abs(bounds))
    cost = np.ones(len(elements), np.int64) if budget is None else budget.costs[elements]
    price = dict(zip(elements.tolist(), cost.tolist())) if budget else None
    left = budget.most * (1 + _ROUNDING) if budget else inf
    heap, following, last = [], {}, {}
    # Python's numbers: a quotient of whole ones is rounded once, so equal quotients are equal
    for bound, each, element, key in zip(bounds.tolist(), cost.tolist(), elements.tolist(), objective.alike(elements)):
        key = (key, each) if budget else key
        if key in last:
            following[last[key]] = element
        else:
            heap.append((-(bound / each) if budget else -bound, element))
        last[key] = element
    del last
    heapify(heap)
    looked_at, chosen = set(), 0
    while heap and chosen < k:
        bound, element = heap[0]
        if price and price[element] > left:
            heappop(heap)  # those like it cost as much
        elif element not in looked_at:
            looked_at.add(element)
            gain = objective.gain(element)
            heapreplace(heap, (-(gain / price[element]) if price else -gain, element))
        else:
            heappop(heap)
            if element in following:
                heappush(heap, (bound, following.pop(element)))
            objective.add(element)
            left -= price[element] if price else 0
            looked_at, chosen = set(), chosen + 1
            yield element


def within_budget(objective: Objective, elements: np.ndarray, budget: Budget) -> list[int]:
    """What :func:`lazy` gives, or the one element that alone is worth more (Lin & Bilmes, NAACL 2010, with r = 1).

    Of a monotone submodular function this is at least 1 - 1 / sqrt(e), 39 %, of the best that the budget can pay for.
    """
    alone = objective.gains(elements)
    able = np.flatnonzero(budget.costs[elements] <= budget.most)
    worth = _Summing(objective)
    chosen = list(lazy(worth, elements, len(elements), budget))
    if len(able) and alone[able].max() > worth.total:
        chosen = [int(elements[able[alone[able].argmax()]])]
        objective.clear()
        objective.add(chosen[0])
    return chosen


class _Summing:
    """An objective, and what has been gained of it."""

    def __init__(self, objective: Objective):
        self._objective, self.total = objective, 0
        self.gain, self.gains, self.alike = objective.gain, objective.gains, objective.alike

    def add(self, element: int) -> None:
        self.total += self._objective.gain(element)
        self._objective.add(element)


def stochastic(objective: Objective, elements: np.ndarray, k: int, epsilon: float, draw) -> Iterator[int]:
    """``k`` elements, each the best of a random sample of those left, len(elements) / k * ln(1 / epsilon) large.

    ``draw`` is a numpy Generator.  It works out about len(elements) * ln(1 / epsilon) gains in all, whatever k is.
    """
    left = elements.copy()
    end = len(left)
    size = max(1, ceil(end / max(k, 1) * -log(epsilon)))
    for _ in range(min(k, end)):
        # the sample changes places with the last of those left
        sample = draw.choice(end, min(size, end), replace=False) if size < end else np.arange(end)
        gains = objective.gains(left[sample])
        best = sample[gains == gains.max()]
        place = int(best[left[best].argmin()])
        found = int(left[place])
        left[place] = left[end - 1]
        end -= 1
        objective.add(found)
        yield found

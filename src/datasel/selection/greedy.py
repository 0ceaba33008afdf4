"""Greedy maximisation of submodular functions: lazy (exact) and stochastic (approximate).

Both give at least a share 1 - 1/e of the best value that k elements can have (Nemhauser, Wolsey & Fisher, 1978); the
stochastic one, in expectation, 1 - 1/e - epsilon (Mirzasoleiman et al., AAAI 2015).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from math import ceil, log
from typing import Protocol

import numpy as np

_ABOVE = 1 + 1e-12  # sums of floats may come out a little higher in another state: a bound has to stay above them


class Objective(Protocol):
    """A monotone submodular function of a growing set of elements, by its gains."""

    def gain(self, element: int) -> float:
        """What the value would rise by."""

    def gains(self, elements: np.ndarray) -> np.ndarray:
        """The same for several, but for the rounding of floats."""

    def add(self, element: int) -> None:
        """Put an element into the set."""


def lazy(objective: Objective, elements: np.ndarray, k: int) -> Iterator[int]:
    """``k`` elements, each the one of highest gain, of equal ones the first: what plain greedy gives.

    A gain only falls as the set grows, so an old one bounds it from above, and few are worked out anew.
    """
    bounds = objective.gains(elements) * _ABOVE
    heap = list(zip((-bounds).tolist(), elements.tolist()))
    heapify(heap)
    for _ in range(min(k, len(elements))):
        looked_at = []
        highest = -np.inf
        while heap and -heap[0][0] >= highest:
            _, element = heappop(heap)
            gain = objective.gain(element)
            looked_at.append((gain, element))
            highest = max(highest, gain)
        found = min(element for gain, element in looked_at if gain == highest)
        for gain, element in looked_at:
            if element != found:
                heappush(heap, (-gain * _ABOVE, element))
        objective.add(found)
        yield found


def stochastic(objective: Objective, elements: np.ndarray, k: int, epsilon: float, draw) -> Iterator[int]:
    """``k`` elements, each the best of a random sample of those left, len(elements) / k * ln(1 / epsilon) large.

    ``draw`` is a numpy Generator.  It works out about len(elements) * ln(1 / epsilon) gains in all, whatever k is.
    """
    left = elements.copy()
    end = len(left)
    size = max(1, ceil(end / max(k, 1) * log(1 / epsilon)))
    for _ in range(min(k, end)):
        # the sample changes places with the last of those left
        sample = draw.choice(end, min(size, end), replace=False) if size < end else np.arange(end)
        sample.sort()
        place = int(sample[objective.gains(left[sample]).argmax()])
        found = int(left[place])
        left[place] = left[end - 1]
        end -= 1
        objective.add(found)
        yield found

"""Logarithms as whole numbers, so that sums of them are equal where the logarithms are.

ln(m) is the sum over the prime factors of m of ln(p), rounded to 1 / UNIT: then ln(2) + ln(6) is ln(3) + ln(4) to the
last bit, and in whichever order they are added.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

UNIT = 1 << 44
_LARGEST = 1 << 16  # with factors; beyond, the steps between logarithms are rounded, as ties hardly occur there


@lru_cache
def _table() -> np.ndarray:
    table = np.zeros(_LARGEST + 1, np.int64)
    for prime in range(2, _LARGEST + 1):
        if not table[prime]:
            value, power = round(float(np.log(prime)) * UNIT), prime
            while power <= _LARGEST:
                table[power::power] += value
                power *= prime
    return table


def steps(before: np.ndarray, more: np.ndarray) -> np.ndarray:
    """int64: UNIT times ln(1 + before + more) - ln(1 + before), both counts from 0; never rises with ``before``."""
    start = np.asarray(before, np.int64) + 1
    end = start + more
    table = _table()
    if end.max(initial=0) <= _LARGEST:
        return table[end] - table[start]
    inside = end <= _LARGEST
    far = np.rint(UNIT * np.log1p(more / start)).astype(np.int64)
    return np.where(inside, table[np.where(inside, end, 1)] - table[np.where(inside, start, 1)], far)

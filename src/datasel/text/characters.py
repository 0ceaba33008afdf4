"""Sets of characters by general category, as the inside of a regular expression's brackets.

The basic plane and what is beyond it come apart: a class of both is slow to search for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

BEYOND = "\U00010000-\U0010ffff"


@lru_cache
def basic(kinds: str) -> str:
    """The characters whose category's first letter is one of ``kinds``, such as "LM" for letters and marks."""
    return _ranges(kinds, range(0x10000))


@lru_cache
def beyond(kinds: str) -> str:
    """The same in the planes beyond the basic one that have letters, marks or symbols not of Han script."""
    return _ranges(kinds, (*range(0x10000, 0x20000), *range(0xE0100, 0xE01F0)))


def _ranges(kinds, points) -> str:
    ranges: list[list[int]] = []
    for point in points:
        if unicodedata.category(chr(point))[0] in kinds:
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1][1] = point
            else:
                ranges.append([point, point])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)

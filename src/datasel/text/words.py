"""What a word is, for every script.

A word is a run of letters, digits, combining marks, apostrophes, underscores and joiners (ZWJ, ZWNJ).  A vowel
sign or a virama is a mark, so Indic words stay whole.  Words are compared in NFC and lower case, with
U+2019 read as an apostrophe.  Beyond the basic plane everything is part of a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np

# What stands between ASCII white space, as it is: the words of language models, lexicons and word errors.  (A no-break
# space is part of a word.)
spaced = re.compile(r"[^ \t\n\v\f\r]+").findall

_ALSO = "'_\u200c\u200d"
_BASIC_PLANE = 1 << 16
_SPACE, _LF = 32, 10


def normalised(text: str) -> bytes:
    """``text`` as words are compared, in UTF-8: LF stays, and every other character between words is a space."""
    if text.isascii():
        return text.encode().translate(_ascii_table())
    units = np.frombuffer(unicodedata.normalize("NFC", text).encode("utf-32-le"), np.uint32)
    basic = units < _BASIC_PLANE
    units = np.where(basic, _table()[np.where(basic, units, 0)], units)
    return units.tobytes().decode("utf-32-le").encode()


def words(text: str) -> list[str]:
    """The words of one text, as they are compared."""
    return normalised(text).decode().split()


def form(word: str) -> str:
    """A token as it is compared."""
    return word.lower() if word.isascii() else unicodedata.normalize("NFC", word).lower()


def tokens(text: str) -> list[tuple[int, int]]:
    """Start and end (code points, end exclusive) of every word and every other visible character of ``text``."""
    pattern = _ascii_pattern if text.isascii() else _pattern()
    return [match.span() for match in pattern.finditer(text)]


@lru_cache
def _table() -> np.ndarray:
    table = np.full(_BASIC_PLANE, _SPACE, np.uint32)
    for point in range(_BASIC_PLANE):
        char = chr(point)
        if unicodedata.category(char)[0] in "LNM" or char in _ALSO:
            lower = char.lower()
            table[point] = ord(lower) if len(lower) == 1 else point
    table[0x2019] = ord("'")
    table[_LF] = _LF
    return table


@lru_cache
def _ascii_table() -> bytes:
    wordlike = set(map(ord, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'_\n"))
    return bytes(ord(chr(byte).lower()) if byte in wordlike else _SPACE for byte in range(256))


_ascii_pattern = re.compile(r"[0-9A-Za-z_']+|[^\s\x00-\x20\x7f]")


@lru_cache
def _pattern() -> re.Pattern[str]:
    inside = np.flatnonzero(_table() > _SPACE)
    breaks = np.flatnonzero(np.diff(inside) > 1)
    firsts = inside[np.r_[0, breaks + 1]]
    lasts = inside[np.r_[breaks, len(inside) - 1]]
    ranges = "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in zip(firsts, lasts))
    return re.compile(rf"[{ranges}\U00010000-\U0010ffff]+|[^\s\x00-\x20\x7f]")

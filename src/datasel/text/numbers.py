"""Numbers in digits as words, in English and Hindi.

Hindi's words from 0 to 99 follow no rule and stand in a table.  Where spellings compete it has the one most in
use, which for most is that of the Central Hindi Directorate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class _Table(NamedTuple):
    small: Sequence[str]  # the words of 0, 1, 2, ... 99
    scales: list[tuple[int, str]]  # the largest first
    longest: int  # digits of the largest numbers with a name; longer ones are read digit by digit
    point: str


_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_ENGLISH = _Table(
    [*_UNITS, *(f"{tens} {unit}" if unit else tens for tens in _TENS for unit in ("", *_UNITS[1:10]))],
    [(10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")],
    15,
    "point",
)

_HINDI_SMALL = (
    "शून्य", "एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ",
    "दस", "ग्यारह", "बारह", "तेरह", "चौदह", "पंद्रह", "सोलह", "सत्रह", "अठारह", "उन्नीस",
    "बीस", "इक्कीस", "बाईस", "तेईस", "चौबीस", "पच्चीस", "छब्बीस", "सत्ताईस", "अट्ठाईस", "उनतीस",
    "तीस", "इकतीस", "बत्तीस", "तैंतीस", "चौंतीस", "पैंतीस", "छत्तीस", "सैंतीस", "अड़तीस", "उनतालीस",
    "चालीस", "इकतालीस", "बयालीस", "तैंतालीस", "चवालीस", "पैंतालीस", "छियालीस", "सैंतालीस", "अड़तालीस", "उनचास",
    "पचास", "इक्यावन", "बावन", "तिरपन", "चौवन", "पचपन", "छप्पन", "सत्तावन", "अट्ठावन", "उनसठ",
    "साठ", "इकसठ", "बासठ", "तिरसठ", "चौंसठ", "पैंसठ", "छियासठ", "सड़सठ", "अड़सठ", "उनहत्तर",
    "सत्तर", "इकहत्तर", "बहत्तर", "तिहत्तर", "चौहत्तर", "पचहत्तर", "छिहत्तर", "सतहत्तर", "अठहत्तर", "उनासी",
    "अस्सी", "इक्यासी", "बयासी", "तिरासी", "चौरासी", "पचासी", "छियासी", "सत्तासी", "अट्ठासी", "नवासी",
    "नब्बे", "इक्यानवे", "बानवे", "तिरानवे", "चौरानवे", "पचानवे", "छियानवे", "सत्तानवे", "अट्ठानवे", "निन्यानवे",
)  # fmt: skip

_HINDI = _Table(
    _HINDI_SMALL,
    [(10**11, "खरब"), (10**9, "अरब"), (10**7, "करोड़"), (10**5, "लाख"), (1000, "हज़ार"), (100, "सौ")],
    13,
    "दशमलव",
)

_TABLES = {"en": _ENGLISH, "hi": _HINDI}

LANGUAGES = tuple(_TABLES)

# A number that is a word by itself, but for brackets, quotes and the marks that end a clause or a sentence.
_NUMBER = re.compile(
    r"""(?<![^\s(\[{"'])(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+)(?:\.(?P<part>\d+))?"""
    r"""(?=[)\]}"'.,;:?!।॥]*(?!\S))"""
)


def spelled(text: str, language: str) -> str:
    """``text`` with its numbers in words of a language of LANGUAGES.

    That is whole numbers, with commas in groups of three or in Indian ones or without, and decimals, in any script's
    digits.  What begins with a zero or is too large for the language's names is read digit by digit.  Anything else
    with a digit in it is left alone.
    """
    table = _TABLES[language]
    return _NUMBER.sub(lambda found: _words(found["whole"].replace(",", ""), found["part"], table), text)


def _words(whole: str, part: str | None, table: _Table) -> str:
    # the length first: int() refuses thousands of digits
    if len(whole) > table.longest or (len(whole) > 1 and int(whole[0]) == 0):
        words = _digits(whole, table)
    else:
        words = _cardinal(int(whole), table)
    return f"{words} {table.point} {_digits(part, table)}" if part else words


def _digits(digits: str, table: _Table) -> str:
    return " ".join(table.small[int(digit)] for digit in digits)


def _cardinal(number: int, table: _Table) -> str:
    if number < 100:
        return table.small[number]
    scale, name = next(item for item in table.scales if item[0] <= number)
    count, rest = divmod(number, scale)
    words = f"{_cardinal(count, table)} {name}"
    return f"{words} {_cardinal(rest, table)}" if rest else words

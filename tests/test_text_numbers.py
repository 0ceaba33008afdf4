"""Numbers in words: tables against rules of the languages, values worked by hand, and back again."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.text.numbers import _TABLES, LANGUAGES, spelled

HINDI = _TABLES["hi"].small


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hundred_words_in_nfc_all_different(language):
    table = _TABLES[language]
    assert len(table.small) == len(set(table.small)) == 100
    assert all(
        unicodedata.is_normalized("NFC", word) for word in [*table.small, table.point, *dict(table.scales).values()]
    )


# How a number between two tens ends: by its ten (21 to 28, ...), and the one before a ten says "less one".
ENDINGS = {20: ("ीस", "ईस"), 30: ("तीस",), 40: ("ालीस",), 50: ("वन", "पन", "प्पन"), 60: ("सठ",), 70: ("हत्तर",),
           80: ("ासी",), 90: ("नवे",)}  # fmt: skip


@pytest.mark.parametrize(("tens", "endings"), ENDINGS.items())
def test_hindi_words_of_one_ten_end_alike(tens, endings):
    for number in range(tens + 1, tens + 9):
        assert HINDI[number].endswith(endings), (number, HINDI[number])


@pytest.mark.parametrize("number", [19, 29, 39, 49, 59, 69, 79])
def test_hindi_words_before_a_ten_begin_with_less_one(number):
    assert HINDI[number].startswith("उन")
    if number > 49:  # with the ending of the ten to come
        assert HINDI[number].endswith({59: "सठ", 69: "हत्तर", 79: "ासी"}[number])


# The beginnings of 1 to 8 before a ten, each with the forms it takes.
BEGINNINGS = {1: ("इक",), 2: ("बा", "ब", "बत्"), 3: ("त",), 4: ("च",), 5: ("प",), 6: ("छ",), 7: ("स",), 8: ("अ",)}


@pytest.mark.parametrize(("unit", "beginnings"), BEGINNINGS.items())
def test_hindi_words_of_one_unit_begin_alike(unit, beginnings):
    for tens in range(20, 100, 10):
        assert HINDI[tens + unit].startswith(beginnings), (tens + unit, HINDI[tens + unit])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "शून्य"), (5, "पाँच"), (6, "छह"), (9, "नौ"), (11, "ग्यारह"), (15, "पंद्रह"), (16, "सोलह"), (18, "अठारह"),
        (20, "बीस"), (25, "पच्चीस"), (26, "छब्बीस"), (30, "तीस"), (38, "अड़तीस"), (39, "उनतालीस"), (40, "चालीस"),
        (42, "बयालीस"), (46, "छियालीस"), (49, "उनचास"), (50, "पचास"), (51, "इक्यावन"), (55, "पचपन"), (56, "छप्पन"),
        (60, "साठ"), (64, "चौंसठ"), (67, "सड़सठ"), (70, "सत्तर"), (76, "छिहत्तर"), (80, "अस्सी"), (84, "चौरासी"),
        (89, "नवासी"), (90, "नब्बे"), (92, "बानवे"), (99, "निन्यानवे"), (100, "एक सौ"), (101, "एक सौ एक"),
        (1947, "एक हज़ार नौ सौ सैंतालीस"), (100_000, "एक लाख"), (2_550_000, "पच्चीस लाख पचास हज़ार"),
        (10_000_000, "एक करोड़"), (1_400_000_000, "एक अरब चालीस करोड़"),
        (123_456_789, "बारह करोड़ चौंतीस लाख छप्पन हज़ार सात सौ नवासी"),
        (9_999_999_999_999, "निन्यानवे खरब निन्यानवे अरब निन्यानवे करोड़ निन्यानवे लाख निन्यानवे हज़ार नौ सौ निन्यानवे"),
    ],
)  # fmt: skip
def test_hindi(number, words):
    assert spelled(str(number), "hi") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0", "zero"), ("13", "thirteen"), ("21", "twenty one"), ("40", "forty"), ("99", "ninety nine"),
        ("100", "one hundred"), ("115", "one hundred fifteen"), ("1900", "one thousand nine hundred"),
        ("1,000,001", "one million one"), ("1,00,000", "one hundred thousand"), ("100,000", "one hundred thousand"),
        ("999999999999999", " ".join(f"nine hundred ninety nine {name}".strip() for name in
         ("trillion", "billion", "million", "thousand", ""))),
        ("1" + 15 * "0", "one" + 15 * " zero"), ("007", "zero zero seven"), ("00", "zero zero"),
        ("21.5", "twenty one point five"), ("3.140", "three point one four zero"), ("0.5", "zero point five"),
        ("१२,३४५", "twelve thousand three hundred forty five"), ("௪௨", "forty two"),
        ("(5), \"6\" 7. 8! 9।", "(five), \"six\" seven. eight! nine।"), ("1, 2", "one, two"), ("5..", "five.."),
    ],
)  # fmt: skip
def test_english(text, words):
    assert spelled(text, "en") == words


@pytest.mark.parametrize(
    "text",
    ["5th", "A4", "mp3", "5वीं", "7:30", "1/2", "5-6", "-5", "50%", "$5", "₹500", "1.2.3", "1,2", "1,00", "10,00,00",
     ".5", "#1", "٣a", "5\u0301", "1\ufe0f\u20e3", "½", "²"],
)  # fmt: skip
def test_what_is_left_alone(text):
    assert spelled(f"x {text} y {text}", "en") == f"x {text} y {text}"


def value(words, table):
    """The number that words stand for."""
    names = {name: scale for scale, name in table.scales}
    small = {word: number for number, word in enumerate(table.small) if " " not in word}
    total = group = 0
    for word in words.split():
        if word in small:
            group += small[word]
        elif names[word] == 100:
            group *= 100
        else:
            total, group = total + group * names[word], 0
    return total + group


@pytest.mark.parametrize("language", LANGUAGES)
@given(number=st.integers(0, 10**13 - 1) | st.integers(0, 200_000), grouped=st.booleans())
def test_the_words_say_the_number(language, number, grouped):
    words = spelled(f"{number:,}" if grouped else str(number), language)
    assert value(words, _TABLES[language]) == number


@given(st.text(alphabet="0123456789", min_size=16, max_size=40))
def test_long_numbers_are_read_digit_by_digit(digits):
    for language in LANGUAGES:
        assert spelled(digits, language).split() == [_TABLES[language].small[int(digit)] for digit in digits]


def test_very_long_numbers():
    assert spelled("9" * 10_000, "hi") == " ".join(["नौ"] * 10_000)
    assert spelled("9" * 100_000 + "x", "hi") == "9" * 100_000 + "x"

"""Words written in another script by how they sound: phones to letters by a table, letters to syllables by rules.

For scripts of Brahmi's kind (Devanagari, Bengali, Gujarati, ...) as Hindi writes them: a consonant has an inherent
vowel, which its last one loses without a sign.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from datasel.errors import DataError
from datasel.records.jsonl import read

_EDGE = "#"  # of a word, in a table's phones


class Letters:
    """A table of phones and letters: its longest entries go first, from the start of a word to its end."""

    def __init__(self, table: Mapping[str, str]):
        """``table`` has vowels as they stand alone; ``#`` in its phones is an edge of a word."""
        self._table = table
        self._longest = max(map(len, table), default=0)

    def of(self, phones: Sequence[str]) -> tuple[str, ...]:
        """A word of these phones, nothing if it has no letter; KeyError with a symbol that the table lacks."""
        rest = _EDGE + "".join(phones) + _EDGE
        made, start = "", 0
        while start < len(rest):
            for end in range(min(len(rest), start + self._longest), start, -1):
                if (letters := self._table.get(rest[start:end])) is not None:
                    made += letters
                    # an edge that a phone was told by is still there for the next
                    start = end - (rest[end - 1] == _EDGE and end - start > 1 and end < len(rest))
                    break
            else:
                if rest[start] != _EDGE:
                    raise KeyError(rest[start])
                start += 1
        return (unicodedata.normalize("NFC", _syllables(made)),) if made else ()


def _syllables(letters: str) -> str:
    """Independent vowels as signs where they follow a consonant; a virama between consonants that stand before the
    first vowel of a word or after its last.  Between others there is one where the table has it."""
    kinds = [_kind(letter) for letter in letters]
    vowels = [place for place, kind in enumerate(kinds) if kind == _VOWEL]
    first, last = (vowels[0], vowels[-1]) if vowels else (len(letters), 0)
    made, open_ = "", False  # whether the last letter is a consonant without a vowel
    for place, (letter, kind) in enumerate(zip(letters, kinds)):
        if kind == _VOWEL and open_:
            made += _named(letter, "VOWEL SIGN")  # none for the inherent one
        else:
            joined = kind == _CONSONANT and open_ and not first < place < last
            made += (_named(letter, "SIGN VIRAMA", False) if joined else "") + letter
        open_ = kind == _CONSONANT or open_ and kind == _NUKTA
    return made


_VOWEL, _CONSONANT, _NUKTA, _OTHER = range(4)


def _kind(letter: str) -> int:
    if " LETTER " in unicodedata.name(letter, ""):
        # the first vowel of a script of Brahmi's kind stands in every consonant; that of others is a letter like others
        inherent = unicodedata.name(letter).endswith(" LETTER A") and _named(letter, "SIGN VIRAMA", False)
        return _VOWEL if inherent or _named(letter, "VOWEL SIGN") else _CONSONANT
    return _NUKTA if unicodedata.name(letter, "").endswith(" NUKTA") else _OTHER


def _named(letter: str, kind: str, own: bool = True) -> str:
    """A sign of the letter's script, with ``own`` the letter's; nothing where there is none."""
    script, _, name = unicodedata.name(letter).partition(" LETTER ")
    try:
        return unicodedata.lookup(f"{script} {kind} {name}" if own else f"{script} {kind}")
    except KeyError:
        return ""


def read_letters(path: str) -> Letters:
    """The table in a file of lines 'phones <tab> letters'; DataError for a line that is none."""
    table = {}
    for records in read([path], {"text": str}, text=True, tabs=True):
        for index, line in enumerate(records.column("text")):
            phones, tab, letters = line.partition("\t")
            if not tab or not phones.strip(_EDGE):
                raise records.error(index, "not phones, a tab and letters")
            table[phones] = letters
    if not table:
        raise DataError("no letters for any phone", path)
    return Letters(table)

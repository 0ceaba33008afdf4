"""One way of writing for texts: characters, spaces, punctuation, and on request case, numbers and words.

Every step works on many texts at once, an LF between them, and what becomes of a text depends on nothing but the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from datasel.text import characters
from datasel.text.languages import Language
from datasel.text.moses import Punctuation, Tokeniser
from datasel.text.numbers import LANGUAGES, spelled

# Languages whose joiners only choose between forms of the same letters.  (Marathi and Nepali tell words apart by one.)
JOINERS_DROPPED = ("hi",)

# Through all steps, until nothing changes: no text was seen to take more than four.
_PASSES = 24

# White space but for LF and the no-break space, which the punctuation normaliser wants to see; and what holds a place.
_SPACE = "\t\x0b\x0c\r\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u205f\u3000\ufffc"
# Controls, and what nobody sees: soft hyphen, zero-width space, marks of direction, byte-order mark.
_NOTHING = "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_ODD = re.compile(f"([{_SPACE}])|(\u202f)|[{_NOTHING}]")
_SPACES = re.compile("^ +| +$|( ) +", re.MULTILINE)

# Letters once written as consonant, virama and joiner: Malayalam's chillus, Bengali's khanda ta (The Unicode Standard,
# 12.9 and 12.2).
_OLD_SPELLING = re.compile("([\u0d15\u0d23\u0d28\u0d30\u0d32\u0d33])\u0d4d\u200d|(\u09a4)\u09cd\u200d")
_NEW_LETTER = dict(zip("\u0d15\u0d23\u0d28\u0d30\u0d32\u0d33\u09a4", "\u0d7f\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e\u09ce"))

_INDIC = "\u0900-\u0dff"
_JOINERS = re.compile(f"(?<=[{_INDIC}])[\u200c\u200d]+|[\u200c\u200d]+(?=[{_INDIC}])")

# The nuktas of the Indic scripts, and three letters that NFC composes with theirs.
_NUKTAS = re.compile("[\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u0929\u0931\u0934]")
_WITHOUT_NUKTA = {"\u0929": "\u0928", "\u0931": "\u0930", "\u0934": "\u0933"}


# Languages with an i without a dot (The Unicode Standard, SpecialCasing.txt).
_DOTLESS = ("tr", "az")


def lowered(text: str, code: str) -> str:
    """Lower case, as the language of this code has it."""
    if code in _DOTLESS:
        text = text.replace("\u0130", "i").replace("I\u0307", "i").replace("I", "\u0131")
    return text.lower()


class Normaliser:
    """Brings texts of one language into one form.

    ``nukta`` and ``joiners``: keep them (joiners by default unless the language is one of JOINERS_DROPPED); ``words``:
    None, or "split" or "join" for tokenised or running text.  Raises ValueError where ``numbers`` are wanted as words
    of a language that has none here.
    """

    def __init__(
        self,
        language: Language,
        *,
        lower: bool = False,
        strip_punctuation: bool = False,
        numbers: bool = False,
        nukta: bool = True,
        joiners: bool | None = None,
        words: str | None = None,
    ):
        if numbers and language.code not in LANGUAGES:
            raise ValueError(f"numbers become words in {' and '.join(LANGUAGES)}, not in '{language.code}'")
        if numbers and language.latin != (language.code == "en"):
            raise ValueError(f"numbers become words of {language.code}, which has another script")
        self._code = language.code
        self._lower, self._strip, self._numbers = lower, strip_punctuation, numbers
        self._nukta, self._words = nukta, words
        self._joiners = language.code not in JOINERS_DROPPED if joiners is None else joiners
        self._punctuation, self._tokeniser = Punctuation(language.code), Tokeniser(language.code, language.latin)

    def __call__(self, text: str) -> str:
        """Many texts, an LF between them, in one form; applied again it changes nothing.

        A step can make work for an earlier one, so every text goes through all of them until it stays as it is.
        """
        lines = text.split("\n")
        moving = list(range(len(lines)))
        for _ in range(_PASSES):
            made = self._once("\n".join([lines[index] for index in moving])).split("\n")
            changed = [(index, line) for index, line in zip(moving, made) if line != lines[index]]
            if not changed:
                break
            for index, line in changed:
                lines[index] = line
            moving = [index for index, _ in changed]
        return "\n".join(lines)

    def _once(self, text: str) -> str:
        text = self._clean(text)
        if self._words == "split":
            text = _each(self._tokeniser.unsplit, text)
        elif self._words == "join":
            text = _each(self._tokeniser.join, text)
        text = "\n".join(self._punctuation(text.split("\n"))).replace("\u00a0", " ")
        if self._numbers:
            text = spelled(text, self._code)
        if self._lower:
            text = lowered(text, self._code)
        if self._strip:
            text = _signs(bool(_BEYOND.search(text))).sub(" ", text)
        text = _single_spaces(text)
        return _each(self._tokeniser.split, text) if self._words == "split" else text

    def _clean(self, text: str) -> str:
        """White space, what is invisible, joiners and nuktas, NFC."""
        text = _ODD.sub(lambda found: " " if found[1] else "\u00a0" if found[2] else "", text)
        if "\u200d" in text:
            text = _OLD_SPELLING.sub(lambda found: _NEW_LETTER[found[1] or found[2]], text)
        if not self._joiners:
            text = _JOINERS.sub("", text)
        if not self._nukta:
            text = _NUKTAS.sub(lambda found: _WITHOUT_NUKTA.get(found.group(), ""), text)
        return _single_spaces(unicodedata.normalize("NFC", text))


def _single_spaces(text: str) -> str:
    """One space between words, none at the ends of a line."""
    return _SPACES.sub(r"\1", text)


def _each(function, text: str) -> str:
    return "\n".join([function(line) for line in text.split("\n")])


_BEYOND = re.compile(f"[{characters.BEYOND}]")


@lru_cache
def _signs(beyond: bool) -> re.Pattern[str]:
    """Punctuation and symbols with what belongs to them, but for apostrophes inside words and for what bears a mark."""
    signs = characters.basic("PS") + (characters.beyond("PS") if beyond else "")
    word = f"[{characters.basic('LMN')}{characters.BEYOND}\u200c\u200d]"
    marks = characters.basic("M") + characters.beyond("M")
    belongs = "\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f"
    return re.compile(f"[{signs}](?:(?<!')|(?!{word})|(?<!{word}'))[{belongs}]*(?![{marks}])")

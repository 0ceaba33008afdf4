"""Moses' punctuation normaliser, tokeniser and detokeniser (the port sacremoses), made safe to use on any text.

The tokeniser splits combining marks from their letters (sacremoses issues 42 and 73), and takes its own output further
apart: :class:`Tokeniser` keeps other scripts than Latin from it, and tokenised text.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from datasel.text import characters

# All that the punctuation normaliser looks for in a text of single spaces, none of them at its ends.
_LOOKED_FOR = re.compile("[`´„“”–—‘‚’…«»\u00a0()\"]|''|\\d %| [:;]")

# Tokens that Moses leaves as they are, which are most of what people say and of its own output.  (But for DOTMULTI,
# which stands for several points in it.)
_SETTLED = re.compile(r"""(?:[A-Za-z0-9]+|[.,?!:;()"])(?: (?:[A-Za-z0-9]+|[.,?!:;()"]))*""")

# What Moses leaves in no text: a sign that it always takes apart, beside another character.
_UNSPLIT = re.compile(r"""\S[?!;:"()]|[?!;:"()]\S|[^\s\d],|,[^\s\d]""")

# A line of nothing else lets the rules about quotes go on, one place a pass.
_RUN_OF_QUOTES = re.compile("[\"“”„«»'`´‘’‚…,.]{12}")


class Punctuation:
    """sacremoses' MosesPunctNormalizer for a language, on many texts in one call.

    Its rule that reads a no-break space between digits as a point is left out.  A text where a mark stands on something
    else than a letter or a digit is left alone, and so is one with twelve quotes, points and commas in a row.
    """

    def __init__(self, code: str):
        self._code = code

    @cached_property
    def _normalise(self):
        from sacremoses import MosesPunctNormalizer

        return MosesPunctNormalizer(self._code, norm_numbers=False).normalize

    def __call__(self, lines: list[str]) -> list[str]:
        """The lines normalised; they have single spaces and none at their ends."""
        touched = [
            index
            for index, line in enumerate(lines)
            if _LOOKED_FOR.search(line) and not _RUN_OF_QUOTES.search(line) and not _stray_mark().search(line)
        ]
        if not touched:
            return lines
        # all of them together; the sign between keeps the rules that look beyond white space within a line
        made = self._normalise("".join([lines[index] + "<\n" for index in touched]) + "<")
        lines = list(lines)
        for index, line in zip(touched, made.split("<\n")):
            lines[index] = line
        return lines


@lru_cache
def _stray_mark() -> re.Pattern[str]:
    word = f"\u200c\u200d{characters.basic('LMN')}{characters.BEYOND}"
    return re.compile(f"[^\\s{word}][{characters.basic('M')}{characters.beyond('M')}]")


class Tokeniser:
    """Words and punctuation apart, and together again.

    A text in Latin script without combining marks goes to Moses where the language is written so; every other text is
    taken apart here: marks stay with their letters, hyphens, points and apostrophes inside a word and the separators
    inside a number stay with it.
    """

    def __init__(self, code: str, latin: bool):
        self._code, self._latin = code, latin

    def split(self, line: str) -> str:
        """Tokens with a space between."""
        if self._latin and _SETTLED.fullmatch(line) and "MULTI" not in line:
            return line
        if self._is_for_moses(line):
            return self._tokens(line)
        return " ".join([found.group() for found in _token().finditer(line)])

    def unsplit(self, line: str) -> str:
        """The text that Moses made this line of, if it did; else the line.  (Moses takes "don 't" apart once more.)"""
        if "'" in line and not _UNSPLIT.search(line) and self._is_for_moses(line):
            whole = self._undone.detokenize(line.split(" "), unescape=False)
            if self.split(whole) == line:
                return whole
        return line

    def join(self, line: str) -> str:
        """Running text of tokens."""
        if self._is_for_moses(line):
            if self._code == "en":
                line = _CONTRACTION.sub("", line)
            return self._joined.detokenize(line.split(" "), unescape=False)
        return _QUOTED.sub(r"\1\2\1", _BEFORE_CLOSING.sub("", _AFTER_OPENING.sub(r"\1", line)))

    def _is_for_moses(self, line: str) -> bool:
        return self._latin and (line.isascii() or not _foreign().search(line))

    @cached_property
    def _tokens(self):
        from datasel.text.moses_rules import rules

        return rules(self._code)

    @cached_property
    def _undone(self):
        from sacremoses import MosesDetokenizer

        return MosesDetokenizer(self._code)

    @cached_property
    def _joined(self):
        from sacremoses import MosesDetokenizer

        made = MosesDetokenizer(self._code)
        made.IS_ENGLISH_CONTRACTION = re.compile("(?!)")  # it takes any opening quote for one
        return made


# English: 's, n't and so on after a word; and o'clock, O'Neill, D'Angelo.
_CONTRACTION = re.compile(
    r"(?<=\w) (?='(?:s|t|m|d|re|ve|ll)(?!\S))|(?<=\bn) (?='t(?!\S))|(?<=\b[odl]) (?='[^\W\d])|(?<=\w) (?=n't(?!\S))",
    re.IGNORECASE,
)

_AFTER_OPENING = re.compile(r"(?<![^\s(\[{¿¡])([(\[{¿¡]) ")
_BEFORE_CLOSING = re.compile(r" (?=[.,;:!?%)\]}।॥]+(?!\S))")
_QUOTED = re.compile(r"""(?<![^\s(\[{¿¡])(["']) ([^"']*[^"'\s]) \1(?=[.,;:!?%)\]}।॥]*(?!\S))""")


@lru_cache
def _foreign() -> re.Pattern[str]:
    """A letter of another script than Latin, a mark or a joiner."""
    letters = characters.basic("LM") + characters.beyond("LM")
    return re.compile(f"(?![A-Za-zªº\u00c0-\u024f\u1e00-\u1eff])[\u200c\u200d{letters}]")


@lru_cache
def _token() -> re.Pattern[str]:
    # beyond the basic plane everything is part of a word, as in text.words
    word = f"_\u200c\u200d{characters.basic('LMN')}{characters.BEYOND}"
    return re.compile(
        f"[{word}]+(?:['.-][{word}]+|(?<=\\d)[,:/](?=\\d)[{word}]+)*|([^\\s{word}])\\1*[\u200d{characters.basic('M')}]*"
    )

"""Moses' tokeniser as sacremoses has it, its rules asked only where there is something for them.

sacremoses goes through a text twenty times and looks for tokens in lists; what comes out here is the same, in a third
of the time.  Several passes over a text ask for the same lines again, so the last ones are remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_REMEMBERED, _SHORT = 1 << 14, 400  # lines, about as many as a block has; characters of those that are remembered
_JUNK = re.compile("[\0-\x1f]")
_DIGITS = frozenset("0123456789")


@lru_cache
def rules(code: str) -> Callable[[str], str]:
    """What puts a space between the tokens of a text in that language."""
    from sacremoses import MosesTokenizer

    moses = MosesTokenizer(code)
    pad, commas = moses.PAD_NOT_ISALNUM, (moses.COMMA_SEPARATE_1, moses.COMMA_SEPARATE_2, moses.COMMA_SEPARATE_3)
    apostrophes = {
        "en": moses.ENGLISH_SPECIFIC_APOSTROPHE,
        "fr": moses.FR_IT_SPECIFIC_APOSTROPHE,
        "it": moses.FR_IT_SPECIFIC_APOSTROPHE,
    }.get(code, [moses.NON_SPECIFIC_APOSTROPHE])
    numeric = frozenset(moses.NUMERIC_ONLY_PREFIXES)
    prefixes = frozenset(moses.NONBREAKING_PREFIXES) - numeric
    alpha, lower = frozenset(moses.IsAlpha), frozenset(moses.IsLower)

    def stops(tokens: list[str]) -> list[str]:
        """Full stops apart from their words, but for those of abbreviations and before lower case."""
        for place, token in enumerate(tokens):
            if token[-1] != "." or len(token) < 2:
                continue
            prefix, following = token[:-1], tokens[place + 1] if place + 1 < len(tokens) else ""
            whole = "." in prefix and not alpha.isdisjoint(prefix) or prefix in prefixes or following[:1] in lower
            if not whole and not (prefix in numeric and following[:1] in _DIGITS):
                tokens[place] = prefix + " ."
        return tokens

    def tokens(text: str) -> str:
        text = pad[0].sub(pad[1], _JUNK.sub("", " ".join(text.split())).strip())
        if ".." in text:
            text = moses.replace_multidots(text)
        if "," in text:
            for pattern, made in commas:
                text = pattern.sub(made, text)
        if "'" in text:
            for pattern, made in apostrophes:
                text = pattern.sub(made, text)
        found = text.split()
        text = " ".join(stops(found) if "." in text else found)
        if ".'" in text:
            text = moses.TRAILING_DOT_APOSTROPHE[0].sub(moses.TRAILING_DOT_APOSTROPHE[1], text)
        if "MULTI" in text:
            text = moses.restore_multidots(text)
        return " ".join(text.split())

    remembered = lru_cache(_REMEMBERED)(tokens)
    return lambda text: remembered(text) if len(text) <= _SHORT else tokens(text)

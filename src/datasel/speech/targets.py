"""What is said in an utterance as the tokens of an acoustic model: by a lexicon, or letter by letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from datasel.errors import DataError
from datasel.records.streams import blocks

BLANK, SILENCE = "-", "sil"


class Targets:
    """Spellings of words in tokens; ``tokens`` is blank, silence, and the others in code-point order."""

    def __init__(self, spellings: Mapping[str, Sequence[str]] | None, letters: Iterable[str] = ()):
        """``spellings`` of all words there may be; None: a word is spelled by its characters (NFC), which are of
        ``letters``."""
        self._spellings = spellings
        found = set(letters) if spellings is None else {token for each in spellings.values() for token in each}
        self.tokens = [BLANK, SILENCE, *sorted(found - {BLANK, SILENCE})]
        self._numbers = {token: number for number, token in enumerate(self.tokens)}

    def of(self, text: str) -> np.ndarray:
        """int64: silence, and after each word silence again.  ValueError for a word that has no spelling in tokens."""
        said = [SILENCE]
        for word in text.split():
            if self._spellings is None:
                said += unicodedata.normalize("NFC", word)
                if unknown := set(said) - self._numbers.keys():
                    raise ValueError(f"no utterance to learn from has '{min(unknown)}'")
            elif word in self._spellings:
                said += self._spellings[word]
            else:
                raise ValueError(f"the lexicon has no '{word}'")
            said.append(SILENCE)
        return np.array([self._numbers[token] for token in said])


def characters(texts: Iterable[str]) -> set[str]:
    """All characters of words (NFC)."""
    return {character for text in texts for character in unicodedata.normalize("NFC", "".join(text.split()))}


def needed(said: np.ndarray) -> int:
    """The frames that it takes: one for each token, and a blank between two that are alike."""
    return len(said) + int((said[1:] == said[:-1]).sum())


def read_lexicon(path: str) -> dict[str, list[str]]:
    """Word to tokens, of a text lexicon: lines WORD<TAB>TOKEN TOKEN ...; of several for a word the first.

    DataError for a line of another form, or with blank among its tokens.
    """
    found: dict[str, list[str]] = {}
    for block in blocks([path]):
        for number, line in enumerate(block.data.split(b"\n")[:-1], block.first):
            try:
                word, _, spelled = line.decode().partition("\t")
            except UnicodeDecodeError:
                raise DataError("not valid UTF-8", block.name, number) from None
            tokens = spelled.split()
            if not word or not tokens:
                raise DataError("not WORD<TAB>TOKEN TOKEN ...", block.name, number)
            if BLANK in tokens:
                raise DataError(f"'{BLANK}' is the name of blank, not of a sound", block.name, number)
            found.setdefault(word, tokens)
    return found

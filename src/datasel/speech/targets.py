"""What is said in an utterance as the tokens of an acoustic model: by a lexicon, or letter by letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from datasel.speech import lexicon
from datasel.text.words import spaced

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
        """int64: silence, and after each word silence again.  ValueError for a word that has no spelling in tokens.

        A character ``-`` is none: it is the name of blank.
        """
        said = [SILENCE]
        for word in spaced(text):
            if self._spellings is None:
                said += unicodedata.normalize("NFC", word)
                if BLANK in word:
                    raise ValueError(f"'{BLANK}' is the name of blank, not a character")
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
    return {character for text in texts for word in spaced(text) for character in unicodedata.normalize("NFC", word)}


def needed(said: np.ndarray) -> int:
    """The frames that it takes: one for each token, and a blank between two that are alike."""
    return len(said) + int((said[1:] == said[:-1]).sum())


def read_lexicon(path: str) -> dict[str, tuple[str, ...]]:
    """Word to tokens, of a text lexicon; of several pronunciations of a word the first.  DataError as its reading."""
    return {word: pronunciations[0] for word, pronunciations in lexicon.read(path).items()}

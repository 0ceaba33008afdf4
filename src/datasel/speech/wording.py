"""The words that a lexicon is to have, and what each sounds like."""

from __future__ import annotations

from collections.abc import Sequence

from datasel.errors import ModelError
from datasel.evaluation.word_error import words as words_of
from datasel.lm import arpa_reader
from datasel.lm.levels import RESERVED
from datasel.records.jsonl import Records
from datasel.speech.letters import Letters
from datasel.speech.lexicon import Lexicon
from datasel.speech.pronunciation import Classes, Voice

SILENT = "no pronunciation"  # the reason of what is not said
_LONGEST = 100  # code points: nobody says more in one


class Words:
    """Words, and where each was met first: ``first`` gives file and line."""

    def __init__(self):
        self.first: dict[str, tuple[str, int]] = {}

    def add(self, records: Records, field: str) -> None:
        """The words of a text field."""
        for number, text in zip(records.numbers, records.column(field)):
            for word in words_of(text):
                self.first.setdefault(word, (records.block.name, number))

    def add_arpa(self, path: str) -> None:
        """The words of a language model; ModelError for a file that is not a sound ARPA file."""
        for word in arpa_reader.read(path).words[len(RESERVED) :]:
            try:
                self.first.setdefault(word.decode(), (path, 0))
            except UnicodeDecodeError:
                raise ModelError(f"{path}: the word {word!r} is not valid UTF-8") from None


class Speaker:
    """What words sound like, those of ASCII letters perhaps by a voice of their own."""

    def __init__(self, language: str, latin: str | None, classes: Classes | Letters | None):
        """``classes`` or letters of phones; without them phones are tokens themselves.  DataError where a voice is
        missing."""
        self._voice = Voice(language)
        self._latin = Voice(latin) if latin else self._voice
        self._classes = classes

    def pronounced(self, words: Sequence[str]) -> tuple[Lexicon, dict[str, str]]:
        """The words that have a pronunciation, and for the others the reason why they have none."""
        found: Lexicon = {}
        reasons = {word: f"longer than {_LONGEST} letters" for word in words if len(word) > _LONGEST}
        words = [word for word in words if word not in reasons]
        for voice, chosen in (
            (self._latin, [word for word in words if _is_latin(word)]),
            (self._voice, [word for word in words if not _is_latin(word)]),
        ):
            for word, phones in zip(chosen, voice.phones(chosen)):
                try:
                    tokens = self._classes.of(phones) if self._classes else tuple(phones)
                except KeyError as error:
                    reasons[word] = f"no class for '{error.args[0]}' in {' '.join(phones)}, which is '{word}'"
                    continue
                if voice.names_script(word, phones):
                    reasons[word] = f"a letter that the voice knows only by its script: {' '.join(phones)}"
                elif tokens:
                    found[word] = [tokens]
                else:
                    reasons[word] = SILENT
        return found, reasons


def _is_latin(word: str) -> bool:
    return word.isascii() and any(map(str.isalpha, word))

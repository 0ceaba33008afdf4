"""Words to phones, by the rules and dictionaries of eSpeak NG."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence

from datasel.errors import DataError

NOTHING = "-"  # the class of what is no sound
_BATCH = 4000  # words given to one process
_TAGS = re.compile(r"\([a-z-]+\)")  # where a voice lends a word to another
_STRESS = re.compile("[ˈˌ]")


def phones(words: Sequence[str], voice: str) -> Iterator[list[str]]:
    """The phones of each word, in the IPA, as ``voice`` says it; of a word that it says nothing for none.

    Words hold no white space.  DataError where eSpeak NG or its voice is not there.
    """
    for start in range(0, len(words), _BATCH):
        for line in _lines(words[start : start + _BATCH], voice):
            plain = _STRESS.sub("", _TAGS.sub("", line))
            yield [phone for phone in re.split(r"[_\s]+", plain) if phone]


def _lines(words: Sequence[str], voice: str) -> list[str]:
    """A line a word, by halves where some word makes two clauses, or none."""
    said = _said(words, voice)
    if len(said) == len(words):
        return said
    if len(words) == 1:
        return [" ".join(said)]
    half = len(words) // 2
    return _lines(words[:half], voice) + _lines(words[half:], voice)


def _said(words: Sequence[str], voice: str) -> list[str]:
    """The clauses of the words: an empty line between two ends one."""
    try:
        done = subprocess.run(
            ["espeak-ng", "-q", "--ipa", "--sep=_", "-b", "1", "-v", voice], input="\n\n".join(words) + "\n",
            capture_output=True, encoding="utf-8",
        )  # fmt: skip
    except FileNotFoundError:
        raise DataError("eSpeak NG is not there: apt-get install espeak-ng") from None
    if done.returncode or done.stderr:
        told = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[0]
        raise DataError(f"eSpeak NG with the voice '{voice}': {told}")
    return [line for line in done.stdout.split("\n") if line.strip()]


class Classes:
    """IPA symbols to the tokens of an acoustic model; without a map each is its own token."""

    def __init__(self, classes: Mapping[str, str] | None):
        self._classes = classes
        if classes is not None:
            symbols = sorted(classes, key=len, reverse=True)
            self._symbol = re.compile("|".join(map(re.escape, symbols)))

    def tokens(self, phones: Iterable[str]) -> list[str]:
        """The tokens of a word's phones; a phone that the map lacks is taken apart, its longest symbols first.

        ValueError with what is left of one that cannot be.
        """
        if self._classes is None:
            return list(phones)
        made = []
        for phone in phones:
            place = 0
            while place < len(phone):
                found = self._symbol.match(phone, place)
                if not found:
                    raise ValueError(phone[place:])
                made.append(self._classes[found[0]])
                place = found.end()
        return [token for token in made if token != NOTHING]

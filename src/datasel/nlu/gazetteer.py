"""Lists of known values, such as places or artists: where their words stand in a text, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from datasel.text.words import form, tokens


class Gazetteer:
    """``entries``: pairs of a list's name and a value; values are compared word by word."""

    def __init__(self, entries: Iterable[tuple[str, str]]):
        self.entries = list(dict.fromkeys((name, value) for name, value in entries if tokens(value)))
        self._named: dict[tuple[str, ...], set[str]] = {}
        self._lengths: dict[str, set[int]] = {}  # of the values that begin with a word
        for name, value in self.entries:
            words = tuple(form(value[start:end]) for start, end in tokens(value))
            self._named.setdefault(words, set()).add(name)
            self._lengths.setdefault(words[0], set()).add(len(words))

    def of(self, words: Sequence[str]) -> list[list[str]]:
        """For each word of a text (as they are compared) what it is of: "B-NAME" begins a value, "I-NAME" goes on.

        From left to right the longest value counts; one that overlaps it does not.
        """
        found: list[list[str]] = [[] for _ in words]
        place = 0
        while place < len(words):
            step = 1
            for length in sorted(self._lengths.get(words[place], ()), reverse=True):
                names = self._named.get(tuple(words[place : place + length]))
                if names:
                    for name in sorted(names):
                        found[place].append("B-" + name)
                        for after in found[place + 1 : place + length]:
                            after.append("I-" + name)
                    step = length
                    break
            place += step
        return found

"""How words of one language are written in the script of another: a lexicon, and how pairs of sentences give one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from datasel.records.jsonl import read
from datasel.text.transliteration import similarity, sound
from datasel.text.words import spaced

_LATIN = re.compile("[A-Za-z]")
POSSESSIVE = re.compile("(?:['\u2019][sS]|(?<=[sS])['\u2019])$")


class Spellings:
    """Phrases and how they are written; case makes no difference."""

    def __init__(self, entries: Iterable[tuple[str, str]] = ()):
        self._written: dict[tuple[str, ...], list[str]] = {}
        for phrase, written in entries:
            self._written.setdefault(tuple(spaced(phrase.lower())), spaced(written))
        self._longest = max(map(len, self._written), default=0)

    def of(self, words: Sequence[str]) -> tuple[list[str], bool]:
        """The words as they are written, the longest phrases first, and whether there was an entry for all.

        A word without one stays as it is, but for a possessive 's, which goes if what is left has an entry.
        """
        if not self._longest:
            return list(words), not any(map(_LATIN.search, words))
        made, complete, position = [], True, 0
        lower = [word.lower() for word in words]
        while position < len(words):
            for length in range(min(self._longest, len(words) - position), 0, -1):
                if found := self._found(lower[position : position + length]):
                    made += found
                    position += length
                    break
            else:
                # what has no letter of Latin script needs none
                complete = complete and not _LATIN.search(words[position])
                made.append(words[position])
                position += 1
        return made, complete

    def _found(self, phrase: list[str]) -> list[str] | None:
        bare = [*phrase[:-1], POSSESSIVE.sub("", phrase[-1])]
        return self._written.get(tuple(phrase)) or self._written.get(tuple(bare))


def spellings(path: str | None) -> Spellings:
    """The lexicon in a file of lines 'phrase <tab> how it is written', further columns left aside; of two entries for a
    phrase the first holds.  Raises DataError for a line that has not both."""
    entries = []
    for records in read([path], {"text": str}, text=True, tabs=True) if path else ():
        for index, line in enumerate(records.column("text")):
            phrase, _, rest = line.partition("\t")
            written = rest.partition("\t")[0]
            if not spaced(phrase) or not spaced(written):
                raise records.error(index, "not a phrase, a tab and how it is written")
            entries.append((phrase, written))
    return Spellings(entries)


class Learned(NamedTuple):
    word: str
    written: str
    pairs: int  # sentence pairs with both
    share: float  # of those with the word
    similarity: float


def learned(pairs: Iterable[tuple[str, str]], least: int = 2, alike: float = 0.8, share: float = 0.1) -> list[Learned]:
    """Words in Latin letters and words in Devanagari that stand in the same sentence pairs and sound alike.

    ``pairs`` are sentences of both languages, normalised.  Kept is what ``least`` pairs or more have, with at least
    this similarity (the loose one) and this share of the pairs with either word, which native words that happen to
    sound alike do not have; the spelling with the most pairs comes first among those of a word, then the more
    alike one.  Words of one letter are left out.
    """
    known: dict[tuple[str, str], float] = {}
    together: Counter[tuple[str, str]] = Counter()
    seen: Counter[str] = Counter()
    for source, target in pairs:
        words = {word for word in source.lower().split() if len(word) > 1 and re.fullmatch("[a-z']+", word)}
        others = [word for word in set(target.split()) if sound(word)]
        seen.update(words)
        seen.update(others)
        for word in words:
            for other in others:
                both = (word, other)
                if both not in known:
                    known[both] = similarity(word, other, loose=True)
                if known[both] >= alike:
                    together[both] += 1
    found = [
        Learned(*both, count, count / seen[both[0]], known[both])
        for both, count in together.items()
        if count >= least and count >= share * max(map(seen.__getitem__, both))
    ]
    return sorted(found, key=lambda each: (each.word, -each.pairs, -each.similarity, each.written))


def words(path: str | None) -> set[str]:
    """The words of a file with one on each line; none without a file."""
    blocks = read([path], {"text": str}, text=True) if path else ()
    return {word for records in blocks for line in records.column("text") for word in spaced(line)}

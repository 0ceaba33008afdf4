"""Source words copied into translations as often as in-domain text has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Any, NamedTuple

from datasel.nlu.slots import Slot
from datasel.text.transliteration import Sounds
from datasel.text.words import normalised, words
from datasel.translation import editing
from datasel.translation.editing import Edit, edited, touched
from datasel.translation.hypotheses import Translation, members
from datasel.translation.spellings import Spellings

_ENGLISH = """
    a about after all am an and any are as at be because been before being but by can could did do does doing don't
    done down each every for from get gets give given gives go goes going got had has have having he her here him his
    how i i'd i'll i'm i've if in into is it it's its just let make many may me might more most much must my no nor
    not of off on or other our out over put shall she should so some such take than that that's the their them then
    there these they this those through to too under until up us very was we were what what's when where which while
    who whom whose why will with would you your
"""
# Never looked for in another script: nobody mixes them, and short as they are they sound like other words.
FUNCTION_WORDS = frozenset(_ENGLISH.split())

_LINES = 4096  # counted together
_HELD = 1 << 16  # source words known at a time
_SHORTEST, _ALIKE = 3, 0.91  # sounds of a word that another may be told by; similarity


class Word(NamedTuple):
    count: int  # in the in-domain text, under all its spellings
    probability: float  # of being copied
    written: Sequence[str]
    forms: frozenset[str]  # all that count


class InDomain:
    """The words of a text, which say how often a source word is copied and how it is written."""

    def __init__(self, texts: Iterable[str], spellings: Spellings, scale: float, alpha: float):
        """``texts`` are lines; raises ValueError where they have no words."""
        self._counts: Counter[str] = Counter()
        lines = iter(texts)
        while some := list(islice(lines, _LINES)):
            self._counts.update(words("\n".join(some)))
        if not self._counts:
            raise ValueError("the in-domain text has no words")
        self._per_count = scale / (sum(self._counts.values()) + alpha * len(self._counts))
        self._alpha, self._spellings = alpha, spellings
        self._sounds = Sounds(self._counts, _SHORTEST)
        self._known: dict[str, Word] = {}

    def word(self, token: str) -> Word | None:
        """What is known of a source word; None for what is not one word, such as a comma or two with a hyphen.

        It is copied with probability min(1, scale (c + alpha) / (C + alpha V)), where c counts it in the text's C
        words, V of them different.
        """
        if token not in self._known:
            compared = words(token)
            if len(compared) != 1:
                return None
            if len(self._known) > _HELD:
                self._known.clear()
            self._known[token] = self._word(token, compared[0])
        return self._known[token]

    def _word(self, token: str, compared: str) -> Word:
        by_list, listed = self._spellings.of([token])
        forms = {compared: None}
        if len(compared) > 1 and compared not in FUNCTION_WORDS:
            if listed and len(by_list) == 1:
                forms[_compared(by_list[0])] = None
            forms |= dict.fromkeys(form for form, _ in self._sounds.like(compared, _ALIKE))
        count = sum(self._counts[form] for form in forms)
        most = max(forms, key=lambda form: self._counts[form])
        written = by_list if not count or by_list == [most] else [token if most == compared else most]
        return Word(count, min(1.0, self._per_count * (count + self._alpha)), written, frozenset(forms))


@lru_cache(1 << 16)
def _compared(word: str) -> str:
    return normalised(word).decode().strip()


class Mixer:
    """Copies source words into translations, and counts."""

    def __init__(self, domain: InDomain, particles: Set[str], by_word: bool = True):
        """``by_word``: count each source word by itself, for :meth:`figures`."""
        self._domain, self._particles, self._by_word = domain, particles, by_word
        self._totals = [0, 0]
        self._eligible: Counter[str] = Counter()
        self._copied: Counter[str] = Counter()

    def __call__(
        self, source: str, slots: Sequence[Slot], translation: Translation, chances: Sequence[float]
    ) -> dict[str, Any]:
        """The new members of one translation: ``text``, ``alignment`` and ``entities``, none where no word is copied.

        ``chances`` has a number from 0 to 1 for each source word, which is copied if that is below its probability.
        """
        said, target = editing.words(source), editing.words(translation.text)
        edits = []
        for place, run in self._open(source, slots, translation, target):
            token = said[place]
            word = self._domain.word(token)
            if word is None:
                continue
            copied = chances[place] < word.probability
            self._totals[0] += copied
            self._totals[1] += 1
            if self._by_word:
                self._eligible[token] += 1
                self._copied[token] += copied
            if copied:
                standing = [target[t] for t in run]
                if here := [t for t, each in zip(run, standing) if _compared(each) in word.forms]:
                    run, standing = here[:1], [target[here[0]]]
                if standing != word.written:
                    edits.append(Edit(frozenset(run), word.written, (place,)))
        if not edits:
            return {}
        made = edited(translation.text, translation.links, edits)
        moved = [
            members(editing.moved(slot, translation.text, made.moved), given)
            for slot, given in zip_longest(translation.entities, translation.given)
        ]
        entities = {"entities": moved} if moved else {}
        return {"text": made.text, "alignment": made.alignment, **entities}

    def _open(
        self, source: str, slots: Sequence[Slot], translation: Translation, target: Sequence[str]
    ) -> Iterator[tuple[int, list[int]]]:
        """The source words that can be copied, each with the target words in whose place."""
        protected, closed = _touched(source, slots), _touched(translation.text, translation.entities)
        of_source: dict[int, list[int]] = {}
        sources: Counter[int] = Counter()  # of each target word
        for s, t in sorted(translation.links):
            of_source.setdefault(s, []).append(t)
            sources[t] += 1
        for place, own in of_source.items():
            if place in protected:
                continue
            while own and target[own[0]] in self._particles:
                own = own[1:]
            while own and target[own[-1]] in self._particles:
                own = own[:-1]
            if not own or own[-1] - own[0] != len(own) - 1 or not closed.isdisjoint(own):
                continue
            if all(sources[t] == 1 for t in own):  # no other source word
                yield place, own

    def totals(self) -> tuple[int, int]:
        """How many words were copied, and how many could have been."""
        copied, eligible = self._totals
        return copied, eligible

    def figures(self) -> list[dict[str, Any]]:
        """A record for each source word that could be copied, the most frequent first."""
        made = []
        for token, eligible in sorted(self._eligible.items(), key=lambda item: (-item[1], item[0])):
            word = self._domain.word(token)
            made.append({
                "word": token, "written": " ".join(word.written), "count": word.count,
                "probability": float(f"{word.probability:.6g}"), "eligible": eligible, "copied": self._copied[token],
            })  # fmt: skip
        return made


def _touched(text: str, slots: Iterable[Slot]) -> set[int]:
    return {number for slot in slots for number in touched(text, slot)}

"""Pairs of utterances, paraphrases and not, made from the templates of annotated ones (Cho et al., ASRU 2019)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from datasel.nlu.templates import Template, template
from datasel.records.seeding import generator
from datasel.text.words import words

_NEAR = 32  # templates that share a word, among which the nearest miss is looked for
_TRIES = 100  # draws before a kind of pair is given up
_DRAWN = 1 << 14  # random numbers made at a time

Class = tuple[str | None, str]  # domain, intent


class Pair(NamedTuple):
    text: str
    other: str
    label: int  # 1: paraphrases
    kind: str  # paraphrase, same-structure, other-intent or random
    domain: str | None
    intent: str


class _Entry(NamedTuple):
    template: Template
    of: Class
    words: tuple[str, ...]  # of the template, names of slots included
    bag: frozenset[str]


class PairMaker:
    """Draws pairs; holds the distinct templates of the annotated utterances and the values their slots had.

    paraphrase: two templates of the same domain, intent and slots (at least ``min_slots``), filled with the same
    values.
    same-structure: one template filled twice, at least one value differing.
    other-intent: templates of two intents with many words in common, filled with the same values where they share a
    slot's name.  random: templates of two intents, each filled by itself.
    """

    def __init__(self, seed: int, min_slots: int = 1):
        self._random, self._min_slots = _Random(seed), min_slots
        self._entries: dict[tuple, _Entry] = {}
        self._values: dict[tuple[str | None, str], dict[str, None]] = {}  # (domain, slot name) to its values
        self._groups: dict[tuple, list[_Entry]] = {}
        self._with_word: dict[str, list[_Entry]] = {}

    def add(self, domain: str | None, intent: str, text: str, slots: Iterable) -> None:
        """One annotated utterance; raises ValueError where a slot's name cannot stand in a template."""
        made, values = template(text, slots)
        found = tuple(words(str(made)))
        entry = _Entry(made, (domain, intent), found, frozenset(found))
        if self._entries.setdefault((domain, intent, made.names, found), entry) is entry:
            self._groups.setdefault((domain, intent, *sorted(made.names)), []).append(entry)
            for word in dict.fromkeys(found):
                self._with_word.setdefault(word, []).append(entry)
        for name, value in zip(made.names, values):
            self._values.setdefault((domain, name), {})[value] = None

    def pairs(self, count: int, positives: float, negatives: Mapping[str, float]) -> Iterator[Pair]:
        """``count`` pairs, a share of ``positives`` expected, negatives by kind in proportion to ``negatives``.

        Raises ValueError where the templates do not allow a kind that is asked for.
        """
        everything = list(self._entries.values())
        groups = [g for g in self._groups.values() if len(g) > 1 and len(g[0].template.names) >= self._min_slots]
        twinned = [(entry, group) for group in groups for entry in group]
        slotted = [
            entry for entry in everything if any(self._choices(entry, name) > 1 for name in entry.template.names)
        ]
        values = {key: list(each) for key, each in self._values.items()}
        makers = {
            "paraphrase": lambda: self._paraphrase(twinned, values),
            "same-structure": lambda: self._same_structure(slotted, values),
            "other-intent": lambda: self._near_miss(everything, values),
            "random": lambda: self._random_pair(everything, values),
        }
        total = sum(negatives.values()) or 1
        share = {"paraphrase": positives, **{kind: (1 - positives) * x / total for kind, x in negatives.items()}}
        share = {kind: x for kind, x in share.items() if x > 0}
        lacking = {"paraphrase": not twinned, "same-structure": not slotted}
        lacking["other-intent"] = lacking["random"] = len({entry.of for entry in everything}) < 2
        for kind in share:
            if lacking[kind]:
                raise ValueError(f"these utterances allow no pair of kind '{kind}'")
        for _ in range(count):
            yield self._draw(share, makers)

    def _draw(self, share, makers) -> Pair:
        kind = self._random.one_of(share)
        for _ in range(_TRIES):
            if (pair := makers[kind]()) is not None:
                return pair
        raise ValueError(f"these utterances allow hardly a pair of kind '{kind}'")

    def _choices(self, entry: _Entry, name: str) -> int:
        return len(self._values[entry.of[0], name])

    def _paraphrase(self, twinned, values) -> Pair | None:
        entry, group = self._random.choice(twinned)
        other = self._random.choice(group)
        if other is entry:
            return None
        filled = self._fill(entry, values)
        return self._pair(entry, other, filled, self._refill(other, entry, filled, values), "paraphrase")

    def _same_structure(self, slotted, values) -> Pair | None:
        entry = self._random.choice(slotted)
        names = entry.template.names
        filled, again = self._fill(entry, values), self._fill(entry, values)
        # each slot keeps its value half of the time, so that pairs differ by little, too
        again = [old if self._random.below_one() < 0.5 else new for old, new in zip(filled, again)]
        if all(words(old) == words(new) for old, new in zip(filled, again)):
            place = int(self._random.below_one() * len(names))
            again[place] = self._random.choice(values[entry.of[0], names[place]])
        return self._pair(entry, entry, filled, again, "same-structure")

    def _near_miss(self, everything, values) -> Pair | None:
        entry = self._random.choice(everything)
        nearest, other = -1.0, None
        for _ in range(_NEAR if entry.words else 0):
            rival = self._random.choice(self._with_word[self._random.choice(entry.words)])
            if rival.of != entry.of:
                common = len(entry.bag & rival.bag)
                near = common / (len(entry.bag) + len(rival.bag) - common)
                if near > nearest and rival.words != entry.words:
                    nearest, other = near, rival
        if other is None:
            return None
        filled = self._fill(entry, values)
        return self._pair(entry, other, filled, self._refill(other, entry, filled, values), "other-intent")

    def _random_pair(self, everything, values) -> Pair | None:
        entry, other = self._random.choice(everything), self._random.choice(everything)
        if other.of == entry.of or other.words == entry.words:
            return None
        return self._pair(entry, other, self._fill(entry, values), self._fill(other, values), "random")

    def _fill(self, entry: _Entry, values) -> list[str]:
        return [self._random.choice(values[entry.of[0], name]) for name in entry.template.names]

    def _refill(self, other: _Entry, entry: _Entry, filled: list[str], values) -> list[str]:
        """``filled``, the values of ``entry``, in the order of ``other``; drawn where ``entry`` has no such slot."""
        left: dict[str, list[str]] = {}
        for name, value in zip(entry.template.names, filled):
            left.setdefault(name, []).append(value)
        return [
            left[name].pop(0) if left.get(name) else self._random.choice(values[other.of[0], name])
            for name in other.template.names
        ]

    def _pair(self, entry, other, filled, refilled, kind) -> Pair | None:
        """None where both would be the same words, which say nothing of what makes a paraphrase."""
        text, again = entry.template.fill(filled)[0], other.template.fill(refilled)[0]
        if words(text) == words(again):
            return None
        return Pair(text, again, int(kind == "paraphrase"), kind, *entry.of)


class _Random:
    """Uniform draws, made many at a time."""

    def __init__(self, seed: int):
        self._generator, self._left = generator(seed, "paraphrase-pairs"), []

    def below_one(self) -> float:
        if not self._left:
            self._left = self._generator.random(_DRAWN).tolist()
        return self._left.pop()

    def choice(self, items):
        return items[int(self.below_one() * len(items))]

    def one_of(self, share: Mapping[str, float]) -> str:
        """A name, with the probability it has in ``share`` (which sums to 1)."""
        place = self.below_one()
        for name, part in share.items():
            place -= part
            if place < 0:
                return name
        return name

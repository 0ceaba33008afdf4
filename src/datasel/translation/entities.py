"""Entities of the source put back into its translation, where the word alignment says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from functools import lru_cache
from itertools import zip_longest
from operator import itemgetter
from typing import Any, NamedTuple

from datasel.errors import UsageError
from datasel.nlu.slots import Slot
from datasel.text.transliteration import places_like, similarity, sound
from datasel.translation.editing import Edit, edited, moved, runs, touched, words
from datasel.translation.hypotheses import Translation, members
from datasel.translation.spellings import POSSESSIVE, Spellings

# What can become of an entity in a translation: it is placed, or stood there, or is not placed for a reason.
OUTCOMES = ("placed", "there", "unaligned", "shared", "overlapping", "unspelled")

_SHORTEST, _ALIKE = 3, 0.8  # sounds of a value that is told by them; similarity of each of its words


def chosen(only: str | None, but: str | None) -> Callable[[str], bool]:
    """Whether slots of a name are entities: those of ``only``, or all but those of ``but``; NAME,NAME,...

    UsageError for a name that is empty, or has white space at an edge.
    """
    given = but if only is None else only
    named = set() if given is None else set(given.split(","))
    for name in sorted(named):
        if not name or name != name.strip():
            raise UsageError(f"--{'except' if only is None else 'only'}: '{name}' is no name of a slot")
    return lambda name: (name in named) == (only is not None)


class Entity(NamedTuple):
    name: str
    words: Sequence[str]  # of its value, as they stand in the source
    places: range  # the source words that it touches


def entities(source: str, slots: Iterable[Slot]) -> tuple[list[Entity], list[str]]:
    """The entities of a sentence in its order, and the names of those left out for touching a word of an earlier slot.

    Slots without a word are no entities.
    """
    found: list[Entity] = []
    overlapping = []
    for slot in slots:
        places, value = touched(source, slot), words(slot.value)
        if not value:
            continue
        if any(places.start < other.places.stop and other.places.start < places.stop for other in found):
            overlapping.append(slot.name)
        else:
            found.append(Entity(slot.name, value, places))
    return sorted(found, key=lambda entity: entity.places.start), overlapping


class Place(NamedTuple):
    """Where an entity stands in a translation."""

    words: frozenset[int]  # the target words to replace; none where it has no place
    outcome: str
    gapped: bool = False
    stray: bool = False  # words aligned to it that stay


def places(
    entities: Sequence[Entity], translation: Translation, spellings: Spellings, particles: Set[str], gap: int
) -> list[Place]:
    """A place for each entity.

    One that was placed before is there, and so is one whose value stands in the text, as it is, as it is spelled or as
    it sounds, and not as another that was placed before; of several places the one with the most words aligned to it,
    then the first.  The words of another are
    the target words aligned to it, but for those that one before it has, and for ``particles`` at both ends of a run.
    Its place is the run of them that most of the entity's words are aligned to (of equal ones the longest, then the
    first), with further runs, the nearest first, that are aligned to one more of its words and no more than ``gap``
    words away, and with the unaligned words between.  Other words between stay.
    """
    links = translation.links
    target = words(translation.text)
    aligned = [{t for s, t in links if s in entity.places} for entity in entities]
    taken: set[int] = set()
    found: dict[int, Place] = {}
    for placed in (True, False) if translation.entities else (False,):
        for number, (entity, own) in enumerate(zip(entities, aligned)):
            if number in found:
                continue
            if placed:
                run = _placed(entity, translation, own)
            else:
                run = _standing(entity, spellings, target, own, taken | _held(translation, entity.name))
            if run and taken.isdisjoint(run):
                found[number] = Place(frozenset(run), "there", False, not own.issubset(run))
                taken.update(run)
    for number, (entity, own) in enumerate(zip(entities, aligned)):
        if number in found:
            continue
        left = [run for run in (_trimmed(run, target, particles) for run in runs(own - taken)) if run]
        if not left:
            shared = any(target[place] not in particles for place in own)
            found[number] = Place(frozenset(), "shared" if shared else "unaligned")
            continue
        if len(left) == 1:
            found[number] = Place(frozenset(left[0]), "placed")
            taken |= own
            continue
        says = [{s for s, t in links if t in run and s in entity.places} for run in left]
        parts = _joined(list(zip(left, says)), gap)
        inside = {place for run in parts for place in run}
        between = set(range(min(inside), max(inside))) - inside - {t for _, t in links} - taken
        stray = any(place not in inside for run in left for place in run)
        found[number] = Place(frozenset(inside | between), "placed", len(parts) > 1, stray)
        taken |= own | between
    return [found[number] for number in range(len(entities))]


def _trimmed(run: list[int], target: Sequence[str], particles: Set[str]) -> list[int]:
    while run and target[run[0]] in particles:
        run = run[1:]
    while run and target[run[-1]] in particles:
        run = run[:-1]
    return run


def _joined(parts: list[tuple[list[int], set[int]]], gap: int) -> list[list[int]]:
    """The runs that are an entity's place; ``parts`` are runs with the source words that each is aligned to."""
    main = max(parts, key=lambda part: (len(part[1]), len(part[0]), -part[0][0]))
    joined, said = [main[0]], set(main[1])
    others = [part for part in parts if part is not main]
    while others:
        first, last = min(run[0] for run in joined), max(run[-1] for run in joined)
        nearest = min(others, key=lambda part: max(part[0][0] - last, first - part[0][-1]))
        if max(nearest[0][0] - last, first - nearest[0][-1]) - 1 > gap:
            break
        if nearest[1] - said:
            joined.append(nearest[0])
            said |= nearest[1]
        others.remove(nearest)
    return joined


def _placed(entity: Entity, translation: Translation, own: Set[int]) -> range | None:
    """The target words of the entity where the translation has it in its list, and they are aligned to it."""
    for slot in translation.entities:
        if slot.name == entity.name and own.issuperset(run := touched(translation.text, slot)):
            return run
    return None


def _held(translation: Translation, name: str) -> set[int]:
    """The target words of entities of other names that were placed before."""
    others = [slot for slot in translation.entities if slot.name != name]
    return {place for slot in others for place in touched(translation.text, slot)}


def _standing(
    entity: Entity, spellings: Spellings, target: Sequence[str], own: Set[int], taken: Set[int]
) -> range | None:
    """The target words that are the entity's value already."""
    found = []
    bare = list(map(_bare, target))
    spelled = spellings.of(entity.words)[0]
    for value in (entity.words,) if spelled == entity.words else (entity.words, spelled):
        value = list(map(_bare, value))
        if value[0] in bare:
            windows = [range(first, first + len(value)) for first in range(len(bare) - len(value) + 1)]
            found += [run for run in windows if bare[run.start : run.stop] == value]
    if not found:
        length = len(entity.words)
        windows = [range(first, first + length) for first in places_like(entity.words[0], target)]
        found = [run for run in windows if _sounds_like(entity.words, target[run.start : run.stop])]
    free = [run for run in found if taken.isdisjoint(run)]
    return max(free, key=lambda run: (len(own.intersection(run)), -run[0])) if free else None


@lru_cache(1 << 16)
def _bare(word: str) -> str:
    """A word without what is often left out: the dot below, the moon of a nasal vowel, a possessive 's, case."""
    return POSSESSIVE.sub(
        "", unicodedata.normalize("NFD", word).replace("\u093c", "").replace("\u0901", "\u0902").lower()
    )


def _sounds_like(words: Sequence[str], others: Sequence[str]) -> bool:
    if len(words) > len(others) or any(similarity(*both, loose=True) < _ALIKE for both in zip(words, others)):
        return False
    made = [sound(other) for other in others]
    return all(made) and sum(each.length for each in made) >= _SHORTEST and sum(len(each.key) for each in made) >= 2


class Restorer:
    """Puts entities into translations, and counts what became of them, by slot name."""

    def __init__(self, spellings: Spellings, particles: Set[str], gap: int, only_spelled: bool):
        self._spellings, self._particles, self._gap, self._only_spelled = spellings, particles, gap, only_spelled
        self._counts: Counter[tuple[str, str, bool, bool, bool]] = Counter()  # name, outcome, gapped, stray, drawn

    def __call__(
        self, found: Sequence[Entity], overlapping: Sequence[str], drawn: Sequence[Sequence[str] | None],
        translation: Translation, count: bool,
    ) -> dict[str, Any]:  # fmt: skip
        """The new members of one translation: ``entities``, and where there are any ``text`` and ``alignment``.

        ``drawn`` has the words that stand in for each entity, None where its own do.
        """
        edits, names = [], []
        tally = [(name, "overlapping", False, False, False) for name in overlapping]
        for place, entity, instead in zip(
            places(found, translation, self._spellings, self._particles, self._gap), found, drawn
        ):
            words, spelled = (instead, True) if instead is not None else self._spellings.of(entity.words)
            if not place.words:
                tally.append((entity.name, place.outcome, False, False, False))
            elif self._only_spelled and not spelled:
                tally.append((entity.name, "unspelled", False, False, False))
            else:
                edits.append(Edit(place.words, words, entity.places))
                names.append(entity.name)
                tally.append((entity.name, place.outcome, place.gapped, place.stray, instead is not None))
        if count:
            for each in tally:
                self._counts[each] += 1
        replaced = {place for edit in edits for place in edit.places}
        before = [
            (slot, given) for slot, given in zip_longest(translation.entities, translation.given)
            if replaced.isdisjoint(touched(translation.text, slot))
        ]  # fmt: skip
        if not edits:
            return {"entities": [members(*each) for each in before]}
        made = edited(translation.text, translation.links, edits)
        standing = [
            members(Slot(name, made.text[start:end], start, end)) for name, (start, end) in zip(names, made.where)
        ]
        standing += [members(moved(slot, translation.text, made.moved), given) for slot, given in before]
        standing.sort(key=itemgetter("start"))
        return {"text": made.text, "alignment": made.alignment, "entities": standing}

    def figures(self) -> list[dict[str, Any]]:
        """What became of the entities: a record for each slot name, the most frequent first, and one for all."""
        names = {name for name, *_ in self._counts}
        named = sorted(map(self._figures, names), key=lambda made: (-made["entities"], made["name"]))
        return [*named, self.total()] if named else []

    def total(self) -> dict[str, Any]:
        """The figures of all entities; their rate is None where there are none."""
        return self._figures(None)

    def _figures(self, wanted: str | None) -> dict[str, Any]:
        """The figures of a slot name, or of all."""
        made = dict.fromkeys(("entities", *OUTCOMES, "gapped", "stray", "drawn"), 0)
        for (name, outcome, *marks), count in self._counts.items():
            if wanted in (None, name):
                made["entities"] += count
                made[outcome] += count
                for mark, true in zip(("gapped", "stray", "drawn"), marks):
                    made[mark] += count * true
        rate = (made["placed"] + made["there"]) / made["entities"] if made["entities"] else None
        return {"name": wanted, **made, "rate": rate if rate is None else round(rate, 6)}

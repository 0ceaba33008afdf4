"""Names in the place of which a translator sees masks, words [e1], [e2], ... that it has learned to copy.

Placeholders: Luong et al., "Addressing the Rare Word Problem in Neural Machine Translation", ACL 2015; Post et al., "An
Exploration of Placeholding in Neural Machine Translation", MT Summit 2019.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datasel.text.transliteration import similarity
from datasel.translation.editing import Links
from datasel.translation.entities import Entity
from datasel.translation.mixing import FUNCTION_WORDS
from datasel.translation.pieces import words
from datasel.translation.spellings import POSSESSIVE

_MASK = re.compile(r"\s*(\[e[1-9]\])\s*")
_SHORTEST, _ALIKE = 3, 0.8  # letters of a name that is told by its sound; similarity
_LONGEST = 4  # words under one mask


def mask(number: int) -> str:
    """The mask of this number, from 1."""
    return f"[e{number}]"


def masked(text: str, entities: Sequence[Entity], most: int) -> tuple[str, dict[str, str]]:
    """A text with its first ``most`` entities masked, and what each mask stands for.

    A possessive 's stays behind the mask.  Words stand one space apart.  A text that has a mask already stays as it is.
    """
    said = words(text)
    if _MASK.search(text):
        return text, {}
    values = {}
    for number, entity in reversed(list(enumerate(entities[:most], 1))):
        first, last = entity.places[0], entity.places[-1]
        bare = POSSESSIVE.sub("", said[last])
        said[first : last + 1] = [mask(number) + said[last][len(bare) :]]
        values[mask(number)] = POSSESSIVE.sub("", " ".join(entity.words))
    return (" ".join(said), dict(sorted(values.items()))) if values else (text, {})


def unmasked(text: str, values: Mapping[str, str]) -> tuple[str, bool]:
    """A translation with the values of its masks, each as words of its own, and whether it has every mask once and no
    other; a mask without a value goes, and so do repeats."""
    found, left = _MASK.findall(text), dict(values)
    whole = Counter(found) == Counter(list(values))
    made = _MASK.sub(lambda match: f" {left.pop(match[1], '')} ", text) if found else text
    return (" ".join(words(made)) if found else text), whole


def restored(listed: object, values: object) -> list[dict[str, Any]]:
    """A list of hypotheses with their masks' values in them, those that have every mask once first.

    Raises ValueError for what is no such list, or values that are not texts by their masks.
    """
    if not (isinstance(listed, list) and all(isinstance(e, dict) and isinstance(e.get("text"), str) for e in listed)):
        raise ValueError("field 'nbest': not a list of hypotheses")
    if not (isinstance(values, dict) and all(isinstance(value, str) for value in values.values())):
        raise ValueError("field 'masks': not what masks stand for, by their names")
    made = []
    for each in listed:
        text, whole = unmasked(each["text"], values)
        flags = each.get("flags") if isinstance(each.get("flags"), list) else []
        changed = {"text": text, **({} if whole else {"flags": [*flags, "masks"]})}
        # words are others now, and so are their numbers
        kept = {name: value for name, value in each.items() if name != "alignment" or text == each["text"]}
        made.append((not whole, {**kept, **changed}))
    return [each for _, each in sorted(made, key=lambda pair: pair[0])]


class Run(NamedTuple):
    """A name on both sides: its words as ranges."""

    source: range
    target: range


def names(source: Sequence[str], target: Sequence[str], links: Links) -> list[Run]:
    """The names of a pair of sentences, left to right in the source: words that translate each other alone, and are the
    same or, in Devanagari, sound alike, as long as they follow one another on both sides; none beside masks."""
    if any(map(_MASK.match, source)) or any(map(_MASK.match, target)):
        return []
    forward, backward = Counter(s for s, _ in links), Counter(t for _, t in links)
    found: list[Run] = []
    for s, t in sorted(links):
        if forward[s] > 1 or backward[t] > 1 or not _same(source[s], target[t]):
            continue
        run = found[-1] if found else Run(range(-1), range(-1))
        joins = (run.source.stop, run.target.stop) == (s, t) and len(run.source) < _LONGEST
        if joins and POSSESSIVE.sub("", source[s - 1]) == source[s - 1]:
            found[-1] = Run(range(run.source.start, s + 1), range(run.target.start, t + 1))
        else:
            found.append(Run(range(s, s + 1), range(t, t + 1)))
    return found


def _same(word: str, other: str) -> bool:
    bare = POSSESSIVE.sub("", word.lower())
    if bare == other.lower():
        return any(map(str.isalpha, bare))
    return len(bare) >= _SHORTEST and bare not in FUNCTION_WORDS and similarity(bare, other, loose=True) >= _ALIKE


def with_masks(
    source: Sequence[str], target: Sequence[str], links: Links, runs: Sequence[Run]
) -> tuple[str, str, list[list[int]]]:
    """``(source, target, links)`` with these runs, which share no word, under masks numbered in their order."""
    sides, places = [], []
    for said, ranges in ((source, [run.source for run in runs]), (target, [run.target for run in runs])):
        begins = {each.start: number for number, each in enumerate(ranges, 1)}
        inside = {place for each in ranges for place in each[1:]}
        made: list[str] = []
        where = []
        for place, word in enumerate(said):
            if place in begins:
                last = said[ranges[begins[place] - 1][-1]]
                made.append(mask(begins[place]) + (last[len(POSSESSIVE.sub("", last)) :] if said is source else ""))
            elif place not in inside:
                made.append(word)
            where.append(len(made) - 1)
        sides.append(" ".join(made))
        places.append(where)
    kept = sorted({(places[0][s], places[1][t]) for s, t in links})
    return sides[0], sides[1], [list(link) for link in kept]

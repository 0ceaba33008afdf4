"""Words of a translation replaced, its word alignment kept right.

Words are what stands between ASCII white space, numbered from 0; a link is a pair of a source and a target word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from datasel.nlu.slots import Slot
from datasel.text.words import spaced

_BETWEEN = re.compile(r"([ \t\n\r\v\f]+)")
_WHITE = frozenset(" \t\n\r\v\f")

Links = Collection[tuple[int, int]]


@lru_cache(256)  # all hypotheses of a record ask for its source
def words(text: str) -> Sequence[str]:
    """The words of a text; callers leave the list as it is."""
    return spaced(text)


def touched(text: str, slot: Slot) -> range:
    """The words that a slot of the text touches, by number."""
    start, end = slot.start, slot.end
    first = len(spaced(text[:start]))
    if 0 < start < len(text) and _WHITE.isdisjoint(text[start - 1 : start + 1]):
        first -= 1  # it begins inside a word
    return range(first, len(spaced(text[:end])))


def links(alignment: object, sources: int, targets: int) -> set[tuple[int, int]]:
    """An alignment as a record has it, [[source word, target word], ...] or None for no links.

    Raises ValueError where it is something else, or a word is not there.
    """
    if alignment is None:
        return set()
    if not isinstance(alignment, list):
        raise ValueError("the alignment is not a list")
    if {*map(type, alignment)} == {list} and {*map(len, alignment)} == {2}:
        flat = list(chain.from_iterable(alignment))
        if {*map(type, flat)} == {int} and min(flat) >= 0 and max(flat[::2]) < sources and max(flat[1::2]) < targets:
            return set(zip(flat[::2], flat[1::2]))
    found = set()  # says what is wrong with it, if anything is
    for link in alignment:
        source, target = link if isinstance(link, list) and len(link) == 2 else (None, None)
        if type(source) is not int or type(target) is not int:
            raise ValueError("the alignment is not of pairs of word numbers")
        if not (0 <= source < sources and 0 <= target < targets):
            raise ValueError(f"the alignment has {source}-{target}, but there are {sources} and {targets} words")
        found.add((source, target))
    return found


class Edit(NamedTuple):
    """``words`` (one at least) in place of the target words ``places``, where the first of these stood."""

    places: frozenset[int]
    words: Sequence[str]
    sources: Sequence[int]  # the source words that they say


class Edited(NamedTuple):
    text: str
    alignment: list[list[int]]
    where: list[tuple[int, int]]  # start and end of each edit's words, in code points
    moved: Mapping[int, int]  # the start of each word that stayed, by its old number


def edited(text: str, linked: Links, edits: Sequence[Edit]) -> Edited:
    """A translation with edits made, none of which has a word of another.

    New words stand one space apart; the white space before all other words is as it was.  As many new words as source
    words are linked one to one, others each to each; all links of replaced words go.
    """
    pieces = _BETWEEN.split(text)  # a word, what is between, a word, ...; at an edge a word may be empty
    pieces[:1] = ["", pieces[0]] if pieces[0] else []
    tail = pieces[-2] if pieces and not pieces[-1] else ""
    begins = {min(edit.places): number for number, edit in enumerate(edits)}
    replaced = {place for edit in edits for place in edit.places}
    made, length, count = [], 0, 0
    where, numbers, moved, new = [(0, 0)] * len(edits), {}, {}, []
    for number in range(len(pieces) // 2):
        gap, word = pieces[2 * number if count else 0], pieces[2 * number + 1]
        if number in replaced:
            if number not in begins:
                continue
            edit = edits[begins[number]]
            word = " ".join(edit.words)
            begin = length + len(gap)
            where[begins[number]] = (begin, begin + len(word))
            new += _linked(edit, count)
            count += len(edit.words)
        elif word:
            numbers[number], moved[number] = count, length + len(gap)
            count += 1
        else:
            break
        made += (gap, word)
        length += len(gap) + len(word)
    new += [(source, numbers[target]) for source, target in linked if target in numbers]
    return Edited("".join(made) + tail, list(map(list, sorted(set(new)))), where, moved)


def moved(slot: Slot, text: str, starts: Mapping[int, int]) -> Slot:
    """A slot of the text at its new place, ``starts`` being Edited.moved; all its words have stayed."""
    first = touched(text, slot).start
    inside = spaced(text[: slot.start])[first:]  # what its first word has before it
    by = starts[first] + sum(map(len, inside)) - slot.start
    return slot._replace(start=slot.start + by, end=slot.end + by)


def _linked(edit: Edit, first: int) -> set[tuple[int, int]]:
    if len(edit.words) == len(edit.sources):
        return {(source, first + number) for number, source in enumerate(edit.sources)}
    return {(source, first + number) for number in range(len(edit.words)) for source in edit.sources}


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Whole numbers as runs without a gap, in order."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found

"""Words of a translation replaced, its word alignment kept right.

Words are what stands between ASCII white space, numbered from 0; a link is a pair of a source and a target word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from datasel.nlu.slots import Slot

_WORD = re.compile(r"[^ \t\n\r\v\f]+")

Links = Collection[tuple[int, int]]


@lru_cache(256)  # all hypotheses of a record ask for its source
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end (code points, end exclusive) of every word."""
    return tuple([found.span() for found in _WORD.finditer(text)])


def touched(spans: Sequence[tuple[int, int]], slot: Slot) -> list[int]:
    """The words that a slot touches, by number."""
    return [number for number, (start, end) in enumerate(spans) if start < slot.end and end > slot.start]


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
    moved: dict[int, int]  # the start of each word that stayed, by its old number


def edited(text: str, linked: Links, edits: Sequence[Edit]) -> Edited:
    """A translation with edits made, none of which has a word of another.

    New words stand one space apart; the white space before all other words is as it was.  As many new words as source
    words are linked one to one, others each to each; all links of replaced words go.
    """
    begins = {min(edit.places): number for number, edit in enumerate(edits)}
    replaced = {place for edit in edits for place in edit.places}
    found = spans(text)
    made, length, count, end = "", 0, 0, 0
    where, numbers, moved, new = [(0, 0)] * len(edits), {}, {}, set()
    for number, (start, stop) in enumerate(found):
        gap = text[end:start] if count else text[: found[0][0]]
        end = stop
        if number in begins:
            edit = edits[begins[number]]
            word = " ".join(edit.words)
            length = len(made) + len(gap)
            where[begins[number]] = (length, length + len(word))
            new |= _linked(edit, count)
            count += len(edit.words)
        elif number not in replaced:
            word = text[start:stop]
            numbers[number], moved[number] = count, len(made) + len(gap)
            count += 1
        else:
            continue
        made += gap + word
    new |= {(source, numbers[target]) for source, target in linked if target in numbers}
    return Edited(made + text[end:], [list(link) for link in sorted(new)], where, moved)


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

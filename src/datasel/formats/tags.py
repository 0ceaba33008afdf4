"""Tags of words to spans and back: IOB1, IOB2, BILOU and BIOES."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SCHEMES = ("iob2", "iob1", "bilou", "bioes")
_LETTERS = {"iob2": "BI", "iob1": "BI", "bilou": "BILU", "bioes": "BIES"}


class BadTag(ValueError):
    """A tag that the scheme does not allow at this place; ``place`` counts from 0."""

    def __init__(self, place: int, reason: str):
        super().__init__(reason)
        self.place = place


def spans(tags: Sequence[str], scheme: str) -> list[tuple[str, int, int]]:
    """Name, first word and end (exclusive) of each; BadTag for what the scheme does not allow.

    In IOB1 a span begins with I, or with B where one of its name is just before it; in IOB2 (Ramshaw & Marcus 1995;
    Tjong Kim Sang & Veenstra 1999) with B always.  BILOU and BIOES mark ends (L, E) and single words (U, S) too.
    """
    found: list[tuple[str, int, int]] = []
    end, single = _LETTERS[scheme][2:3], _LETTERS[scheme][3:]
    marks_ends = bool(single)
    name = None  # of the span that goes on
    for place, tag in enumerate(tags):
        letter, _, label = tag.partition("-")
        if tag != "O" and (letter not in [*_LETTERS[scheme]] or not label):
            raise BadTag(place, f"'{tag}' is no tag of {scheme.upper()}")
        goes_on = letter == "I" or marks_ends and letter == end
        if marks_ends and name is not None and not (goes_on and label == name):
            raise BadTag(place, f"'{tag}' after a span of '{name}' that has no end")
        if tag == "O":
            name = None
        elif goes_on and label == name:
            found[-1] = (name, found[-1][1], place + 1)
        elif goes_on and scheme != "iob1":
            raise BadTag(place, f"'{tag}' goes on with a span that did not begin, in {scheme.upper()}")
        else:
            found.append((label, place, place + 1))
        if tag != "O":
            name = None if marks_ends and letter in (single, end) else label
    if marks_ends and name is not None:
        raise BadTag(len(tags) - 1, f"the span of '{name}' has no end")
    return found


def tagged(count: int, found: Iterable[tuple[str, int, int]], scheme: str) -> list[str]:
    """The tags of so many words with these spans, which do not overlap and are in order."""
    tags, before = ["O"] * count, (None, 0)
    for name, start, end in found:
        first = "I" if scheme == "iob1" and before != (name, start) else "B"
        tags[start:end] = [f"{first}-{name}", *[f"I-{name}"] * (end - start - 1)]
        if scheme in ("bilou", "bioes"):
            last, alone = _LETTERS[scheme][2:]
            tags[end - 1] = f"{alone if end - start == 1 else last}-{name}"
        before = (name, end)
    return tags

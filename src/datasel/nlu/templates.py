"""Templates: utterances with their slot values taken out, "play [artist] in the [room]"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from datasel.nlu.slots import Slot

_PARTS = re.compile(r"\[\[|\[([^\[\]]+)\]|\[")


class Template(NamedTuple):
    """``names`` of slots between ``pieces`` of plain text, of which there is one more."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]

    def __str__(self) -> str:
        """Each slot as [name]; an opening bracket of the text itself is doubled."""
        first, *rest = (piece.replace("[", "[[") for piece in self.pieces)
        return first + "".join(f"[{name}]{piece}" for name, piece in zip(self.names, rest))

    def fill(self, values: Sequence[str]) -> tuple[str, list[Slot]]:
        """The utterance with a value for each slot, and its slots."""
        text, slots = self.pieces[0], []
        for name, value, piece in zip(self.names, values, self.pieces[1:]):
            slots.append(Slot(name, value, len(text), len(text) + len(value)))
            text += value + piece
        return text, slots


def template(text: str, slots: Iterable[Slot]) -> tuple[Template, list[str]]:
    """The template of an annotated utterance and the values it had; of overlapping slots the first stays.

    Raises ValueError where a slot's name cannot stand in brackets.
    """
    kept: list[Slot] = []
    for slot in slots:
        if not slot.name or "[" in slot.name or "]" in slot.name:
            raise ValueError(f"slot name '{slot.name}' cannot stand in brackets")
        if slot.start < slot.end and all(slot.end <= other.start or slot.start >= other.end for other in kept):
            kept.append(slot)
    kept.sort(key=lambda slot: slot.start)
    starts = [0, *(slot.end for slot in kept)]
    ends = [*(slot.start for slot in kept), len(text)]
    pieces = tuple(text[start:end] for start, end in zip(starts, ends))
    return Template(pieces, tuple(slot.name for slot in kept)), [slot.value for slot in kept]


def parse(written: str) -> Template:
    """The template that was written so; raises ValueError where a bracket is opened and not closed."""
    pieces, names, done = [""], [], 0
    for match in _PARTS.finditer(written):
        pieces[-1] += written[done : match.start()]
        done = match.end()
        if match[0] == "[[":
            pieces[-1] += "["
        elif match[1]:
            names.append(match[1])
            pieces.append("")
        else:
            raise ValueError(f"bracket {match.start() + 1} characters into the template is not closed")
    pieces[-1] += written[done:]
    return Template(tuple(pieces), tuple(names))

"""An utterance in pieces, some of them slots: how Snips, Rasa and CoNLL files write annotations, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

# A piece of a text and the slots that it is, each with its name and what else is known of it.
Piece = tuple[str, Sequence[Mapping[str, Any]]]


def joined(pieces: Iterable[Piece]) -> tuple[str, list[dict[str, Any]]]:
    """The text and its slots, offsets in code points, end exclusive.

    White space at the edges of a slot is not part of it.  Raises ValueError for a slot without anything else.
    """
    texts, slots, place = [], [], 0
    for text, found in pieces:
        for slot in found:
            value = text.strip()
            if not value:
                raise ValueError(f"slot '{slot['name']}' has no text")
            start = place + text.index(value)
            more = {key: known for key, known in slot.items() if key != "name"}
            slots.append({"name": slot["name"], "value": value, "start": start, "end": start + len(value), **more})
        texts.append(text)
        place += len(text)
    return "".join(texts), slots


def parted(text: str, slots: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """The pieces of a text in order, each with its slot or None; ValueError where slots overlap."""
    place = 0
    for slot in sorted(slots, key=lambda slot: (slot.start, slot.end)):
        if slot.start < place:
            raise ValueError(f"slot '{slot.name}' overlaps the slot before it")
        if slot.start > place:
            yield text[place : slot.start], None
        yield text[slot.start : slot.end], slot
        place = slot.end
    if place < len(text):
        yield text[place:], None

"""Annotated utterances out of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from datasel.nlu.recogniser import Utterance
from datasel.nlu.semantic_error import Frame
from datasel.nlu.slots import Slot
from datasel.records.jsonl import Records, optional
from datasel.records.pipe import Pipe


class _Slot(msgspec.Struct, gc=False):
    name: str
    value: str
    start: int
    end: int


# The annotation of a record, for parse().
SCHEMA: dict[str, Any] = {"domain": optional(str), "intent": str, "slots": optional(list[_Slot])}


def slots(records: Records, index: int) -> list[Slot]:
    """The slots of one record (none where the field is missing or null)."""
    return [Slot(s.name, s.value, s.start, s.end) for s in records.column("slots")[index] or ()]


def check(text: str, found: Iterable[Slot]) -> None:
    """Raises ValueError where a slot's value is not the text at its offsets."""
    for slot in found:
        if text[slot.start : slot.end] != slot.value or slot.start < 0:
            here = text[max(slot.start, 0) : max(slot.end, 0)]
            raise ValueError(
                f"slot '{slot.name}' is '{slot.value}', but the text at {slot.start}-{slot.end} is '{here}'"
            )


def utterances(pipe: Pipe, field: str, weight: str | None) -> Iterator[Utterance]:
    """The pipe's records; raises DataError where an annotation or a weight is wrong."""
    for records in pipe.records({field: str, **SCHEMA, **({weight: optional(int)} if weight else {})}):
        domains, intents = records.column("domain"), records.column("intent")
        for index, text in enumerate(records.column(field)):
            found = slots(records, index)
            try:
                check(text, found)
            except ValueError as error:
                raise records.error(index, str(error)) from None
            times = (records.column(weight)[index] if weight else None) or 1
            if times < 1:
                raise records.error(index, f"weight {times} is not a whole number from 1")
            yield Utterance(text, domains[index], intents[index], found, times)


def frames(records: Records) -> Iterator[Frame]:
    """The semantic frame of each record."""
    for index, (domain, intent) in enumerate(zip(records.column("domain"), records.column("intent"))):
        yield Frame(domain, intent, slots(records, index))


# An entry of a catalogue: {"name", "value"}, or an annotated utterance, whose slots are the entries.
ENTRY: dict[str, Any] = {"name": optional(str), "value": optional(str), "slots": SCHEMA["slots"]}


def catalogue(blocks: Iterable[Records]) -> dict[str, list[str]]:
    """The values of every slot name, in order, repeats included; raises DataError for a record that has none."""
    values: dict[str, list[str]] = {}
    for records in blocks:
        names, plain = records.column("name"), records.column("value")
        for index, found in enumerate(records.column("slots")):
            if names[index] is not None and plain[index] is not None:
                values.setdefault(names[index], []).append(plain[index])
            elif found is None:
                raise records.error(index, "neither 'name' and 'value' nor 'slots'")
            for slot in found or ():
                values.setdefault(slot.name, []).append(slot.value)
    return values

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


_MOST = 1_000_000  # times that a record may count

# The annotation of a record, for parse().
SCHEMA: dict[str, Any] = {"domain": optional(str), "intent": str, "slots": optional(list[_Slot])}


def slots(records: Records, index: int) -> list[Slot]:
    """The slots of one record (none where the field is missing or null)."""
    return [Slot(s.name, s.value, s.start, s.end) for s in records.column("slots")[index] or ()]


def check(text: str | None, found: Iterable[Slot]) -> None:
    """Raises ValueError for a slot that has no name or is no part of the text, whose value is not the text at its
    offsets or has white space at its edges; without a text, for one that is no part of any."""
    for slot in found:
        start, end, value = slot.start, slot.end, slot.value
        if not slot.name or "\0" in slot.name:
            raise ValueError(f"slot '{value}' has {'a name with a NUL in it' if slot.name else 'no name'}")
        if not 0 <= start < end or text is not None and end > len(text):
            within = "" if text is None else f" of the text, which has {len(text):,} characters{_units(text, slot)}"
            raise ValueError(f"slot '{slot.name}' at {start}-{end} is no part{within or ' of a text'}")
        if text is not None and text[start:end] != value:
            raise ValueError(
                f"slot '{slot.name}' is '{value}', but the text at {start}-{end} is '{text[start:end]}'"
                + _units(text, slot)
            )
        if value[:1].isspace() or value[-1:].isspace():
            raise ValueError(f"slot '{slot.name}' is '{value}', with white space at an edge")


def _units(text: str, slot: Slot) -> str:
    """A hint where the offsets count something else than characters."""
    for encoding, width, unit in (("utf-8", 1, "bytes"), ("utf-16-le", 2, "UTF-16 units")):
        data = text.encode(encoding, "surrogatepass")
        part = data[slot.start * width : slot.end * width] if 0 <= slot.start < slot.end else b""
        if part and part == slot.value.encode(encoding, "surrogatepass"):
            return f"; the offsets count {unit}, they should count characters (code points)"
    return ""


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
            times = records.column(weight)[index] if weight else None
            times = 1 if times is None else times
            if not 0 <= times <= _MOST:
                raise records.error(index, f"weight {times} is not a whole number from 0 to {_MOST:,}")
            if times:
                yield Utterance(text, domains[index], intents[index], found, times)


def frames(records: Records, texts: Iterable[str | None]) -> Iterator[Frame]:
    """The semantic frame of each record, of these texts; raises DataError where a slot is no part of its text."""
    for index, (domain, intent, text) in enumerate(zip(records.column("domain"), records.column("intent"), texts)):
        found = slots(records, index)
        try:
            check(text, found)
        except ValueError as error:
            raise records.error(index, str(error)) from None
        yield Frame(domain, intent, found)


# An entry of a catalogue: {"name", "value"}, or an annotated utterance, whose slots are the entries.
ENTRY: dict[str, Any] = {"name": optional(str), "value": optional(str), "slots": SCHEMA["slots"]}


def catalogue(blocks: Iterable[Records]) -> dict[str, list[str]]:
    """The values of every slot name, in order, repeats included, without white space at their edges; raises DataError
    for a record that has none, and for an empty one."""
    values: dict[str, list[str]] = {}
    for records in blocks:
        names, plain = records.column("name"), records.column("value")
        for index, found in enumerate(records.column("slots")):
            entries = [(slot.name, slot.value) for slot in found or ()]
            if names[index] is not None and plain[index] is not None:
                entries.insert(0, (names[index], plain[index]))
            elif found is None:
                raise records.error(index, "neither 'name' and 'value' nor 'slots'")
            for name, value in entries:
                if not (value := value.strip()):
                    raise records.error(index, f"an empty value of '{name}'")
                values.setdefault(name, []).append(value)
    return values

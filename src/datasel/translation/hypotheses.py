"""The translations that a record holds: its own text, and the hypotheses of its n-best list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from datasel.nlu import annotations
from datasel.nlu.slots import Slot
from datasel.records.jsonl import Records, encode, optional
from datasel.translation import editing

_ENTITIES = annotations.SCHEMA["slots"]


class Translation(NamedTuple):
    text: str
    links: set[tuple[int, int]]  # source word, target word
    entities: list[Slot]  # those that stand in the text already
    given: Sequence[Mapping[str, Any]] = ()  # the same as the record has them, with whatever members they have


def schema(field: str, source: str) -> dict[str, Any]:
    """What :func:`translated` reads of a record, for parse()."""
    return {
        source: str, field: optional(str), "slots": annotations.SCHEMA["slots"],
        "alignment": Any, "entities": Any, "nbest": Any,
    }  # fmt: skip


def members(slot: Slot, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An entity as a record has it; ``given``: as it had it, whose other members stay."""
    return {**(given or {}), **slot._asdict()}


class Translated(NamedTuple):
    """A record: its source with the source's slots, its hypotheses, then its own text where it has no list or where
    that has an alignment."""

    index: int
    source: str
    slots: list[Slot]
    translations: list[Translation]


def translated(records: Records, field: str, source: str) -> Iterator[Translated]:
    """The records of a block, bad ones refused: whose slots are not of the source, or with a translation that is not
    sound."""
    columns = map(records.column, (source, field, "alignment", "entities", "nbest"))
    for index, (said, *members) in enumerate(zip(*columns)):
        try:
            own = annotations.slots(records, index)
            annotations.check(said, own)
            found = _translations(said, field, *members)
        except ValueError as error:
            records.refuse(index, str(error))
            continue
        yield Translated(index, said, own, found)


def _translations(
    said: str, field: str, text: str | None, alignment: Any, entities: Any, listed: Any
) -> list[Translation]:
    count = len(editing.words(said))
    found = []
    if listed is not None:
        if not (isinstance(listed, list) and all(isinstance(each, dict) for each in listed)):
            raise ValueError("field 'nbest': not a list of hypotheses")
        for each in listed:
            if not isinstance(each.get("text"), str):
                raise ValueError("field 'nbest': a hypothesis without a text")
            found.append(_translation(each["text"], each.get("alignment"), each.get("entities"), count))
    elif text is None:
        raise ValueError(f"no field '{field}'")
    if text is not None and (listed is None or alignment is not None):
        found.append(_translation(text, alignment, entities, count))
    return found


def _translation(text: str, alignment: Any, entities: Any, sources: int) -> Translation:
    linked = editing.links(alignment, sources, len(editing.words(text)))
    if not entities:
        return Translation(text, linked, [])
    try:
        standing = [Slot(each.name, each.value, each.start, each.end) for each in msgspec.convert(entities, _ENTITIES)]
    except msgspec.ValidationError:
        raise ValueError('field \'entities\': not a list of {"name", "value", "start", "end"}') from None
    annotations.check(text, standing)
    return Translation(text, linked, standing, entities)


def changed(records: Records, index: int, field: str, changes: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """The record's new members, as JSON; ``changes`` are those of each of its translations, its text as ``text``.

    What is as it was is not among them.
    """
    listed = records.column("nbest")[index]
    values = {}
    if any(changes[: len(listed or ())]):
        values["nbest"] = encode([{**each, **change} for each, change in zip(listed, changes)])
    if len(changes) > len(listed or ()):
        own = {field if name == "text" else name: value for name, value in changes[-1].items()}
        values |= {name: encode(value) for name, value in own.items() if value != records.column(name)[index]}
    return values

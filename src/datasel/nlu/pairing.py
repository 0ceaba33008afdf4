"""Hypotheses beside their references: by id, or line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from datasel.errors import DataError
from datasel.nlu.annotations import SCHEMA, frames
from datasel.nlu.semantic_error import Frame
from datasel.records.jsonl import encode, read


class Annotated(NamedTuple):
    """One record of an evaluation: its frame, its id (JSON, or None), where it stands, its block."""

    frame: Frame
    id: bytes | None
    place: tuple[str, int]
    block: bytes | None


def load(paths: Sequence[str], block: str | None = None) -> list[Annotated]:
    """All records of ``paths``; ``block`` names the field that says which of them belong together."""
    schema = {"id": Any, **SCHEMA, **({block: Any} if block else {})}
    found = []
    for records in read(paths, schema):
        for index, (frame, key) in enumerate(zip(frames(records), records.column("id"))):
            group = encode(records.column(block)[index]) if block else None
            if group == b"null":
                raise records.error(index, f"no field '{block}'")
            place = (records.block.name, records.block.first + index)
            found.append(Annotated(frame, None if key is None else encode(key), place, group))
    return found


def pair(references: list[Annotated], hypotheses: list[Annotated]) -> list[Frame]:
    """A hypothesis for each reference, in their order.

    By id if every reference has one, else line by line.  Raises DataError for a missing, an extra or a repeated one:
    a score that left some out would say nothing.
    """
    if any(item.id is None for item in references):
        if len(references) != len(hypotheses):
            raise DataError(
                f"{len(hypotheses)} hypotheses for {len(references)} references (without ids: line by line)"
            )
        return [item.frame for item in hypotheses]
    wanted = _by_id(references)
    given = _by_id(hypotheses)
    for key, item in given.items():
        if key not in wanted:
            raise DataError(f"no reference has the id {key.decode()}", *item.place)
    for key, item in wanted.items():
        if key not in given:
            raise DataError(f"no hypothesis for the id {key.decode()}", *item.place)
    return [given[key].frame for key in wanted]


def _by_id(items: list[Annotated]) -> dict[bytes, Annotated]:
    found: dict[bytes, Annotated] = {}
    for item in items:
        if item.id is None:
            raise DataError("no field 'id', but the references are paired by it", *item.place)
        if item.id in found:
            first = ":".join(map(str, found[item.id].place))
            raise DataError(f"the id {item.id.decode()} again (first at {first})", *item.place)
        found[item.id] = item
    return found

"""Annotated records of an evaluation, hypotheses beside their references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from datasel.errors import DataError
from datasel.evaluation import pairing
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
    """A hypothesis for each reference, in their order; raises DataError for a missing, an extra or a repeated one."""
    found = pairing.pair(references, hypotheses)
    for item, hypothesis in zip(references, found):
        if hypothesis is None:
            raise DataError(f"no hypothesis for the id {item.id.decode()}", *item.place)
    return [hypothesis.frame for hypothesis in found]

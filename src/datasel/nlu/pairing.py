"""Annotated records of an evaluation, hypotheses beside their references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datasel.errors import DataError
from datasel.evaluation import pairing
from datasel.nlu.annotations import SCHEMA, frames
from datasel.nlu.semantic_error import Frame
from datasel.records.jsonl import encode, optional, read


class Annotated(NamedTuple):
    """One record of an evaluation: its frame, its id (JSON, or None), where it stands, its block, its text and its
    other names, where it has them."""

    frame: Frame
    id: bytes | None
    place: tuple[str, int]
    block: bytes | None
    text: str | None
    names: Mapping[str, Any]


def load(paths: Sequence[str], block: str | None = None, key: str = "id") -> list[Annotated]:
    """All records of ``paths``; ``block`` names the field that says which of them belong together, ``key`` the id's.

    Raises DataError for a record whose slots are not of its text.
    """
    schema = {**dict.fromkeys((*pairing.NAMES, key), Any), "text": optional(str), **SCHEMA}
    if block:
        schema.setdefault(block, Any)
    found = []
    for records in read(paths, schema):
        texts = records.column("text")
        rows = zip(frames(records, texts), records.column(key), texts, pairing.names(records, key))
        for index, (frame, name, text, names) in enumerate(rows):
            group = encode(records.column(block)[index]) if block else None
            if group == b"null":
                raise records.error(index, f"no field '{block}'")
            place = (records.block.name, records.numbers[index])
            found.append(Annotated(frame, None if name is None else encode(name), place, group, text, names))
    return found


def pair(references: list[Annotated], hypotheses: list[Annotated]) -> list[Frame]:
    """A hypothesis for each reference, in their order; raises DataError for a missing, an extra or a repeated one."""
    found = pairing.pair(references, hypotheses)
    for item, hypothesis in zip(references, found):
        if hypothesis is None:
            raise DataError(f"no hypothesis for the id {item.id.decode()}", *item.place)
    return [hypothesis.frame for hypothesis in found]


def of_other_texts(references: list[Annotated], hypotheses: list[Annotated]) -> str | None:
    """What to warn of where hypotheses are of other texts than their references, which pair; or None."""
    pairs = zip(references, pairing.pair(references, hypotheses))
    odd = [
        each for reference, each in pairs if each and None not in (each.text, reference.text)
        and each.text != reference.text
    ]  # fmt: skip
    if not odd:
        return None
    first = ":".join(map(str, odd[0].place))
    return f"{len(odd):,} of {len(references):,} hypotheses are of another text than their reference; first: {first}"

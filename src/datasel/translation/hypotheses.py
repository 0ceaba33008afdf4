"""The translations that a record holds: its own text, and the hypotheses of its n-best list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datasel.nlu import annotations
from datasel.nlu.slots import Slot
from datasel.records.jsonl import Records, encode, optional
from datasel.translation import editing


class Translation(NamedTuple):
    text: str
    links: set[tuple[int, int]]  # source word, target word
    entities: list[Slot]  # those that stand in the text already


def schema(field: str, source: str) -> dict[str, Any]:
    """What :func:`translations` reads of a record, for parse()."""
    return {
        source: str, field: optional(str), "slots": annotations.SCHEMA["slots"],
        "alignment": Any, "entities": Any, "nbest": Any,
    }  # fmt: skip


def translations(records: Records, index: int, field: str, source: str) -> list[Translation]:
    """The hypotheses of one record, then its own text where it has no list or where that has an alignment.

    Raises ValueError where the slots are not of the source, or a translation is not sound.
    """
    said = records.column(source)[index]
    annotations.check(said, annotations.slots(records, index))
    text, alignment, listed = (records.column(name)[index] for name in (field, "alignment", "nbest"))
    if listed is not None and not (isinstance(listed, list) and all(isinstance(each, dict) for each in listed)):
        raise ValueError("field 'nbest': not a list of hypotheses")
    found = [{"text": None, **each} for each in listed or ()]
    if listed is None and text is None:
        raise ValueError(f"no field '{field}'")
    if text is not None and (listed is None or alignment is not None):
        found.append({"text": text, "alignment": alignment, "entities": records.column("entities")[index]})
    count = len(editing.spans(said))
    return [_translation(each, count) for each in found]


def _translation(members: Mapping[str, Any], sources: int) -> Translation:
    text = members["text"]
    if not isinstance(text, str):
        raise ValueError("field 'nbest': a hypothesis without a text")
    linked = editing.links(members.get("alignment"), sources, len(editing.spans(text)))
    entities = members.get("entities") or []
    try:
        standing = [Slot(each["name"], each["value"], each["start"], each["end"]) for each in entities]
        annotations.check(text, standing)
    except (TypeError, KeyError):
        raise ValueError('field \'entities\': not a list of {"name", "value", "start", "end"}') from None
    return Translation(text, linked, standing)


def changed(records: Records, index: int, field: str, changes: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """The record's new members, as JSON; ``changes`` are those of each of :func:`translations`, its text as ``text``.

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

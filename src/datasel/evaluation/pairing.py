"""Hypotheses beside their references: by id, or line by line."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from datasel.errors import DataError
from datasel.records.jsonl import Records, encode

# Fields that name an utterance in the files of other tools.
NAMES = ("id", "utt_id", "uttid", "utt", "uid", "utterance_id", "key", "audio", "audio_filepath", "audio_path")
_PATHS = ("audio", "audio_filepath", "audio_path")
NO_NAMES: Mapping[str, Any] = MappingProxyType({})


def names(records: Records, key: str) -> Sequence[Mapping[str, Any]]:
    """What else than the id may name each record: the fields NAMES that it has; of a path its last part, without what
    says its format."""
    columns = {name: records.column(name) for name in NAMES if name != key}
    columns = {name: column for name, column in columns.items() if column.count(None) < len(column)}
    if not columns:
        return [NO_NAMES] * len(records)
    made = []
    for index in range(len(records)):
        found = {name: column[index] for name, column in columns.items() if column[index] is not None}
        made.append({name: _stem(value) if name in _PATHS else value for name, value in found.items()})
    return made


def _stem(path: Any) -> Any:
    return os.path.splitext(os.path.basename(path))[0] if isinstance(path, str) else path


class Item(Protocol):
    """One record of an evaluation: its id (as JSON, or None) and where it stands (file and line)."""

    @property
    def id(self) -> bytes | None: ...

    @property
    def place(self) -> tuple[str, int]: ...

    @property
    def names(self) -> Mapping[str, Any]: ...


T = TypeVar("T", bound=Item)


def pair(references: Sequence[Item], hypotheses: Sequence[T]) -> list[T | None]:
    """A hypothesis for each reference, in their order; None where there is none.

    By id if every reference has one, else line by line.  Raises DataError for an extra or a repeated one, for one
    without an id, and line by line for one too few or for ids or other names that differ: a score that left some out,
    or compared what does not belong together, would say nothing.
    """
    if any(item.id is None for item in references):
        if len(references) != len(hypotheses):
            raise DataError(
                f"{len(hypotheses)} hypotheses for {len(references)} references (without ids: line by line)"
            )
        for reference, hypothesis in zip(references, hypotheses):
            _check(reference, hypothesis)
        return list(hypotheses)
    wanted = _by_id(references)
    given = _by_id(hypotheses)
    for key, item in given.items():
        if key not in wanted:
            raise DataError(f"no reference has the id {key.decode()}", *item.place)
    return [given.get(key) for key in wanted]


def _check(reference: Item, hypothesis: Item) -> None:
    if None not in (reference.id, hypothesis.id) and reference.id != hypothesis.id:
        raise DataError(
            f"the id is {hypothesis.id.decode()} here, and {reference.id.decode()} in the reference that stands in its "
            f"line ({':'.join(map(str, reference.place))}); not all references have one", *hypothesis.place,
        )  # fmt: skip
    for name, value in reference.names.items():
        if hypothesis.names.get(name, value) != value:
            raise DataError(
                f"'{name}' is {encode(hypothesis.names[name]).decode()} here, and {encode(value).decode()} in the "
                f"reference that stands in its line ({':'.join(map(str, reference.place))}); "
                f"--id {name} pairs by it", *hypothesis.place,
            )  # fmt: skip


def _by_id(items: Sequence[T]) -> dict[bytes, T]:
    found: dict[bytes, T] = {}
    for item in items:
        if item.id is None:
            raise DataError("no id, but the references are paired by theirs", *item.place)
        if item.id in found:
            first = ":".join(map(str, found[item.id].place))
            raise DataError(f"the id {item.id.decode()} again (first at {first})", *item.place)
        found[item.id] = item
    return found

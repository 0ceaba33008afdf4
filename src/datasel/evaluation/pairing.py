"""Hypotheses beside their references: by id, or line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from datasel.errors import DataError


class Item(Protocol):
    """One record of an evaluation: its id (as JSON, or None) and where it stands (file and line)."""

    @property
    def id(self) -> bytes | None: ...

    @property
    def place(self) -> tuple[str, int]: ...


T = TypeVar("T", bound=Item)


def pair(references: Sequence[Item], hypotheses: Sequence[T]) -> list[T | None]:
    """A hypothesis for each reference, in their order; None where there is none.

    By id if every reference has one, else line by line.  Raises DataError for an extra or a repeated one, for one
    without an id, and line by line for one too few: a score that left some out would say nothing.
    """
    if any(item.id is None for item in references):
        if len(references) != len(hypotheses):
            raise DataError(
                f"{len(hypotheses)} hypotheses for {len(references)} references (without ids: line by line)"
            )
        return list(hypotheses)
    wanted = _by_id(references)
    given = _by_id(hypotheses)
    for key, item in given.items():
        if key not in wanted:
            raise DataError(f"no reference has the id {key.decode()}", *item.place)
    return [given.get(key) for key in wanted]


def _by_id(items: Sequence[T]) -> dict[bytes, T]:
    found: dict[bytes, T] = {}
    for item in items:
        if item.id is None:
            raise DataError("no field 'id', but the references are paired by it", *item.place)
        if item.id in found:
            first = ":".join(map(str, found[item.id].place))
            raise DataError(f"the id {item.id.decode()} again (first at {first})", *item.place)
        found[item.id] = item
    return found

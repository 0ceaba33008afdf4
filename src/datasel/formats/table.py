"""The one table of formats: what reads and writes each, and which options are for it."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

_ROOM = "datasel.formats."


class Format(NamedTuple):
    """``reader`` and ``writer`` are MODULE:FUNCTION in this room, imported when they are called."""

    reader: str | None = None
    writer: str | None = None
    reading: tuple[str, ...] = ()  # the options of to-jsonl that are for it
    writing: tuple[str, ...] = ()  # the options of from-jsonl that are for it
    stdin: bool = True  # it can be read from standard input
    fields: tuple[str, ...] = ()  # those its records can have; none: any


FORMATS: dict[str, Format] = {
    "csv": Format("delimited:read_csv", reading=("columns", "json_columns", "delimiter")),
    "tsv": Format("delimited:read_tsv", reading=("columns", "json_columns")),
    "moses": Format("moses:read", reading=("columns",), stdin=False),
    "snips": Format("snips:read", fields=("text", "intent", "slots")),
}

READ = [name for name, format in FORMATS.items() if format.reader]
WRITTEN = [name for name, format in FORMATS.items() if format.writer]


def loaded(place: str) -> Any:
    """The function at MODULE:FUNCTION."""
    module, _, function = place.partition(":")
    return getattr(import_module(_ROOM + module), function)

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
    "csv": Format(
        "delimited:read_csv", "rows:write_csv", ("columns", "json_columns", "delimiter"), ("columns", "delimiter")
    ),
    "tsv": Format("delimited:read_tsv", "rows:write_tsv", ("columns", "json_columns"), ("columns",)),
    "parquet": Format("columnar:read_parquet", "rows:write_parquet", ("columns",), ("columns",)),
    "datasets": Format("columnar:read_datasets", None, ("columns", "split"), stdin=False),
    "moses": Format("moses:read", "moses:write", ("columns",), ("file",), stdin=False),
    "tmx": Format("tmx:read", "tmx:write", ("languages",), ("languages",), fields=("id", "source", "target")),
    "fasttext": Format("fasttext:read", "fasttext:write", fields=("text", "intent", "labels")),
    "snips": Format("snips:read", "snips:write", fields=("text", "intent", "slots")),
    "rasa": Format("rasa:read", "rasa_writing:write", fields=("text", "intent", "slots", "metadata")),
    "bio": Format("bio:read", "bio:write", ("scheme",), ("scheme", "comments")),
    "nemo": Format("nemo:read", "nemo:write"),
    "kaldi": Format(
        "kaldi:read", "kaldi:write", stdin=False, fields=("id", "audio", "start", "end", "text", "speaker")
    ),
    "trn": Format("trn:read", "trn:write", fields=("id", "text")),
    "stm": Format(
        "stm:read", "stm:write", ("ctm",),
        fields=("id", "audio", "channel", "speaker", "start", "end", "reference", "hypothesis", "label"),
    ),
}  # fmt: skip

READ = [name for name, format in FORMATS.items() if format.reader]
WRITTEN = [name for name, format in FORMATS.items() if format.writer]


def loaded(place: str) -> Any:
    """The function at MODULE:FUNCTION."""
    module, _, function = place.partition(":")
    return getattr(import_module(_ROOM + module), function)

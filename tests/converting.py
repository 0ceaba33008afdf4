"""Runs readers and writers of formats, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from datasel.formats.source import Source, as_blocks
from datasel.formats.table import FORMATS, loaded
from datasel.formats.target import Target
from datasel.records.pipe import Pipe


class Read:
    """What a reader makes of files: records, and what it set aside as (file, line, reason, bytes)."""

    def __init__(self, form: str, *files: Path | str, **given: Any):
        source = Source([str(file) for file in files], **given)
        self.records: list[dict] = []
        self.rejected: list[tuple[str, int, str, bytes]] = []
        self.read = self.kept = 0
        for block in as_blocks(loaded(FORMATS[form].reader)(source), source.rename):
            self.records += [json.loads(line) for line in block.data.split(b"\n")[:-1]]
            self.rejected += block.rejected
            self.read, self.kept = self.read + block.read, self.kept + block.kept
        assert (self.kept, self.read) == (len(self.records), len(self.records) + len(self.rejected))


def file(folder: Path, content: str | bytes, name: str = "in") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def written(form: str, folder: Path, records: list[dict] | bytes, rejects: bool = False, **given: Any) -> bytes:
    """What a writer makes of records, or of lines as they are."""
    if not isinstance(records, bytes):
        records = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    source = file(folder, records, "records.jsonl")
    out = str(folder / "made") + "/" * (form == "kaldi")
    aside = str(folder / "rejects") if rejects else None
    pipe = Pipe("from-jsonl", [str(source)], output=out, rejects=aside, quiet=True, folder=True)
    try:
        loaded(FORMATS[form].writer)(Target(pipe, **given))
        pipe.close()
    except BaseException:
        pipe.abort()
        raise
    return b"" if form == "kaldi" else Path(out).read_bytes()


def again(form: str, folder: Path, records: list[dict], reading: dict[str, Any] | None = None, **given: Any) -> list:
    """Records written and read."""
    written(form, folder, records, **given)
    return Read(form, folder / "made", **(reading or {})).records


def annotated(*pieces: str | tuple[str, str], **more: Any) -> dict:
    """A record with a text in pieces, those of two being a slot's value and name."""
    text, slots = "", []
    for piece in pieces:
        value = piece if isinstance(piece, str) else piece[0]
        if not isinstance(piece, str):
            slots.append({"name": piece[1], "value": value, "start": len(text), "end": len(text) + len(value)})
        text += value
    return {"text": text, **more, "slots": slots}

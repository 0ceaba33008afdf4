"""Runs readers and writers of formats, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from datasel.formats.source import Source, as_blocks
from datasel.formats.table import FORMATS, loaded


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

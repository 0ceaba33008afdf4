"""What a reader of a format is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import msgspec

from datasel.errors import DataError
from datasel.records.jsonl import encode
from datasel.records.members import UNTAKEN
from datasel.records.paths import relative
from datasel.records.streams import Block, blocks

encode_lines = msgspec.json.Encoder().encode_lines


@dataclass
class Batch:
    """Records made of a part of the input: ``rows``, dictionaries or objects of a :func:`shape`.

    ``rejected``: what is no record, as (file, line, reason, bytes).
    """

    lenient: bool = False
    rows: list[Any] = field(default_factory=list)
    rejected: list[tuple[str, int, str, bytes]] = field(default_factory=list)

    def refuse(self, file: str, line: int, reason: str, raw: bytes, at: int | None = None) -> None:
        """A bad record: its DataError, or where rejects are wanted it is set aside.

        ``line`` is its first; ``at`` the one that is wrong, where that is known.
        """
        if not self.lenient:
            raise DataError(reason, file, at or line)
        if at not in (None, line):
            reason = f"line {at}: {reason}"
        self.rejected.append((file, line, reason, raw))


@dataclass
class Source:
    """The files that a reader reads (none: standard input), and what the call says of them.

    ``eager``: records go on as they come; ``lenient``: bad ones are set aside; ``place``: the folder that relative
    paths in the records are to be relative to; the others are options of the formats by their names.
    """

    files: Sequence[str] = ()
    eager: bool = False
    lenient: bool = False
    place: str = "."
    rename: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] | None = None
    json_columns: Sequence[str] = ()
    delimiter: str = ","
    languages: Sequence[str] | None = None
    scheme: str = "iob2"
    ctm: Sequence[str] = ()
    split: str | None = None
    warn: Callable[[str], None] = lambda message: None

    def batch(self, rows: Iterable[Any] = ()) -> Batch:
        """A batch of these records."""
        return Batch(self.lenient, list(rows))

    def blocks(self, files: Sequence[str] | None = None) -> Iterator[Block]:
        """The lines of the files."""
        return blocks(self.files if files is None else files, eager=self.eager)

    def lines(self, make: Callable[[str], Any], files: Sequence[str] | None = None) -> Iterator[Batch]:
        """A record for every line: what ``make`` makes of it, where that is not None.

        ``make`` raises ValueError with the reason where a line is no record.  A CR before the LF belongs to the end.
        """
        for block in self.blocks(files):
            batch = self.batch()
            for number, raw in enumerate(block.data.split(b"\n")[:-1], block.first):
                try:
                    record = make(raw.removesuffix(b"\r").decode())
                except UnicodeDecodeError:
                    batch.refuse(block.name, number, "not valid UTF-8", raw)
                except ValueError as error:
                    batch.refuse(block.name, number, str(error), raw)
                else:
                    if record is not None:
                        batch.rows.append(record)
            yield batch

    def path(self, path: str, folder: str) -> str:
        """A path relative to ``folder``, as it is from where the records' own paths start."""
        return relative(path, folder, self.place or "")

    def renamed(self, fields: Iterable[str], file: str | None = None, line: int | None = None) -> list[str]:
        """The fields under their new names; DataError for a name that is missing there or would be two fields'."""
        fields = list(fields)
        for name in self.rename:
            if name not in fields:
                raise DataError(f"--rename: there is no '{name}' among {', '.join(fields)}", file, line)
        found = [self.rename.get(name, name) for name in fields]
        for name in found:
            if found.count(name) > 1:
                raise DataError(f"two fields would be named '{name}'", file, line)
        return found


def as_blocks(batches: Iterable[Batch], rename: Mapping[str, str]) -> Iterator[Block]:
    """Blocks of JSON Lines of batches.  The fields of dictionaries get their new names here; a shape has them."""
    for batch in batches:
        rows = batch.rows
        if rename and rows and isinstance(rows[0], dict):
            rows = [_renamed(row, rename) for row in rows]
        kept, rejected = len(rows), len(batch.rejected)
        yield Block("records", 1, encode_lines(rows), rejected=batch.rejected, read=kept + rejected, kept=kept)


def _renamed(row: dict[str, Any], rename: Mapping[str, str]) -> dict[str, Any]:
    made = {rename.get(name, name): value for name, value in row.items()}
    if len(made) < len(row):
        raise DataError(f"--rename would give a record two fields of one name: {encode(row).decode()}")
    return made


@lru_cache
def shape(fields: tuple[str, ...]) -> Callable[..., Any]:
    """What makes objects of these fields from their values, as many; the fast way to JSON."""
    if any(map(UNTAKEN.search, fields)):
        return partial(_written, fields)
    named = [(f"f{place}", Any, msgspec.field(name=name)) for place, name in enumerate(fields)]
    return msgspec.defstruct("Row", named, gc=False)


def _written(fields: tuple[str, ...], *values: Any) -> msgspec.Raw:
    if len(values) != len(fields):
        raise TypeError
    return msgspec.Raw(encode(dict(zip(fields, values))))

"""CSV (RFC 4180) and TSV: a row a record, a column a field."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, starmap
from typing import Any, NamedTuple

import msgspec

from datasel.errors import DataError
from datasel.formats.source import Batch, Source, shape
from datasel.records.streams import display_name

_LONGEST = 1 << 27  # bytes of a row on several lines: more than that are quotes that nobody closed
_PARTED = {"\t": "--from tsv", ",": "--from csv", ";": "--from csv --delimiter ';'"}
_OPEN = "unexpected end of data"


class _Row(NamedTuple):
    """What stands on the lines from ``line``: fields, or why it has none; ``open``: its quotes are not closed yet."""

    line: int
    raw: bytes
    fields: list[str]
    reason: str = ""
    open: bool = False


def read_csv(source: Source) -> Iterator[Batch]:
    """Batches of CSV: fields in quotes may hold delimiters, line feeds and doubled quotes."""
    csv.field_size_limit(sys.maxsize)
    return _read(source, _Quoted(source.delimiter))


def read_tsv(source: Source) -> Iterator[Batch]:
    """Batches of TSV: tabs and line feeds part it, and there is no quoting."""
    return _read(source, _Plain())


class _Quoted:
    def __init__(self, delimiter: str):
        self._settings = {"delimiter": delimiter, "strict": True}

    def rows(self, text: str) -> Iterable[list[str]]:
        return csv.reader(io.StringIO(text, newline="\n"), **self._settings)

    def slowly(self, data: bytes, first: int) -> Iterator[_Row]:
        """The same with lines, reasons and bytes."""
        lines = [line + b"\n" for line in data.split(b"\n")[:-1]]
        reader = csv.reader((line.decode("utf-8", "surrogateescape") for line in lines), **self._settings)
        while (start := reader.line_num) < len(lines):
            fields, reason = [], ""
            try:
                fields = next(reader) or [""]  # a blank line is one empty field
                _check_utf8(fields)
            except csv.Error as error:
                reason = str(error)
            except UnicodeEncodeError:
                reason = "not valid UTF-8"
            raw = b"".join(lines[start : reader.line_num])
            yield _Row(first + start, raw, fields, reason, open=reason == _OPEN)


def _check_utf8(fields: list[str]) -> None:
    "".join(fields).encode()  # surrogates stand for what could not be decoded


class _Plain:
    def rows(self, text: str) -> Iterable[list[str]]:
        text = text.replace("\r\n", "\n") if "\r" in text else text
        return (line.split("\t") for line in text.split("\n")[:-1])

    def slowly(self, data: bytes, first: int) -> Iterator[_Row]:
        for number, line in enumerate(data.split(b"\n")[:-1], first):
            try:
                yield _Row(number, line + b"\n", line.removesuffix(b"\r").decode().split("\t"))
            except UnicodeDecodeError:
                yield _Row(number, line + b"\n", [], "not valid UTF-8")


def _read(source: Source, dialect: _Quoted | _Plain) -> Iterator[Batch]:
    columns = _Columns(source, source.columns, None, None) if source.columns else None
    for file in source.files or ["-"]:
        name, held, first, waits, begun = display_name(file), b"", 1, 0, bool(source.columns)
        for block in chain(source.blocks([file]), [None]):
            if block:
                held += block.data
                # a row that goes on is read again when there is twice as much of it, so not again and again
                if waits and len(held) > _LONGEST:
                    raise DataError("quotes are opened here and not closed on the next 128 MiB of lines", name, first)
                if waits and (b'"' not in block.data or len(held) < waits and not source.eager):
                    continue
            if held and not begun:
                row = next(dialect.slowly(held, first))
                if not row.open:
                    columns = _header(source, row, columns, name)
                    held, first, begun = held[len(row.raw) :], first + row.raw.count(b"\n"), True
            if held and begun:
                batch, held, first = columns.batch(dialect, held, first, name)
                yield batch
            waits = 2 * len(held)
        if held:
            batch = source.batch()
            batch.refuse(name, first, "quotes are opened here and never closed", held.removesuffix(b"\n"))
            yield batch


def _header(source: Source, row: _Row, known: _Columns | None, name: str) -> _Columns:
    """The columns that a file's first row names; those of the file before it, ``known``, have to be the same."""
    if row.reason:
        raise DataError(row.reason, name, row.line)
    if known and row.fields != known.header:
        raise DataError("another header than that of the file before", name, row.line)
    return known or _Columns(source, row.fields, name, row.line)


class _Columns:
    """The columns of a file and how they become fields."""

    def __init__(self, source: Source, header: Sequence[str], name: str | None, line: int | None):
        self._source, self.header = source, list(header)
        for place, each in enumerate(self.header, 1):
            if self.header.count(each) > 1:
                raise DataError(f"two columns are named '{each}'", name, line)
            if not each and "" not in source.rename:
                raise DataError(f"column {place} has no name; --rename =NAME gives it one", name, line)
        others = [option for mark, option in _PARTED.items() if mark in self.header[0]]
        if len(self.header) == 1 and others and line:
            source.warn(f"{name}: one column, named '{self.header[0]}'; '{others[0]}' would part it")
        self._fields = source.renamed(self.header, name, line)
        for each in source.json_columns:
            if each not in self.header:
                raise DataError(f"--json-columns: there is no '{each}' among {', '.join(self.header)}", name, line)
        self._json = [self.header.index(each) for each in source.json_columns]
        self._shape = shape(tuple(self._fields))

    def batch(self, dialect: _Quoted | _Plain, data: bytes, first: int, name: str) -> tuple[Batch, bytes, int]:
        """The records in complete lines; the lines of a row that goes on behind them, and the number of its first."""
        if not self._json:
            try:
                # a shape takes as many values as it has fields
                made = self._source.batch(starmap(self._shape, dialect.rows(data.decode())))
                return made, b"", first + data.count(b"\n")
            except (UnicodeDecodeError, csv.Error, TypeError):
                pass
        batch = self._source.batch()
        for row in dialect.slowly(data, first):
            if row.open:
                return batch, row.raw, row.line
            try:
                batch.rows.append(self._record(row))
            except ValueError as error:
                batch.refuse(name, row.line, str(error), row.raw.removesuffix(b"\n"))
        return batch, b"", first + data.count(b"\n")

    def _record(self, row: _Row) -> Any:
        if row.reason:
            raise ValueError(row.reason)
        if len(row.fields) != len(self.header):
            raise ValueError(f"{len(row.fields)} column{'s' * (len(row.fields) != 1)}, not {len(self.header)}")
        values: list[Any] = row.fields
        for place in self._json:
            values[place] = self._parsed(place, row.fields[place])
        return self._shape(*values)

    def _parsed(self, place: int, cell: str) -> msgspec.Raw | None:
        """The JSON in a cell as it is written there; nothing is null."""
        if not cell.strip():
            return None
        try:
            msgspec.json.decode(cell)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise ValueError(f"column '{self.header[place]}' holds no JSON: {error}") from None
        return msgspec.Raw(cell.replace("\r", " ").replace("\n", " ").strip().encode())

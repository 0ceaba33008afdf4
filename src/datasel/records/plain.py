"""Plain text that is something else: records are refused, and of what looks like a table a warning tells."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Sequence

import msgspec

from datasel.errors import DataError, DataWarning
from datasel.records.streams import Block

_LINES = 20  # looked at, the first of a file
_BYTES = 1 << 16
_LEAST = 5  # rows that make a table where no header says so
_NAME = re.compile(r"[^\W\d][\w.:/-]*( [\w.:/-]+){0,2}")
_KINDS = (("\t", "TSV", "tsv"), (",", "CSV", "csv"), (";", "CSV", "csv --delimiter ';'"))


def check(block: Block, tabs: bool = False) -> None:
    """Look at the beginning of a file that is read as plain text; ``tabs``: where these have a meaning of their own.

    DataError for JSON Lines: it would be learned from with braces and names.  A DataWarning for what looks like a
    table: rows of as many columns, with a header or at least five.  (A comma with a space beside it parts no columns.)
    """
    if block.first != 1:
        return
    head = block.data[:_BYTES]
    try:
        text = head[: head.rfind(b"\n") + 1].decode()
    except UnicodeDecodeError:
        return  # an error of its own
    lines = [line.removesuffix("\r") for line in text.split("\n") if line.strip()][:_LINES]
    if lines and all(map(_is_record, lines)):
        reason = "records (JSON Lines) where plain text is read; 'jq -r .text' takes the text out of them"
        raise DataError(reason, block.name, 1)
    if told := _document(lines) or _table(lines, tabs):
        warnings.warn(f"{block.name}: looks like {told}", DataWarning, stacklevel=2)


def _is_record(line: str) -> bool:
    if not line.lstrip().startswith("{"):
        return False
    try:
        return bool(msgspec.json.decode(line, type=dict[str, msgspec.Raw]))
    except (msgspec.MsgspecError, RecursionError):
        return False


def _document(lines: Sequence[str]) -> str | None:
    if len(lines) > 1 and re.fullmatch(r"\s*([\[{]|\[\s*\{.*)\s*", lines[0]):
        return "a JSON document, and is read as plain text, line by line"
    return None


def _table(lines: Sequence[str], tabs: bool) -> str | None:
    for delimiter, kind, option in _KINDS[tabs:]:
        rows = _rows(lines, delimiter)
        if not rows or len(set(map(len, rows))) > 1:
            continue
        header, width = rows[0], len(rows[0])
        if width == 1 and (delimiter != "," or not _all_quoted(lines)):
            continue
        named = all(map(_NAME.fullmatch, header)) and len(set(header)) == width
        if len(rows) >= (2 if named or delimiter == "\t" else _LEAST):
            columns = f"columns {', '.join(header)}" if named else f"{width} columns"
            return f"{kind} ({columns}), and is read as plain text, line by line; 'to-jsonl --from {option}' reads it"
    return None


def _all_quoted(lines: Sequence[str]) -> bool:
    return all(len(line) > 1 and line[0] == line[-1] == '"' for line in lines)


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    if delimiter == "\t":
        return [line.split("\t") for line in lines]
    try:
        rows = list(csv.reader([line + "\n" for line in lines], delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    return [] if any(cell != cell.strip(" ") for row in rows for cell in row) else rows

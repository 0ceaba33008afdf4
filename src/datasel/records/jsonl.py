"""The lines of a block as records: wanted fields out, new fields in, every other byte left as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from datasel.errors import DataError
from datasel.records.members import UNTAKEN, ByName, fault, names, set_members
from datasel.records.plain import check
from datasel.records.streams import Block, blocks

encode = msgspec.json.encode

_LF, _OPEN, _CLOSE = b"\n{}"


class Records:
    """Parsed records of one block: ``lines`` (bytes without LF), their ``numbers`` in the file, and
    ``column(field)``, in step.

    ``uniform`` promises that every line is an object with a member at least and ends in its brace.
    """

    def __init__(
        self,
        block: Block,
        columns: dict[str, Any],
        numbers: Sequence[int],
        lines: list[bytes] | None = None,
        joined: str | None = None,
        uniform: bool = False,
    ):
        self.block, self._columns, self.numbers = block, columns, numbers
        self._lines, self._joined, self._uniform = lines, joined, uniform

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def lines(self) -> list[bytes]:
        if self._lines is None:
            self._lines = self.block.data.split(b"\n")[:-1]
        return self._lines

    def whole(self) -> bytes:
        """The lines, an LF after each."""
        if self._lines is None:
            return self.block.data
        return b"".join([line + b"\n" for line in self._lines])

    def column(self, field: str):
        """The values of a field of the schema: a list, of floats a float64 array."""
        if field not in self._columns and self._joined is not None:
            self._columns[field] = self._joined.split("\n")[:-1]
        return self._columns[field]

    def put(self, columns: Mapping[str, Any]) -> None:
        """Let ``column(name)`` be these."""
        self._columns.update(columns)

    def error(self, index: int, reason: str) -> DataError:
        """The error to raise about record ``index``."""
        return DataError(reason, self.block.name, self.numbers[index])

    def reject(self, index: int, reason: str) -> None:
        """Set a record aside with the reason; the caller leaves it out of what it keeps."""
        self.block.rejected.append((self.block.name, self.numbers[index], reason, self.lines[index]))

    def refuse(self, index: int, reason: str) -> None:
        """A bad record: its DataError, or with ``block.lenient`` it is set aside as :meth:`reject` does."""
        if not self.block.lenient:
            raise self.error(index, reason)
        self.reject(index, reason)

    def without(self, bad: Mapping[int, str]) -> Records:
        """The records but for these, which are refused with their reasons."""
        if not bad:
            return self
        for index, reason in sorted(bad.items()):
            self.refuse(index, reason)
        kept = [index for index in range(len(self)) if index not in bad]
        columns = {
            name: column[kept] if hasattr(column, "dtype") else [column[index] for index in kept]
            for name, column in self._columns.items()
        }
        joined = self._joined
        if joined is not None:
            texts = joined.split("\n")
            joined = "".join([texts[index] + "\n" for index in kept])
        numbers, lines = ([values[index] for index in kept] for values in (self.numbers, self.lines))
        return Records(self.block, columns, numbers, lines, joined, self._uniform)

    def joined(self, field: str) -> str:
        """All values of a text field, an LF after each.  (An LF inside a value becomes a space.)"""
        if self._joined is not None:
            return self._joined
        return joined(self.column(field))

    def keep(self, wanted: Iterable[int]) -> bytes:
        """The lines at these indices, byte for byte; those of plain text as records."""
        lines = self.lines
        kept = [lines[index] for index in wanted]
        self.block.kept += len(kept)
        self.block.printed = self.block.text and self.block.print_field == "text"
        if self.block.text and not self.block.printed:
            kept = [b'{"text":' + encode(line.decode()) + b"}" for line in kept]
        return b"".join([line + b"\n" for line in kept])

    def with_fields(self, fields: Mapping[str, Sequence[bytes]], wanted: Iterable[int] | None = None) -> bytes:
        """The records with fields added (or replaced in place), values given as JSON; ``wanted`` keeps some."""
        names = {name: encode(name) for name in fields}
        if self.block.text:
            heads = [b'{"text":' + encode(value) for value in self.column("text")]
            exists = [False] * len(heads)
        else:
            heads = [line.rstrip()[:-1] for line in self.lines]
            exists = self._mentions(names.values())
        out = []
        for index in range(len(heads)) if wanted is None else wanted:
            if exists[index]:
                values = {name: column[index] for name, column in fields.items()}
                out.append(set_members(self.lines[index], values))
            else:
                head = heads[index]
                comma = b"" if head.rstrip().endswith(b"{") else b","
                new = b",".join([key + b":" + fields[name][index] for name, key in names.items()])
                tail = self.lines[index][len(head) + 1 :] if not self.block.text else b""
                out.append(head + comma + new + b"}" + tail)
        self.block.kept += len(out)
        return b"\n".join(out) + b"\n" if out else b""

    def with_texts(self, name: str, texts: Sequence[str]) -> bytes:
        """:meth:`with_fields` for one text of every record, free of LFs; a field that has that text already stays."""
        if name == "text" and self.block.text:
            self.block.kept += len(self)
            self.block.printed = self.block.print_field == name
            if self.block.printed:
                return "".join([text + "\n" for text in texts]).encode()
            return b"".join([b'{"text":' + encode(text) + b"}\n" for text in texts])
        if name not in self._columns:
            return self.with_fields({name: [encode(text) for text in texts]})
        self.block.kept += len(self)
        made = [
            line if text == old else set_members(line, {name: encode(text)})
            for line, old, text in zip(self.lines, self._columns[name], texts)
        ]
        return b"".join([line + b"\n" for line in made])

    def with_numbers(self, name: str, values: np.ndarray) -> bytes:
        """:meth:`with_fields` for one field of every record, floats as :func:`numbers`, as fast as it goes."""
        made = listed(values, 6)
        if self.block.print_field == name and len(self):
            self.block.kept += len(self)
            self.block.printed = True
            return made.replace(b",", b"\n") + b"\n"
        key = encode(name)
        data = self.block.data
        if not self.block.text and (not self._uniform or key in data or _has_escapes(data)):
            return self.with_fields({name: numbers(values)})
        self.block.kept += len(self)
        # the new members, each with the brace and the LF after it; numbers hold no comma and no NUL
        start = b"," + key + b":"
        tails = (start + made.replace(b",", b"}\n\0" + start) + b"}\n").split(b"\0")
        if self.block.text:
            texts = map(encode, self.column("text"))
            return b"".join([b'{"text":' + text + tail for text, tail in zip(texts, tails)])
        # an LF in place of each last brace: then every second piece between LFs is empty, and a tail's place
        units = np.frombuffer(bytearray(data), np.uint8)
        units[np.flatnonzero(units == _LF) - 1] = _LF
        pieces = units.tobytes().split(b"\n")
        pieces[1::2] = tails
        return b"".join(pieces)

    def _mentions(self, keys: Iterable[bytes]) -> list[bool]:
        keys = list(keys)
        # an escape can spell a key in another way, so a line with one is looked into
        wanted = {msgspec.json.decode(key) for key in keys}
        return [
            any(key in line for key in keys) or _has_escapes(line) and not wanted.isdisjoint(names(line))
            for line in self.lines
        ]


def _has_escapes(data: bytes) -> bool:
    """Whether there is an escape in it that a name can be spelled with in more than one way."""
    return b"\\" in data and (b"\\u" in data or b"\\/" in data)


def parse(block: Block, schema: Mapping[str, Any]) -> Records:
    """The records of a block with the fields of ``schema`` (name to type) taken out.

    Each record must be an object on a line of its own, in valid UTF-8, with all these fields of these types.  The first
    that is not raises DataError; with ``block.lenient`` all such lines are rejected and the rest goes on.
    """
    block.read += block.data.count(b"\n")
    if block.text:
        if b"\r\n" in block.data:  # the CR belongs to the line's end
            block.data = block.data.replace(b"\r\n", b"\n")
        return _parse_text(block, schema)
    return block.data and _parse_fast(block, schema) or _parse_slowly(block, schema)


def optional(kind: Any) -> Any:
    """The type of a schema's field that may be missing or null (then None)."""
    return kind | None


def _parse_text(block: Block, schema: Mapping[str, Any]) -> Records:
    for name, kind in schema.items():
        if name != "text" and not _may_miss(kind):
            raise DataError(f"plain text has no field '{name}'", block.name)
    columns: dict[str, Any] = {}
    lines: list[bytes] = []
    numbers: Sequence[int]
    try:
        joined = block.data.decode()
        numbers = range(block.first, block.first + block.data.count(b"\n"))
        records = Records(block, columns, numbers, joined=joined)
    except UnicodeDecodeError:
        texts, numbers = columns.setdefault("text", []), []
        for number, line in enumerate(block.data.split(b"\n")[:-1], block.first):
            try:
                texts.append(line.decode())
            except UnicodeDecodeError as error:
                _bad(block, number, f"not valid UTF-8 (byte {error.start + 1} of the line)", line)
                continue
            lines.append(line)
            numbers.append(number)
        records = Records(block, columns, _as_range(block, numbers), lines)
    columns.update({name: [None] * len(records) for name in schema if name != "text"})
    return records


def _parse_fast(block: Block, schema: Mapping[str, Any]) -> Records | None:
    """All lines in one call, or None where any of them needs a closer look."""
    data = block.data
    units = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(units == _LF)
    count = len(ends)
    # one object a line, no more and no less: every line opens and closes one, and there are as many as lines
    if units[0] != _OPEN or (units[ends[:-1] + 1] != _OPEN).any() or (units[ends - 1] != _CLOSE).any():
        return None
    try:
        if not data.isascii():
            data.decode()
        found = _decoder(tuple(schema.items())).decode_lines(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if len(found) != count:
        return None
    columns = _columns(schema, found)
    uniform = not all(map(_may_miss, schema.values()))
    return Records(block, columns, range(block.first, block.first + count), uniform=uniform)


def _parse_slowly(block: Block, schema: Mapping[str, Any]) -> Records:
    decoder = _decoder(tuple(schema.items()))
    lines, numbers, found = [], [], []
    for number, line in enumerate(block.data.split(b"\n")[:-1], block.first):
        try:
            line.decode()
            record = decoder.decode(line)
        except UnicodeDecodeError as error:
            _bad(block, number, f"not valid UTF-8 (byte {error.start + 1} of the line)", line)
        except RecursionError:
            _bad(block, number, "not valid JSON: nested too deeply", line)
        except msgspec.MsgspecError as error:
            _bad(block, number, _reason(error, line), line)
        else:
            lines.append(line)
            numbers.append(number)
            found.append(record)
    numbers = _as_range(block, numbers)
    return Records(block, _columns(schema, found), numbers, lines)


def _as_range(block: Block, numbers: list[int]) -> Sequence[int]:
    """The same numbers, as a range where none is missing: what keeps them holds less."""
    whole = range(block.first, block.first + block.data.count(b"\n"))
    return whole if numbers and len(numbers) == len(whole) else numbers


def _columns(schema: Mapping[str, Any], found: list) -> dict[str, Any]:
    values = {name: map(attrgetter(f"f{n}"), found) for n, name in enumerate(schema)}
    return {name: np.fromiter(v, float) if schema[name] is float else list(v) for name, v in values.items()}


def _bad(block: Block, number: int, reason: str, line: bytes) -> None:
    if not block.lenient:
        raise DataError(reason, block.name, number)
    block.rejected.append((block.name, number, reason, line))


def _reason(error: msgspec.MsgspecError, line: bytes) -> str:
    if not line.strip():
        return "blank line (every line must be a JSON object)"
    text = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return f"not valid JSON: {fault(line) or text.removeprefix('JSON is malformed: ')}"
    if text.startswith(("field '", "no field '")):
        return text
    if "missing required field" in text:
        return f"no field '{text.split('`')[1]}'"
    what, _, path = text.partition(" - at `$.")
    return f"field '{path.rstrip('`')}': {what[0].lower()}{what[1:]}" if path else "not a JSON object"


def _may_miss(kind: Any) -> bool:
    return kind is Any or type(None) in getattr(kind, "__args__", ())


@lru_cache
def _decoder(schema: tuple[tuple[str, Any], ...]):
    if any(map(UNTAKEN.search, dict(schema))):
        return ByName([(f"f{n}", name, kind, _may_miss(kind)) for n, (name, kind) in enumerate(schema)])
    fields = [
        (f"f{n}", kind, msgspec.field(name=name, **({"default": None} if _may_miss(kind) else {})))
        for n, (name, kind) in enumerate(schema)
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Record", fields, kw_only=True, gc=False))


def read_texts(paths: Sequence[str], plain: Sequence[str], field: str) -> Iterator[tuple[Records, str]]:
    """The parsed blocks of files of records and then of plain text, each with the name of its text field; of no files
    none."""
    for some, name, text in ((paths, field, False), (plain, "text", True)):
        for records in read(some, {name: str}, text=text) if some else ():
            yield records, name


def joined(texts: Sequence[str]) -> str:
    """Texts with an LF after each, as scorers take them; an LF inside a text becomes a space."""
    text = "\n".join(texts)
    if text.count("\n") != len(texts) - 1:
        text = "\n".join(value.replace("\n", " ") for value in texts)
    return text + "\n" if texts else ""


def numbers(values: np.ndarray, digits: int = 6) -> list[bytes]:
    """Floats as JSON numbers, rounded to ``digits`` decimals."""
    return listed(values, digits).split(b",") if len(values) else []


def listed(values: np.ndarray, digits: int) -> bytes:
    """The same in one piece, a comma between two."""
    rounded = (values.round(digits) + 0.0).tolist()  # + 0.0: no negative zero
    return encode(rounded)[1:-1]


def read(
    paths: Sequence[str], schema: Mapping[str, Any], *, text: bool = False, tabs: bool = False,
    tsv: Sequence[str] | None = None,
) -> Iterable[Records]:  # fmt: skip
    """The parsed blocks of files other than the command's main input; ``tsv``: the columns of TSV files.

    ``tabs``: of plain text, that tabs in it have a meaning.

    Without any paths it reads standard input: a caller whose option may be left out asks first.
    """
    found = blocks(paths)
    if tsv:
        from datasel.records.tsv import as_records

        found = as_records(found, tsv)
    for block in found:
        block.text = text
        if text:
            check(block, tabs)
        yield parse(block, schema)

"""Records as rows of CSV, TSV and Parquet: the columns are those asked for, or the first record's."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from datasel.errors import DataError
from datasel.formats.columnar import arrow, holds
from datasel.formats.target import Target, made_of, not_for_terminals, on_one_line
from datasel.records.jsonl import Records
from datasel.records.members import members, taker


def write_csv(target: Target) -> None:
    """A header, and a row for each record: texts as they are, anything else as JSON, null and no value as nothing."""
    made: list[str] = []

    class Lines:
        write = made.append  # a row, which the writer ends in CR LF so that a CR in it is quoted

    rows = csv.writer(Lines, delimiter=target.delimiter, lineterminator="\r\n")

    def line(values: Sequence[str]) -> str:
        rows.writerow(values)
        return made.pop()[:-2] + "\n"

    _write(target, line)


def write_tsv(target: Target) -> None:
    """The same with tabs and without quotes: a value with a tab or a line feed is refused."""
    names: list[str] = []

    def line(values: Sequence[str]) -> str:
        names[:] = names or values  # the first row is the header
        for name, value in zip(names, values):
            on_one_line(name, value, "\t\n")
        return "\t".join(values) + "\n"

    _write(target, line)


def _write(target: Target, line: Any) -> None:
    """Rows by ``line``, the header before the first."""
    columns = list(target.columns or ())
    head = _head(target, line, columns) if columns else ""
    for records in target.pipe.records({}):
        if not columns and len(records):
            columns = list(dict.fromkeys(name for name, *_ in members(records.lines[0].decode())))
            head = _head(target, line, columns)
        take = taker(columns, strict=not target.columns)
        made = made_of(records, [records.lines], partial(_row, line, take))
        if made:
            target.pipe.sink.write((head + "".join(made)).encode())
            head = ""


def _head(target: Target, line: Any, columns: Sequence[str]) -> str:
    shown = _header(target, columns)
    try:
        return line(shown)
    except ValueError as error:
        raise DataError(str(error)) from None


def _header(target: Target, columns: Sequence[str]) -> list[str]:
    for name in target.rename:
        if name not in columns:
            raise DataError(f"--rename: no column is named '{name}'")
    shown = [target.rename.get(name, name) for name in columns]
    for name in shown:
        if shown.count(name) > 1:
            raise DataError(f"--rename: two columns would be named '{name}'")
    return shown


def _row(line: Any, take: Any, record: bytes) -> str:
    try:
        values = take(record)
    except KeyError as error:
        told = f"field '{error.args[0]}' is not among the columns, which are the first record's; --columns"
        raise ValueError(told) from None
    if not any(values):
        raise ValueError("has none of the columns")
    return line([_cell(value) for value in values])


def _cell(value: bytes) -> str:
    if value[:1] == b'"':
        return msgspec.json.decode(value)
    return "" if value == b"null" else value.decode()


def write_parquet(target: Target) -> None:
    """A Parquet file with a column for each field; a column's type is that of its values in the first records."""
    pyarrow = arrow()
    not_for_terminals(target)
    writer = schema = None
    for records, places, columns in _columns(target):
        names = _header(target, list(columns))
        arrays = _arrays(pyarrow, records, places, columns, schema)
        if not places:
            continue
        records.block.kept += len(places)
        if writer is None:
            kinds = [pyarrow.string() if pyarrow.types.is_null(each.type) else each.type for each in arrays]
            schema = pyarrow.schema(list(zip(names, kinds)))
            writer = _writer(pyarrow, target, schema)
        arrays = [each.cast(kind.type) for each, kind in zip(arrays, schema)]
        writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
    if writer is None:  # no records: a table without columns
        schema = pyarrow.schema([])
        writer = _writer(pyarrow, target, schema)
        writer.write_table(schema.empty_table())
    writer.close()


def _writer(pyarrow: Any, target: Target, schema: Any) -> Any:
    return pyarrow.parquet.ParquetWriter(pyarrow.PythonFile(_Out(target), "w"), schema)


def _columns(target: Target) -> Iterator[tuple[Records, list[int], dict[str, list[Any]]]]:
    """Blocks, the places of their records that have a row, and the columns of these."""
    columns = list(target.columns or ())
    known = set(columns)
    for records in target.pipe.records({}):
        rows = {}
        for index, line in enumerate(records.lines):
            try:
                row = msgspec.json.decode(line)
            except msgspec.ValidationError:
                records.refuse(index, "a number that is out of range")
                continue
            if not columns:
                columns = list(row)
                known = set(columns)
            if not target.columns and not row.keys() <= known:
                field = next(name for name in row if name not in known)
                records.refuse(index, f"field '{field}' is not among the columns, which are the first record's")
                continue
            rows[index] = row
        if rows:
            yield records, list(rows), {name: [row.get(name) for row in rows.values()] for name in columns}


def _arrays(
    pyarrow: Any, records: Records, places: list[int], columns: dict[str, list[Any]], schema: Any
) -> list[Any]:
    """The columns as Arrow has them; records with a value of another type than those before are refused, and their
    places and values go."""
    while True:
        arrays, bad = [], {}
        for number, (name, values) in enumerate(columns.items()):
            kind = None if schema is None else schema.field(number).type
            try:
                arrays.append(_array(pyarrow, values, kind))
            except _errors(pyarrow):
                for place, reason in _misfits(pyarrow, values, kind).items():
                    bad.setdefault(place, f"a value of field '{name}' is of another type: {reason}")
        if not bad:
            return arrays
        for place, reason in sorted(bad.items()):
            records.refuse(places[place], reason)
        for values in (places, *columns.values()):
            values[:] = [value for place, value in enumerate(values) if place not in bad]


def _misfits(pyarrow: Any, values: list[Any], kind: Any) -> dict[int, str]:
    """The places of values that are not of this type, or without one of that of the first values, and why."""
    if kind is None:
        fit, end, reason = 0, len(values), ""  # the first ``fit`` go together, the first ``end`` do not
        while not reason or end - fit > 1:
            middle = (fit + end) // 2 if reason else end
            try:
                _array(pyarrow, values[:middle], None)
                fit = middle
            except _errors(pyarrow) as error:
                end, reason = middle, _told(error)
        kinds = {type(value) for value in values[:fit]} - {type(None)}
        if not kinds:
            return {fit: reason}
        kinds |= {int, float} if kinds <= {int, float} else set()
        try:
            kind = _array(pyarrow, [value for value in values if type(value) in kinds], None).type
        except _errors(pyarrow):
            kind = _array(pyarrow, values[:fit], None).type
    bad = {}
    for place, value in enumerate(values):
        try:
            _array(pyarrow, [value], kind)
        except _errors(pyarrow) as error:
            bad[place] = _told(error)
    return bad


def _errors(pyarrow: Any) -> tuple[type[Exception], ...]:
    return pyarrow.ArrowException, TypeError, ValueError, OverflowError


def _told(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _array(pyarrow: Any, values: list[Any], kind: Any) -> Any:
    """The values as that type; TypeError where they have a part that it has not, which pyarrow would leave out."""
    kinds = {type(value) for value in values if value is not None}
    types = pyarrow.types
    if bool in kinds and (len(kinds) > 1 or kind is not None and not (types.is_boolean(kind) or types.is_null(kind))):
        raise TypeError("true or false among other values")
    if kind is not None and (types.is_nested(kind) or types.is_floating(kind)):
        _check(types, pyarrow.array(values, from_pandas=False).type, kind)
    made = pyarrow.array(values, kind, from_pandas=False)
    if kind is None and holds(made.type, lambda each: types.is_struct(each) and not each.num_fields):
        raise TypeError("an object without members, which Parquet cannot hold")
    return made


def _check(types: Any, found: Any, wanted: Any) -> None:
    if types.is_null(found):
        return
    if types.is_struct(found) and types.is_struct(wanted):
        for part in found:
            if wanted.get_field_index(part.name) < 0:
                raise TypeError(f"'{part.name}', which those before it do not have")
            _check(types, part.type, wanted.field(part.name).type)
    elif types.is_list(found) and types.is_list(wanted):
        _check(types, found.value_type, wanted.value_type)
    elif types.is_null(wanted) or types.is_boolean(found) != types.is_boolean(wanted):
        raise TypeError(f"{found} in the place of {wanted}")


class _Out:
    """The output as pyarrow wants a file."""

    closed = False

    def __init__(self, target: Target):
        self._sink, self._place = target.pipe.sink, 0

    def write(self, data: Any) -> int:
        self._sink.write(bytes(data))
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        """The sink does so in time."""

    def close(self) -> None:
        """The pipe closes it."""

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

"""Parallel files, as Moses reads them: line n of each file is the same sentence, each file a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datasel.errors import DataError, UsageError
from datasel.formats.source import Batch, Source, shape
from datasel.formats.target import Target, made_of, on_one_line
from datasel.records.streams import display_name

FIELDS = ("source", "target")


def read(source: Source) -> Iterator[Batch]:
    """Batches of the lines of all files side by side; DataError where one file ends before another."""
    names = source.columns or FIELDS
    if len(source.files) != len(names):
        raise DataError(f"{len(source.files)} files for the fields {', '.join(names)}; --columns names them")
    columns = [_Column(source, file) for file in source.files]
    made, first = shape(tuple(source.renamed(names))), 1
    while True:
        for column in columns:
            column.fill()
        count = min(len(column.lines) for column in columns)
        if not count:
            break
        parts = [column.take(count) for column in columns]
        try:
            yield source.batch(map(made, *(b"\n".join(part).decode().split("\n") for part in parts)))
        except UnicodeDecodeError:
            yield _one_by_one(source, columns, parts, first, made)
        first += count
    for column in columns:
        if column.lines:
            short = next(other for other in columns if not other.lines)
            raise DataError(f"ends before this line of {column.name}", short.name, first)


class _Column:
    """The lines of one file, as many at a time as a block has."""

    def __init__(self, source: Source, file: str):
        self.name, self.lines = display_name(file), []
        self._blocks = source.blocks([file])

    def fill(self) -> None:
        """Have a line at least, unless the file is at its end."""
        if not self.lines and (block := next(self._blocks, None)):
            self.lines = block.data.replace(b"\r\n", b"\n").split(b"\n")[:-1]

    def take(self, count: int) -> list[bytes]:
        part, self.lines = self.lines[:count], self.lines[count:]
        return part


def _one_by_one(source: Source, columns: Sequence[_Column], parts: list[list[bytes]], first: int, made: type) -> Batch:
    batch = source.batch()
    for number, lines in enumerate(zip(*parts), first):
        values = []
        for column, line in zip(columns, lines):
            try:
                values.append(line.decode())
            except UnicodeDecodeError:
                batch.refuse(column.name, number, "not valid UTF-8", b"\t".join(lines))
                break
        else:
            batch.rows.append(made(*values))
    return batch


def write(target: Target) -> None:
    """A line of each of the --file FIELD=FILEs for every record."""
    if not target.file:
        raise UsageError("moses takes --file FIELD=FILE for each of its files")
    names = [name for name, _ in target.file]
    if len(set(names)) < len(names):
        raise UsageError("--file names a field twice")
    sinks = [target.pipe.aside(path) for _, path in target.file]

    def lines(*values: str) -> tuple[str, ...]:
        return tuple(on_one_line(name, value) + "\n" for name, value in zip(names, values))

    for records in target.records(dict.fromkeys(names, str)):
        made = made_of(records, [records.column(name) for name in names], lines)
        for sink, part in zip(sinks, zip(*made)):
            sink.write("".join(part).encode())

"""Parquet files, and folders of Hugging Face's datasets: columns of Arrow."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from glob import escape, glob
from math import isfinite
from typing import Any

import msgspec

from datasel.errors import DataError
from datasel.extras import missing
from datasel.formats.source import Batch, Source, shape
from datasel.records.streams import STDIN, chunks, display_name

_ROWS = 8192  # in a batch


def arrow() -> Any:
    """The package pyarrow; DataError where it is not installed."""
    try:
        import pyarrow
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError:
        raise missing("this format", "pyarrow", "formats") from None
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    return pyarrow


def read_parquet(source: Source) -> Iterator[Batch]:
    """Batches of the rows of files, or of the files *.parquet of folders (as Spark writes them)."""
    for file in source.files or [STDIN]:
        paths = _files(file, "*.parquet") if os.path.isdir(file) else [file]
        for path in paths:
            yield from _parquet(source, path, {})


def read_datasets(source: Source) -> Iterator[Batch]:
    """Batches of the rows of folders that Dataset.save_to_disk made, or that hold Parquet files of named splits."""
    for folder in source.files:
        if not os.path.isdir(folder):
            raise DataError("not a folder", folder)
        whole = not os.path.exists(index := os.path.join(folder, "dataset_dict.json"))
        if not whole:
            folder = os.path.join(folder, _split(source, _json(index).get("splits", []), folder))
        if os.path.exists(state := os.path.join(folder, "state.json")):
            features = _json(os.path.join(folder, "dataset_info.json")).get("features") or {}
            said = _json(state)
            if whole and source.split is not None:
                _split(source, [str(said.get("_split") or "of no name")], folder)
            for each in said.get("_data_files", []):
                yield from _stream(source, os.path.join(folder, each["filename"]), features)
            continue
        paths = [path for place in (".", "data") for path in _files(os.path.join(folder, place), "*-*.parquet", False)]
        splits = dict.fromkeys(os.path.basename(path).split("-")[0] for path in paths)
        if not splits:
            raise DataError("holds neither dataset_dict.json nor state.json nor SPLIT-*.parquet", folder)
        split = _split(source, list(splits), folder)
        for path in paths:
            if os.path.basename(path).startswith(f"{split}-"):
                yield from _parquet(source, path, {})


def _split(source: Source, splits: Sequence[str], folder: str) -> str:
    told = ", ".join(splits)
    if source.split is None and len(splits) == 1:
        return splits[0]
    if source.split is None:
        raise DataError(f"has the splits {told}; --split says which", folder)
    if source.split not in splits:
        raise DataError(f"has no split '{source.split}', but {told}", folder)
    return source.split


def _files(folder: str, pattern: str, needed: bool = True) -> list[str]:
    paths = glob(os.path.join(escape(folder), pattern))
    found = sorted(path for path in paths if os.path.basename(path)[0] not in "._")
    if needed and not found:
        raise DataError(f"no {pattern} in this folder", folder)
    return [os.path.normpath(path) for path in found]


def _json(path: str) -> Any:
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise DataError(getattr(error, "strerror", None) or "not valid JSON", path) from None


def _parquet(source: Source, path: str, features: Mapping[str, Any]) -> Iterator[Batch]:
    pyarrow, name = arrow(), display_name(path)
    try:
        opened = pyarrow.parquet.ParquetFile(_seekable(path))
        table = _Table(source, name, opened.schema_arrow, features)
        for batch in opened.iter_batches(_ROWS, columns=table.columns, use_threads=False):
            yield table.batch(batch)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"not a Parquet file that can be read: {_first_line(error)}", name) from None


def _stream(source: Source, path: str, features: Mapping[str, Any]) -> Iterator[Batch]:
    pyarrow = arrow()
    try:
        with open(path, "rb") as file, pyarrow.ipc.open_stream(file) as opened:
            table = _Table(source, path, opened.schema, features)
            for batch in opened:
                for start in range(0, batch.num_rows, _ROWS):
                    yield table.batch(batch.slice(start, _ROWS).select(table.columns))
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"not an Arrow stream that can be read: {_first_line(error)}", path) from None


def _first_line(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).split("\n")[0]


def _seekable(path: str) -> Any:
    """The file itself, or a copy of it in TMPDIR: a pipe cannot be read from its end, nor a compressed file."""
    if path != STDIN and os.path.isfile(path):
        file = open(path, "rb")
        if file.read(4) in (b"PAR1", b"PARE", b""):
            file.seek(0)
            return file
        file.close()
    import tempfile

    copy = tempfile.TemporaryFile()
    for chunk in chunks(path):
        copy.write(chunk)
    copy.seek(0)
    return copy


class _Table:
    """The columns of a file and how their values become JSON."""

    def __init__(self, source: Source, name: str, schema: Any, features: Mapping[str, Any]):
        self._source, self._name, self._row = source, name, 1
        self.columns = list(source.columns or schema.names)
        for each in self.columns:
            if schema.names.count(each) != 1:
                raise DataError(f"{schema.names.count(each) or 'no'} columns are named '{each}'", name)
            if _binary(field := schema.field(each)):
                others = ",".join(other.name for other in schema if not _binary(other))
                raise DataError(f"column '{each}' is {field.type}, which JSON cannot hold; --columns {others}", name)
        self._shape = shape(tuple(source.renamed(self.columns, name)))
        known = _features((schema.metadata or {}).get(b"huggingface", b"{}"))
        self._labels = [_labels(features.get(each) or known.get(each)) for each in self.columns]

    def batch(self, made: Any) -> Batch:
        """The records of a record batch."""
        columns, bad = [], {}
        for name, values, labels in zip(self.columns, made.columns, self._labels):
            column, wrong = _values(values, labels)
            columns.append(column)
            bad |= {place: f"column '{name}' {reason}" for place, reason in wrong.items()}
        rows = map(self._shape, *columns) if columns else ()
        batch = self._source.batch(row for place, row in enumerate(rows) if place not in bad)
        for place, reason in sorted(bad.items()):
            raw = msgspec.json.encode({name: column[place] for name, column in zip(self.columns, columns)})
            batch.refuse(self._name, self._row + place, reason, raw)
        self._row += made.num_rows
        return batch


def _values(values: Any, labels: tuple[Sequence[str], bool] | None) -> tuple[list[Any], dict[int, str]]:
    """A column as a list, and why some of its values cannot be."""
    import pyarrow

    values, bad = _in_microseconds(values)
    column, kind = _listed(values, bad), values.type
    if labels:
        for place, value in enumerate(column):
            try:
                column[place] = _named(value, *labels)
            except (IndexError, TypeError):
                bad[place] = f"has no label {value}"
    elif holds(kind, pyarrow.types.is_floating):
        odd = map(_no_number, column)
        bad |= {place: f"is {value}" if pyarrow.types.is_floating(kind) else f"holds {value}"
                for place, value in enumerate(odd) if value is not None}  # fmt: skip
    elif pyarrow.types.is_decimal(kind):
        column = [None if value is None else msgspec.Raw(str(value).encode()) for value in column]
    return column, bad


def _listed(values: Any, bad: dict[int, str]) -> list[Any]:
    """The values as Python has them; the places of others are ``bad``, such as dates after the year 9999."""
    try:
        return values.to_pylist()
    except (OverflowError, ValueError):
        column = []
    for place, value in enumerate(values):
        try:
            column.append(value.as_py())
        except (OverflowError, ValueError) as error:
            column.append(None)
            bad[place] = f"is out of range: {error}"
    return column


def _in_microseconds(values: Any) -> tuple[Any, dict[int, str]]:
    """Times in nanoseconds as Python has them, and where that would take something off."""
    import pyarrow

    kind = _microseconds(values.type)
    if kind == values.type:
        return values, {}
    if pyarrow.types.is_nested(kind):
        return _cast_each(values, kind)
    exact = values.cast(pyarrow.int64())
    bad = {place: f"is not of whole microseconds: {number} ns" for place, number in enumerate(exact.to_pylist())
           if number is not None and number % 1000}  # fmt: skip
    return values.cast(kind, safe=False), bad


def _cast_each(values: Any, kind: Any) -> tuple[Any, dict[int, str]]:
    """Lists and objects, those that hold a time that is not of whole microseconds apart."""
    import pyarrow

    try:
        return values.cast(kind), {}
    except pyarrow.ArrowInvalid:
        bad = {}
    for place in range(len(values)):
        try:
            values.take(pyarrow.array([place])).cast(kind)  # a slice would hold the others too
        except pyarrow.ArrowInvalid:
            bad[place] = "holds a time that is not of whole microseconds"
    return values.cast(kind, safe=False), bad


def _microseconds(kind: Any) -> Any:
    """The type with microseconds in the place of nanoseconds, at any depth of lists and objects."""
    import pyarrow

    types = pyarrow.types
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pyarrow.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pyarrow.duration("us")
    if types.is_time64(kind) and kind.unit == "ns":
        return pyarrow.time64("us")
    if types.is_list(kind):
        return pyarrow.list_(_microseconds(kind.value_type))
    if types.is_large_list(kind):
        return pyarrow.large_list(_microseconds(kind.value_type))
    if types.is_fixed_size_list(kind):
        return pyarrow.list_(_microseconds(kind.value_type), kind.list_size)
    if types.is_map(kind):
        return pyarrow.map_(_microseconds(kind.key_type), _microseconds(kind.item_type))
    if types.is_struct(kind):
        return pyarrow.struct([(part.name, _microseconds(part.type)) for part in kind])
    return kind


def _no_number(value: Any) -> float | None:
    """What is not finite in a value, at any depth; None for what is."""
    if isinstance(value, float):
        return None if isfinite(value) else value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return next((found for found in map(_no_number, parts) if found is not None), None)


def _features(told: bytes) -> Mapping[str, Any]:
    """What Hugging Face's part of a file's metadata says of its columns."""
    try:
        found = json.loads(told)
    except ValueError:
        return {}
    for name in ("info", "features"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _labels(feature: Any) -> tuple[Sequence[str], bool] | None:
    """The names of a ClassLabel's numbers, and whether values are lists of them."""
    inner = feature.get("feature") if isinstance(feature, dict) else None
    for each, listed in ((feature, False), (inner, True)):
        if isinstance(each, dict) and each.get("_type") == "ClassLabel" and each.get("names"):
            return each["names"], listed
    return None


def _named(value: Any, names: Sequence[str], listed: bool) -> Any:
    if listed:
        return value if value is None else [_named(each, names, False) for each in value]
    if value is None or value == -1:  # Hugging Face's number for a label that is not known
        return None
    if value < 0:
        raise IndexError
    return names[value]


def _binary(field: Any) -> bool:
    """Whether a column holds bytes, at any depth."""
    import pyarrow

    types = pyarrow.types
    return holds(field.type, types.is_binary, types.is_large_binary, types.is_fixed_size_binary)


def holds(kind: Any, *tests: Callable[[Any], bool]) -> bool:
    """Whether a type is one of these, at any depth."""
    kinds: list[Any] = [kind]
    while kinds:
        kind = kinds.pop()
        if any(test(kind) for test in tests):
            return True
        kinds += _parts(kind)
    return False


def _parts(kind: Any) -> Iterable[Any]:
    import pyarrow

    if pyarrow.types.is_dictionary(kind):
        return [kind.value_type]
    return [kind.field(number).type for number in range(kind.num_fields)]

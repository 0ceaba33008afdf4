"""A pool in a folder: files that every machine sees under the same names, and lines that know where they came from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import DataError, UsageError
from datasel.records.sink import TEMPORARY, Sink
from datasel.records.streams import BLOCK_BYTES, blocks

RDD = Any  # pyspark.RDD: pyspark is there where its objects are
_ENDINGS = tuple(f".jsonl{packed}" for packed in ("", ".gz", ".bz2", ".xz", ".zst"))


class Lines(NamedTuple):
    """Whole lines of one part, and their numbers in it, from 1."""

    name: str
    numbers: Sequence[int] | np.ndarray
    data: bytes


def listed(folder: str) -> list[str]:
    """The parts in a folder, by name: JSON Lines, compressed or not, and Parquet.  DataError where there are none."""
    try:
        names = sorted(name for name in os.listdir(folder) if name[0] not in "._")
    except OSError as error:
        raise DataError(error.strerror or str(error), folder) from None
    found = [os.path.join(os.path.abspath(folder), name) for name in names if name.endswith((*_ENDINGS, ".parquet"))]
    if not found:
        raise DataError("no part in this folder: *.jsonl, *.jsonl.gz (bz2, xz, zst) or *.parquet", folder)
    return found


def read(path: str, size: int = BLOCK_BYTES) -> Iterator[Lines]:
    """A part's lines, about ``size`` bytes at a time; the rows of Parquet as to-jsonl writes them."""
    if not path.endswith(".parquet"):
        for block in blocks([path], size=size):
            yield Lines(path, range(block.first, block.first + block.data.count(b"\n")), block.data)
        return
    from datasel.spark.running import output

    first = 1
    for data in output("to-jsonl --from parquet {part}", {"part": path}):
        count = data.count(b"\n")
        yield Lines(path, range(first, first + count), data)
        first += count


def stem(path: str) -> str:
    """A part's name without its endings: what files are called that are made of it."""
    return os.path.basename(path).split(".")[0]


def stems(paths: Iterable[str]) -> list[str]:
    """Those of all parts; UsageError where two have the same."""
    found: dict[str, str] = {}
    for path in paths:
        other = found.setdefault(stem(path), path)
        if other != path:
            raise UsageError(f"{other} and {path} have the same name but for their endings")
    return list(found)


def new_folder(path: str) -> str:
    """The folder, made; DataError where something of that name has anything in it."""
    try:
        os.makedirs(path, exist_ok=True)
        if os.listdir(path):
            raise DataError("is not empty", path)
    except OSError as error:
        raise DataError(error.strerror or str(error), path) from None
    return os.path.abspath(path)


def write_whole(path: str, data: Iterable[bytes]) -> None:
    """A file that appears whole or not at all, whoever else writes it at the same time, on whatever machine."""
    sink = Sink(path)
    try:
        for some in data:
            sink.write(some)
        sink.close()
    finally:
        sink.abort()


def sweep(folder: str) -> None:
    """Remove what tasks that were killed left half-written."""
    for name in os.listdir(folder):
        if name.startswith(".") and name.endswith(TEMPORARY):
            os.unlink(os.path.join(folder, name))

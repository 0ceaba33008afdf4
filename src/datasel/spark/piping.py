"""Commands over an RDD of lines."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice

from datasel.errors import DataError
from datasel.spark import parts, running
from datasel.spark.parts import RDD, Lines

_LINES = 8192  # of a text file, put together
_SAID = re.compile(r"^datasel\.errors\.\w+: (.*)$", re.M)


def pool(context, paths: Sequence[str]) -> RDD:
    """An RDD of :class:`Lines`, a partition for each part."""
    return context.parallelize(list(paths), len(paths)).flatMap(parts.read)


def of_text(rdd: RDD) -> RDD:
    """An RDD of strings, as SparkContext.textFile makes them, as one of :class:`Lines`, in its partitions.

    (textFile ends a line at CR as well, unless textinputformat.record.delimiter says otherwise.)
    """
    return rdd.mapPartitionsWithIndex(_together)


def pipe(
    rdd: RDD,
    command: str,
    files: Mapping[str, str] | None = None,
    each: Mapping[str, Sequence[object]] | None = None,
    rejects: str | None = None,
) -> RDD:
    """What a command writes of each partition, such as ``ngram-score --model {model} | select-topk -k 10 --by s``.

    rdd: of :class:`Lines`; so is the result, whose lines are numbered anew.
    files: each ``{NAME}`` is a file of the driver, which SparkContext.addFile brings to the executors.
    each: each ``{NAME}`` is a value for each partition.
    rejects: a folder that all machines see.  ``{rejects}`` is then a file there, one a partition, of the first command.

    A command that fails fails the task, with DataError.  Several attempts at a partition make the same files.
    """
    rejects = parts.new_folder(rejects) if rejects else None
    run = partial(_piped, command, _shipped(rdd.context, files or {}), dict(each or {}), rejects)
    return rdd.mapPartitionsWithIndex(run)


def outputs(rdd: RDD, command: str, files: Mapping[str, str] | None = None) -> list[bytes]:
    """What a command writes of each partition, all of it and whatever it is: small models, counts."""
    names = _shipped(rdd.context, files or {})
    return rdd.mapPartitions(lambda lines: [running.whole(command, _fetched(names), lines)]).collect()


def save(rdd: RDD, paths: Sequence[str], folder: str) -> None:
    """Write each partition's lines to a file in a folder that all machines see, under the name of its part."""
    stems = parts.stems(paths)
    names = [os.path.join(parts.new_folder(folder), f"{stem}.jsonl") for stem in stems]

    def write(index: int, lines: Iterable[Lines]) -> Iterator[None]:
        parts.write_whole(names[index], (some.data for some in lines))
        yield from ()

    rdd.mapPartitionsWithIndex(write).count()
    parts.sweep(folder)


def reason(error: Exception) -> str | None:
    """The one line of the DataError that a task failed with; None where it was something else."""
    found = _SAID.findall(str(error))
    return found[0] if found else None


def _together(index: int, texts: Iterable[str]) -> Iterator[Lines]:
    texts, first = iter(texts), 1
    while some := list(islice(texts, _LINES)):
        yield Lines(f"partition {index}", range(first, first + len(some)), "".join(f"{t}\n" for t in some).encode())
        first += len(some)


def _piped(command, names, each, rejects, index: int, lines: Iterable[Lines]) -> Iterator[Lines]:
    lines = iter(lines)
    head = list(islice(lines, 1))
    name = head[0].name if head else f"partition {index}"
    aside = os.path.join(rejects, f"{index:05d}-{parts.stem(name)}.tsv") if rejects else ""
    values = {**_fetched(names), **{key: values[index] for key, values in each.items()}}
    first = 1
    for data in running.output(command, values, chain(head, lines), aside):
        count = data.count(b"\n")
        yield Lines(name, range(first, first + count), data)
        first += count


def _shipped(context, files: Mapping[str, str]) -> dict[str, str]:
    """The names that files have on the executors."""
    names = {}
    for name, path in files.items():
        base = os.path.basename(path)
        if not os.path.isfile(path):
            raise DataError("no such file", path)
        context.addFile(path)
        names[name] = base
    return names


def _fetched(names: Mapping[str, str]) -> dict[str, str]:
    from pyspark import SparkFiles

    return {name: SparkFiles.get(base) for name, base in names.items()}

"""Repeats dropped from a pool in parts: keys travel, not lines, and every part keeps its lines in their order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from datasel.records.jsonl import parse
from datasel.records.pipe import set_aside
from datasel.records.streams import Block
from datasel.redundancy.against import keyed
from datasel.redundancy.distinct import grouped
from datasel.redundancy.keys import Keys
from datasel.spark import parts
from datasel.spark.parts import RDD, Lines

_BLOCK = 1 << 21  # bytes: the more texts at a time, the less each costs


class Keyed(NamedTuple):
    """Records of one part whose keys fall in the same bucket; or, with ``reasons``, records that are none."""

    part: int
    numbers: np.ndarray  # int64, ascending
    high: np.ndarray
    low: np.ndarray
    reasons: list[str]


class Dropped(NamedTuple):
    """Records that a part loses: for reasons, or as repeats of what ``cause`` says."""

    numbers: np.ndarray  # int64 (records)
    cause: np.ndarray  # int64 (records x 2): a part, and a line of it
    reasons: list[str]


def distinct(context, paths: Sequence[str], field: str = "text", buckets: int = 0, rejects: str | None = None) -> RDD:
    """What dedup keeps of the parts, read in this order: an RDD of :class:`Lines`, a partition for each part.

    Keys of texts (12 bytes, and 8 for the line) are partitioned by their value into ``buckets`` (as many as parts, if
    0), each of which finds its repeats; then every part is read again without them.  A record that is bad raises
    DataError in its task.  With ``rejects``, a new folder that all machines see, bad records and repeats go to a file
    for each part there, as dedup --rejects writes them.
    """
    paths = list(paths)
    parts.stems(paths)
    rejects = parts.new_folder(rejects) if rejects else None
    buckets = buckets or len(paths)
    numbered = context.parallelize(list(enumerate(paths)), len(paths))
    known = numbered.flatMap(partial(_keyed, field, buckets, rejects is not None))
    found = known.partitionBy(buckets, int).mapPartitions(_repeats)
    return found.partitionBy(len(paths), int).mapPartitionsWithIndex(partial(_kept, paths, rejects))


def _keyed(field: str, buckets: int, lenient: bool, part: tuple[int, str]) -> Iterator[tuple[int, Keyed]]:
    """A part's records by the bucket of their key."""
    index, path = part
    numbers, highs, lows = [], [], []
    for lines in parts.read(path, _BLOCK):
        block = Block(path, lines.numbers[0], lines.data, lenient=lenient)
        records = parse(block, {field: str})
        key = keyed(records.column(field), exact=False)
        numbers.append(np.array(records.numbers, np.int64))
        highs.append(key.high)
        lows.append(key.low)
        if block.rejected:
            _, bad, reasons, _ = zip(*block.rejected)
            yield 0, Keyed(index, np.array(bad, np.int64), np.empty(0), np.empty(0), list(reasons))
    if not numbers:
        return
    number, high, low = map(np.concatenate, (numbers, highs, lows))
    bucket = (high % np.uint64(buckets)).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    ends = np.cumsum(np.bincount(bucket, minlength=buckets))
    for each, places in enumerate(np.split(order, ends[:-1])):
        if len(places):
            yield each, Keyed(index, number[places], high[places], low[places], [])


def _repeats(found: Iterable[tuple[int, Keyed]]) -> Iterator[tuple[int, Dropped]]:
    """Of a bucket, what each part is to drop: of equal keys all but the first."""
    held = []
    for _, each in found:
        if each.reasons:
            yield each.part, Dropped(each.numbers, np.empty((0, 2), np.int64), each.reasons)
        else:
            held.append(each)
    if not held:
        return
    held.sort(key=lambda each: each.part)  # each part once a bucket, its records in order
    part = np.repeat([each.part for each in held], [len(each.numbers) for each in held])
    number, high, low = (np.concatenate(column) for column in list(zip(*held))[1:4])
    firsts, group = grouped(Keys(high, low))
    again = np.ones(len(high), bool)
    again[firsts] = False
    cause = firsts[group]
    for each in np.unique(part[again]).tolist():
        places = np.flatnonzero(again & (part == each))
        yield each, Dropped(number[places], np.stack([part[cause[places]], number[cause[places]]], axis=1), [])


def _kept(
    paths: Sequence[str], rejects: str | None, index: int, found: Iterable[tuple[int, Dropped]]
) -> Iterator[Lines]:
    """A part's lines but for those that it is to drop, which go to its file of rejects."""
    dropped = [each for _, each in found]
    gone = np.sort(np.concatenate([each.numbers for each in dropped] or [np.empty(0, np.int64)]))
    file = os.path.join(rejects, f"{parts.stem(paths[index])}.tsv") if rejects and len(gone) else None
    reasons = _reasons(paths, dropped) if file and not os.path.exists(file) else None
    aside = []
    for lines in parts.read(paths[index], _BLOCK):
        first, count = lines.numbers[0], len(lines.numbers)
        some = gone[slice(*np.searchsorted(gone, (first, first + count)))]
        if not len(some):
            yield lines
            continue
        ends = np.flatnonzero(np.frombuffer(lines.data, np.uint8) == 10) + 1
        stays = np.ones(count, bool)
        stays[some - first] = False
        units = np.repeat(stays, np.diff(ends, prepend=0))
        yield Lines(lines.name, np.flatnonzero(stays) + first, np.frombuffer(lines.data, np.uint8)[units].tobytes())
        if reasons is not None:
            for number in some.tolist():
                start = int(ends[number - first - 1]) if number > first else 0
                line = lines.data[start : int(ends[number - first])]
                aside.append(set_aside(lines.name, number, reasons[number], line[:-1]))
    if reasons is not None:
        parts.write_whole(file, aside)


def _reasons(paths: Sequence[str], dropped: Sequence[Dropped]) -> dict[int, str]:
    found = {}
    for each in dropped:
        told = each.reasons or [f"repeats {paths[part]}:{number}" for part, number in each.cause.tolist()]
        found.update(zip(each.numbers.tolist(), told))
    return found

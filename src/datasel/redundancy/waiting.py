"""Records that wait on disk until all have been read: then the best of equal ones is known, and who is near whom."""

from __future__ import annotations

import os
import tempfile
from bisect import bisect
from collections.abc import Iterator
from contextlib import ExitStack
from heapq import merge
from operator import itemgetter

import numpy as np
from msgspec import msgpack

from datasel.records.jsonl import Records, encode, parse
from datasel.records.parallel import ordered_map
from datasel.records.pipe import Pipe
from datasel.records.streams import Block
from datasel.redundancy.dropping import ALIKE, KEPT, REPEATS, Rule, Seen, reason
from datasel.redundancy.keys import Shingles
from datasel.redundancy.near import Sets, repeats
from datasel.redundancy.origins import Origins
from datasel.selection.column import Column
from datasel.selection.spool import Spool

_LINES, _BYTES = 16384, 1 << 20  # read again at a time
_SORTED = 48  # bytes a record while it is sorted


Rejected = tuple[str, int, str, bytes]  # file, line, reason, record


class _Bad:
    """Bad records, in a temporary file, by the number of the good one that they stand before."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()

    def __enter__(self) -> _Bad:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, records: Records, first: int) -> None:
        """Those of a block."""
        for file, line, why, record in sorted(records.block.rejected, key=itemgetter(1)):
            made = msgpack.encode((first + bisect(records.numbers, line), (os.fsencode(file), line, why, record)))
            self._file.write(len(made).to_bytes(8, "little") + made)
        records.block.rejected = []

    def all(self) -> Iterator[tuple[int, Rejected]]:
        self._file.seek(0)
        while size := self._file.read(8):
            number, (file, *rest) = msgpack.decode(self._file.read(int.from_bytes(size, "little")))
            yield number, (os.fsdecode(file), *rest)


class Waiting:
    """The records of a pipe, or those from the number ``first`` on."""

    def __init__(self, pipe: Pipe, rule: Rule, first: int = 0):
        self._pipe, self._rule, self._first = pipe, rule, first
        self._open = ExitStack()
        self._spool = self._open.enter_context(Spool())
        kinds = (np.uint64, np.uint32, np.uint8, np.int64, np.float64, np.int64)
        self._columns = [self._open.enter_context(Column(kind)) for kind in kinds]
        self._bad = self._open.enter_context(_Bad())

    def close(self) -> None:
        self._open.close()

    def add(self, records: Records, seen: Seen, number: int) -> None:
        """Those of a block, the first of them of this number; its bad ones wait, too."""
        (high, low), kind, cause = seen.looked
        self._spool.add(records)
        self._bad.add(records, number)
        for column, values in zip(self._columns, (high, low, kind, cause, seen.scores, seen.counts)):
            column.add(values)

    def settle(self, origins: Origins, jobs: int) -> None:
        """Write those that stay, in input order; then the others to the rejects."""
        high, low, kind, cause, scores, counts = (column.all() for column in self._columns)
        self._equal(high, low, kind, cause, scores)
        if self._rule.nearness:
            self._near(kind, cause, scores, jobs)
        # what repeats a record that is dropped is dropped for the same reason
        second = np.flatnonzero(kind == REPEATS)
        second = second[cause[second] >= self._first]
        leader = cause[second] - self._first
        lost = kind[leader] != KEPT
        kind[second[lost]], cause[second[lost]] = kind[leader[lost]], cause[leader[lost]]
        kept = np.flatnonzero(kind == KEPT)
        lines = self._spool.lines(kept)
        if self._rule.count:
            dropped = np.flatnonzero((kind == REPEATS) | (kind == ALIKE))
            np.add.at(counts, cause[dropped], counts[dropped])
            self._write_counted(lines, counts[kept])
        else:
            self._pipe.keep_lines(lines)
        if self._pipe.rejects:
            for _, rejected in merge(self._bad.all(), self._dropped(kind, cause, origins), key=itemgetter(0)):
                self._pipe.reject(*rejected)

    def _dropped(self, kind, cause, origins: Origins) -> Iterator[tuple[int, Rejected]]:
        places = np.flatnonzero(kind)
        for place, line in zip(places, self._spool.lines(places)):
            why = reason(self._rule, int(kind[place]), int(cause[place]), origins)
            yield self._first + place, (*origins.line(self._first + place), why, line)

    def _equal(self, high, low, kind, cause, scores) -> None:
        """Of equal texts the best stays, in parts of the keys that can be sorted within the memory there is."""
        parts = -(-len(high) * _SORTED // self._rule.memory)
        for part in range(parts):
            found = [np.empty(0, np.int64)]
            for start in range(0, len(high), 1 << 20):
                some = slice(start, start + (1 << 20))
                inside = kind[some] == KEPT
                if parts > 1:
                    inside &= (high[some] >> np.uint64(32)) * np.uint64(parts) >> np.uint64(32) == part
                found.append(np.flatnonzero(inside) + start)
            places = np.concatenate(found)
            by = (-scores[places],) if self._rule.by else ()
            order = places[np.lexsort((*by, low[places], high[places]))]
            starts = np.ones(len(order), bool)
            starts[1:] = (high[order[1:]] != high[order[:-1]]) | (low[order[1:]] != low[order[:-1]])
            leader = np.repeat(order[starts], np.diff(np.append(np.flatnonzero(starts), len(order))))
            kind[order[~starts]], cause[order[~starts]] = REPEATS, leader[~starts] + self._first

    def _near(self, kind, cause, scores, jobs: int) -> None:
        """Of near texts the best stays; none stays that is near one of a test set."""
        places = np.flatnonzero(kind == KEPT)
        nearness, against = self._rule.nearness, self._rule.against
        with ExitStack() as opened:
            sets = opened.enter_context(Sets())
            bands = [opened.enter_context(Column(np.uint64)) for _ in range(nearness.bands.count)]
            how, of = [np.empty(0, np.uint8)], [np.empty(0, np.int64)]
            for found, keyed in self._shingled(places, jobs):
                sets.add(found)
                for column, key in zip(bands, keyed):
                    column.add(key)
                if len(against.origins):
                    how.append(np.zeros(len(found.sizes), np.uint8))
                    of.append(np.zeros(len(found.sizes), np.int64))
                    against.mark_near(found, keyed, how[-1], of[-1])
            if len(against.origins):
                kind[places], cause[places] = np.concatenate(how), np.concatenate(of)
            ranked = np.flatnonzero(kind[places] == KEPT)
            if self._rule.by:
                ranked = ranked[np.argsort(-scores[places[ranked]], kind="stable")]
            found = repeats((column.all()[ranked] for column in bands), sets.end(), ranked, nearness.threshold)
        dropped = found >= 0
        lost = places[ranked[dropped]]
        kind[lost], cause[lost] = ALIKE, places[ranked[found[dropped]]] + self._first

    def _shingled(self, places: np.ndarray, jobs: int) -> Iterator[tuple[Shingles, np.ndarray]]:
        """Shingles and the keys of their bands, of the texts at these places."""
        nearness, field = self._rule.nearness, self._rule.field

        def shingled(block: Block) -> tuple[Shingles, np.ndarray]:
            return nearness.signed(parse(block, {field: str}).column(field))

        blocks = self._blocks(self._spool.lines(places))
        yield from (map(shingled, blocks) if jobs == 1 else (each for each, _ in ordered_map(shingled, blocks, jobs)))

    def _blocks(self, lines: Iterator[bytes]) -> Iterator[Block]:
        some: list[bytes] = []
        size = 0
        for line in lines:
            some.append(line)
            size += len(line)
            if len(some) == _LINES or size >= _BYTES:
                yield self._pipe.again(some)
                some, size = [], 0
        if some:
            yield self._pipe.again(some)

    def _write_counted(self, lines: Iterator[bytes], counts: np.ndarray) -> None:
        done = 0
        for block in self._blocks(lines):
            records = parse(block, {})
            values = [encode(count) for count in counts[done : done + len(records)].tolist()]
            self._pipe.pass_on(records.with_fields({self._rule.count or "": values}), block)
            self._pipe.kept += block.kept
            done += len(records)

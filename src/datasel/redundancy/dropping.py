"""Records in, those that repeat others out: at once where that can be, else when all have been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from datasel.records.jsonl import Records, optional, parse
from datasel.records.pipe import Pipe
from datasel.records.streams import Block
from datasel.redundancy.against import NEAR, SHARES, STANDS, Against, Looked
from datasel.redundancy.distinct import Distinct
from datasel.redundancy.keys import Keys
from datasel.redundancy.near import Nearness
from datasel.redundancy.origins import Origins
from datasel.selection.exact import exact, rankable

KEPT, REPEATS, ALIKE = 0, 1, 2  # what becomes of a record; STANDS, NEAR and SHARES as well
_BLOCK = 1 << 21  # bytes: the more texts at a time, the less each costs
_COUNT = optional(Annotated[int, msgspec.Meta(ge=1, le=1 << 53)])


@dataclass
class Rule:
    """Which records repeat others, and which of those stays: the first, or the highest in the field ``by``."""

    field: str
    against: Against
    nearness: Nearness | None = None
    alone: bool = False  # the input's own repeats stay
    by: str | None = None
    count: str | None = None  # the field that gets how many there were
    words: int | None = None
    memory: int = 1 << 31  # bytes

    @property
    def waits(self) -> bool:
        """Whether nothing can be written before all has been read."""
        return bool(self.by or self.count or self.nearness and not self.alone)


class Seen(NamedTuple):
    """What is kept of a block until its records are settled."""

    data: bytes
    numbers: range | list[int]
    looked: Looked
    scores: np.ndarray  # of the field ``by``, where there is one
    counts: np.ndarray


def drop(pipe: Pipe, rule: Rule, jobs: int) -> None:
    """Write what stays of the pipe's records."""
    from datasel.redundancy.waiting import Waiting

    waiting = Waiting(pipe, rule) if rule.waits else None
    table, total = Distinct(rule.memory, numbered=pipe.rejects is not None), 0
    origins = Origins()
    try:
        for seen, block in pipe.map(lambda block: _seen(block, rule), jobs, _BLOCK):
            block.data = seen.data
            records = Records(block, {}, seen.numbers)
            numbers = np.arange(total, total + len(records))
            kind, cause = seen.looked.kind, seen.looked.cause
            if pipe.rejects:
                origins.add(records)
            if not waiting and not rule.alone:
                if table.room(len(records)):
                    _note(kind, cause, table, seen.looked.keys, numbers)
                else:
                    waiting = Waiting(pipe, rule, total)
                    pipe.say(f"{len(table):,} distinct texts fill --memory; what is not among them waits on disk")
            if waiting and not rule.waits:
                known = table.find(seen.looked.keys)
                old = (kind == KEPT) & (known >= 0)
                kind[old], cause[old] = REPEATS, known[old]
            if waiting:
                waiting.add(records, seen, total)
            else:
                _settle(pipe, rule, records, kind, cause, origins)
            total += len(records)
        if waiting:
            waiting.settle(origins, jobs)
    finally:
        if waiting:
            waiting.close()


def _seen(block: Block, rule: Rule) -> Seen:
    schema = {rule.field: str, **({rule.by: float} if rule.by else {}), **({rule.count: _COUNT} if rule.count else {})}
    records = parse(block, schema)
    records = rankable(records, rule.by) if rule.by and rule.by != rule.count else records
    looked = rule.against.look(records.column(rule.field), near=not rule.waits)
    counts = np.array([each or 1 for each in records.column(rule.count)], np.int64) if rule.count else np.empty(0)
    if rule.by and rule.by == rule.count:
        scores = counts.astype(float)
    else:
        scores = exact(records, rule.by) if rule.by else np.empty(0)
    return Seen(records.whole(), records.numbers, looked, scores, counts)


def _note(kind: np.ndarray, cause: np.ndarray, table: Distinct, keys: Keys, numbers: np.ndarray) -> None:
    """What the table knows of a block's records that no test set has."""
    left = np.flatnonzero(kind == KEPT)
    new, first = table.add(Keys(keys.high[left], keys.low[left]), numbers[left])
    kind[left[~new]] = REPEATS
    if len(first):
        cause[left[~new]] = first[~new]


def _settle(pipe: Pipe, rule: Rule, records: Records, kind, cause, origins: Origins) -> None:
    kept = np.flatnonzero(kind == KEPT)
    if pipe.rejects:
        for index in np.flatnonzero(kind).tolist():
            records.reject(index, reason(rule, int(kind[index]), int(cause[index]), origins))
    pipe.pass_on(
        records.keep(kept.tolist()) if records.block.text else _kept(records.block, kind == KEPT), records.block
    )


def _kept(block: Block, wanted: np.ndarray) -> bytes:
    """The wanted lines of a block, runs of them together."""
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False)).tolist()
    block.kept += int(wanted.sum())
    if edges == [0, len(wanted)]:
        return block.data
    ends = np.concatenate([[0], np.flatnonzero(np.frombuffer(block.data, np.uint8) == 10) + 1])[edges].tolist()
    return b"".join([block.data[start:end] for start, end in zip(ends[::2], ends[1::2])])


def reason(rule: Rule, kind: int, cause: int, origins: Origins) -> str:
    """Why a record is dropped, for the rejects."""
    if kind in (REPEATS, ALIKE):
        return f"{'repeats' if kind == REPEATS else 'is near'} {origins.named(cause)}"
    told = {STANDS: "stands in", NEAR: "is near", SHARES: f"shares {rule.words} words with"}[kind]
    return f"{told} {rule.against.origins.named(cause)}"

"""Streams of scored records to the best of them: a count, a share, or a threshold; per group where asked."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from datasel.records.jsonl import Records, encode, numbers, parse
from datasel.records.pipe import Pipe
from datasel.records.seeding import draws, generator
from datasel.selection.column import Column
from datasel.selection.exact import exact, rankable
from datasel.selection.spool import Spool
from datasel.selection.topk import TopK, best, count_of

_LINES = 4096  # kept at a time


class Scored(NamedTuple):
    records: Records
    scores: np.ndarray  # higher is better
    groups: list[bytes] | None = None  # the group's value as JSON


def scored(
    pipe: Pipe, by: str, *, lowest: bool = False, per: str | None = None, noise_seed: int | None = None,
    key: str | None = None,
) -> Iterator[Scored]:  # fmt: skip
    """The input with a score to rank by, block by block.

    ``noise_seed``: with standard Gumbel noise, by the place in the input or by the value of the field ``key``.
    """
    noise = generator(noise_seed, "gumbel") if noise_seed is not None else None
    schema = {**({key: str | int} if key else {}), **({per: Any} if per else {}), by: float}
    for records in pipe.records(schema):
        records = rankable(records, by)
        scores = exact(records, by)
        scores = -scores if lowest else scores
        if noise is not None and key is None:
            scores = scores + noise.gumbel(size=len(scores))
        elif noise is not None:
            scores = scores - np.log(-np.log(draws(noise_seed or 0, "gumbel", map(encode, records.column(key)))))
        yield Scored(records, scores, [encode(value) for value in records.column(per)] if per else None)


def above(pipe: Pipe, stream: Iterator[Scored], bar: float, reason: str | None = None, into: str | None = None) -> None:
    """Write the records whose score is ``bar`` or higher; with a ``reason`` the others are rejected for it.

    ``into``: a field that gets the negated score, the distance that it is of.
    """
    for records, scores, _ in stream:
        wanted = scores >= bar
        for index in np.flatnonzero(~wanted).tolist() if reason else ():
            records.reject(index, reason)
        kept = np.flatnonzero(wanted).tolist()
        out = records.with_fields({into: numbers(-scores)}, kept) if into else records.keep(kept)
        pipe.pass_on(out, records.block)


def top_k(pipe: Pipe, stream: Iterator[Scored], k: int, ranked: bool) -> None:
    """Write the k best of every group."""
    heaps: dict[bytes, TopK] = {}
    seen = 0
    for records, scores, groups in stream:
        for group, members in _by_group(groups, len(scores)):
            heap = heaps.setdefault(group, TopK(k))
            heap.offer(scores[members], seen + members, partial(_line, records, members))
        seen += len(scores)
    results = [heap.result(ranked) for heap in heaps.values()]
    chosen = [(place, line) for places, lines in results for place, line in zip(places.tolist(), lines)]
    if not ranked:
        chosen.sort(key=lambda pair: pair[0])
    pipe.keep_lines(line for _, line in chosen)


def top_share(
    pipe: Pipe, stream: Iterator[Scored], size: Fraction | int, ranked: bool = False, reason: str | None = None,
    into: str | None = None,
) -> None:  # fmt: skip
    """Write the best of every group, a share or a number of them; ``reason`` and ``into`` as for :func:`above`."""
    with Spool() as spool, Column(float) as column:
        members: dict[bytes, list[np.ndarray]] = {}
        seen = 0
        for records, scores, groups in stream:
            spool.add(records)
            column.add(scores)
            if groups is not None:
                for group, indices in _by_group(groups, len(scores)):
                    members.setdefault(group, []).append(seen + indices)
            seen += len(scores)
        scores = column.all()
        chosen = []
        for indices in map(np.concatenate, members.values()) if members else [slice(None)]:
            found = scores[indices]
            kept = best(found, count_of(size, len(found)))
            kept = indices[kept] if members else kept
            chosen.append(kept[np.argsort(-scores[kept], kind="stable")] if ranked else kept)
        wanted = np.concatenate(chosen)
        settle(pipe, spool, wanted if ranked else np.sort(wanted), scores, reason, into)


def settle(
    pipe: Pipe, spool: Spool, wanted: np.ndarray, scores: np.ndarray, reason: str | None, into: str | None
) -> None:
    """Write the spooled records at the places ``wanted``, in this order; the rest as for :func:`above`."""
    lines = spool.lines(wanted)
    if into:
        _with_distances(pipe, lines, into, -scores[wanted])
    else:
        pipe.keep_lines(lines)
    if reason and pipe.rejects:
        left = np.ones(len(scores), bool)
        left[wanted] = False
        dropped = np.flatnonzero(left)
        for place, line in zip(dropped, spool.lines(dropped)):
            pipe.reject(*spool.origin(place), reason, line)


def _with_distances(pipe: Pipe, lines: Iterator[bytes], into: str, distances: np.ndarray) -> None:
    done = 0
    while some := list(islice(lines, 1 if pipe.eager else _LINES)):
        records = parse(pipe.again(some), {})
        pipe.pass_on(records.with_numbers(into, distances[done : done + len(some)]), records.block)
        pipe.kept += records.block.kept
        done += len(some)


def _line(records: Records, members: np.ndarray, index: int) -> bytes:
    return records.lines[members[index]]


def _by_group(groups: list[bytes] | None, count: int) -> Iterator[tuple[bytes, np.ndarray]]:
    """``(group, indices)`` in order of first appearance; one nameless group where there are none."""
    if groups is None:
        yield b"", np.arange(count)
        return
    _, first, inverse = np.unique(np.array(groups, object), return_index=True, return_inverse=True)
    group = first[inverse]  # known by its first member
    order = np.argsort(group, kind="stable")
    for piece in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(piece):
            yield groups[piece[0]], piece

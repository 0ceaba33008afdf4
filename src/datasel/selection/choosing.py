"""The frame of commands that choose among all records of a pool: set aside, searched, and the chosen ones written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from fractions import Fraction
from typing import Protocol

import numpy as np

from datasel.records.jsonl import Records, read_texts
from datasel.records.pipe import Pipe
from datasel.selection.column import Column
from datasel.selection.costs import Costs
from datasel.selection.exact import exact, rankable
from datasel.selection.spool import Spool
from datasel.selection.topk import count_of


class Features(Protocol):
    """What a search needs to know of the pool's records and of those held already, by their text field."""

    def add(self, records: Records, field: str) -> None: ...

    def hold(self, records: Records, field: str) -> None: ...

    def end(self) -> None:
        """All have been."""


class Texts(Protocol):
    """The same of what asks for nothing but texts."""

    def add(self, texts: Sequence[str]) -> None: ...

    def hold(self, texts: Sequence[str]) -> None: ...


class ByText:
    """Features that know records by their texts alone."""

    def __init__(self, features: Texts):
        self._features = features

    def add(self, records: Records, field: str) -> None:
        self._features.add(records.column(field))

    def hold(self, records: Records, field: str) -> None:
        self._features.hold(records.column(field))

    def end(self) -> None:
        pass


def choose(
    pipe: Pipe,
    features: Features,
    field: str,
    *,
    held: Sequence[str],
    held_text: Sequence[str],
    size: int | Fraction,
    floors: Mapping[str, float],
    preferred: Mapping[str, float],
    ranked: bool,
    search: Callable[[np.ndarray, int, np.ndarray], Iterable[int]],
    costs: Costs | None = None,
    key: Callable[[Sequence[str]], np.ndarray] | None = None,
) -> None:
    """Write the records that ``search(candidates, k, bonus)`` gives, in its order if ``ranked``, else in the input's.

    ``held`` are files, ``held_text`` such of plain text; ``size`` is k, or as a Fraction a share of the records.
    Candidates are the places of the records with no number field below its floor.  A record's bonus is the sum over the
    ``preferred`` number fields of their weight times the record's percentile among the candidates (see
    :func:`percentiles`).  ``costs`` hears of all records.  Of records with the same ``key`` only the one with the
    highest bonus is a candidate, of equal ones the first.
    """
    for records, name in read_texts(held, held_text, field):
        features.hold(records, name)
    with Spool() as spool, ExitStack() as opened:
        columns = {name: opened.enter_context(Column(float)) for name in {**floors, **preferred}}
        total, keys = 0, opened.enter_context(Column(np.uint64))
        schema = {field: str, **dict.fromkeys(columns, float), **(costs.schema if costs else {})}
        for records in pipe.records(schema):
            records = rankable(records, *columns)
            if costs:
                records = costs.payable(records)
            spool.add(records)
            if costs:
                costs.add(records)
            if key:
                keys.add(key(records.column(field)))
            features.add(records, field)
            for name, column in columns.items():
                column.add(exact(records, name))
            total += len(records)
        features.end()
        values = {name: column.all() for name, column in columns.items()}
        allowed = np.ones(total, bool)
        for name, floor in floors.items():
            below = allowed & (values[name] < floor)
            allowed &= ~below
            if pipe.rejects:
                places = np.flatnonzero(below)
                for place, line in zip(places, spool.lines(places)):
                    pipe.reject(*spool.origin(place), f"{name} below {floor}", line)
        candidates, bonus = np.flatnonzero(allowed), np.zeros(total)
        for name, weight in preferred.items():
            bonus[candidates] += weight * percentiles(values[name][candidates])
        if key:
            found = keys.all()[candidates]
            order = np.lexsort((-bonus[candidates], found))
            again = np.concatenate([[False], found[order[1:]] == found[order[:-1]]])[: len(order)]
            candidates = np.sort(candidates[order[~again]])
        k = min(count_of(size, total), len(candidates))
        chosen = []
        for place in search(candidates, k, bonus) if k else ():
            chosen.append(place)
            pipe.progress.show(f"{len(chosen):,} of {k:,} chosen")
        pipe.keep_lines(spool.lines(chosen if ranked else sorted(chosen)))


def percentiles(values: np.ndarray) -> np.ndarray:
    """For each value the share of the others that are lower, equal ones counting half: 0 to 1."""
    order = np.sort(values)
    below, up_to = np.searchsorted(order, values, "left"), np.searchsorted(order, values, "right")
    return (below + up_to - 1) / (2 * max(len(values) - 1, 1))

"""The frame of commands that choose among all records of a pool: set aside, searched, and the chosen ones written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np

from datasel.records.jsonl import read
from datasel.records.pipe import Pipe
from datasel.selection.spool import Spool
from datasel.selection.topk import rounded


class Features(Protocol):
    """What a search needs to know of the pool's texts and of those held already."""

    def add(self, texts: Sequence[str]) -> None: ...

    def hold(self, texts: Sequence[str]) -> None: ...


def choose(
    pipe: Pipe,
    features: Features,
    field: str,
    *,
    held: Sequence[str],
    size: int | Fraction,
    floors: Mapping[str, float],
    ranked: bool,
    search: Callable[[np.ndarray, int], Iterable[int]],
) -> None:
    """Write the records that ``search(candidates, k)`` gives, in its order if ``ranked``, else in that of the input.

    ``held`` are files; ``size`` is k, or as a Fraction a share of the records.  Candidates are the places of the
    records with no number field below its floor.
    """
    for records in read(held, {field: str}) if held else ():
        features.hold(records.column(field))
    with Spool() as spool:
        allowed = [np.empty(0, bool)]
        for records in pipe.records({field: str, **dict.fromkeys(floors, float)}):
            spool.add(records.lines)
            high = [records.column(name) >= floor for name, floor in floors.items()]
            allowed.append(np.all(high, axis=0) if high else np.ones(len(records), bool))
            features.add(records.column(field))
        candidates = np.flatnonzero(np.concatenate(allowed))
        k = min(rounded(size, sum(map(len, allowed))) if isinstance(size, Fraction) else size, len(candidates))
        chosen = []
        for place in search(candidates, k) if k else ():
            chosen.append(place)
            pipe.progress.show(f"{len(chosen):,} of {k:,} chosen")
        pipe.keep_lines(spool.lines(chosen if ranked else sorted(chosen)))

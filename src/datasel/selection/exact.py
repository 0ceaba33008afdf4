"""Numbers to rank by, as they are written: float64 has not all whole numbers above 2^53."""

from __future__ import annotations

import re

import numpy as np

from datasel.records.jsonl import Records
from datasel.records.members import members

_LARGEST = 2.0**53
_WHOLE = re.compile(r"-?\d+")


def exact(records: Records, field: str) -> np.ndarray:
    """The column of a number field: float64, or longdouble where whole numbers need it.

    Raises DataError for a whole number that this machine has no float for (on most: above 2^64).
    """
    made, bad = _exact(records, field)
    for index, reason in bad.items():
        raise records.error(index, reason)
    return made


def rankable(records: Records, *fields: str) -> Records:
    """The records that have a float for each of these number fields; the others are refused."""
    bad: dict[int, str] = {}
    for field in fields:
        bad |= _exact(records, field)[1]
    return records.without(bad)


def _exact(records: Records, field: str) -> tuple[np.ndarray, dict[int, str]]:
    column = records.column(field)
    large = np.flatnonzero(np.abs(column) >= _LARGEST)
    if not len(large):
        return column, {}
    made, bad = column.astype(np.longdouble), {}
    for index in large.tolist():
        text = records.lines[index].decode()
        written = {name: text[start:end] for name, start, end in members(text)}[field]
        if _WHOLE.fullmatch(written):
            made[index] = np.longdouble(written)
            if int(made[index]) != int(written):
                bad[index] = f"field '{field}': {written[:40]} is too large a whole number to rank by"
    return made, bad

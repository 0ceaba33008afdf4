"""Say which figures of the published tables moved by more than their interval: moved.py TABLE.txt...

The published table is the committed one. A row of figures is followed by a row of their 95 % intervals, or each figure
by its own, in parentheses or in the next columns; a figure has moved where the new one lies outside the published
interval. Exit status 1 if any has.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_FIGURE = re.compile(r"[+-]\d+(?:\.\d+)?%")
_INTERVAL = re.compile(r"([+-]\d+(?:\.\d+)?)%\.\.([+-]\d+(?:\.\d+)?)%")
_BESIDE = re.compile(r"([+-]\d+(?:\.\d+)?)%? \(([+-]\d+(?:\.\d+)?)\.\.([+-]\d+(?:\.\d+)?)\)")
_COLUMNS = re.compile(r"([+-]?\d+(?:\.\d+)?)% +([+-]\d+(?:\.\d+)?)% ([+-]\d+(?:\.\d+)?)%")


class Row(NamedTuple):
    figures: list[float]
    intervals: list[tuple[float, float]]


def rows(table: str) -> dict[tuple[str, str], Row]:
    """By table and label, the rows that have intervals.

    A line that has no columns is the title of the table below, whose first line names its columns; title and the first
    of these names are the name of the table.
    """
    found, title, head, above, lines = {}, "", "", "", table.splitlines()
    for line, after in zip(lines, [*lines[1:], ""]):
        label = re.split(r"\s{2,}", line.strip())[0]
        if not re.search(r"\S\s{2,}\S", line):
            title, head = line.strip(), ""
            continue
        head = head or (f"{title}: {label}" if title else label)
        if beside := _BESIDE.findall(line) or _COLUMNS.findall(line):
            above = label if line[:1].strip() else above
            figures = [[float(each) for each in cell] for cell in beside]
            label = label if label == above else f"{above}, {label}"
            found[head, label] = Row([cell[0] for cell in figures], [(cell[1], cell[2]) for cell in figures])
        elif after.strip().startswith("95 % interval"):
            intervals = [(float(low), float(high)) for low, high in _INTERVAL.findall(after)]
            found[head, label] = Row([float(figure[:-1]) for figure in _FIGURE.findall(line)], intervals)
    return found


def moved(published: str, new: str) -> list[str]:
    """A line for each figure that moved, and for each table or row that is not there or has other columns."""
    said, there = [], rows(new)
    if not rows(published):
        said.append("no figure with an interval is published")
    missing = {head for head, _ in rows(published)} - {head for head, _ in there}
    said += [f"{head}: no such table" for head in sorted(missing)]
    for (head, label), row in rows(published).items():
        other = there.get((head, label), Row([], []))
        if head in missing:
            continue
        if len(other.figures) != len(row.intervals):
            said.append(f"{head}, {label}: not the same columns")
            continue
        for column, (figure, (low, high)) in enumerate(zip(other.figures, row.intervals), 1):
            if not low <= figure <= high:
                said.append(f"{head}, {label}, column {column}: {figure:+.1f}% is not in {low:+}%..{high:+}%")
    return said


def main() -> int:
    status = 0
    for name in sys.argv[1:]:
        published = subprocess.run(["git", "show", f"HEAD:./{name}"], capture_output=True, text=True, check=True).stdout
        found = moved(published, Path(name).read_text(encoding="utf-8"))
        for line in found or ["every figure is within its published interval"]:
            print(f"{name}: {line}")
        status |= bool(found)
    return status


if __name__ == "__main__":
    sys.exit(main())

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


def rows(table: str) -> dict[tuple[int, str], Row]:
    """By part of the table (a line that has no columns begins one) and label, the rows that have intervals."""
    found, part, above, lines = {}, 0, "", table.splitlines()
    for line, after in zip(lines, [*lines[1:], ""]):
        part += not re.search(r"\S\s{2,}\S", line)
        if beside := _BESIDE.findall(line) or _COLUMNS.findall(line):
            label = re.split(r"\s{2,}", line.strip())[0]
            above = label if line[:1].strip() else above
            figures = [[float(each) for each in cell] for cell in beside]
            label = label if label == above else f"{above}, {label}"
            found[part, label] = Row([cell[0] for cell in figures], [(cell[1], cell[2]) for cell in figures])
        elif after.strip().startswith("95 % interval"):
            label = re.split(r"\s{2,}", line.strip())[0]
            intervals = [(float(low), float(high)) for low, high in _INTERVAL.findall(after)]
            found[part, label] = Row([float(figure[:-1]) for figure in _FIGURE.findall(line)], intervals)
    return found


def moved(published: str, new: str) -> list[str]:
    """A line for each figure that moved, or is not there any more."""
    said, there = [], rows(new)
    if not rows(published):
        said.append("no figure with an interval is published")
    for (part, label), row in rows(published).items():
        other = there.get((part, label), Row([], []))
        if len(other.figures) != len(row.intervals):
            said.append(f"part {part + 1}, {label}: not the same columns")
            continue
        for column, (figure, (low, high)) in enumerate(zip(other.figures, row.intervals), 1):
            if not low <= figure <= high:
                said.append(f"part {part + 1}, {label}, column {column}: {figure:+.1f}% is not in {low:+}%..{high:+}%")
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

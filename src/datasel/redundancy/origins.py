"""Which file and line records came from, by their number in the whole input."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

import numpy as np

from datasel.records.jsonl import Records


class Origins:
    """Some hundred bytes a block."""

    def __init__(self):
        self._firsts: list[int] = []
        self._blocks: list[tuple[str, Sequence[int]]] = []
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def add(self, records: Records) -> None:
        self._firsts.append(self._total)
        numbers = records.numbers
        numbers = numbers if isinstance(numbers, range) else np.array(numbers, np.int64)  # not a list: 8 bytes a line
        self._blocks.append((records.block.name, numbers))
        self._total += len(records)

    def line(self, number: int) -> tuple[str, int]:
        """The file and the line of the record of that number, from 0."""
        block = bisect(self._firsts, number) - 1
        name, numbers = self._blocks[block]
        return name, int(numbers[number - self._firsts[block]])

    def named(self, number: int) -> str:
        """The same as FILE:LINE."""
        return ":".join(map(str, self.line(number)))

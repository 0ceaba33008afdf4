"""What choosing a record costs: a word each, a character each, or a number of its own."""

from __future__ import annotations

import numpy as np

from datasel.records.jsonl import Records
from datasel.text.words import words


class Costs:
    """``by``: "words", "characters", or the name of a number field; a text costs 1 at least."""

    def __init__(self, by: str, field: str):
        self._by, self._field = by, field
        self.schema = {} if by in ("words", "characters") else {by: float}
        self._parts: list[np.ndarray] = []

    def payable(self, records: Records) -> Records:
        """The records whose cost is above 0; the others are refused."""
        if not self.schema:
            return records
        low = np.flatnonzero(records.column(self._by) <= 0).tolist()
        return records.without(dict.fromkeys(low, f"field '{self._by}': a cost is above 0"))

    def add(self, records: Records) -> None:
        if self.schema:
            found = records.column(self._by)
        else:
            size = len if self._by == "characters" else lambda text: len(words(text))
            found = np.array([max(size(text), 1) for text in records.column(self._field)], np.int64)
        self._parts.append(found)

    def all(self) -> np.ndarray:
        return np.concatenate(self._parts)

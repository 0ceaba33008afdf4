"""Where a translator looks: the attention of the last layer's first head, which training guides by word alignments.

The same network as in ``network.py``, forward alone and in numpy, over translations that are known: all their pieces
at once, where a search takes one after the other, and with weights in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from datasel.translation.network import BEGIN, END, Shape, sinusoids


class Attention:
    """Of a network of that shape and those weights, by their names there."""

    def __init__(self, shape: Shape, weights: Mapping[str, np.ndarray]):
        self._shape = shape
        self._weights = {name: np.ascontiguousarray(w.T) if w.ndim == 2 else w for name, w in weights.items()}
        self._table = weights["table.weight"]
        self._places = sinusoids(1024, shape.dimensions)

    def __call__(self, source: Sequence[int], targets: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """For each translation of ``source``, float32 (its pieces, pieces of the source): where each looks, 0 to 1.

        What is missing from 1 in a row is the attention to the source's end.
        """
        memory = self._encoded(source)
        x = self._embedded([[BEGIN, *target[:-1]] for target in targets])
        causal = np.triu(np.full((x.shape[1], x.shape[1]), -1e9, np.float32), 1)
        last = self._shape.decoder_layers - 1
        for number in range(last):
            name = f"decoder.{number}"
            x = x + self._mixed(f"{name}.own", x, None, causal)
            x = x + self._mixed(f"{name}.cross", x, memory)
            x = x + self._wide(name, x)
        x = x + self._mixed(f"decoder.{last}.own", x, None, causal)
        seen, _ = self._seen(f"decoder.{last}.cross", x, memory, None, 1)
        return [rows[0, : len(target), :-1] for rows, target in zip(seen, targets)]

    def _encoded(self, source: Sequence[int]) -> np.ndarray:
        x = self._embedded([[*source, END]])
        for number in range(self._shape.encoder_layers):
            x = x + self._mixed(f"encoder.{number}.own", x)
            x = x + self._wide(f"encoder.{number}", x)
        return self._norm("encoded", x)

    def _embedded(self, rows: Sequence[Sequence[int]]) -> np.ndarray:
        """(rows, longest row, dimensions); what follows a row's end is looked at by nothing before it."""
        longest = max(map(len, rows))
        numbers = np.array([[*row, *[END] * (longest - len(row))] for row in rows])
        return self._table[numbers] * np.float32(self._shape.dimensions**0.5) + self._places[:longest]

    def _mixed(self, name: str, x: np.ndarray, memory: np.ndarray | None = None, mask: np.ndarray | None = None):
        seen, memory = self._seen(name, x, memory, mask, self._shape.heads)
        mixed = seen @ self._parts(self._linear(f"{name}.value", memory))
        return self._linear(f"{name}.out", mixed.transpose(0, 2, 1, 3).reshape(x.shape))

    def _seen(self, name: str, x: np.ndarray, memory: np.ndarray | None, mask: np.ndarray | None, heads: int):
        """Attention (rows, the first ``heads``, length, length of what is looked at), and what that is."""
        x = self._norm(f"{name}.norm", x)
        memory = x if memory is None else memory
        sides = ("query", x), ("key", memory)
        query, key = (self._parts(self._linear(f"{name}.{part}", each))[:, :heads] for part, each in sides)
        scores = query @ key.transpose(0, 1, 3, 2) * np.float32(query.shape[-1] ** -0.5)
        if mask is not None:
            scores += mask
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return scores / scores.sum(axis=-1, keepdims=True), memory

    def _parts(self, x: np.ndarray) -> np.ndarray:
        return x.reshape(*x.shape[:2], self._shape.heads, -1).transpose(0, 2, 1, 3)

    def _wide(self, name: str, x: np.ndarray) -> np.ndarray:
        wide = np.maximum(self._linear(f"{name}.wide", self._norm(f"{name}.norm", x)), 0)
        return self._linear(f"{name}.narrow", wide)

    def _linear(self, name: str, x: np.ndarray) -> np.ndarray:
        # one product over all rows: numpy takes a stack of matrices one after the other
        rows = x.reshape(-1, x.shape[-1]) @ self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return rows.reshape(*x.shape[:-1], -1)

    def _norm(self, name: str, x: np.ndarray) -> np.ndarray:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + np.float32(1e-5))
        return x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

"""Sentence pairs as piece numbers, and batches of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datasel.records.seeding import generator
from datasel.translation.network import BEGIN, END, PAD
from datasel.translation.pieces import Pieces


class Pairs(NamedTuple):
    """Piece numbers of sources and targets, without begin and end."""

    sources: list[np.ndarray]
    targets: list[np.ndarray]

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]], pieces: Pieces, most: int) -> Pairs:
        """The pairs with 1 to ``most`` pieces on each side."""
        texts = list(texts)
        sides = [[np.array(row, np.uint16) for row in pieces.numbers(side)] for side in zip(*texts)] or [[], []]
        fit = [n for n, pair in enumerate(zip(*sides)) if all(0 < len(row) <= most for row in pair)]
        return cls([sides[0][n] for n in fit], [sides[1][n] for n in fit])

    def tokens(self) -> int:
        """Target pieces, ends included."""
        return sum(map(len, self.targets)) + len(self.targets)


class Batch(NamedTuple):
    """Arrays of (sentences, length), padded: sources with their ends, targets after the begin and before it."""

    source: np.ndarray
    given: np.ndarray
    wanted: np.ndarray


def batches(pairs: Pairs, most: int, seed: int, epoch: int) -> Iterator[Batch]:
    """One epoch: sentences of like lengths together, at most ``most`` tokens a side (padding counts), in random order.

    They depend on the seed and the epoch alone.
    """
    draw = generator(seed, f"translate-fit epoch {epoch}")
    lengths = np.array([[len(t) + 1, len(s) + 1] for s, t in zip(pairs.sources, pairs.targets)])
    order = np.lexsort((draw.random(len(lengths)), lengths[:, 1], lengths[:, 0]))
    groups, start, longest = [], 0, 0
    for place, index in enumerate(order.tolist()):
        longest = max(longest, lengths[index].max())
        if place > start and longest * (place - start + 1) > most:
            groups.append(order[start:place])
            start, longest = place, lengths[index].max()
    groups.append(order[start:])
    for number in draw.permutation(len(groups)).tolist():
        yield _batch(pairs, groups[number].tolist())


def _batch(pairs: Pairs, chosen: Sequence[int]) -> Batch:
    sources = [pairs.sources[n] for n in chosen]
    targets = [pairs.targets[n] for n in chosen]
    source = _padded([np.append(row, END) for row in sources], PAD)
    given = _padded([np.insert(row, 0, BEGIN) for row in targets], PAD)
    wanted = _padded([np.append(row, END) for row in targets], PAD)
    return Batch(source, given, wanted)


def _padded(rows: Sequence[np.ndarray], filler: int) -> np.ndarray:
    made = np.full((len(rows), max(map(len, rows))), filler, np.int64)
    for place, row in zip(made, rows):
        place[: len(row)] = row
    return made

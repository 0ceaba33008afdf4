"""Sentence pairs as piece numbers, and batches of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datasel.records.seeding import generator
from datasel.translation.network import BEGIN, END, PAD
from datasel.translation.pieces import Pieces


class Pairs(NamedTuple):
    """Piece numbers of sources and targets, without begin and end, and ``links`` between them: for each pair uint16
    (2, links), places of source pieces and of the target pieces that translate them; None without alignments."""

    sources: list[np.ndarray]
    targets: list[np.ndarray]
    links: list[np.ndarray] | None = None

    @classmethod
    def of(
        cls, texts: Iterable[tuple[str, str]], pieces: Pieces, most: int, aligned: Sequence[np.ndarray] | None = None
    ) -> Pairs:
        """The pairs with 1 to ``most`` pieces on each side; ``aligned``, in step with them, links of their words:
        integers (links, 2), source and target."""
        texts = list(texts)
        sides = [[np.array(row, np.uint16) for row in pieces.numbers(side)] for side in zip(*texts)] or [[], []]
        fit = [n for n, pair in enumerate(zip(*sides)) if all(0 < len(row) <= most for row in pair)]
        sources, targets = ([side[n] for n in fit] for side in sides)
        if aligned is None:
            return cls(sources, targets)
        links = [_of_pieces(aligned[n], pieces.word_of(s), pieces.word_of(t)) for n, s, t in zip(fit, sources, targets)]
        return cls(sources, targets, links)

    def tokens(self) -> int:
        """Target pieces, ends included."""
        return sum(map(len, self.targets)) + len(self.targets)


def _of_pieces(aligned: np.ndarray, source_words: np.ndarray, target_words: np.ndarray) -> np.ndarray:
    """Every piece of a word is linked with every piece of the words that are."""
    matrix = np.zeros((source_words[-1] + 1, target_words[-1] + 1), bool)
    matrix[aligned[:, 0], aligned[:, 1]] = True
    return np.array(matrix[source_words][:, target_words].nonzero(), np.uint16)


class Batch(NamedTuple):
    """Arrays of (sentences, length), padded: sources with their ends, targets after the begin and before it.

    ``guide``, float32 (sentences, target length, source length): the attention that each target piece should have,
    equal shares of the pieces it is linked with, or else the source's end; None without alignments.
    """

    source: np.ndarray
    given: np.ndarray
    wanted: np.ndarray
    guide: np.ndarray | None


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
    guide = _guide([pairs.links[n] for n in chosen], sources, wanted.shape[1]) if pairs.links else None
    return Batch(source, given, wanted, guide)


def _guide(links: Sequence[np.ndarray], sources: Sequence[np.ndarray], length: int) -> np.ndarray:
    made = np.zeros((len(links), length, max(map(len, sources)) + 1), np.float32)
    for place, (source, target) in enumerate(links):
        made[place, target, source] = 1
        made[place, ~made[place].any(axis=1), len(sources[place])] = 1  # what translates nothing looks at the end
    return made / made.sum(axis=2, keepdims=True)


def _padded(rows: Sequence[np.ndarray], filler: int) -> np.ndarray:
    made = np.full((len(rows), max(map(len, rows))), filler, np.int64)
    for place, row in zip(made, rows):
        place[: len(row)] = row
    return made

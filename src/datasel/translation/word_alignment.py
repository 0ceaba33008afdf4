"""Which source piece a target piece translates, learned from sentence pairs: what guides the translator's attention.

IBM Model 1 (Brown et al., 1993) in both directions, trained to agree: the posteriors of each are multiplied by those of
the other (Liang, Taskar and Klein, "Alignment by Agreement", NAACL 2006), with a prior for the diagonal (Dyer et al.,
"A Simple, Fast, and Effective Reparameterization of IBM Model 2", NAACL 2013).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_ROUNDS = 5
_DIAGONAL = 2.0  # how fast the prior falls away from it
_SMOOTHING = 0.01
_MOST = 20_000_000  # links at a time that estimates are made from


def alignments(sources: Sequence[np.ndarray], targets: Sequence[np.ndarray], least: float = 0.2) -> list[np.ndarray]:
    """For each pair the source position of every target position, -1 where none has a probability of ``least``.

    ``sources`` and ``targets`` are arrays of piece numbers.  Estimates come from the first pairs, as many as have 20
    million possible links; the others are aligned by them.
    """
    size = 1 + max((int(max(s.max(initial=0), t.max(initial=0))) for s, t in zip(sources, targets)), default=0)
    lengths = np.array([len(s) * len(t) for s, t in zip(sources, targets)], np.int64)
    used = int(np.searchsorted(np.cumsum(lengths), _MOST, "right")) or len(lengths)
    learnt = _Links(sources[:used], targets[:used], size)
    keys, link = np.unique(learnt.key, return_inverse=True)
    table = np.ones((2, len(keys)))  # t(target | source) and t(source | target) of the pairs of pieces
    for _ in range(_ROUNDS):
        counts = np.bincount(link, learnt.posteriors(table[:, link]), len(keys))
        for direction, side in enumerate((keys // size, keys % size)):
            total = np.bincount(side, counts, size)
            kinds = np.bincount(side, minlength=size)
            table[direction] = (counts + _SMOOTHING) / (total + _SMOOTHING * kinds)[side]
    found = []
    for first in range(0, len(lengths), 20_000):
        some = slice(first, first + 20_000)
        links = _Links(sources[some], targets[some], size)
        place = np.searchsorted(keys, links.key).clip(max=len(keys) - 1) if len(keys) else links.key
        known = keys[place] == links.key if len(keys) else links.key < 0
        found += links.best(links.posteriors(np.where(known, table[:, place], 1e-9)), least)
    return found


class _Links:
    """All possible links of some pairs, flat: source positions vary fastest, then target positions, then pairs."""

    def __init__(self, sources: Sequence[np.ndarray], targets: Sequence[np.ndarray], size: int):
        s_len, t_len = (np.array([len(each) for each in side], np.int64) for side in (sources, targets))
        self._t_len = t_len
        rows = np.repeat(s_len, t_len)  # the links of each target token
        self.row = np.repeat(np.arange(len(rows)), rows)  # the target token of each link, over all pairs
        self._row_start = np.cumsum(rows) - rows
        self.place = np.arange(len(self.row)) - self._row_start[self.row]  # the source position
        pair = np.repeat(np.arange(len(t_len)), t_len)[self.row]
        s_start = np.cumsum(s_len) - s_len
        self.column = s_start[pair] + self.place  # the source token, over all pairs
        none = np.empty(0, np.int64)
        source, target = (np.concatenate([none, *side]).astype(np.int64) for side in (sources, targets))
        self.key = source[self.column] * size + target[self.row]
        t_place = np.arange(len(rows)) - np.repeat(np.cumsum(t_len) - t_len, t_len)
        t_share = (t_place + 0.5) / np.repeat(t_len, t_len) if len(rows) else t_place
        self._prior = np.exp(-_DIAGONAL * np.abs((self.place + 0.5) / s_len[pair] - t_share[self.row]))
        self._sizes = len(rows), int(s_len.sum())

    def posteriors(self, table: np.ndarray) -> np.ndarray:
        """p(link | target token) * p(link | source token) for (2, links) translation probabilities."""
        both = 1.0
        for weights, side, size in zip(table, (self.row, self.column), self._sizes):
            weights = weights * self._prior
            both = both * weights / np.bincount(side, weights, size)[side]
        return both

    def best(self, weights: np.ndarray, least: float) -> list[np.ndarray]:
        """The most probable source position of each target token, pair by pair."""
        made = np.full(self._sizes[0], -1, np.int64)
        if len(weights):
            order = np.lexsort((-self.place, weights, self.row))  # the last of each row is the first best
            last = np.append(np.flatnonzero(np.diff(self.row[order])), len(order) - 1)
            top = order[last]
            made[self.row[top]] = np.where(weights[top] >= least**2, self.place[top], -1)
        return np.split(made, np.cumsum(self._t_len)[:-1])

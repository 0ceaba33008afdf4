"""Entropy-based pruning of a back-off model (Stolcke, DARPA Broadcast News Workshop 1998)."""

from __future__ import annotations

import numpy as np

from datasel.lm.backoff import Backoff, normalised, selected
from datasel.lm.columns import blocks, column, groups, taken
from datasel.lm.levels import BOS, EOS

_LEAST = 1e-12


def pruned(model: Backoff, threshold: float) -> Backoff:
    """The model without the n-grams whose removal, each by itself, raises the model's perplexity on its own
    distribution by less than the share ``threshold``.  Contexts and suffixes of the n-grams kept are kept."""
    keep = [np.ones(len(level.word), bool) for level in model.levels]
    needed = np.zeros(len(model.levels[-1].word), bool)
    histories = _histories(model)
    for number in range(len(model.levels) - 1, 0, -1):
        lower, level = model.levels[number - 1 : number + 1]
        shorter, kept, history = taken(lower.logp, level.suffix), needed, histories.pop()
        needed = np.zeros(len(lower.word), bool)
        for contexts, rows in groups(level.context, len(lower.word)):
            context = level.context[rows] - contexts.start
            rise = _divergence(10.0 ** level.logp[rows], 10.0 ** shorter[rows], context, history[contexts])
            kept[rows] |= np.maximum(np.expm1(rise), 0) >= threshold  # never below 0, but by rounding
            needed[level.context[rows][kept[rows]]] = True
            needed[level.suffix[rows][kept[rows]]] = True
        keep[number] = kept
    return normalised(selected(model, keep))


def _histories(model: Backoff) -> list[np.ndarray]:
    """ln p of the words of each n-gram one after another; <s>, which is never predicted, has the share of </s>."""
    logp = model.levels[0].logp.copy()
    logp[BOS] = logp[EOS]
    found = [logp * np.log(10)]
    for level in model.levels[1:-1]:
        made = column(len(level.word), float)
        for rows in blocks(len(made)):
            made[rows] = found[-1][level.context[rows]] + level.logp[rows] * np.log(10)
        found.append(made)
    return found


def _divergence(p: np.ndarray, q: np.ndarray, context: np.ndarray, history: np.ndarray) -> np.ndarray:
    """Relative entropy, in nats, between the model and the one without each of some n-grams (equation 5).

    Of each its probability ``p``, that of its last word after the shorter history, ``q``, and the index of its context
    in ``history``: ln p of the contexts' words one after another.  All n-grams of a context are among them.
    """
    left, free = (np.maximum(1 - np.bincount(context, each, len(history)), _LEAST)[context] for each in (p, q))
    before = np.log(left) - np.log(free)
    after = np.log(left + p) - np.log(free + q)
    return -np.exp(history[context]) * (p * (np.log(q) + after - np.log(p)) + left * (after - before))

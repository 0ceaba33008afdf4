"""Entropy-based pruning of a back-off model (Stolcke, DARPA Broadcast News Workshop 1998)."""

from __future__ import annotations

import numpy as np

from datasel.lm.backoff import Backoff, normalised, probabilities, selected
from datasel.lm.counting import BOS, EOS

_LEAST = 1e-12


def pruned(model: Backoff, threshold: float) -> Backoff:
    """The model without the n-grams whose removal, each by itself, raises the model's perplexity on its own
    distribution by less than the share ``threshold``.  Contexts and suffixes of the n-grams kept are kept."""
    keep = [np.ones(len(level.word), bool) for level in model.levels]
    needed = np.zeros(len(model.levels[-1].word), bool)
    histories = _histories(model)
    for number in range(len(model.levels) - 1, 0, -1):
        lower, level = model.levels[number - 1 : number + 1]
        # never below 0, but by rounding
        rise = np.maximum(np.expm1(_divergence(model, number, histories[number - 1])), 0)
        keep[number] = needed | (rise >= threshold)
        needed = np.zeros(len(lower.word), bool)
        needed[level.context[keep[number]]] = True
        needed[level.suffix[keep[number]]] = True
    return normalised(selected(model, keep))


def _histories(model: Backoff) -> list[np.ndarray]:
    """ln p of the words of each n-gram one after another; <s>, which is never predicted, has the share of </s>."""
    logp = model.levels[0].logp.copy()
    logp[BOS] = logp[EOS]
    found = [logp * np.log(10)]
    for level in model.levels[1:-1]:
        found.append(found[-1][level.context] + level.logp * np.log(10))
    return found


def _divergence(model: Backoff, number: int, history: np.ndarray) -> np.ndarray:
    """Relative entropy, in nats, between the model and the one without each of the n-grams of a level (equation 5)."""
    lower, level = model.levels[number - 1 : number + 1]
    size = len(lower.word)
    p, q = probabilities(lower, level)
    left, free = (np.maximum(1 - np.bincount(level.context, each, size), _LEAST)[level.context] for each in (p, q))
    weight = history[level.context]
    before = np.log(left) - np.log(free)
    after = np.log(left + p) - np.log(free + q)
    return -np.exp(weight) * (p * (np.log(q) + after - np.log(p)) + left * (after - before))

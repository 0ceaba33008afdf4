"""Linear interpolation of back-off models into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from datasel.lm.backoff import REST, Backoff, Grams, keys, log10, normalised
from datasel.lm.levels import BOS, RESERVED, UNK

_MOST, _ENOUGH = 1000, 1e-9  # rounds of EM; the gain in log-likelihood a token that ends it


_LEAST = 1e-300


def with_words(model: Backoff, words: list[bytes]) -> Backoff:
    """The model over a larger vocabulary (RESERVED first): <unk> shares its probability with the new words evenly."""
    place = {word: number for number, word in enumerate(words)}
    new = np.fromiter(map(place.__getitem__, model.words), np.int32, len(model.words))
    logp, bow = np.full(len(words), model.levels[0].logp[UNK]), np.zeros(len(words))
    logp[new], bow[new] = model.levels[0].logp, model.levels[0].bow
    unknown = np.ones(len(words), bool)
    unknown[new[np.arange(len(new)) != UNK]] = False
    logp[unknown] -= np.log10(unknown.sum())
    nought = np.zeros(len(words), np.int32)
    levels, index = [Grams(nought, np.arange(len(words), dtype=np.int32), nought, logp, bow)], new
    for level in model.levels[1:]:
        moved = level._replace(context=index[level.context], word=new[level.word], suffix=index[level.suffix])
        order = np.argsort(keys(moved, len(words)), kind="stable")
        levels.append(Grams(*(array[order] for array in moved)))
        index = np.empty(len(order), np.int32)
        index[order] = np.arange(len(order), dtype=np.int32)
    # <unk> is less likely now, so where an n-gram ends in it the back-off weight is another
    return normalised(Backoff(words, levels)) if unknown.sum() > 1 else Backoff(words, levels)


def over_union(models: Sequence[Backoff]) -> list[Backoff]:
    """All models over the words of all, in order of appearance."""
    words = list(dict.fromkeys(word for model in models for word in [*RESERVED, *model.words]))
    return [with_words(model, words) for model in models]


def mixed(models: Sequence[Backoff], weights: Sequence[float]) -> Backoff:
    """One model of the n-grams that any of ``models`` (over the same words) lists: their probabilities are the weighted
    means of what the models give, listed or backed off.

    To what it does not list a history gives the weighted mean of what it has in the models, so where each of these sums
    to 1 the mixture does, and a mixture of a model with itself is that model.
    """
    words = models[0].words
    depth = max(len(model.levels) for model in models)
    places = [np.arange(len(words)) for _ in models]  # of each model's n-grams in the union, one level below
    p = [10.0 ** model.levels[0].logp for model in models]  # of the union's n-grams
    bow = [model.levels[0].bow for model in models]
    levels = [models[0].levels[0]._replace(logp=_mean(p, weights), bow=np.zeros(len(words)))]
    levels[0].logp[BOS] = models[0].levels[0].logp[BOS]
    for number in range(1, depth):
        having = [n for n, model in enumerate(models) if number < len(model.levels)]
        listed = {n: models[n].levels[number] for n in having}
        moved = {n: keys(each._replace(context=places[n][each.context]), len(words)) for n, each in listed.items()}
        union = np.unique(np.concatenate(list(moved.values())))
        context, word = (union // len(words)).astype(np.int32), (union % len(words)).astype(np.int32)
        suffix = np.zeros(len(union), np.int32)
        found = {n: np.searchsorted(union, key) for n, key in moved.items()}
        for n in having:
            suffix[found[n]] = places[n][listed[n].suffix]
        levels[-1] = levels[-1]._replace(bow=_left(levels[-1], context, suffix, p, bow, weights))
        p = [10.0 ** bow[n][context] * p[n][suffix] for n in range(len(models))]
        bow = [np.zeros(len(union)) for _ in models]
        for n in having:
            p[n][found[n]] = 10.0 ** listed[n].logp
            bow[n][found[n]] = listed[n].bow
            places[n] = found[n]
        levels.append(Grams(context, word, suffix, _mean(p, weights), np.zeros(len(union))))
    return Backoff(words, levels)


def _left(
    lower: Grams, context: np.ndarray, suffix: np.ndarray, p: list[np.ndarray], bow: list[np.ndarray],
    weights: Sequence[float],
) -> np.ndarray:  # fmt: skip
    """The back-off weights of a level: ``p`` and ``bow`` are each model's, and the level above lists these n-grams."""
    size = len(lower.word)

    def rest(shares: np.ndarray) -> np.ndarray:
        return np.maximum(1 - np.bincount(context, shares[suffix], size), 0.0)

    left = sum(weight * 10.0 ** each * rest(own) for weight, each, own in zip(weights, bow, p))
    whole = rest(10.0**lower.logp)
    some = whole >= REST
    made = np.zeros(size)
    made[some] = log10(left[some] / whole[some])
    return made


def _mean(p: list[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    return log10(sum(weight * each for weight, each in zip(weights, p)))


class Tuned(NamedTuple):
    """Weights, and what they are worth."""

    weights: np.ndarray
    perplexity: float  # of the mixture of probabilities, words unknown to all models left out
    each: list[float]  # of each model alone, likewise
    tokens: int  # words and ends of sentences
    unknown: int  # words that no model knows
    rounds: int


def tuned(models: Sequence[Backoff], tokens: np.ndarray, floors: Sequence[float]) -> Tuned:
    """The weights, none below its floor, that make ``tokens`` most likely, by EM.  These are sentences between <s> and
    </s>, one at least.

    The floors sum to less than 1.  Words that no model knows are left out.
    """
    counted = (tokens != BOS) & (tokens != UNK)
    # a probability that is 0 as a float would leave no weights
    p = np.stack([np.maximum(10.0 ** model.log10(tokens)[counted], _LEAST) for model in models])
    weights = (1 - sum(floors)) / len(models) + np.array(floors)
    before, rounds = -np.inf, 0
    while rounds < _MOST:
        joint = weights[:, None] * p
        mixture = joint.sum(0)
        likelihood = float(np.log(mixture).mean())
        if likelihood - before < _ENOUGH:
            break
        before, rounds = likelihood, rounds + 1
        weights = _above((joint / mixture).mean(1), np.array(floors))
    each = [float(np.exp(-np.log(row).mean())) for row in p]
    unknown = int((tokens == UNK).sum())
    return Tuned(weights, float(np.exp(-likelihood)), each, int(counted.sum()), unknown, rounds)


def _above(shares: np.ndarray, floors: np.ndarray) -> np.ndarray:
    """The weights that maximise sum(shares * log(weights)) with each at its floor or above: those below are raised to
    it, and the others keep their proportions."""
    raised = np.zeros(len(shares), bool)
    while True:
        free = ~raised
        weights = np.where(raised, floors, shares * (1 - floors[raised].sum()) / max(shares[free].sum(), 1e-300))
        below = free & (weights < floors)
        if not below.any():
            return weights
        raised |= below

"""A back-off n-gram model as sorted arrays.

p(w | h) is the probability listed for the n-gram h w, else bow(h) * p(w | h'), h' being h without its first word; bow
is 1 where h is not listed.  An n-gram is known by its context (the index of its first words one level below) and its
last word; a level is sorted by (context, word).  Contexts and suffixes of every n-gram listed are listed too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from datasel.lm.counting import BOS

NEVER = -99.0  # log10 of a probability of zero, as ARPA files have it
REST = 1e-7  # a share of probability too small to be told from rounding


class Grams(NamedTuple):
    """The n-grams of one order; arrays in step.  Probabilities and back-off weights are log10."""

    context: np.ndarray
    word: np.ndarray
    suffix: np.ndarray  # index in the level below of the n-gram without its first word
    logp: np.ndarray
    bow: np.ndarray  # 0 in the highest order


class Backoff(NamedTuple):
    """``words`` by identifier, <unk>, <s> and </s> first; ``levels`` of orders 1, 2, ...: unigrams are all words."""

    words: list[bytes]
    levels: list[Grams]

    def log10(self, tokens: np.ndarray) -> np.ndarray:
        """log10 p of each of ``tokens`` (identifiers, sentences between <s> and </s>) given those before; 0 for <s>."""
        base = len(self.words)
        index = tokens.astype(np.int64)
        total = self.levels[0].logp[tokens]
        for lower, level in zip(self.levels, self.levels[1:]):
            before = np.append(-1, index[:-1])
            known = before >= 0
            index = np.full(len(tokens), -1)
            index[known] = find(level, base, before[known], tokens[known])
            listed = index >= 0
            backed = known & ~listed
            total[backed] += lower.bow[before[backed]]
            total[listed] = level.logp[index[listed]]
        return np.where(tokens == BOS, 0.0, total)


def keys(level: Grams, base: int) -> np.ndarray:
    """One sorted number for each n-gram of a level: its context and its word, of ``base`` words."""
    return level.context.astype(np.int64) * base + level.word


def find(level: Grams, base: int, context: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Indices of n-grams by context and word, -1 for those that are not listed."""
    listed = keys(level, base)
    wanted = context * base + word
    place = np.searchsorted(listed, wanted)
    place[place == len(listed)] = 0
    return np.where(listed[place] == wanted, place, -1) if len(listed) else np.full(len(wanted), -1)


def normalised(model: Backoff) -> Backoff:
    """The model with the back-off weights that make every history's probabilities sum to 1.

    A history that lists all words, so that nothing is left to back off to, has its probabilities scaled instead.
    """
    levels = list(model.levels)
    for number in range(1, len(levels)):
        lower, level = levels[number - 1 : number + 1]
        size = len(lower.word)
        p, q = probabilities(lower, level)
        listed, backed = (np.bincount(level.context, each, size) for each in (p, q))
        has = np.bincount(level.context, minlength=size) > 0
        full = has & (1 - backed < REST)
        bow = np.zeros(size)
        some = has & ~full
        left = np.maximum(1 - listed[some], 0.0)
        bow[some] = log10(left / (1 - backed[some]))
        levels[number - 1] = lower._replace(bow=bow)
        if full.any():
            scale = np.where(full, np.log10(np.where(listed > 0, listed, 1)), 0.0)
            levels[number] = level._replace(logp=level.logp - scale[level.context])
    return Backoff(model.words, levels)


def probabilities(lower: Grams, level: Grams) -> tuple[np.ndarray, np.ndarray]:
    """p of each n-gram of a level as listed, and p of its last word after the shorter history."""
    return 10.0**level.logp, 10.0 ** lower.logp[level.suffix]


def log10(p: np.ndarray) -> np.ndarray:
    """log10, that of zero being :data:`NEVER`."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log10(p), NEVER)


def selected(model: Backoff, keep: list[np.ndarray]) -> Backoff:
    """The model with the n-grams that ``keep`` marks, level by level; contexts and suffixes of kept ones are kept."""
    if all(kept.all() for kept in keep):
        return model
    levels, place = [], np.zeros(1, np.int32)
    for level, kept in zip(model.levels, keep):
        new = Grams(*(array[kept] for array in level))
        levels.append(new._replace(context=place[new.context], suffix=place[new.suffix]) if levels else new)
        place = np.cumsum(kept, dtype=np.int32) - 1
    return Backoff(model.words, levels)


def unigrams(words: int, p: np.ndarray) -> Grams:
    """The lowest level: ``p`` by identifier; <s> is never predicted."""
    logp = log10(p)
    logp[BOS] = NEVER
    nought = np.zeros(words, np.int32)
    return Grams(nought, np.arange(words, dtype=np.int32), nought, logp, np.zeros(words))

"""A back-off n-gram model as sorted arrays.

p(w | h) is the probability listed for the n-gram h w, else bow(h) * p(w | h'), h' being h without its first word; bow
is 1 where h is not listed.  An n-gram is known by its context (the index of its first words one level below) and its
last word; a level is sorted by (context, word).  Contexts and suffixes of every n-gram listed are listed too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from datasel.lm.columns import Growing, blocks, column, groups, taken
from datasel.lm.levels import BOS

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
        if not len(tokens):
            return np.empty(0)
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
        shorter = taken(lower.logp, level.suffix)
        bow, logp = column(len(lower.word), float), column(len(level.word), float)
        for contexts, rows in groups(level.context, len(bow)):
            context, size = level.context[rows] - contexts.start, contexts.stop - contexts.start
            listed, backed = (np.bincount(context, 10.0 ** each[rows], size) for each in (level.logp, shorter))
            has = np.bincount(context, minlength=size) > 0
            full = has & (1 - backed < REST)
            some = has & ~full
            bow[contexts][some] = log10(np.maximum(1 - listed[some], 0.0) / (1 - backed[some]))
            scale = np.where(full, np.log10(np.where(listed > 0, listed, 1)), 0.0)
            logp[rows] = level.logp[rows] - scale[context]
        levels[number - 1] = lower._replace(bow=bow)
        levels[number] = level._replace(logp=logp)
    return Backoff(model.words, levels)


def log10(p: np.ndarray) -> np.ndarray:
    """log10, that of zero being :data:`NEVER`."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log10(p), NEVER)


def selected(model: Backoff, keep: list[np.ndarray]) -> Backoff:
    """The model with the n-grams that ``keep`` marks, level by level; contexts and suffixes of kept ones are kept."""
    if all(kept.all() for kept in keep):
        return model
    levels, below = [], np.zeros(1, np.int32)
    for level, kept in zip(model.levels, keep):
        made, suffix = [Growing() for _ in level], taken(below, level.suffix)
        place, size = column(len(kept), np.int32), 0
        for rows in blocks(len(kept)):
            some = kept[rows]
            context = below[level.context[rows]]
            for array, grown in zip((context, level.word[rows], suffix[rows], level.logp[rows], level.bow[rows]), made):
                grown.write(array[some])
            place[rows] = np.cumsum(some) + (size - 1)
            size += int(some.sum())
        levels.append(Grams(*(grown.done() for grown in made)))
        below = place
    return Backoff(model.words, levels)


def unigrams(words: int, p: np.ndarray) -> Grams:
    """The lowest level: ``p`` by identifier; <s> is never predicted."""
    logp = log10(p)
    logp[BOS] = NEVER
    nought = np.zeros(words, np.int32)
    return Grams(nought, np.arange(words, dtype=np.int32), nought, logp, np.zeros(words))

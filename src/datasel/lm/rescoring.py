"""N-best lists ranked by what made them and by a language model."""

from __future__ import annotations

from collections.abc import Sequence
from sys import float_info
from typing import Any, NamedTuple

import numpy as np

from datasel.lm.query import Scorer, Sentences
from datasel.records.jsonl import joined

WEIGHTS = np.arange(101) / 100  # those that tuning tries


class Ranked(NamedTuple):
    """The hypotheses of a list, best first; the earlier first where two score the same."""

    order: np.ndarray
    combined: np.ndarray  # (1 - w) * own + w * lm of each hypothesis, in the order of the list
    lm: np.ndarray  # log10 p by token, </s> included, likewise


class Lists:
    """Lists of hypotheses (objects with ``text`` and a number of their own) as flat arrays."""

    def __init__(self, scorer: Scorer, lists: Sequence[Sequence[dict[str, Any]]], own: str, per_token: bool):
        """``own`` is the field of the number, a natural log of the whole text; ``per_token`` divides it, and the
        natural log that the model gives, by the number of tokens (words and the sentence's end)."""
        sentences = Sentences.of(joined([each["text"] for hypotheses in lists for each in hypotheses]))
        tokens = sentences.words + 1
        total = scorer.log10(sentences.lines)
        self._lm_per_token = total / tokens
        self._own = np.array([float(each[own]) for hypotheses in lists for each in hypotheses])
        self._lm = total * np.log(10)
        if per_token:
            self._own, self._lm = self._own / tokens, self._lm / tokens
        self._starts = np.cumsum([0, *map(len, lists)])

    def ranked(self, weight: float) -> list[Ranked]:
        """Each list ranked with this weight of the language model, 0 to 1."""
        combined = (1 - weight) * self._own + weight * self._lm
        number = np.repeat(np.arange(len(self._starts) - 1), np.diff(self._starts))
        order = np.lexsort((-combined, number)) - self._starts[number]  # within each list
        return [
            Ranked(order[a:b], combined[a:b], self._lm_per_token[a:b]) for a, b in zip(self._starts, self._starts[1:])
        ]

    def errors(self, cost: Sequence[int]) -> np.ndarray:
        """The total cost of the best of each list for each of :data:`WEIGHTS`; ``cost`` is of all hypotheses."""
        cost = np.array(cost)
        total = np.zeros(len(WEIGHTS))
        for a, b in zip(self._starts, self._starts[1:]):
            combined = np.outer(1 - WEIGHTS, self._own[a:b]) + np.outer(WEIGHTS, self._lm[a:b])
            total += cost[a:b][np.argmax(combined, axis=1)]
        return total


def reason_against(hypotheses: Any, own: str) -> str | None:
    """What keeps a value from being a list of hypotheses with texts and finite numbers ``own``, or None."""
    try:
        texts, numbers = [each["text"] for each in hypotheses], [each[own] for each in hypotheses]
        sound = type(hypotheses) is list and {*map(type, texts)} == {str} and {*map(type, numbers)} <= {float, int}
        if sound and max(map(abs, numbers)) <= float_info.max:
            return None
    except (KeyError, TypeError):
        pass  # what is wrong with it is said below
    if not isinstance(hypotheses, list) or not hypotheses:
        return "not a list of one hypothesis or more"
    for each in hypotheses:
        if not isinstance(each, dict) or not isinstance(each.get("text"), str):
            return "a hypothesis without a text"
        number = each.get(own)
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) <= float_info.max:
            return f"a hypothesis without a number '{own}'"
    return None


def best_weight(errors: np.ndarray) -> float:
    """The weight with the fewest errors; of several the middle one."""
    best = np.flatnonzero(errors == errors.min())
    return float(WEIGHTS[best[(len(best) - 1) // 2]])

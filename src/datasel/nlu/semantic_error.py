"""Error measures of hypotheses against references: SemER, IRER, ICER, slot F1, exact match.

SemER = (D + I + S) / (C + D + S) with the intent counted as one more slot; slots are an order-insensitive
multiset of (name, value): C right, S name right and value wrong, D missing, I extra (Alexa papers 2008.06173,
2012.04099).  It may exceed 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from datasel.nlu.slots import Slot

# The columns of a count matrix (utterances x COUNTS): what every measure is a ratio of sums of.
COUNTS = ("correct", "substituted", "deleted", "inserted", "intent_wrong", "any_wrong", "inexact",
          "spans_right", "spans_reference", "spans_hypothesis", "utterances")  # fmt: skip


class Frame(NamedTuple):
    """An intent with its slots."""

    domain: str | None
    intent: str
    slots: Sequence[Slot]


def counts(reference: Frame, hypothesis: Frame) -> list[int]:
    """One row of the count matrix.

    A wrong intent is one S.  any_wrong: D + I + S > 0.  inexact: domain, intent or any span differs.
    """
    wanted = Counter((slot.name, slot.value) for slot in reference.slots)
    given = Counter((slot.name, slot.value) for slot in hypothesis.slots)
    right = wanted & given
    missing = Counter()
    for (name, _), count in (wanted - right).items():
        missing[name] += count
    extra = Counter()
    for (name, _), count in (given - right).items():
        extra[name] += count
    swapped = sum((missing & extra).values())
    intent_wrong = int(reference.intent != hypothesis.intent)
    correct = sum(right.values()) + 1 - intent_wrong
    substituted = swapped + intent_wrong
    deleted, inserted = sum(missing.values()) - swapped, sum(extra.values()) - swapped
    spans = Counter((slot.name, slot.start, slot.end) for slot in reference.slots)
    found = Counter((slot.name, slot.start, slot.end) for slot in hypothesis.slots)
    inexact = intent_wrong or reference.domain != hypothesis.domain or spans != found
    return [
        correct, substituted, deleted, inserted, intent_wrong, int(substituted + deleted + inserted > 0),
        int(inexact), sum((spans & found).values()), sum(spans.values()), sum(found.values()), 1,
    ]  # fmt: skip


def measures(total: np.ndarray) -> dict[str, float]:
    """All measures from summed counts (COUNTS,); a ratio without a denominator is left out."""
    n = dict(zip(COUNTS, total.tolist()))
    found = {
        "SemER": (n["substituted"] + n["deleted"] + n["inserted"], n["correct"] + n["deleted"] + n["substituted"]),
        "IRER": (n["any_wrong"], n["utterances"]),
        "ICER": (n["intent_wrong"], n["utterances"]),
        "slot_F1": (2 * n["spans_right"], n["spans_reference"] + n["spans_hypothesis"]),
        "exact_match": (n["utterances"] - n["inexact"], n["utterances"]),
    }
    return {name: part / whole for name, (part, whole) in found.items() if whole}


def semer(total: np.ndarray) -> np.ndarray:
    """SemER of summed counts, any number at once: (..., COUNTS) to (...,)."""
    correct, substituted, deleted, inserted = (total[..., column] for column in range(4))
    return (substituted + deleted + inserted) / (correct + deleted + substituted)

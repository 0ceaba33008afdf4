"""N-best lists spread into weighted records, one a hypothesis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from datasel.lm.rescoring import reason_against
from datasel.records.jsonl import encode, optional, parse
from datasel.records.members import set_members
from datasel.records.streams import Block

_DIGITS = 6


def posteriors(scores: Sequence[float], scale: float) -> np.ndarray:
    """The probability of each hypothesis among those of its list: the softmax of ``scale`` times its score."""
    own = np.asarray(scores, float)
    with np.errstate(over="ignore"):  # what is so far below the best weighs nothing
        weights = np.exp(scale * (own - own.max()) if scale else 0 * own)
    return weights / weights.sum()


def spread(block: Block, own: str, scale: float, whole: str | None, into: str) -> bytes:
    """A block's records, one for each hypothesis of their lists, with its share of the record's weight.

    ``own`` is the hypotheses' number, a natural log; ``whole`` the field of the record's own weight, 1 where there is
    none; ``into`` the field of the share.  Bad records are refused.
    """
    records = parse(block, {"nbest": Any, **({whole: optional(float)} if whole else {})})
    out: list[bytes] = []
    for index, hypotheses in enumerate(records.column("nbest")):
        weight = records.column(whole)[index] if whole else None
        weight = 1.0 if weight is None else weight
        reason = reason_against(hypotheses, own)
        if reason or not 0 <= weight < float("inf"):
            records.refuse(index, f"field 'nbest': {reason}" if reason else f"field '{whole}': not 0 or more")
            continue
        shares = weight * posteriors([each[own] for each in hypotheses], scale)
        block.kept += 1
        line, several = records.lines[index], len(hypotheses) > 1
        digits = _DIGITS - min(0, math.floor(math.log10(weight))) if weight else 0
        out += [
            _one(line, each, into, round(share, digits), several) for each, share in zip(hypotheses, shares.tolist())
        ]
    return b"".join(out)


def _one(line: bytes, hypothesis: Mapping[str, Any], into: str, share: float, several: bool) -> bytes:
    members = {**hypothesis, into: share, **({"nbest": [hypothesis]} if several else {})}
    return set_members(line, {name: encode(value) for name, value in members.items()}) + b"\n"

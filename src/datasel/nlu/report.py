"""The report of an evaluation: measures per intent and in all, and the comparison with a baseline."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from datasel.evaluation.bootstrap import Comparison, Interval, by_block, compare, interval, resampled
from datasel.evaluation.table import table
from datasel.nlu.pairing import Annotated
from datasel.nlu.semantic_error import COUNTS, Frame, counts, measures, semer
from datasel.records.jsonl import encode

_RATES = ("SemER", "IRER", "ICER", "slot_F1", "exact_match")


class Report(NamedTuple):
    total: np.ndarray  # summed counts
    interval: Interval  # of SemER
    per_intent: dict[str, np.ndarray]
    comparison: Comparison | None  # None also where the baseline makes no error
    compared: bool


def evaluate(references: list[Annotated], hypotheses: list[Frame], baseline: list[Frame] | None, seed: int) -> Report:
    """Measure hypotheses, each beside its reference."""
    rows = _rows(references, hypotheses)
    blocks = None if references[0].block is None else [item.block for item in references]
    intents = np.array([item.frame.intent for item in references], object)
    per_intent = {name: rows[intents == name].sum(0) for name in sorted(set(intents.tolist()))}
    grouped = by_block(rows, blocks)
    spread = interval(semer(resampled(grouped, seed)))
    comparison = None
    if baseline is not None:
        comparison = compare(by_block(_rows(references, baseline), blocks), grouped, semer, seed)
    return Report(rows.sum(0), spread, per_intent, comparison, baseline is not None)


def _rows(references: list[Annotated], hypotheses: list[Frame]) -> np.ndarray:
    return np.array([counts(item.frame, frame) for item, frame in zip(references, hypotheses)])


def to_text(report: Report, signature: str) -> bytes:
    """For people."""
    rows = [_row(name, total) for name, total in report.per_intent.items()]
    text = table(["intent", "n", "SemER", "IRER", "ICER", "slot F1", "exact"], [*rows, _row("all", report.total)])
    low, high = report.interval
    text += f"\nSemER {semer(report.total):.4f}, 95 % interval {low:.4f} to {high:.4f}\n"
    if report.comparison is None and report.compared:
        text += "baseline 0.0000: it makes no error to reduce\n"
    elif report.comparison:
        text += f"{report.comparison}\n"
    return (text + f"signature {signature}\n").encode()


def to_json(report: Report, signature: str) -> bytes:
    """For programs: one object."""
    made = {
        "all": {**_figures(report.total), "SemER_interval": report.interval},
        "intents": {name: _figures(total) for name, total in report.per_intent.items()},
        "comparison": report.comparison._asdict() if report.comparison else None,
        "signature": signature,
    }
    return encode(made) + b"\n"


def _row(name: str, total: np.ndarray) -> list[str]:
    found = measures(total)
    shown = [f"{found[rate]:.4f}" if rate in found else "-" for rate in _RATES]
    return [name, str(int(total[-1])), *shown]


def _figures(total: np.ndarray) -> dict[str, float]:
    return {**measures(total), **dict(zip(COUNTS, total.tolist()))}

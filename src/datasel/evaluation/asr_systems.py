"""Several recognisers on the same utterances, a row each, against one of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from datasel.evaluation import asr_report
from datasel.evaluation.asr_report import Report
from datasel.evaluation.table import table
from datasel.evaluation.word_error import COUNTS, measures

_SHOWN = ("utterances", "words", "substituted", "deleted", "inserted")


def to_text(reports: Mapping[str, Report], signature: str) -> bytes:
    """For people: a table; where there is a baseline, WERR is the relative reduction of its WER, with its interval."""
    head = ["system", "n", "words", "S", "D", "I", "WER", "interval", "WERR", "interval", "P"]
    rows = [_row(name, report) for name, report in reports.items()]
    return (table(head, rows) + f"\nsignature {signature}\n").encode()


def _row(name: str, report: Report) -> list[str]:
    n = dict(zip(COUNTS, map(int, report.total)))
    low, high = report.interval
    cells = [name, *(str(n[count]) for count in _SHOWN), f"{measures(report.total)['WER']:.4f}"]
    cells.append(f"{low:.4f} to {high:.4f}")
    if not report.comparison:
        return [*cells, "-", "-", "-"]
    low, high = report.comparison.interval
    better = report.comparison.probability_of_improvement
    return [*cells, f"{report.comparison.relative_reduction:+.1%}", f"{low:+.1%} to {high:+.1%}", f"{better:.3f}"]


def to_json(reports: Mapping[str, Report], signature: str) -> bytes:
    """For programs: one object, each system's as of a report of its own."""
    made = {name: msgspec.Raw(asr_report.to_json(report, signature)) for name, report in reports.items()}
    return msgspec.json.encode({"systems": made, "signature": signature}) + b"\n"

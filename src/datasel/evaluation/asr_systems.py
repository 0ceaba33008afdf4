"""Several recognisers on the same utterances, a row each, against one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from datasel.evaluation import asr_report
from datasel.evaluation.asr_report import Between, Report
from datasel.evaluation.table import table
from datasel.evaluation.word_error import COUNTS, measures

_SHOWN = ("utterances", "words", "substituted", "deleted", "inserted")


def to_text(reports: Mapping[str, Report], pairs: Sequence[Between], signature: str) -> bytes:
    """For people: a table; where there is a baseline, WERR is the relative reduction of its WER, with its interval.
    Below it the ``pairs`` of systems that were compared with each other."""
    head = ["system", "n", "words", "S", "D", "I", "WER", "interval", "WERR", "interval", "P"]
    rows = [_row(name, report) for name, report in reports.items()]
    below = [line for pair in pairs for line in _told(pair)]
    return "\n".join([table(head, rows), *below, f"signature {signature}\n"]).encode()


def _told(pair: Between) -> Iterator[str]:
    yield f"{pair.new} against {pair.baseline}"
    yield f"    {pair.comparison or 'baseline 0.0000: it makes no error to reduce'}"
    if pair.matched_pairs:
        yield f"    {pair.matched_pairs}"


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


def to_json(reports: Mapping[str, Report], pairs: Sequence[Between], signature: str) -> bytes:
    """For programs: one object, each system's as of a report of its own, and the ``pairs`` compared with each other."""
    made = {name: msgspec.Raw(asr_report.to_json(report, signature)) for name, report in reports.items()}
    whole = {"systems": made, "pairs": list(map(_figures, pairs)), "signature": signature}
    return msgspec.json.encode(whole) + b"\n"


def _figures(pair: Between) -> dict[str, Any]:
    compared, matched = (each._asdict() if each else None for each in (pair.comparison, pair.matched_pairs))
    told = {"new": pair.new, "baseline": pair.baseline, "comparison": compared, "matched_pairs": matched}
    return asr_report.rounded(told)

"""The report on a recogniser: word errors in all and by group, the comparison with a baseline, alignments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple
from unicodedata import category, east_asian_width

import numpy as np

from datasel.errors import DataError
from datasel.evaluation import word_error
from datasel.evaluation.alternatives import nearest
from datasel.evaluation.bootstrap import Comparison, Interval, by_block, compare, interval, resampled
from datasel.evaluation.matched_pairs import MatchedPairs, matched_pairs
from datasel.evaluation.pairing import pair
from datasel.evaluation.table import table
from datasel.evaluation.transcripts import Transcript, group
from datasel.evaluation.word_error import COUNTS, Alignment, Step
from datasel.records.jsonl import encode
from datasel.text.words import spaced


class Report(NamedTuple):
    total: np.ndarray  # summed counts
    interval: Interval  # of WER
    groups: dict[str, dict[str, np.ndarray]]  # field, value: summed counts
    lists: bool  # whether the oracle means anything
    missing: list[str]  # references without a hypothesis
    missing_baseline: list[str]
    compared: bool
    comparison: Comparison | None  # None also where the baseline makes no error
    pairs: MatchedPairs | None  # None also for a single utterance (or block)
    references: Sequence[Transcript]
    alignment: Alignment
    blocks: Sequence[str] | None  # of each reference, what is drawn together


class Between(NamedTuple):
    """Two systems against each other."""

    new: str
    baseline: str
    comparison: Comparison | None  # None where the baseline makes no error
    matched_pairs: MatchedPairs | None  # None for a single utterance (or block)


def between(new: str, baseline: str, reports: Mapping[str, Report], seed: int) -> Between:
    """Two of the reports, which are of the same references, compared as :func:`evaluate` compares with a baseline."""
    ours, theirs = (
        by_block(word_error.word_counts(reports[name].alignment.rows), reports[new].blocks) for name in (new, baseline)
    )
    compared = compare(theirs, ours, word_error.rate, seed)
    return Between(new, baseline, compared, matched_pairs(theirs[:, 0], ours[:, 0]))


def evaluate(
    references: Sequence[Transcript],
    recognised: Sequence[Transcript],
    baseline: Sequence[Transcript] | None,
    by: Sequence[str],
    block: str | None,
    seed: int,
    lists: bool = False,
) -> Report:
    """Measure what was recognised; ``by`` and ``block`` are fields, ``lists`` says that there are n-best lists.

    Raises DataError for what does not pair, for a field that is missing and where the references have no words.
    """
    hypotheses = pair(references, recognised)
    others = None if baseline is None else pair(references, baseline)
    groups = {field: group(field, references, hypotheses) for field in by}
    blocks = group(block, references, hypotheses) if block else None
    alignment = _aligned(references, hypotheses)
    total = alignment.rows.sum(0)
    if not total[word_error.WORDS]:
        raise DataError("no words in the references", references[0].place[0])
    ours = by_block(word_error.word_counts(alignment.rows), blocks)
    comparison = pairs = None
    if others is not None:
        theirs = by_block(word_error.word_counts(_aligned(references, others).rows), blocks)
        comparison, pairs = compare(theirs, ours, word_error.rate, seed), matched_pairs(theirs[:, 0], ours[:, 0])
    return Report(
        total,
        interval(word_error.rate(resampled(ours, seed))),
        {
            name: dict(sorted(zip(dict.fromkeys(values), by_block(alignment.rows, values))))
            for name, values in groups.items()
        },
        lists,
        _missing(references, hypotheses),
        _missing(references, others or []),
        others is not None,
        comparison,
        pairs,
        references,
        alignment,
        blocks,
    )


def _missing(references: Sequence[Transcript], hypotheses: Sequence[Transcript | None]) -> list[str]:
    return [reference.name for reference, hypothesis in zip(references, hypotheses) if hypothesis is None]


def _aligned(references: Sequence[Transcript], found: Sequence[Transcript | None]) -> Alignment:
    said = [each.texts[0] for each in references]
    heard = [each.texts if each else () for each in found]
    for index, (reference, hypothesis) in enumerate(zip(references, found)):
        if reference.places is not None:
            said[index] = " ".join(nearest(reference.places, spaced(heard[index][0] if heard[index] else "")))
        if hypothesis and hypothesis.places is not None:
            heard[index] = (" ".join(nearest(hypothesis.places, spaced(said[index]))),)
    return Alignment(said, heard)


def tables(report: Report) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Head and rows of a table for each field that groups, each with all utterances as its last row."""
    figures = ["n", "words", "S", "D", "I", "WER", "CER", *(["oracle"] if report.lists else [])]
    for name, groups in (report.groups or {"": {}}).items():
        rows = [*groups.items(), ("all", report.total)]
        yield [name, *figures], [_row(group, total, report.lists) for group, total in rows]


def _row(name: str, total: np.ndarray, lists: bool) -> list[str]:
    n, found = dict(zip(COUNTS, map(int, total))), word_error.measures(total)
    whole = [str(n[count]) for count in ("utterances", "words", "substituted", "deleted", "inserted")]
    rates = ["WER", "CER", *(["oracle_WER"] if lists else [])]
    return [name, *whole, *(f"{found[rate]:.4f}" if found else "-" for rate in rates)]


def remarks(report: Report) -> Iterator[str]:
    """What is to be said below the tables, a line each."""
    low, high = report.interval
    yield f"WER {word_error.measures(report.total)['WER']:.4f}, 95 % interval {low:.4f} to {high:.4f}"
    yield from missing(report)
    if report.comparison:
        yield str(report.comparison)
    elif report.compared:
        yield "baseline 0.0000: it makes no error to reduce"
    if report.pairs:
        yield str(report.pairs)


def missing(report: Report) -> Iterator[str]:
    """What is to be said of references without a hypothesis, a line for each system that has such."""
    for what, names in (("hypothesis", report.missing), ("baseline", report.missing_baseline)):
        if names:
            share = f"{len(names)} of {len(report.references)} references"
            yield f"no {what} for {share}, {names[0]} the first: all their words count as deleted"


def wrong(report: Report) -> Iterator[tuple[str, list[int], list[Step]]]:
    """The utterances with errors: their names, S, D and I, and their alignments."""
    for index, (reference, row) in enumerate(zip(report.references, report.alignment.rows)):
        if row[:3].any():
            yield reference.name, row[:3].tolist(), report.alignment.steps(index)


def to_text(report: Report, signature: str, show: bool = False) -> bytes:
    """For people, with ``show`` the alignments of all utterances with errors."""
    parts = [table(*each) for each in tables(report)]
    parts.append("".join(f"{line}\n" for line in [*remarks(report), f"signature {signature}"]))
    if show:
        parts += [_aligned_lines(*each) for each in wrong(report)]
    return "\n".join(parts).encode()


def _aligned_lines(name: str, errors: list[int], steps: list[Step]) -> str:
    """Reference above hypothesis above the kind of error, word by word."""
    columns = [("REF", "HYP", "")]
    for kind, reference, hypothesis in steps:
        mark = "" if kind == "equal" else kind[0].upper()
        columns += [(ref, hyp, mark) for ref, hyp in zip_longest(reference, hypothesis)]
    lines = ["", "", ""]
    for cells in columns:
        width = max(_width(cell or "") for cell in cells)
        for row, cell in enumerate(cells):
            filled = "*" * width if cell is None else cell + " " * (width - _width(cell))
            lines[row] += filled + "  "
    head = "  ".join(f"{kind} {count}" for kind, count in zip("SDI", errors))
    return "".join(f"{line.rstrip(' ')}\n" for line in (f"{name}  {head}", *lines))


def _width(text: str) -> int:
    """Columns on a terminal: a mark that combines takes none, a wide letter two."""
    return sum(0 if category(char) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(char) in "WF") for char in text)


def to_json(report: Report, signature: str) -> bytes:
    """For programs: one object."""
    made = {
        "all": {**_figures(report.total, report.lists), "WER_interval": report.interval},
        "by": {
            name: {value: _figures(total, report.lists) for value, total in groups.items()}
            for name, groups in report.groups.items()
        },
        "missing": len(report.missing),
        "missing_baseline": len(report.missing_baseline),
        "comparison": report.comparison._asdict() if report.comparison else None,
        "matched_pairs": report.pairs._asdict() if report.pairs else None,
        "signature": signature,
    }
    return encode(rounded(made)) + b"\n"


def _figures(total: np.ndarray, lists: bool) -> dict[str, float]:
    found = {**dict(zip(COUNTS, map(int, total))), **word_error.measures(total)}
    return {name: value for name, value in found.items() if lists or not name.startswith("oracle")}


def rounded(value: Any) -> Any:
    """Six decimals; of ``p`` six digits, as it may be smaller."""
    if isinstance(value, dict):
        return {key: float(f"{each:.6g}") if key == "p" else rounded(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [rounded(each) for each in value]
    return round(value, 6) + 0.0 if isinstance(value, float) else value  # + 0.0: no negative zero

"""Streams of n-best lists to their best hypotheses, or to the weight that finds the best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasel.errors import DataError
from datasel.evaluation.word_error import words
from datasel.lm import moses as moses_format
from datasel.lm.query import Scorer
from datasel.lm.rescoring import Lists, best_weight, reason_against
from datasel.records.jsonl import encode, read, set_members
from datasel.records.pipe import Pipe
from datasel.records.streams import display_name

Chunk = tuple[list[bytes], list[list[dict[str, Any]]]]  # records as lines, and their lists


def chunks(pipe: Pipe, own: str, moses: bool) -> Iterator[Chunk]:
    """The pipe's records with their n-best lists, bad ones set aside; ``own`` is the number each hypothesis has."""
    if moses:
        for group in moses_format.lists(pipe):
            yield [encode(record) for record in group], [record["nbest"] for record in group]
        return
    for records in pipe.records({"nbest": Any}):
        lines, lists = [], []
        for index, hypotheses in enumerate(records.column("nbest")):
            if reason := reason_against(hypotheses, own):
                records.refuse(index, f"field 'nbest': {reason}")
                continue
            lines.append(records.lines[index])
            lists.append(hypotheses)
        yield lines, lists


def rescored(pipe: Pipe, scorer: Scorer, weight: float, own: str, per_token: bool, keep_all: bool, moses: bool) -> None:
    """Write each record with the members of its best hypothesis, and its list (``keep_all``) or the best alone."""
    for lines, lists in chunks(pipe, own, moses):
        ranked = Lists(scorer, lists, own, per_token).ranked(weight)
        out = []
        for line, hypotheses, found in zip(lines, lists, ranked):
            kept = [
                {
                    **hypotheses[n],
                    "lm_score": round(float(found.lm[n]), 6),
                    "rescore": round(float(found.combined[n]), 6),
                }
                for n in found.order[: None if keep_all else 1].tolist()
            ]
            values = {name: encode(value) for name, value in {**kept[0], "nbest": kept}.items()}
            out.append(set_members(line, values) + b"\n")
        pipe.kept += len(out)
        pipe.write(b"".join(out))


def tuned(pipe: Pipe, scorer: Scorer, references: str, own: str, per_token: bool, moses: bool) -> dict[str, float]:
    """The weight with the fewest word errors on references (plain text, a line for each record), and its WER.

    Raises DataError where there are not as many references as records, or no words in them.
    """
    from rapidfuzz.distance.Levenshtein import distance

    spoken, name = _spoken(references), display_name(references)
    errors = first = oracle = total = 0
    for _, lists in chunks(pipe, own, moses):
        costs = []
        for hypotheses in lists:
            reference = next(spoken, None)
            if reference is None:
                raise DataError("fewer references than records", name)
            cost = [distance(reference, words(each["text"])) for each in hypotheses]
            costs += cost
            total, first, oracle = total + len(reference), first + cost[0], oracle + min(cost)
        if lists:
            errors = errors + Lists(scorer, lists, own, per_token).errors(costs)
    if next(spoken, None) is not None:
        raise DataError("more references than records", name)
    if not total:
        raise DataError("no words in the references", name)
    rates = {"wer": float(errors.min()) / total, "wer_first": first / total, "wer_oracle": oracle / total}
    return {"weight": best_weight(errors), **{name: round(rate, 6) for name, rate in rates.items()}, "words": total}


def _spoken(path: str) -> Iterator[list[str]]:
    for records in read([path], {"text": str}, text=True):
        yield from map(words, records.column("text"))

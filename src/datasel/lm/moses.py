"""Moses n-best lists: lines of ``id ||| text ||| features ||| score``, perhaps with an alignment after that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from datasel.records.jsonl import Records
from datasel.records.pipe import Pipe

_LINK = re.compile("[0-9]+-[0-9]+")


def lists(pipe: Pipe) -> Iterator[list[dict[str, Any]]]:
    """The pipe's plain text as records with ``id`` and ``nbest``, some at a time; lines of a list stand together."""
    pipe.text, pipe.free = True, False
    held: dict[str, Any] | None = None
    for records in pipe.records({"text": str}):
        done = []
        for name, group in groupby(_hypotheses(records), key=lambda pair: pair[0]):
            found = [each for _, each in group]
            if held and held["id"] == name:
                held["nbest"] += found
                continue
            if held:
                done.append(held)
            held = {"id": name, "nbest": found}
        yield done
    if held:
        yield [held]


def _hypotheses(records: Records) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, line in enumerate(records.column("text")):
        try:
            yield _hypothesis(line)
        except ValueError:
            records.refuse(index, "not 'id ||| text ||| features ||| score'")


def _links(text: str) -> Iterator[list[str]]:
    for pair in text.split():
        if not _LINK.fullmatch(pair):
            raise ValueError
        yield pair.split("-")


def _hypothesis(line: str) -> tuple[str, dict[str, Any]]:
    name, text, features, score, *alignment = [part.strip(" \t\r") for part in line.split("|||")]
    made: dict[str, Any] = {"text": text, "mt_score": float(score), "features": features}
    if not abs(made["mt_score"]) < float("inf"):
        raise ValueError
    if alignment:
        made["alignment"] = [[int(first), int(second)] for first, second in _links(alignment[0])]
    return name, made

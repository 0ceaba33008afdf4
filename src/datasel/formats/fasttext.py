"""fastText's lines of labels and text: '__label__PlayMusic play some jazz'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasel.formats.source import Batch, Source
from datasel.formats.target import Target, on_one_line
from datasel.records.jsonl import optional

LABEL = "__label__"
_WHITE = r"[ \t\n\v\f\r\0]"  # what fastText parts words at
_LABELS = re.compile(rf"(?:^|(?<={_WHITE})){LABEL}([^ \t\n\v\f\r\0]+)(?:{_WHITE}|$)")
_LAST = re.compile(rf"{_WHITE}{LABEL}[^ \t\n\v\f\r\0]+{_WHITE}*$")


def read(source: Source) -> Iterator[Batch]:
    """Batches of lines: one label is the intent, several are the list ``labels``."""
    return source.lines(_record)


def _record(line: str) -> dict[str, Any]:
    labels = _LABELS.findall(line)
    text = _LABELS.sub("", line) if labels else line
    if text.strip() and _LAST.search(line):
        text = text.rstrip(" \t")
    if len(labels) == 1:
        return {"text": text, "intent": labels[0]}
    return {"text": text, **({"labels": labels} if labels else {})}


def write(target: Target) -> None:
    """A line for each record: its intent, or labels, and its text."""

    def line(text: str, intent: str | None, labels: list[str] | None) -> str:
        given = [*([] if intent is None else [intent]), *(labels or ())]
        for label in given:
            if not label or re.search(_WHITE, label):
                raise ValueError(f"'{label}' cannot be a label: it is empty or holds white space")
        if _LABELS.search(on_one_line("text", text)):
            raise ValueError(f"the text holds a word that begins with {LABEL}")
        return "".join(f"{LABEL}{label} " for label in given) + text + "\n"

    target.each({"text": str, "intent": optional(str), "labels": optional(list[str])}, line)

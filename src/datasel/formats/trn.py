"""NIST's trn: words, and the utterance's id in brackets at the line's end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasel.formats.source import Batch, Source
from datasel.formats.target import Target, on_one_line

_LINE = re.compile(r"(?P<text>.*)\((?P<id>[^() \t\v\f\r]+)\)[ \t\v\f\r]*", re.DOTALL)
_OPTIONAL = re.compile(r"\([^() ]*\)")


def read(source: Source) -> Iterator[Batch]:
    """Batches of lines, comments (;;) left out."""
    return source.lines(_record)


def _record(line: str) -> dict[str, Any] | None:
    if line.startswith(";;"):
        return None
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError("no (id) at its end")
    return {"id": found["id"], "text": single(found["text"].strip(" \t\v\f\r"))}


def single(text: str) -> str:
    """The text itself; ValueError where NIST's notation lets it be one of several."""
    for word in text.split(" "):
        if word == "{" or _OPTIONAL.fullmatch(word):
            raise ValueError(f"'{word}' makes alternatives or words that may be left out, which a text cannot have")
    return text


def write(target: Target) -> None:
    """A line for each record: its text, and its id in brackets."""

    def line(key: str, text: str) -> str:
        text = single(on_one_line("text", text))
        if not re.fullmatch(r"[^() \t\v\f\r\n]+", key):
            raise ValueError(f"'{key}' cannot be an id: it is empty or holds white space or brackets")
        if text.startswith(";;"):
            raise ValueError("the text begins with ';;', as a comment does")
        return f"{text} ({key})\n" if text else f"({key})\n"

    target.each({"id": str, "text": str}, line)

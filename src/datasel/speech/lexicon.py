"""Pronunciation lexicons: lines of a word, a tab and tokens with spaces between them, a line a pronunciation."""

from __future__ import annotations

from collections.abc import Sequence

from datasel.records.jsonl import read

Entry = tuple[str, tuple[str, ...]]


def load(path: str) -> list[Entry]:
    """The words and their pronunciations, in the order of the file, each once.

    Raises DataError, with the line, for one that is not of that form.
    """
    found: dict[Entry, None] = {}
    for records in read([path], {"text": str}, text=True):
        for index, line in enumerate(records.column("text")):
            word, tab, tokens = line.rstrip("\r").partition("\t")
            if not tab or not word or len(word.split()) != 1 or not tokens.split():
                raise records.error(index, "not a word, a tab and its tokens")
            found.setdefault((word, tuple(tokens.split())))
    return list(found)


def strange(entries: Sequence[Entry], tokens: Sequence[str]) -> tuple[str, str] | None:
    """A word and a token of its pronunciation that is none of ``tokens``, or None."""
    known = set(tokens)
    return next(((word, token) for word, said in entries for token in said if token not in known), None)

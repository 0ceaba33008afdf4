"""Pronunciation lexicons: lines of a word, a tab and tokens with spaces between them, a line a pronunciation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from datasel.errors import DataError
from datasel.records.jsonl import read
from datasel.speech.pronunciation import Classes, phones

Entry = tuple[str, tuple[str, ...]]
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f'’.-]+")


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


def classes(path: str) -> Classes:
    """A map of IPA symbols: lines of a symbol, a tab and its class.  DataError, with the line, for another form."""
    found: dict[str, str] = {}
    for records in read([path], {"text": str}, text=True):
        for index, line in enumerate(records.column("text")):
            symbol, tab, name = line.rstrip("\r").partition("\t")
            if not tab or not symbol or len(name.split()) != 1:
                raise records.error(index, "not a symbol, a tab and its class")
            if found.setdefault(symbol, name) != name:
                raise records.error(index, f"'{symbol}' has two classes")
    if not found:
        raise DataError("no classes", path)
    return Classes(found)


def made(
    words: Iterable[str], voices: Sequence[str], latin: Sequence[str], classes: Classes | None, known: Sequence[Entry]
) -> tuple[list[Entry], dict[str, str]]:
    """Entries for the words, sorted, and why there are none for the others, by word.

    Words in Latin letters alone are said by the voices ``latin``; those of ``known`` have its entries.
    """
    classes = classes or Classes(None)
    fixed = {word for word, _ in known}
    found, rest = set(known), sorted(set(words) - fixed)
    silent = dict.fromkeys(rest, "eSpeak NG says nothing")
    for some, spoken_by in (
        ([word for word in rest if not _LATIN.fullmatch(word)], voices),
        ([word for word in rest if _LATIN.fullmatch(word)], latin),
    ):
        for voice in spoken_by:
            for word, said in zip(some, phones(some, voice)):
                try:
                    tokens = tuple(classes.tokens(said))
                except ValueError as error:
                    silent[word] = f"the map has no class for '{error}'"
                    continue
                if tokens:
                    found.add((word, tokens))
    said_now = {word for word, _ in found}
    return sorted(found), {word: reason for word, reason in silent.items() if word not in said_now}


def to_text(entries: Iterable[Entry]) -> bytes:
    """The entries as a file."""
    return "".join(f"{word}\t{' '.join(tokens)}\n" for word, tokens in entries).encode()

"""Text lexicons: lines WORD<TAB>TOKEN TOKEN ..., several lines for a word of several pronunciations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from datasel.errors import DataError
from datasel.records.streams import display_name, lines
from datasel.speech.inventory import NOTHING
from datasel.text.words import spaced

Entry = tuple[str, tuple[str, ...]]
Lexicon = dict[str, list[tuple[str, ...]]]  # the pronunciations of each word, all different


def read(path: str) -> Lexicon:
    """The lexicon of a file, in its order.

    DataError for a line of another form, or with the name of blank among its tokens.
    """
    found: Lexicon = {}
    for number, line in lines(path):
        word, _, spelled = line.partition("\t")
        tokens = tuple(spaced(spelled))
        if not word or not tokens:
            raise DataError("not WORD<TAB>TOKEN TOKEN ...", display_name(path), number)
        if NOTHING in tokens:
            raise DataError(f"'{NOTHING}' is the name of blank, not of a sound", display_name(path), number)
        pronunciations = found.setdefault(word, [])
        if tokens not in pronunciations:
            pronunciations.append(tokens)
    return found


def joined(lexicons: Iterable[Lexicon]) -> Lexicon:
    """The words of all, each with its pronunciations in all, the first lexicon's first."""
    found: Lexicon = {}
    for word, said in (entry for lexicon in lexicons for entry in lexicon.items()):
        pronunciations = found.setdefault(word, [])
        pronunciations += [tokens for tokens in said if tokens not in pronunciations]
    return found


def written(lexicon: Mapping[str, Iterable[tuple[str, ...]]]) -> bytes:
    """The file: sorted by code points, each line once."""
    lines = sorted({(word, tokens) for word, found in lexicon.items() for tokens in found})
    return "".join([f"{word}\t{' '.join(tokens)}\n" for word, tokens in lines]).encode()


def entries(path: str) -> list[Entry]:
    """A file's words, each with one of its pronunciations, in its order."""
    return [(word, tokens) for word, found in read(path).items() for tokens in found]


def strange(entries: Sequence[Entry], tokens: Sequence[str]) -> tuple[str, str] | None:
    """A word and a token of its pronunciation that is none of ``tokens``, or None."""
    known = set(tokens)
    return next(((word, token) for word, said in entries for token in said if token not in known), None)

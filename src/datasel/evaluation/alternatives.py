"""Alternatives in trn transcripts, as NIST's sclite reads them.

``{ a / b c / @ }`` is one of these, ``@`` nothing; ``(uh)`` is a word that may be left out.  They may hold others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from datasel.text.words import spaced

Choice = list[tuple[str, ...]]  # the alternatives of one place: words, or none

_OPTIONAL = re.compile(r"\(([^()]+)\)")
_MOST = 1000  # alternatives of a place
_DEEPEST = 100  # braces in braces


def choices(text: str) -> list[Choice] | None:
    """The places of a transcript in order, or None where it is plain words.

    ValueError for a brace without its partner, and for more than 1,000 alternatives in one place.
    """
    if not any(mark in text for mark in "{}("):
        return None
    return list(_sequence(iter(spaced(text)), False))


def _sequence(tokens: Iterator[str], inside: bool) -> Iterator[Choice]:
    for token in tokens:
        if token == "{":
            yield _braced(tokens, 1)
        elif token == "}":
            raise ValueError("a } without its {")
        else:
            yield _word(token)


def _word(token: str) -> Choice:
    optional = _OPTIONAL.fullmatch(token)
    return [(optional[1],), ()] if optional else [(token,)]


def _braced(tokens: Iterator[str], depth: int) -> Choice:
    if depth > _DEEPEST:
        raise ValueError(f"more than {_DEEPEST} braces in each other")
    made: Choice = []
    current: Choice = [()]
    for token in tokens:
        if token in "/}":
            made += current
            current = [()]
            if token == "}":
                return list(dict.fromkeys(made))
            continue
        place = _braced(tokens, depth + 1) if token == "{" else [()] if token == "@" else _word(token)
        current = [before + after for before in current for after in place]
        if len(made) + len(current) > _MOST:
            raise ValueError(f"more than {_MOST:,} alternatives in one place")
    raise ValueError("a { without its }")


def nearest(places: Sequence[Choice], words: Sequence[str]) -> list[str]:
    """The words of the way through ``places`` with the fewest errors against ``words``; of equal ones the first."""
    row = list(range(len(words) + 1))  # errors of the best way so far against so many of the first words
    came: list[list[tuple[int, int]]] = []  # for each place and end: the alternative, and where it began
    for place in places:
        found = [_along(row, said, words) for said in place]
        best = [min(range(len(place)), key=lambda number: found[number][0][end]) for end in range(len(row))]
        came.append([(number, found[number][1][end]) for end, number in enumerate(best)])
        row = [found[number][0][end] for end, number in enumerate(best)]
    end, made = len(words), []
    for place, back in zip(reversed(places), reversed(came)):
        number, end = back[end]
        made[:0] = place[number]
    return made


def _along(row: list[int], said: Sequence[str], words: Sequence[str]) -> tuple[list[int], list[int]]:
    """Costs and beginnings after ``said``, when those before it are ``row``; insertions may stand before and within."""
    costs, starts = list(row), list(range(len(row)))
    for at in range(1, len(costs)):
        if costs[at - 1] + 1 < costs[at]:
            costs[at], starts[at] = costs[at - 1] + 1, starts[at - 1]
    for word in said:
        new, begun = [costs[0] + 1], [starts[0]]
        for at, heard in enumerate(words, 1):
            options = (
                (costs[at - 1] + (word != heard), starts[at - 1]), (costs[at] + 1, starts[at]),
                (new[at - 1] + 1, begun[at - 1]),
            )  # fmt: skip
            cost, start = min(options, key=lambda option: option[0])
            new.append(cost)
            begun.append(start)
        costs, starts = new, begun
    return costs, starts

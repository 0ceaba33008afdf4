"""Token inventories: lists of tokens, and maps that merge tokens to classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from datasel.errors import DataError
from datasel.records.streams import display_name, lines
from datasel.speech.emissions import Emissions
from datasel.text.words import spaced

NOTHING = "-"  # the class of tokens that stand for no sound: with blank
_FLOOR = 1e-10  # no probability is less: its logarithm stays within float16


def read_list(path: str) -> list[str]:
    """The tokens of a file, one a line, in the order of a model's output; DataError for an empty or repeated one."""
    tokens: dict[str, int] = {}
    for number, token in lines(path):
        if not token or token in tokens:
            reason = "a token is named twice" if token else "an empty line is no token"
            raise DataError(reason, display_name(path), number)
        tokens[token] = number
    return list(tokens)


class TokenMap(NamedTuple):
    """Token to class, in the order of the file that says so."""

    path: str
    classes: dict[str, str]


def read_map(path: str) -> TokenMap:
    """The map in a file of lines TOKEN<TAB>CLASS.

    DataError for a line of another form, and for a token of two classes.
    """
    found: dict[str, str] = {}
    for number, line in lines(path):
        token, tab, name = line.partition("\t")
        if not token or not tab or spaced(name) != [name]:
            raise DataError("not TOKEN<TAB>CLASS", display_name(path), number)
        if found.setdefault(token, name) != name:
            raise DataError(f"token '{token}' is of class '{found[token]}' as well", display_name(path), number)
    return TokenMap(path, found)


class Inventory(NamedTuple):
    """The tokens that a model's output is made to have."""

    tokens: tuple[str, ...]
    blank: int
    silence: int  # -1 where there is none
    columns: np.ndarray | None = None  # int64 (the model's tokens): the class of each; None where they are the same

    def merged(self, log_probs: np.ndarray, frame_rate: float) -> Emissions:
        """Emissions in float16 of a model's output (frames x its tokens): of tokens of one class, probabilities add."""
        if self.columns is not None:
            order = np.argsort(self.columns, kind="stable")
            starts = np.searchsorted(self.columns[order], np.arange(len(self.tokens)))
            sums = np.add.reduceat(np.exp(log_probs[:, order].astype(float)), starts, axis=1)
            log_probs = np.log(np.maximum(sums, _FLOOR))
        return Emissions(log_probs.astype(np.float16), self.tokens, self.blank, self.silence, frame_rate)


def inventory(
    tokens: Sequence[str], blank: str, silence: str | None, merging: TokenMap | None = None, path: str = "model"
) -> Inventory:
    """The inventory of a model with these tokens, merged by a map if there is one.

    Merged, blank is ``-`` and stands first; the other classes have the map's order.  DataError where a name is not a
    token of ``path`` or both have the same, or a token is not in the map.
    """
    if silence == blank:
        raise DataError(f"'{blank}' cannot be blank and silence", path)
    for name in (blank, silence):
        if name is not None and name not in tokens:
            raise DataError(f"'{name}' is not one of its tokens", path)
    if merging is None:
        return Inventory(tuple(tokens), tokens.index(blank), -1 if silence is None else tokens.index(silence))
    found = {**merging.classes, blank: NOTHING}
    for token in tokens:
        if token not in found:
            raise DataError(f"no class for the token '{token}'", merging.path)
    names = _first(NOTHING, [name for token, name in found.items() if token in tokens])
    columns = np.array([names.index(found[token]) for token in tokens])
    return Inventory(tuple(names), 0, names.index(found[silence]) or -1 if silence is not None else -1, columns)


def _first(name: str, names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([name, *names]))

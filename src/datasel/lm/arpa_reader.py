"""ARPA files to back-off models."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from datasel.errors import ModelError
from datasel.lm.backoff import NEVER, Backoff, Grams, find
from datasel.lm.levels import RESERVED, UNK
from datasel.lm.sorting import Packed
from datasel.records.streams import Block, blocks

_SPACES = b" \t\r\n"  # between words: as KenLM has it, not VT and FF
_WORDS = re.compile(rb"[^ \t\r\n]+")
_OTHER_UNK = b"<UNK>"  # as some write <unk>
_HEADING = re.compile(rb"(?m)^\\([^\n]*)\n")


class Table(NamedTuple):
    """The n-grams of one order as the file lists them."""

    columns: list[np.ndarray]  # identifiers of first words, second words, ...
    logp: np.ndarray  # log10
    bow: np.ndarray  # log10


def read(path: str) -> Backoff:
    """The model of an ARPA file, which may be compressed; n-grams that are missing as contexts or suffixes of others
    are added with the probability that they have by backing off.  Raises ModelError for a file that is not sound."""
    file = _File(path)
    for block in blocks([path]):
        file.take(block)
    tables = file.tables()
    base = len(file.names)
    _complete(tables, base)
    levels: list[Grams] = []
    for table in tables:
        levels.append(_level(path, levels, table, base))
    return Backoff(file.names, levels)


class _File:
    """A file as far as it has been read."""

    def __init__(self, path: str):
        self.path = path
        self.names = list(RESERVED)
        self._words = {**{word: number for number, word in enumerate(RESERVED)}, _OTHER_UNK: UNK}
        self._section = ""  # the heading we are under
        self._sizes: list[int] = []
        self._rows: list[list[tuple[np.ndarray, ...]]] = []  # for each order, parts: words (n x order), logp, bow

    def take(self, block: Block) -> None:
        """The next lines."""
        place = 0
        for heading in _HEADING.finditer(block.data):
            self._body(block, place, heading.start())
            self._section = heading[1].decode(errors="replace").strip()
            place = heading.end()
        self._body(block, place, len(block.data))

    def tables(self) -> list[Table]:
        """All n-grams, once every line has been taken."""
        if self._section != "end\\":
            raise ModelError(f"{self.path}: not a whole ARPA file")
        tables = []
        for order, (size, rows) in enumerate(zip(self._sizes, self._rows), 1):
            rows = rows or [(np.empty((0, order)), np.empty(0), np.empty(0))]
            listed, logp, bow = (np.concatenate(part) for part in zip(*rows))
            if len(listed) != size:
                raise ModelError(f"{self.path}: {len(listed)} {order}-grams, but {size} are announced")
            tables.append(Table([np.ascontiguousarray(column) for column in listed.T.astype(np.int32)], logp, bow))
        if not tables:
            raise ModelError(f"{self.path}: no n-grams are announced")
        for number, word in enumerate(RESERVED[1:], 1):
            if number not in tables[0].columns[0]:
                raise ModelError(f"{self.path}: the unigrams have no {word.decode()}")
        return tables

    def _body(self, block: Block, start: int, end: int) -> None:
        body = block.data[start:end].rstrip(_SPACES)
        if not body:
            return
        if self._section == "data\\":
            self._announced(block, start, body)
        elif self._section.endswith("-grams:"):
            order = self._section.removesuffix("-grams:")
            if not order.isdecimal() or not 0 < int(order) <= len(self._sizes):
                raise self._bad(block, start, f"a section \\{self._section} that was not announced")
            self._rows[int(order) - 1].append(self._parsed(block, start, body, int(order)))

    def _announced(self, block: Block, start: int, body: bytes) -> None:
        for number, line in enumerate(body.split(b"\n")):
            found = re.fullmatch(rb"\s*ngram\s+(\d+)\s*=\s*(\d+)\s*", line)
            if line.strip() and (not found or int(found[1]) != len(self._sizes) + 1):
                raise self._bad(block, start, "not 'ngram ORDER=COUNT', orders from 1 up", number)
            if found:
                self._sizes.append(int(found[2]))
                self._rows.append([])

    def _parsed(self, block: Block, start: int, body: bytes, order: int) -> tuple[np.ndarray, ...]:
        """Lines of one order, all of one shape, or those of each; what is bad is found line by line."""
        tokens = _split(body)
        width = len(tokens) // (body.count(b"\n") + 1)
        try:
            if width in (order + 1, order + 2) and len(tokens) == width * (body.count(b"\n") + 1):
                return self._arrays(tokens, width, order)
            return self._of_two_shapes([line for line in map(_split, body.split(b"\n")) if line], order)
        except (ValueError, KeyError):
            pass
        parts = []
        for number, line in enumerate(body.split(b"\n")):
            tokens = _split(line)
            if not tokens:
                continue
            try:
                if len(tokens) not in (order + 1, order + 2):
                    raise ValueError
                parts.append(self._arrays(tokens, len(tokens), order))
            except ValueError:
                raise self._bad(block, start, _reason(tokens, order), number) from None
            except KeyError:
                raise self._bad(block, start, "a word that is not in the unigrams", number) from None
        return tuple(np.concatenate(part) for part in zip(*parts))

    def _of_two_shapes(self, lines: list[list[bytes]], order: int) -> tuple[np.ndarray, ...]:
        """Lines with and without a back-off weight; ValueError for others."""
        widths = np.fromiter(map(len, lines), np.int64, len(lines))
        if not ((widths == order + 1) | (widths == order + 2)).all():
            raise ValueError
        if order == 1:  # words are numbered as they come
            for line in lines:
                self._number(line[1])
        listed, logp, bow = np.empty((len(lines), order), np.int32), np.empty(len(lines)), np.empty(len(lines))
        for width in (order + 1, order + 2):
            places = np.flatnonzero(widths == width)
            tokens = [token for place in places.tolist() for token in lines[place]]
            listed[places], logp[places], bow[places] = self._arrays(tokens, width, order)
        return listed, logp, bow

    def _number(self, word: bytes) -> None:
        if word not in self._words:
            self._words[word] = len(self.names)
            self.names.append(word)

    def _arrays(self, tokens: list[bytes], width: int, order: int) -> tuple[np.ndarray, ...]:
        rows = len(tokens) // width
        logp = np.array(tokens[::width]).astype(float)
        bow = np.array(tokens[width - 1 :: width]).astype(float) if width == order + 2 else np.zeros(rows)
        logp[np.isneginf(logp)] = NEVER
        if not (np.isfinite(logp) & (logp <= 0) & np.isfinite(bow)).all():
            raise ValueError
        listed = np.empty((rows, order), np.int32)
        for place in range(order):
            words = tokens[place + 1 :: width]
            if order == 1:
                for word in words:
                    self._number(word)
            listed[:, place] = np.fromiter(map(self._words.__getitem__, words), np.int32, rows)
        return listed, logp, bow

    def _bad(self, block: Block, start: int, reason: str, line: int = 0) -> ModelError:
        number = block.first + block.data.count(b"\n", 0, start) + line
        return ModelError(f"{self.path}:{number}: {reason}")


def _reason(tokens: list[bytes], order: int) -> str:
    """Why a line is none of an ARPA file."""
    form = f"not a log10 probability, {order} word{'s'[:order > 1]}, perhaps a back-off weight"
    try:
        if len(tokens) in (order + 1, order + 2) and float(tokens[0]) > 0:
            return f"a log10 probability of {float(tokens[0]):g}, which is above 0"
    except ValueError:
        pass
    return form


def _split(body: bytes) -> list[bytes]:
    return _WORDS.findall(body) if b"\v" in body or b"\f" in body else body.split()


def _complete(tables: list[Table], base: int) -> None:
    """Add what is missing: every word as a unigram, and contexts and suffixes of n-grams; their log10 p is NaN."""
    every = [np.arange(base, dtype=np.int32)]
    for order in range(len(tables) - 1, 0, -1):
        higher = tables[order].columns
        wanted = [np.concatenate(pair) for pair in zip(higher[:-1], higher[1:])] if order > 1 else every
        tables[order - 1] = _with(tables[order - 1], wanted, base)


def _with(table: Table, wanted: list[np.ndarray], base: int) -> Table:
    size = len(table.logp)
    packed = Packed([np.concatenate(pair) for pair in zip(table.columns, wanted)], base)
    missing = packed.columns(np.setdiff1d(packed.keys[size:], packed.keys[:size]))
    more = len(missing[0])
    columns = [np.concatenate(pair) for pair in zip(table.columns, missing)]
    return Table(columns, np.append(table.logp, np.full(more, np.nan)), np.append(table.bow, np.zeros(more)))


def _level(path: str, below: list[Grams], table: Table, base: int) -> Grams:
    keys = Packed(table.columns, base).keys
    order = np.argsort(keys, kind="stable")
    if (keys[order][1:] == keys[order][:-1]).any():
        raise ModelError(f"{path}: one of the {len(table.columns)}-grams is listed twice")
    columns, logp, bow = [column[order] for column in table.columns], table.logp[order], table.bow[order]
    if not below:
        nought = np.zeros(base, np.int32)
        return Grams(nought, columns[0], nought, np.nan_to_num(logp, nan=NEVER), bow)
    context, suffix = _index(below, columns[:-1], base), _index(below, columns[1:], base)
    backed = below[-1].bow[context] + below[-1].logp[suffix]
    return Grams(context, columns[-1], suffix, np.where(np.isnan(logp), backed, logp), bow)


def _index(levels: list[Grams], columns: list[np.ndarray], base: int) -> np.ndarray:
    """The indices of n-grams, all of which are listed."""
    index = columns[0].astype(np.int64)
    for level, column in zip(levels[1:], columns[1:]):
        index = find(level, base, index, column)
    return index.astype(np.int32)

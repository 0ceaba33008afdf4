"""Sentences of records, counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from datasel.errors import DataError
from datasel.lm.counting import Counter, Vocabulary, reserved_word
from datasel.records.jsonl import Records, optional, read
from datasel.records.pipe import Pipe

_SYMBOLS = re.compile(rb"(?<![^\s\0])(?:<unk>|<s>|</s>)(?![^\s\0])")  # RESERVED, each as a word


def count(
    pipe: Pipe,
    field: str,
    weight: str | None,
    most: int,
    order: int,
    vocabulary: Vocabulary,
    memory: int,
    skips: bool = False,
) -> Counter:
    """The n-grams of the pipe's input; ``weight`` is the field of each sentence's weight, ``most`` as for a Counter.

    Text that holds <s>, </s> or <unk>, and a weight that does not do, make a record a bad one: DataError, or it goes to
    the pipe's rejects.  With ``skips`` these words are white space instead.  DataError also without a sentence.
    """
    counter, sentences = Counter(order, vocabulary, memory, most), 0
    pipe.tabs = weight is not None
    weighs = weight is not None and not pipe.text
    for records in pipe.records({field: str, **({weight: optional(float)} if weighs else {})}):
        lines, places = _lines(records, field, skips)
        weights = None
        if weight is not None:
            lines, weights = _weighed(records, lines, places, records.column(weight) if weighs else None)
        counter.add(vocabulary.identifiers(lines), weights)
        sentences += lines.count(b"\n")
        if pipe.rejects:
            records.block.kept = records.block.read - len(records.block.rejected)
    if not sentences:
        raise DataError("no sentences to estimate from")
    return counter


def vocabulary_of(path: str) -> Vocabulary:
    """The closed vocabulary of a file, one word a line; DataError for a line that is not one word."""
    words = []
    for records in read([path], {"text": str}, text=True):
        for index, line in enumerate(records.lines):
            if len(line.split()) != 1:
                raise records.error(index, "not one word")
            words.append(line.split()[0])
    return Vocabulary(words)


def sentences(path: str, words: list[bytes]) -> np.ndarray:
    """The sentences of plain text as identifiers of ``words`` (RESERVED first), each between <s> and </s>."""
    vocabulary = Vocabulary(words)
    parts = [vocabulary.identifiers(_lines(records, "text")[0]) for records in read([path], {"text": str}, text=True)]
    return np.concatenate([np.empty(0, np.int32), *parts])


def _lines(records: Records, field: str, skips: bool = False) -> tuple[bytes, Sequence[int]]:
    """The texts that do, an LF after each, and their places among the records."""
    lines = records.joined(field).encode()
    everything = range(len(records))
    if b"<" not in lines:
        return lines, everything
    if skips:
        return _SYMBOLS.sub(b" ", lines), everything
    good, parts = [], lines.split(b"\n")[:-1]
    for index, line in enumerate(parts):
        if word := reserved_word(line):
            records.refuse(index, f"the text holds {word.decode()}, which the model uses itself")
        else:
            good.append(index)
    return (lines, everything) if len(good) == len(parts) else (b"".join([parts[at] + b"\n" for at in good]), good)


def _weighed(
    records: Records, lines: bytes, places: Sequence[int], column: list | None
) -> tuple[bytes, np.ndarray]:
    """The lines with a weight above 0, and the weights: of the column, or else what follows a line's last tab."""
    texts, weights = [], []
    for index, line in zip(places, lines.split(b"\n")):
        try:
            if column is None:
                line, weight = _parted(line)
            else:
                weight = 1.0 if column[index] is None else column[index]
            if not 0 <= weight < float("inf"):
                raise ValueError(f"a weight of {weight:g}; weights are 0 or more")
        except ValueError as error:
            records.refuse(index, str(error))
            continue
        if weight:
            texts.append(line + b"\n")
            weights.append(weight)
    return b"".join(texts), np.array(weights)


def _parted(line: bytes) -> tuple[bytes, float]:
    text, tab, weight = line.rpartition(b"\t")
    try:
        return text, float(weight if tab else b"none")
    except ValueError:
        raise ValueError("no weight after a tab at the end of the line") from None

"""Sentences of records, counted."""

from __future__ import annotations

import numpy as np

from datasel.errors import DataError
from datasel.lm.counting import Counter, Vocabulary, reserved_word
from datasel.records.jsonl import Records, optional, read
from datasel.records.pipe import Pipe


def count(
    pipe: Pipe, field: str, weight: str | None, most: int, order: int, vocabulary: Vocabulary, memory: int
) -> Counter:
    """The n-grams of the pipe's input; ``weight`` is the field of each sentence's weight, ``most`` as for a Counter.

    Raises DataError for text that holds <s>, </s> or <unk>, for a weight that does not do, and without a sentence.
    """
    counter, sentences = Counter(order, vocabulary, memory, most), 0
    weighs = weight is not None and not pipe.text
    for records in pipe.records({field: str, **({weight: optional(float)} if weighs else {})}):
        lines, weights = _lines(records, field), None
        if weight is not None:
            lines, weights = _weighed(records, lines, records.column(weight) if weighs else None)
        counter.add(vocabulary.identifiers(lines), weights)
        sentences += lines.count(b"\n")
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
    parts = [vocabulary.identifiers(_lines(records, "text")) for records in read([path], {"text": str}, text=True)]
    return np.concatenate([np.empty(0, np.int32), *parts])


def _lines(records: Records, field: str) -> bytes:
    text = records.joined(field)
    if "<" in text:
        for index, line in enumerate(text.split("\n")):
            if word := reserved_word(line.encode()):
                raise records.error(index, f"the text holds {word.decode()}, which the model uses itself")
    return text.encode()


def _weighed(records: Records, lines: bytes, column: list | None) -> tuple[bytes, np.ndarray]:
    """The lines with a weight above 0, and the weights: of the column, or else what follows a line's last tab."""
    texts, weights = [], []
    for index, line in enumerate(lines.split(b"\n")[:-1]):
        if column is None:
            line, weight = _parted(records, index, line)
        else:
            weight = 1.0 if column[index] is None else column[index]
        if not 0 <= weight < float("inf"):
            raise records.error(index, f"a weight of {weight:g}; weights are 0 or more")
        if weight:
            texts.append(line + b"\n")
            weights.append(weight)
    return b"".join(texts), np.array(weights)


def _parted(records: Records, index: int, line: bytes) -> tuple[bytes, float]:
    text, tab, weight = line.rpartition(b"\t")
    try:
        return text, float(weight if tab else b"none")
    except ValueError:
        raise records.error(index, "no weight after a tab at the end of the line") from None

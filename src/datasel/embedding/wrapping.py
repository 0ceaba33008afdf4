"""Models as embed-fit writes them: vectors of fastText, the word frequencies that SIF needs, a description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from datasel.embedding import fasttext_file, word_vectors
from datasel.errors import DataError, ModelError
from datasel.records import described, modelfile
from datasel.records.marks import UTF8, foreign


def trained(content: bytes, signature: str, settings: dict[str, Any]) -> bytes:
    """A model that fastText has just made, described; DataError if it is not whole or not of numbers."""
    try:
        fasttext_file.parse("fastText's model", memoryview(content))
    except ModelError as error:
        raise DataError(f"{error} (is TMPDIR full? is the rate too high?)") from None
    return described.pack(fasttext_file.KIND, signature, settings, content)


def wrapped(path: str, contents: Iterable[bytes], signature: str) -> bytes:
    """The vectors of a .bin or .vec with the word frequencies of other texts (normalised, an LF after each)."""
    data = fasttext_file.view(path)
    model = fasttext_file.parse(path, data) if data[:4] == fasttext_file.MAGIC else None
    words, vectors = (model.words, None) if model else _read_vec(path, bytes(data))
    place = _places(words)
    counts, total = np.zeros(len(words), np.int64), 0
    for content in contents:
        found = Counter(content.split())
        total += sum(found.values())
        for word in found.keys() & place.keys():
            counts[place[word]] += found[word]
    if not total:
        raise DataError("no words to count")
    if not place:
        raise ModelError(f"{path}: none of its words can stand in a text: they are compared in lower case and NFC")
    settings = {"dim": model.dim if model else vectors.shape[1], "counted": total}
    if model:
        return described.pack(fasttext_file.KIND, signature, settings, fasttext_file.recounted(data, model, counts))
    arrays = {"words": b"".join([word + b"\n" for word in words]), "vectors": vectors, "counts": counts}
    return modelfile.pack(word_vectors.KIND, signature, settings, arrays)


def _places(words: list[bytes]) -> dict[bytes, int]:
    """The words of normalised texts, and which of the model's stands for each: the one spelled so, else the first."""
    made: dict[bytes, int] = {}
    for number, (word, form) in enumerate(zip(words, word_vectors.forms(words))):
        if form and (form not in made or word == form != words[made[form]]):
            made[form] = number
    return made


def _read_vec(path: str, data: bytes) -> tuple[list[bytes], np.ndarray]:
    """The words and vectors of fastText's text format: a line of two numbers, then a line a word."""
    if encoding := foreign(data):
        raise ModelError(f"{path}: the text is in {encoding}, not in UTF-8")
    head, *lines = data.removeprefix(UTF8).split(b"\n")
    try:
        count, dim = map(int, head.split())
        if count < 1 or dim < 1:
            raise ValueError
    except ValueError:
        raise ModelError(f"{path}:1: neither fastText's .bin nor its .vec, whose first line is two numbers") from None
    if lines[-1:] == [b""]:
        lines.pop()
    if len(lines) != count:
        raise ModelError(f"{path}: {count:,} words are announced, {len(lines):,} are there")
    if dim > len(data):
        raise ModelError(f"{path}:1: {dim:,} dimensions are announced, more than the file has characters")
    words: list[bytes] = []
    vectors = np.empty((count, dim), np.float32)
    for number, line in enumerate(lines):
        word, *values = line.rstrip(b" \r").rsplit(b" ", dim)
        try:
            if not word or len(values) != dim:
                raise ValueError
            vectors[number] = np.array(values, np.float32)
        except ValueError:
            raise ModelError(f"{path}:{number + 2}: not a word and {dim:,} numbers") from None
        words.append(word)
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(wrong):
        raise ModelError(f"{path}:{wrong[0] + 2}: the vectors hold what is no number")
    return words, vectors

"""Models as embed-fit writes them: vectors of fastText, the word frequencies that SIF needs, a description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from datasel.embedding import fasttext_file, word_vectors
from datasel.errors import DataError, ModelError
from datasel.records import described, modelfile


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
    place = {word: number for number, word in enumerate(words)}
    counts, total = np.zeros(len(words), np.int64), 0
    for content in contents:
        found = Counter(content.split())
        total += sum(found.values())
        for word in found.keys() & place.keys():
            counts[place[word]] += found[word]
    if not total:
        raise DataError("no words to count")
    settings = {"dim": model.dim if model else vectors.shape[1], "counted": total}
    if model:
        return described.pack(fasttext_file.KIND, signature, settings, fasttext_file.recounted(data, model, counts))
    arrays = {"words": b"".join([word + b"\n" for word in words]), "vectors": vectors, "counts": counts}
    return modelfile.pack(word_vectors.KIND, signature, settings, arrays)


def _read_vec(path: str, data: bytes) -> tuple[list[bytes], np.ndarray]:
    """The words and vectors of fastText's text format: a line of two numbers, then a line a word."""
    lines = data.split(b"\n")
    words: list[bytes] = []
    try:
        count, dim = map(int, lines[0].split())
        if count < 1 or dim < 1 or len(lines) < count + 1:
            raise ValueError
        vectors = np.empty((count, dim), np.float32)
        for number, line in enumerate(lines[1 : count + 1]):
            word, *values = line.rstrip(b" \r").rsplit(b" ", dim)
            words.append(word)
            vectors[number] = np.array(values, np.float32)
    except (ValueError, OverflowError, MemoryError):
        raise ModelError(f"{path}:{len(words) + 1}: neither fastText's .bin nor its .vec") from None
    if not np.isfinite(vectors).all():
        raise ModelError(f"{path}: the vectors hold what is no number")
    return words, vectors

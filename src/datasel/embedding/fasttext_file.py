"""fastText's .bin files: read part by part and checked, so that no damaged file gets as far as a crash.

The layout is that of fastText's version 12 (args, dictionary, input matrix, output matrix).  Numbers are little-endian.
"""

from __future__ import annotations

import mmap
import struct
from typing import NamedTuple

import numpy as np

from datasel.errors import ModelError
from datasel.records import described
from datasel.records.unpacked import as_file

KIND = "fasttext vectors"
MAGIC = struct.pack("<i", 793712314)
END_OF_LINE = b"</s>"  # fastText's own word, at the end of every line of its training text
_VERSION = 12
_CHUNK = 1 << 22  # values looked at together


class FastTextFile(NamedTuple):
    """A model file's parts.  Rows of the matrix are the bytes of float32 numbers: the words', then the buckets'."""

    words: list[bytes]
    counts: np.ndarray  # int64
    places: np.ndarray  # int64, where in the file each count stands
    matrix: np.ndarray  # uint8 (rows x 4 dim), a view of the file
    dim: int
    shortest: int  # of n-grams, in characters
    longest: int
    buckets: int
    largest: float  # of the matrix, in absolute value
    size: int  # bytes of fastText's part of the file
    digest: str  # of that part


def load(path: str) -> FastTextFile:
    """The model at ``path``, its description checked where it has one; ModelError if it is not sound."""
    return parse(path, view(path))


def view(path: str) -> memoryview:
    """A file's bytes, not read before they are needed where the system allows that."""
    try:
        with open(as_file(path), "rb") as file:
            try:
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            except (OSError, ValueError):  # an empty file
                return memoryview(file.read())
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from None


def parse(path: str, data: memoryview) -> FastTextFile:
    """The parts of a model of these bytes; ``path`` is for messages."""
    try:
        found = _parts(path, data)
    except (struct.error, ValueError, OverflowError):
        raise ModelError(f"{path}: truncated, damaged, or not a fastText model (.bin)") from None
    digest = described.digest(data[: found.size])
    about = described.settings(path, KIND, digest, bytes(data[found.size :]))
    if about is not None and about.get("dim") != found.dim:
        raise ModelError(f"{path}: parts of the model do not fit; make it again")
    largest = _largest(found.matrix)
    if not np.isfinite(largest):
        raise ModelError(f"{path}: the vectors hold what is no number")
    return found._replace(largest=largest, digest=digest[:12])


def _parts(path: str, data: memoryview) -> FastTextFile:
    magic, version = struct.unpack_from("<4si", data)
    if magic != MAGIC or version != _VERSION:
        raise ValueError
    dim, _, _, _, _, _, _, _, buckets, shortest, longest, _, _ = struct.unpack_from("<12id", data, 8)
    place = 8 + struct.calcsize("<12id")
    entries, words, labels, _, pruned = struct.unpack_from("<iiiqq", data, place)
    place += struct.calcsize("<iiiqq")
    if not 0 < words <= entries or entries != words + labels or dim <= 0 or buckets < 0:
        raise ValueError
    texts, counts, places = _entries(data, place, entries)
    place = int(places[-1]) + 9
    (quantised,) = struct.unpack_from("<?", data, place)
    if quantised or pruned > 0:
        raise ModelError(f"{path}: a quantised fastText model; vectors are needed in full (.bin)")
    rows, columns = struct.unpack_from("<qq", data, place + 1)
    start = place + 17
    size = rows * columns * 4
    if rows < words or columns != dim or rows - words > buckets or start + size > len(data):
        raise ValueError
    matrix = np.frombuffer(data, np.uint8, size, start).reshape(rows, dim * 4)
    place = start + size
    _, out_rows, out_columns = struct.unpack_from("<?qq", data, place)
    end = place + 17 + out_rows * out_columns * 4
    if out_rows < 0 or out_columns != dim or end > len(data):
        raise ValueError
    buckets = rows - words  # none where it was trained without n-grams
    return FastTextFile(
        texts[:words], counts[:words], places[:words], matrix, dim, shortest, longest if buckets else 0, buckets,
        0.0, end, "",
    )  # fmt: skip


def _entries(data: memoryview, place: int, count: int) -> tuple[list[bytes], np.ndarray, np.ndarray]:
    """The dictionary: each word ends in NUL; then come its count (8 bytes) and its type (1)."""
    if count * 10 > len(data):
        raise ValueError
    held, base, words, places = bytes(data[place : place + _CHUNK]), place, [], np.empty(count, np.int64)
    for number in range(count):
        end = held.find(b"\0", place - base)
        if end < 0 or end + 10 > len(held):
            base, held = place, bytes(data[place : place + _CHUNK])
            end = held.find(b"\0")
            if end < 0 or end + 10 > len(held):
                raise ValueError
        words.append(held[place - base : end])
        places[number] = base + end + 1
        place = base + end + 10
    units = np.frombuffer(data, np.uint8)
    counts = units[places[:, None] + np.arange(8)].view("<i8").ravel()
    if (counts < 0).any():
        raise ValueError
    return words, counts, places


def _largest(matrix: np.ndarray) -> float:
    largest = 0.0
    step = max(1, _CHUNK // matrix.shape[1])
    for start in range(0, len(matrix), step):
        part = np.abs(matrix[start : start + step].copy().view("<f4"))
        largest = np.maximum(largest, part.max(initial=0.0))  # NaN stays
    return float(largest)


def recounted(data: memoryview, model: FastTextFile, counts: np.ndarray) -> bytes:
    """fastText's part of the file with other counts of its words."""
    made = bytearray(data[: model.size])
    for place, count in zip(model.places.tolist(), counts.tolist()):
        struct.pack_into("<q", made, place, count)
    struct.pack_into("<q", made, 8 + struct.calcsize("<12id") + 12, int(counts.sum()))
    return bytes(made)

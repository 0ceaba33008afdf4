"""Models of CRFsuite, checked before it is given one: it follows every offset of a file, to a crash or without end.

The layout is that of its version 100 (FOMC): a head; features, each with a weight; names of labels and of attributes,
as hash tables with open addressing (CQDB, by records of number, length and text); and for each label and attribute the
numbers of its features.  Numbers are little-endian and need not be aligned.
"""

from __future__ import annotations

import re
import struct

import numpy as np

_HEAD = struct.Struct("<4sI4s9I")
_CHUNK = struct.Struct("<4sII")  # name, size, number
_NAMES = struct.Struct("<4s5I")  # name, size, flag, byte order, and of the records by number how many and where
_ORDER, _TABLES = 0x62445371, 256
_LABEL = re.compile(rb"O|[BI]-.+", re.DOTALL)


def check(crf: bytes) -> None:
    """ValueError, IndexError or struct.error for what is not a whole and sound model of labels O, B-NAME and I-NAME."""
    magic, size, kind, version, _, labels, attributes, *places = _HEAD.unpack_from(crf)
    features, label_names, attribute_names, label_refs, attribute_refs = places
    if (magic, size, kind, version) != (b"lCRF", len(crf), b"FOMC", 100):
        raise ValueError
    data = np.frombuffer(crf, np.uint8)
    name, _, count = _CHUNK.unpack_from(crf, features)
    rows = data[features + _CHUNK.size :][: 20 * count].reshape(count, 20)  # type, source, target; weight
    targets, weights = rows[:, 8:12].copy().view("<u4"), rows[:, 12:].copy().view("<f8")
    if name != b"FEAT" or (targets >= labels).any() or not np.isfinite(weights).all():
        raise ValueError
    _check_references(crf, data, label_refs, b"LFRF", labels, count)
    _check_references(crf, data, attribute_refs, b"AFRF", attributes, count)
    _check_names(crf, data, attribute_names, attributes)
    for label in _check_names(crf, data, label_names, labels):
        if not _LABEL.fullmatch(label):
            raise ValueError
        label.decode()


def _check_references(crf: bytes, data: np.ndarray, place: int, wanted: bytes, owners: int, features: int) -> None:
    """Each owner's list is in the file, and holds numbers of features."""
    name, _, count = _CHUNK.unpack_from(crf, place)
    if name != wanted or count < owners or 4 * owners > len(crf):
        raise ValueError
    starts = _numbers(data, place + _CHUNK.size + 4 * np.arange(owners))
    sizes = _numbers(data, starts)
    if 4 * sizes.sum() > len(crf):
        raise ValueError
    before = np.cumsum(sizes) - sizes
    found = _numbers(data, np.repeat(starts + 4 - 4 * before, sizes) + 4 * np.arange(sizes.sum()))
    if (found >= features).any():
        raise ValueError


def _check_names(crf: bytes, data: np.ndarray, place: int, count: int) -> list[bytes]:
    """The names of so many numbers: every search among them ends, and finds a text that ends."""
    name, size, flag, order, numbered, by_number = _NAMES.unpack_from(crf, place)
    data = data[place:][:size]
    if name != b"CQDB" or flag or order != _ORDER or len(data) < size or numbered < count or 4 * count > size:
        raise ValueError
    tables = _numbers(data, _NAMES.size + 4 * np.arange(2 * _TABLES)).reshape(_TABLES, 2)
    if 8 * tables[:, 1].sum() > size:
        raise ValueError
    records = [_numbers(data, by_number + 4 * np.arange(count))]
    for start, slots in tables.tolist():
        found = _numbers(data, start + 4 + 8 * np.arange(slots))
        if slots and found.all():  # a search ends at a free slot
            raise ValueError
        records.append(found[found > 0])
    places = np.concatenate(records)
    numbers, lengths = _numbers(data, places), _numbers(data, places + 4)
    if (numbers >= count).any() or not (lengths > 0).all() or data[places + 7 + lengths].any():
        raise ValueError
    if (numbers[:count] != np.arange(count)).any():
        raise ValueError
    content = data.tobytes()
    ends = places + 7 + lengths
    return [content[start + 8 : end] for start, end in zip(places[:count].tolist(), ends[:count].tolist())]


def _numbers(data: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The 32-bit numbers at these places, as int64; IndexError for one outside."""
    if not len(places):
        return np.empty(0, np.int64)
    return data[places[:, None] + np.arange(4)].view("<u4").ravel().astype(np.int64)

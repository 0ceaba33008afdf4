"""Emissions: what an acoustic model with a CTC output says of each frame of an utterance.

In a record they are the text ``emissions``: the path of an .npz file, or its bytes inline, as ``npz;base64,...``.  The
.npz holds ``log_probs``, ``tokens``, ``blank``, ``silence`` and ``frame_rate``, and never a pickle.
"""

from __future__ import annotations

import base64
import binascii
import io
import math
import os
import zipfile
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from datasel.records.paths import folder_of

INLINE = "npz;base64,"
_NAMES = ("log_probs", "tokens", "blank", "silence", "frame_rate")
_MOST = 1 << 30  # bytes of an utterance's arrays
_SLACK = 0.02  # how far a frame's probabilities may be from 1 in sum: float16 rounds their logarithms


class Emissions(NamedTuple):
    """Of one utterance."""

    log_probs: np.ndarray  # float16 or float32 (frames x tokens), natural logarithms; a frame's probabilities sum to 1
    tokens: tuple[str, ...]  # the names of the inventory, all different
    blank: int  # index of CTC's blank
    silence: int  # index of the token for silence, or between words; -1 where there is none
    frame_rate: float  # frames a second


def pack(emissions: Emissions) -> bytes:
    """The bytes of the .npz; the same emissions give the same bytes."""
    log_probs = np.asarray(emissions.log_probs)
    if log_probs.dtype != np.float16:
        log_probs = log_probs.astype(np.float32)
    arrays = {
        "log_probs": log_probs,
        "tokens": np.array(emissions.tokens, dtype=np.str_),
        "blank": np.int64(emissions.blank),
        "silence": np.int64(emissions.silence),
        "frame_rate": np.float64(emissions.frame_rate),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array).reshape(np.shape(array)), allow_pickle=False)
            entry = zipfile.ZipInfo(name + ".npy")  # dated 1980: the bytes depend on the content alone
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.getvalue())
    return out.getvalue()


def unpack(content: bytes) -> Emissions:
    """The emissions of an .npz; ValueError with the reason if it is damaged or holds something else."""
    try:
        arrays = _arrays(content)
    except KeyError as error:
        raise ValueError(f"no emissions: {error.args[0]} is missing") from None
    except MemoryError:
        raise ValueError(f"no emissions: more than {_MOST >> 20} MiB") from None
    except Exception:  # a damaged zip or array makes errors of zipfile, zlib, numpy, tokenize, ast and others
        raise ValueError("no emissions: truncated, damaged, or not an .npz file") from None
    log_probs, tokens = arrays["log_probs"], arrays["tokens"]
    blank, silence, rate = (arrays[name] for name in _NAMES[2:])
    if log_probs.dtype not in (np.float16, np.float32) or log_probs.ndim != 2:
        raise ValueError("no emissions: log_probs is not a float16 or float32 matrix")
    if tokens.dtype.kind != "U" or tokens.shape != log_probs.shape[1:]:
        raise ValueError("no emissions: tokens are not as many texts as log_probs has columns")
    names = tuple(tokens.tolist())
    if "" in names or len(set(names)) < len(names):
        raise ValueError("no emissions: a token is empty or named twice")
    if any(each.dtype.kind != "i" or each.ndim for each in (blank, silence)):
        raise ValueError("no emissions: blank and silence are not whole numbers")
    if not 0 <= blank < len(names) or not -1 <= silence < len(names) or blank == silence:
        raise ValueError("no emissions: blank or silence is not the index of a token of its own")
    if rate.dtype.kind != "f" or rate.ndim or not 0 < rate < np.inf:
        raise ValueError("no emissions: frame_rate is not a number above 0")
    if not normal(log_probs):
        raise ValueError("no emissions: the probabilities of a frame do not sum to 1")
    return Emissions(log_probs, names, int(blank), int(silence), float(rate))


def normal(log_probs: np.ndarray) -> bool:
    """Whether the probabilities of each frame sum to 1."""
    sums = np.exp(log_probs.astype(np.float32)).sum(axis=1)
    return bool((np.abs(sums - 1) < _SLACK).all())  # NaN is not


def _arrays(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of an .npz; MemoryError where it would take too much."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST:
            raise MemoryError
        inside = {name.removesuffix(".npy"): name for name in archive.namelist()}
        return {name: _array(archive.read(inside[name])) for name in _NAMES}


def _array(content: bytes) -> np.ndarray:
    """The array of an .npy."""
    width = 2 if content[6] == 1 else 4  # of the header's length, by the format's version
    start = 8 + width + int.from_bytes(content[8 : 8 + width], "little")
    shape, by_columns, dtype = _header(content[:start])
    array = np.frombuffer(content, dtype, math.prod(shape), start)
    return array.reshape(shape, order="F" if by_columns else "C")


@lru_cache(64)  # most are those of the utterance before
def _header(head: bytes) -> tuple[tuple[int, ...], bool, np.dtype]:
    file = io.BytesIO(head)
    if np.lib.format.read_magic(file) == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)


def inline(content: bytes) -> str:
    """The bytes of an .npz as a field's text."""
    return INLINE + base64.b64encode(content).decode()


def load(value: str, records: str = "") -> Emissions:
    """The emissions that a record's field names or holds; ValueError with the reason where there are none.

    ``records``: the name of the records' file, whose folder a relative path is relative to.
    """
    if value.startswith(INLINE):
        try:
            return unpack(base64.b64decode(value[len(INLINE) :], validate=True))
        except binascii.Error:
            raise ValueError("no emissions: not valid base64") from None
    try:
        with open(os.path.join(folder_of(records), value), "rb") as file:
            content = file.read()
    except OSError as error:
        raise ValueError(f"{value}: {error.strerror or error}") from None
    except ValueError:  # a NUL in it
        raise ValueError(f"{value!r}: not the name of a file") from None
    try:
        return unpack(content)
    except ValueError as error:
        raise ValueError(f"{value}: {error}") from None

"""Language models as files for KenLM: what it would not read, or would read otherwise than we do, is rewritten."""

from __future__ import annotations

import mmap
import os
import tempfile
from functools import lru_cache

import numpy as np

from datasel.lm.arpa import written
from datasel.lm.arpa_reader import read
from datasel.lm.backoff import Backoff, Grams
from datasel.records.marks import UTF8
from datasel.records.sink import Sink, temporary_name
from datasel.records.unpacked import as_file

ORDERS = range(2, 7)  # those that KenLM is built for
_BINARY = b"mmap lm http://kheafield.com/code"


def is_binary(path: str) -> bool:
    """Whether it is one of KenLM's binaries, or the beginning of one; ModelError for what cannot be read."""
    with open(as_file(path), "rb") as file:
        head = file.read(len(_BINARY))
    return bool(head) and _BINARY.startswith(head)


@lru_cache
def readable(path: str) -> str:
    """The name of a file that KenLM reads as ``path`` says: decompressed, in TMPDIR, where it is compressed.

    Rewritten is an ARPA file with a byte order mark, without <unk>, or with a probability of -inf.  ModelError for what
    cannot be read; a file that is no model is not noticed here.
    """
    file = as_file(path)
    if is_binary(path) or not os.path.getsize(file):
        return file
    with open(file, "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        unknown = data.find(b"<unk>") >= 0 or data.find(b"<UNK>") >= 0
        plain = data[: len(UTF8)] != UTF8 and data[:2] not in (b"\xff\xfe", b"\xfe\xff")
        if plain and unknown and data.find(b"\n-inf\t") < 0:
            return file
    return rewritten(path, read(path))


def rewritten(path: str, model: Backoff) -> str:
    """The name of an ARPA file with this model, read from ``path``, of two orders at least; it lasts as long as we."""
    if len(model.levels) == 1:
        none = np.empty(0, np.int32)
        model = Backoff(model.words, [*model.levels, Grams(none, none, none, np.empty(0), np.empty(0))])
    made = temporary_name(os.path.join(tempfile.gettempdir(), os.path.basename(path)))
    sink = Sink(made)
    for piece in written(model, "rewritten", digits=9):
        sink.write(piece)
    sink.close()
    return made

"""Back-off models to ARPA files."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from datasel.errors import DataError
from datasel.lm.backoff import Backoff
from datasel.lm.columns import release
from datasel.records.jsonl import listed

_ROWS = 1 << 16
_DIGITS = 6


def written(model: Backoff, signature: str, digits: int = _DIGITS) -> Iterator[bytes]:
    """The file piece by piece: log10 with six decimals (or ``digits``), n-grams in order of their words'
    identifiers, the signature in a comment before the data."""
    yield f"# {signature}\n\\data\\\n".encode()
    for order, level in enumerate(model.levels, 1):
        yield b"ngram %d=%d\n" % (order, len(level.word))
    names = [np.array([word + end for word in model.words] + [None], object)[:-1] for end in (b" ", b"\t", b"\n")]
    for order in range(1, len(model.levels) + 1):
        yield b"\n\\%d-grams:\n" % order
        for start in range(0, len(model.levels[order - 1].word), _ROWS):
            yield _lines(model, order, slice(start, start + _ROWS), names, digits)
            release()
    yield b"\n\\end\\\n"


def _lines(model: Backoff, order: int, rows: slice, names: list[np.ndarray], digits: int) -> bytes:
    level = model.levels[order - 1]
    if not (np.isfinite(level.logp[rows]).all() and np.isfinite(level.bow[rows]).all()):
        raise DataError("the model has probabilities that are no numbers: weights or counts are too large")
    inner, before_bow, last = names
    highest = order == len(model.levels)
    width = order + (1 if highest else 2)
    parts = [b""] * (len(level.word[rows]) * width)
    parts[0::width] = _numbers(level.logp[rows], b"\t", digits)
    if not highest:
        parts[width - 1 :: width] = _numbers(level.bow[rows], b"\n", digits)
    parts[order::width] = (last if highest else before_bow)[level.word[rows]].tolist()
    context = level.context[rows]
    for place in range(order - 1, 0, -1):
        below = model.levels[place - 1]
        parts[place::width] = inner[below.word[context]].tolist()
        context = below.context[context]
    return b"".join(parts)


def _numbers(values: np.ndarray, end: bytes, digits: int) -> list[bytes]:
    return (listed(values, digits).replace(b",", end + b",") + end).split(b",")


def builder() -> str:
    """Where KenLM's build_binary is; DataError where it is not on the PATH."""
    program = shutil.which("build_binary")
    if not program:
        raise DataError("--binary needs KenLM's build_binary, and no such program is on the PATH")
    return program


def binary(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The file in KenLM's binary format, by its build_binary; DataError where that is not to be had or fails."""
    program = builder()
    with tempfile.TemporaryDirectory() as folder:
        text, made = Path(folder, "arpa"), Path(folder, "binary")
        with text.open("wb") as file:
            file.writelines(pieces)
        run = subprocess.run([program, "-T", folder + "/", "trie", text, made], capture_output=True)
        if run.returncode:
            said = run.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise DataError(f"build_binary failed: {said or f'status {run.returncode}'}")
        with made.open("rb") as file:
            while piece := file.read(1 << 20):
                yield piece

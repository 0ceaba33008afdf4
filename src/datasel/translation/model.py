"""A translator on disk: the files of a CTranslate2 model, the pieces, and what is needed to train it on.

model.bin, config.json, vocabularies: what CTranslate2 reads.  pieces.model: for SentencePiece, and target-pieces.model
where the target has others.  weights.npz: all weights in 32 bits, for fine-tuning; the models of others have none.
datasel.json: kind, format, signature, settings, the SHA-256 of each other file, and its own.  They stand in a folder,
or in a tar archive.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np

from datasel.errors import ModelError
from datasel.records.folder import members
from datasel.records.modelfile import check, head, whole
from datasel.translation.pieces import Pieces

KIND = "translator"
_META, _PIECES, _TARGET_PIECES, _WEIGHTS = "datasel.json", "pieces.model", "target-pieces.model", "weights.npz"


class Frame(NamedTuple):
    """The tokens that a model wants around texts, and how many pieces with them (and an end) a text may have."""

    before: Sequence[str] = ()  # the source
    after: Sequence[str] = ()
    target: Sequence[str] = ()  # before a translation
    places: int = 1024


def pack(
    signature: str, settings: Mapping[str, Any], network: Mapping[str, bytes], pieces: Sequence[bytes],
    weights: Mapping[str, np.ndarray] | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """The files of a model; ``network`` are those for CTranslate2, ``pieces`` of both sides or of each."""
    files = {**network, **dict(zip((_PIECES, _TARGET_PIECES), pieces))}
    if weights is not None:
        files[_WEIGHTS] = stored(weights)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    meta = {**head(KIND, signature), "settings": dict(settings), "files": sums}
    meta["sum"] = _sum(meta)
    return {_META: msgspec.json.format(msgspec.json.encode(meta)) + b"\n", **files}


def _sum(meta: Mapping[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(dict(meta), order="sorted")).hexdigest()


class Model:
    """A translator that was read; ModelError if it is not whole and sound."""

    def __init__(self, path: str):
        self.path = path
        if os.path.exists(os.path.join(path, "model.bin")) and not os.path.exists(os.path.join(path, _META)):
            raise ModelError(f"{path}: a CTranslate2 model without a description; 'datasel translator' makes one")
        files = members(path)
        try:
            meta = msgspec.json.decode(files.pop(_META))
            check(path, meta, KIND)
            sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
            if sums != meta["files"] or meta.pop("sum") != _sum(meta):
                raise ValueError
            self.settings: dict[str, Any] = meta["settings"]
            self.signature: str = meta["signature"]
            for name, number in self.settings.get("shape", {}).items():
                if name != "dropout":
                    whole(number, 1, 1 << 24)
            self.frame = _frame(self.settings.get("frame", {}))
            self.pieces_model = files.pop(_PIECES)
            self.pieces = Pieces(self.pieces_model)
            self.target_pieces = Pieces(files.pop(_TARGET_PIECES)) if _TARGET_PIECES in files else self.pieces
            self._weights = files.pop(_WEIGHTS, None)
            self._network = files
        except (KeyError, ValueError, TypeError, AttributeError):
            raise ModelError(f"{path}: truncated, damaged, or not a translator of datasel; make it again") from None

    def weights(self) -> dict[str, np.ndarray]:
        """All weights in 32 bits; ModelError for a model of others, which has none."""
        if self._weights is None:
            raise ModelError(f"{self.path}: cannot be trained on, as it is not of translate-fit")
        return arrays(self._weights)

    def translator(self, threads: int = 1):
        """The CTranslate2 translator, which uses so many threads."""
        return translator(self._network, threads, self.path)


def _frame(told: Mapping[str, Any]) -> Frame:
    """ValueError or TypeError for what is none."""
    frame = Frame(**told)
    if not all(type(token) is str for tokens in frame[:3] for token in tokens):
        raise ValueError
    whole(frame.places, 16, 1 << 24)
    return frame


def translator(network: Mapping[str, bytes], threads: int = 1, path: str = "model"):
    """A CTranslate2 translator of files in memory, one batch at a time with so many threads.

    Its weights are in eight bits, whatever the file has: the products are exact then, and do not depend on the batch.
    """
    import ctranslate2

    ctranslate2.set_log_level(50)
    try:
        return ctranslate2.Translator(
            "memory", device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads, files=dict(network)
        )
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"{path}: CTranslate2 does not take it ({str(error).splitlines()[0]})") from None


def stored(content: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as the bytes of an .npz file; the same arrays give the same bytes."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, array in content.items():
            file = io.BytesIO()
            np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + ".npy"), file.getvalue())
    return made.getvalue()


def arrays(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of an .npz file; ValueError, KeyError or BadZipFile for what is none."""
    with np.load(io.BytesIO(content), allow_pickle=False) as opened:
        return dict(opened)

"""A translator on disk: the files of a CTranslate2 model, the pieces, and what is needed to train it on.

model.bin, config.json, shared_vocabulary.json: what CTranslate2 reads, weights in eight bits.  pieces.model: for
SentencePiece.  weights.npz: all weights in 32 bits, for fine-tuning.  datasel.json: kind, format,
signature, settings, the SHA-256 of each other file, and its own.  They stand in a folder, or in a tar archive.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from datasel.errors import ModelError
from datasel.records.folder import members
from datasel.records.modelfile import check, head, whole
from datasel.translation.pieces import Pieces

KIND = "translator"
_META, _PIECES, _WEIGHTS = "datasel.json", "pieces.model", "weights.npz"


def pack(
    signature: str, settings: Mapping[str, Any], network: Mapping[str, bytes], pieces: bytes,
    weights: Mapping[str, np.ndarray],
) -> dict[str, bytes]:  # fmt: skip
    """The files of a model; ``network`` are those for CTranslate2."""
    files = {**network, _PIECES: pieces, _WEIGHTS: stored(weights)}
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
        files = members(path)
        try:
            meta = msgspec.json.decode(files.pop(_META))
            check(path, meta, KIND)
            sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
            if sums != meta["files"] or meta.pop("sum") != _sum(meta):
                raise ValueError
            self.settings: dict[str, Any] = meta["settings"]
            self.signature: str = meta["signature"]
            for name, number in self.settings["shape"].items():
                if name != "dropout":
                    whole(number, 1, 1 << 24)
            self.pieces_model = files[_PIECES]
            self.pieces = Pieces(self.pieces_model)
            self._network = {name: files[name] for name in meta["files"] if name not in (_PIECES, _WEIGHTS)}
            self._weights = files[_WEIGHTS]
        except (KeyError, ValueError, TypeError, AttributeError):
            raise ModelError(f"{path}: truncated, damaged, or not a translator of datasel; make it again") from None

    def weights(self) -> dict[str, np.ndarray]:
        """All weights in 32 bits."""
        return arrays(self._weights)

    def translator(self, threads: int = 1):
        """The CTranslate2 translator, which uses so many threads."""
        return translator(self._network, threads, self.path)


def translator(network: Mapping[str, bytes], threads: int = 1, path: str = "model"):
    """A CTranslate2 translator of files in memory, one batch at a time with so many threads."""
    import ctranslate2

    ctranslate2.set_log_level(50)
    try:
        return ctranslate2.Translator(
            "memory", device="cpu", inter_threads=1, intra_threads=threads, files=dict(network)
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

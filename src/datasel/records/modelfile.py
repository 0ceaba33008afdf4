"""Model files: a zip of ``datasel.json`` (kind, format, signature, settings) and ``NAME.npy`` arrays.

Nothing in them is ever executed.  The same content gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from datasel import __version__
from datasel.errors import ModelError
from datasel.records.streams import content

FORMAT = 1
Model = TypeVar("Model")
_META = "datasel.json"
_LARGEST = 1e12


def pack(kind: str, signature: str, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    """One model as bytes.  ``settings`` holds JSON values, ``arrays`` numpy arrays or bytes."""
    import numpy

    meta = head(kind, signature)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(_entry(_META), msgspec.json.encode({**meta, "settings": dict(settings)}))
        for name, value in arrays.items():
            if isinstance(value, bytes):
                value = numpy.frombuffer(value, numpy.uint8)
            file = io.BytesIO()
            numpy.lib.format.write_array(file, numpy.ascontiguousarray(value), allow_pickle=False)
            archive.writestr(_entry(name + ".npy"), file.getvalue())
    return out.getvalue()


def load(
    path: str, kind: str, build: Callable[[dict[str, Any], dict[str, Any]], Model], data: bytes | None = None
) -> Model:
    """``build(settings, arrays)`` of the model at ``path``; ModelError if it is not a sound model of this kind.

    ``data``: its bytes, where it is part of the file at ``path``.
    """
    import numpy

    settings, arrays = unpack(path, kind, data)
    try:
        with numpy.errstate(all="ignore"):
            return build(settings, arrays)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, AttributeError, MemoryError):
        raise ModelError(f"{path}: parts of the model are missing or do not fit; make it again") from None


def unpack(path: str, kind: str, data: bytes | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """``(settings, arrays)`` of the model at ``path``; ModelError if it is not a whole model of this kind."""
    import numpy

    try:
        with zipfile.ZipFile(io.BytesIO(content(path) if data is None else data)) as archive:  # path may be a pipe
            meta = msgspec.json.decode(archive.read(_META))
            check(path, meta, kind)
            arrays = {
                name[: -len(".npy")]: numpy.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
                for name in archive.namelist()
                if name.endswith(".npy")
            }
    except ModelError:
        raise
    except Exception:  # a damaged zip or array makes errors of zipfile, zlib, numpy, tokenize, ast and others
        raise ModelError(f"{path}: truncated, or not a datasel model; make it again") from None
    if not all(numpy.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f"):
        raise ModelError(f"{path}: the model holds what is no number; make it again")
    return meta["settings"], arrays


def moderate(*arrays: Any) -> None:
    """ValueError for what is no array of floats, or holds a number so large that sums of it might not be one."""
    for array in arrays:
        if array.dtype.kind != "f" or not abs(array).max(initial=0) < _LARGEST:
            raise ValueError


def whole(value: Any, least: int, most: int) -> int:
    """A whole number of a model's description; ValueError where it is none from ``least`` to ``most``."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError
    return value


def head(kind: str, signature: str) -> dict[str, Any]:
    """What every model file says of itself."""
    return {"kind": kind, "format": FORMAT, "datasel": __version__, "signature": signature}


def check(path: str, meta: Any, kind: str) -> None:
    """ModelError unless ``meta`` is the head of a model of this kind, and not of a newer format."""
    form = {"format": int, "settings": dict}
    if not isinstance(meta, dict) or not all(isinstance(meta.get(name), kind) for name, kind in form.items()):
        raise ModelError(f"{path}: not a datasel model; make it again")
    if meta["format"] > FORMAT:
        raise ModelError(f"{path}: made by datasel {meta.get('datasel')}, newer than this one; upgrade datasel")
    if meta.get("kind") != kind:
        raise ModelError(f"{path}: a model of kind '{meta.get('kind')}', but '{kind}' is needed here")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # dated 1980: the bytes depend on the content alone
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry

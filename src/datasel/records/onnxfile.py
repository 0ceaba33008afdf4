"""Neural models on disk: an ONNX file whose metadata says what it is, of what training, and the sum of its bytes.

The metadata is one entry, "datasel", JSON; it stands at the end of the file, so that it is checked before
the network is looked at.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any

import msgspec

from datasel.errors import ModelError
from datasel.records.modelfile import check, head
from datasel.records.streams import content

_KEY = b"datasel"


def pack(kind: str, signature: str, settings: Mapping[str, Any], network: bytes) -> bytes:
    """A serialised ONNX model with its metadata; ``settings`` holds JSON values."""
    meta = {**head(kind, signature), "settings": dict(settings), "network_bytes": len(network)}
    meta["sha256"] = _sum(meta, network)
    return network + _entry(msgspec.json.encode(meta))


def load(path: str, kind: str) -> tuple[dict[str, Any], Any]:
    """``(settings, onnxruntime session)``; ModelError if it is not a whole model of this kind.

    The session uses one thread.
    """
    settings, network = parts(path, kind)
    return settings, session(path, network)


def parts(path: str, kind: str) -> tuple[dict[str, Any], bytes]:
    """``(settings, network)``; ModelError as for :func:`load`, but the network is not yet looked at."""
    try:
        data = content(path)
        written = data[data.index(b"{", data.rindex(_named())) :]
        meta = msgspec.json.decode(written)
        check(path, meta, kind)
        network = data[: meta["network_bytes"]]
        if meta.pop("sha256") != _sum(meta, network) or data != network + _entry(written):
            raise ValueError
    except (ValueError, KeyError, IndexError, TypeError):
        raise ModelError(f"{path}: truncated, damaged, or not a datasel model; make it again") from None
    return meta["settings"], network


def session(path: str, network: bytes):
    """An onnxruntime session of one thread; ModelError for bytes that are no network."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it calls home and writes there, from its import on
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no base class but Exception
        raise ModelError(f"{path}: onnxruntime does not take it ({str(error).splitlines()[0]})") from None


def _sum(meta: Mapping[str, Any], network: bytes) -> str:
    return hashlib.sha256(msgspec.json.encode(dict(meta), order="sorted") + network).hexdigest()


def _entry(value: bytes) -> bytes:
    """Field 14 (metadata_props) of an ONNX ModelProto: a message of key (1) and value (2)."""
    body = _named() + _varint(len(value)) + value
    return b"\x72" + _varint(len(body)) + body


def _named() -> bytes:
    return b"\x0a" + _varint(len(_KEY)) + _KEY + b"\x12"


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)

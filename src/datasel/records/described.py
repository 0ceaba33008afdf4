"""Files of another program's format with our description behind them: what they are, of what making, and their sum.

The other program reads its own part and looks no further.  The description is one line of JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from datasel.errors import ModelError
from datasel.records.modelfile import check, head

_MARK = b"\ndatasel "


def pack(kind: str, signature: str, settings: Mapping[str, Any], content: bytes) -> bytes:
    """The content with its description; ``settings`` holds JSON values."""
    meta = {**head(kind, signature), "settings": dict(settings)}
    meta["sha256"] = _sum(meta, digest(content))
    return content + _MARK + msgspec.json.encode(meta) + b"\n"


def digest(content: bytes | memoryview) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def settings(path: str, kind: str, content: str, rest: bytes) -> dict[str, Any] | None:
    """What the description ``rest`` says that stands behind content of this digest; None where there is none.

    ModelError unless it is a whole description of this kind and of this content.
    """
    if not rest:
        return None
    try:
        if not rest.startswith(_MARK) or not rest.endswith(b"}\n"):
            raise ValueError
        meta = msgspec.json.decode(rest[len(_MARK) :])
        check(path, meta, kind)
        if meta.pop("sha256") != _sum(meta, content):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{path}: truncated, damaged, or not a datasel model; make it again") from None
    return meta["settings"]


def _sum(meta: Mapping[str, Any], content: str) -> str:
    return digest(msgspec.json.encode(dict(meta), order="sorted") + content.encode())

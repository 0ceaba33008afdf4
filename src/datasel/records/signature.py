"""The birth certificate of a result: ``command|option:value|...|version:x``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from datasel import __version__
from datasel.records.streams import STDIN, chunks

_APART = str.maketrans("|\n\r", "/  ")  # a signature is one line


def signature(command: str, settings: Mapping[str, object]) -> str:
    """The settings that decide the result, in the order given.  Unset ones (None, False, empty) are left out."""
    parts = [command]
    for name, value in settings.items():
        if value is None or value is False or value in ((), ""):
            continue
        text = "yes" if value is True else str(value)
        parts.append(f"{name}:{text.translate(_APART)}")
    return "|".join([*parts, f"version:{__version__}"])


def digest(path: str) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of what a file holds, decompressed; of a folder, of its files'
    names and sums.

    What can be read but once has none: standard input is "stdin", another pipe "pipe".
    """
    if path == STDIN:
        return "stdin"
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        return "pipe"
    if os.path.isdir(path):
        names = [name for name in sorted(os.listdir(path)) if os.path.isfile(os.path.join(path, name))]
        sums = [f"{name} {digest(os.path.join(path, name))}\n" for name in names]
        return hashlib.sha256("".join(sums).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    total = hashlib.sha256()
    for chunk in chunks(path):
        total.update(chunk)
    return total.hexdigest()[:12]

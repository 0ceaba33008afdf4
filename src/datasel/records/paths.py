"""Paths in records: relative to the folder of the file that the records are in."""

from __future__ import annotations

import os


def folder_of(name: str) -> str:
    """The folder that relative paths in the records of a file are relative to: the file's own; "", the current one, of
    a stream ("stdin", and /dev/fd/63 of a shell's ``<()``)."""
    return "" if name.startswith(("/dev/", "/proc/")) else os.path.dirname(name)


def relative(path: str, folder: str, place: str) -> str:
    """A path from ``folder``, as it is from ``place``; "" is the current folder.  An absolute path stays."""
    return path if os.path.isabs(path) else os.path.relpath(os.path.join(folder, path), place or ".")

"""Files for libraries that open them by name: what is compressed, or comes from a pipe, is unpacked to TMPDIR."""

from __future__ import annotations

import os
import stat
import tempfile
from functools import lru_cache

from datasel.errors import DataError, ModelError
from datasel.records.sink import Sink, temporary_name
from datasel.records.streams import STDIN, chunks, is_compressed


@lru_cache
def as_file(path: str) -> str:
    """The name of a regular file with the content of ``path``, decompressed: ``path`` itself where that is one.

    An unpacked file stays until the process ends.  Raises ModelError for what cannot be read.
    """
    if path != STDIN and _is_plain(path):
        return path
    made = temporary_name(os.path.join(tempfile.gettempdir(), os.path.basename(path)))
    try:
        sink = Sink(made)
        for chunk in chunks(path):
            sink.write(chunk)
        sink.close()
    except DataError as error:
        raise ModelError(str(error)) from None
    return made


def _is_plain(path: str) -> bool:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with open(path, "rb") as file:
            return not is_compressed(file.read(16))
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from None

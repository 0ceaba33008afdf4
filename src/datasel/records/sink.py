"""Where output goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile

from datasel.errors import DataError

BUFFER_BYTES = 1 << 18


class Sink:
    """Bytes to ``path``, or to standard output where that is None or "-".

    A regular file is written under a temporary name in its own folder and renamed by :meth:`close`, so that it
    may be one of the inputs and a run that fails leaves what was there.  Every failed write is an error.
    """

    def __init__(self, path: str | None = None, *, line_buffered: bool = False):
        self._limit = 0 if line_buffered else BUFFER_BYTES
        self._pending: list[bytes] = []
        self._held = 0
        self._temporary = None
        if path in (None, "-"):
            self.name, self._fd, self._owned = "standard output", 1, False
            self._limit = 0 if self.isatty() else self._limit
            return
        self.name, self._owned = path, True
        try:
            mode = os.stat(path).st_mode
        except OSError:
            mode = None
        with self._errors():
            if mode is not None and not stat.S_ISREG(mode):
                self._fd = os.open(path, os.O_WRONLY)  # a pipe, a device: nothing to replace
                self._limit = 0 if self.isatty() else self._limit
                return
            self._target = os.path.realpath(path)  # a link stays a link: what it points to is replaced
            folder, base = os.path.split(self._target)
            self._fd, self._temporary = tempfile.mkstemp(prefix=f".{base[:100]}.", suffix=".tmp", dir=folder)
            os.fchmod(self._fd, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())

    def isatty(self) -> bool:
        return os.isatty(self._fd)

    def write(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._held += len(data)
            if self._held > self._limit:
                self.flush()

    def flush(self) -> None:
        view = memoryview(b"".join(self._pending))
        self._pending, self._held = [], 0
        with self._errors():
            while view:
                view = view[os.write(self._fd, view) :]

    def close(self) -> None:
        """Write what is left and, for a file, give it its name."""
        self.flush()
        with self._errors():
            if self._owned or self._fd == 1:
                os.close(self._fd)
            if self._temporary:
                os.replace(self._temporary, self._target)
                self._temporary = None

    def abort(self) -> None:
        """Leave nothing half-written behind."""
        self._pending = []
        if self._temporary:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)
            self._temporary = None

    @contextlib.contextmanager
    def _errors(self):
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise DataError(error.strerror or str(error), self.name) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

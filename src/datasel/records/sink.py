"""Where output goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from itertools import count

from datasel.errors import DataError
from datasel.records.paths import folder_of

BUFFER_BYTES = 1 << 18
TEMPORARY = ".tmp"  # what the name of an unfinished file ends in; it begins with a dot


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
            self._temporary = temporary_name(self._target)
            self._fd = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            if mode is not None:
                os.fchmod(self._fd, stat.S_IMODE(mode))

    @property
    def place(self) -> str:
        """The folder that relative paths in the output are relative to: the file's own, else the current one."""
        return folder_of(self.name) if self._owned else ""

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
                _unfinished.discard(self._temporary)
                self._temporary = None

    def abort(self) -> None:
        """Leave nothing half-written behind."""
        self._pending = []
        if self._temporary:
            finished(self._temporary)
            self._temporary = None

    @contextlib.contextmanager
    def _errors(self):
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise DataError(error.strerror or str(error), self.name) from None


# Temporary files that have no name of their own yet, noted before they are made: a signal may come at any moment.
_unfinished: set[str] = set()


def sweep() -> None:
    """Remove every unfinished file; for a process that ends before its time."""
    for path in list(_unfinished):
        finished(path)


def finished(path: str) -> None:
    """What has a temporary name (a file, or a folder with all in it) is needed no longer, if it is still there."""
    try:
        os.unlink(path)
    except IsADirectoryError:
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass
    _unfinished.discard(path)


def temporary_name(target: str) -> str:
    """A name beside ``target`` that nobody else uses, on whatever machine; :func:`sweep` removes what has it,
    :func:`finished` as well."""
    folder, base = os.path.split(target)
    base = os.fsdecode(os.fsencode(base)[:100])  # names are limited in bytes
    path = os.path.join(folder, f".{base}.{os.getpid()}.{next(_numbers)}.{_MACHINE}{TEMPORARY}")
    _unfinished.add(path)
    return path


_numbers = count()
_MACHINE = os.urandom(4).hex()


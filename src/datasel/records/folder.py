"""Models of several files: a folder that appears whole or not at all, or the same as a tar archive."""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
from collections.abc import Mapping, Sequence

from datasel.errors import DataError, ModelError
from datasel.records.sink import Sink, finished, temporary_name
from datasel.records.streams import content

_BLOCK = 512
_MARK = "datasel.json"  # what every such model holds


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as a tar archive; the same files give the same bytes."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        size = archive.offset
    return made.getvalue()[:size] + bytes(2 * _BLOCK)  # no more zeros than end an archive


def members(path: str) -> dict[str, bytes]:
    """The files of a folder, or of a tar archive, by their names; ModelError for what is neither."""
    try:
        if os.path.isdir(path):
            if not os.path.exists(os.path.join(path, _MARK)):
                raise ModelError(f"{path}: Is a directory, and not that of a model (it has no {_MARK})")
            found = {}
            for name in sorted(os.listdir(path)):
                if os.path.isfile(place := os.path.join(path, name)):
                    with open(place, "rb") as file:
                        found[name] = file.read()
            return found
        return unpacked(content(path))
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from None
    except (tarfile.TarError, ValueError, EOFError):
        raise ModelError(f"{path}: truncated, or not a model; make it again") from None


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The regular files of a tar archive, whatever their order and folder.

    Raises ValueError or TarError for what is not a whole one.
    """
    if len(archive) % _BLOCK or not archive.endswith(bytes(2 * _BLOCK)):
        raise ValueError("no end")
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as opened:
        return {os.path.basename(entry.name): opened.extractfile(entry).read() for entry in opened if entry.isreg()}


def is_folder(path: str) -> bool:
    """Whether an output of this name is to be a folder: it ends in / or is that of a model."""
    return path.endswith(os.sep) or os.path.exists(os.path.join(path, _MARK))


class FolderSink(Sink):
    """A tar archive's bytes to a folder, for models of several files.

    The folder is made under another name beside its own and renamed by :meth:`close`.  One that is there already is
    replaced if it holds such a model, or no files but those of these ``names``; else it is an error.
    """

    def __init__(self, path: str, names: Sequence[str] = ()):
        self.name, self._pending, self._temporary = path, [], None
        self._target = os.path.realpath(path)
        if os.path.lexists(self._target):
            if not os.path.isdir(self._target):
                raise DataError("Not a directory", path)
            own = not names and os.path.exists(os.path.join(self._target, _MARK))
            if not (own or self._only_files(names)):
                kind = "that of a model" if not names else f"one of {', '.join(names)} alone"
                raise DataError(f"Is a directory, and not {kind}, so it is left alone", path)
        self._temporary = temporary_name(self._target)
        with self._errors():
            os.mkdir(self._temporary)

    def _only_files(self, names: Sequence[str]) -> bool:
        """Whether the folder that is there holds nothing but regular files of these names."""
        with os.scandir(self._target) as entries:
            return all(entry.name in names and entry.is_file(follow_symlinks=False) for entry in entries)

    def isatty(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        self._pending.append(data)

    def flush(self) -> None:
        """Nothing is written before it is whole."""

    def close(self) -> None:
        """Write the files and give the folder its name."""
        with self._errors():
            for name, data in unpacked(b"".join(self._pending)).items():
                with open(os.path.join(self._temporary, name), "wb") as file:
                    file.write(data)
            if os.path.isdir(self._target):
                old = temporary_name(self._target)
                os.rename(self._target, old)
                os.rename(self._temporary, self._target)
                finished(old)
            else:
                os.rename(self._temporary, self._target)
            finished(self._temporary)
            self._temporary = None

    def abort(self) -> None:
        """Leave nothing half-written behind."""
        if self._temporary:
            finished(self._temporary)
            self._temporary = None

    @contextlib.contextmanager
    def _errors(self):
        try:
            yield
        except OSError as error:
            raise DataError(error.strerror or str(error), self.name) from None

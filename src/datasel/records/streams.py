"""Input files as blocks of complete lines.

A line ends at LF and nowhere else.  Compression is recognised by its magic bytes, on standard input too.  A byte order
mark is no part of the first line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from datasel.errors import DataError, Ended, ModelError
from datasel.records.marks import unmarked

BLOCK_BYTES = 1 << 19
STDIN = "-"


@dataclass
class Block:
    """Complete lines of one file: ``data`` ends in LF; ``first`` is the number of its first line, from 1."""

    name: str
    first: int
    data: bytes
    text: bool = False  # plain text: every line is a record {"text": LINE}
    lenient: bool = False  # bad lines go to ``rejected`` instead of ending the run
    rejected: list[tuple[str, int, str, bytes]] = field(default_factory=list)
    read: int = 0  # records parsed, the rejected ones included
    kept: int = 0  # records that go on
    print_field: str | None = None  # the one field the output is to hold, as plain text
    printed: bool = False  # the output is that already
    before: int = 0  # lines of the files before this one
    files: list[tuple[int, str, bytes]] = field(default_factory=list)  # to be written: for the line, path, content


def blocks(paths: Sequence[str], *, eager: bool = False, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """The lines of all files in order, about ``size`` bytes at a time.

    With ``eager`` a block is whatever a read brought, so that nothing waits for more input to arrive.  A file
    without a final LF is given one.  Raises DataError for a file that cannot be opened or decompressed, or that is in
    UTF-16 or UTF-32.
    """
    before = 0
    for path in paths or [STDIN]:
        name = display_name(path)
        first, held, ends = 1, 0, False
        pending: list[bytes] = []
        for chunk in unmarked(chunks(path, size), name):
            pending.append(chunk)
            held += len(chunk)
            ends = ends or b"\n" in chunk
            if ends and (eager or held >= size):
                data = b"".join(pending)
                cut = data.rfind(b"\n") + 1
                yield Block(name, first, data[:cut], before=before)
                first += data.count(b"\n")
                pending, held, ends = [data[cut:]], len(data) - cut, False
        rest = b"".join(pending)
        if rest:
            rest = rest if rest.endswith(b"\n") else rest + b"\n"
            yield Block(name, first, rest, before=before)
            first += rest.count(b"\n")
        before += first - 1


def display_name(path: str) -> str:
    """How messages call an input."""
    return "stdin" if path == STDIN else path


def check_inputs(paths: Sequence[str], *, folders: bool = False) -> None:
    """Name an input that is missing, or unless ``folders`` are read a folder, before any work is done."""
    for path in paths:
        if path != STDIN:
            try:
                if os.path.isdir(path) and not folders:
                    raise IsADirectoryError(21, "Is a directory")
                os.stat(path)
            except OSError as error:
                raise DataError(error.strerror or str(error), path) from None


def lines(path: str) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers, from 1; a CR before the LF belongs to the line's end.

    Raises DataError as :func:`blocks` does, and for what is not UTF-8.
    """
    for block in blocks([path]):
        for number, line in enumerate(block.data.split(b"\n")[:-1], block.first):
            try:
                yield number, line.removesuffix(b"\r").decode()
            except UnicodeDecodeError:
                raise DataError("not valid UTF-8", block.name, number) from None


def content(path: str, text: bool = False) -> bytes:
    """All bytes of a model file, decompressed, of a ``text`` without its byte order mark.

    Raises ModelError where it cannot be opened or decompressed.
    """
    try:
        found = chunks(path)
        return b"".join(unmarked(found, display_name(path)) if text else found)
    except DataError as error:
        raise ModelError(str(error)) from None


def chunks(path: str, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """A file's bytes, decompressed, piece by piece, none of them empty.  Raises DataError as :func:`blocks` does."""
    name = display_name(path)
    try:
        raw = open(0, "rb", buffering=0, closefd=False) if path == STDIN else open(path, "rb", buffering=0)
    except OSError as error:
        raise DataError(error.strerror or str(error), name) from None
    with raw:
        try:
            head = _fill(raw, 16)
            source = _Rejoined(head, raw)
            if opener := _opener(head):
                source = opener(source)
            while chunk := source.read(size):
                yield chunk
        except EOFError:
            raise DataError("compressed data ends too early", name) from None
        except OSError as error:
            raise DataError(error.strerror or str(error) or "cannot be read", name) from None
        except Exception as error:
            # zlib.error, lzma.LZMAError and zstandard.ZstdError share no base class but Exception
            if type(error).__module__.split(".")[0] in ("zlib", "_lzma", "lzma", "zstd", "zstandard"):
                raise DataError(f"compressed data is damaged ({error})", name) from None
            raise


def _fill(raw, wanted: int) -> bytes:
    """The first bytes: as many as are wanted to recognise a format, one read if that shows it is plain."""
    Ended.check()  # before what may wait for ever
    head = raw.read(wanted) or b""
    while head and len(head) < wanted and any(magic.startswith(head[: len(magic)]) for magic, _ in _FORMATS):
        more = raw.read(wanted - len(head))
        if not more:
            break
        head += more
    return head


class _Rejoined:
    """A raw stream with the bytes already taken from it put back."""

    def __init__(self, head: bytes, raw):
        self._head, self._raw = head, raw

    def read(self, size: int = -1) -> bytes:
        Ended.check()
        if self._head:
            cut = len(self._head) if size < 0 else size
            head, self._head = self._head[:cut], self._head[cut:]
            return head
        return self._raw.read(size)


def _gzip(source):
    import gzip

    return gzip.GzipFile(fileobj=source, mode="rb")


def _bz2(source):
    import bz2

    return bz2.BZ2File(source)


def _xz(source):
    import lzma

    return lzma.LZMAFile(source)


def _zst(source):
    return _Zstandard(source)


class _Zstandard:
    """Frames one after another.  (zstandard's own stream reader takes a truncated frame for a whole one.)"""

    def __init__(self, source):
        import zstandard

        self._source, self._context = source, zstandard.ZstdDecompressor()
        self._frame, self._left = None, b""

    def read(self, size: int) -> bytes:
        while True:
            data = self._left or self._source.read(size)
            self._left = b""
            if not data:
                if self._frame is not None:
                    raise EOFError
                return b""
            self._frame = self._frame or self._context.decompressobj()
            out = self._frame.decompress(data)
            if self._frame.eof:
                self._left, self._frame = self._frame.unused_data, None
            if out:
                return out


_FORMATS = (
    (b"\x1f\x8b\x08", _gzip),
    (b"BZh", _bz2),
    (b"\xfd7zXZ\x00", _xz),
    (b"\x28\xb5\x2f\xfd", _zst),
)


def is_compressed(head: bytes) -> bool:
    """Whether a file that begins with these bytes, 16 at least where it has as many, is compressed."""
    return _opener(head) is not None


def _opener(head: bytes):
    for magic, opener in _FORMATS:
        if head.startswith(magic) and (opener is not _bz2 or head[4:10] in (b"1AY&SY", b"\x17rE8P\x90")):
            return opener
    return None

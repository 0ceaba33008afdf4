"""The loop every filter shares: blocks in, a function on each, bytes out, rejects aside, counts at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from time import monotonic
from typing import Any

import numpy as np

from datasel.errors import DataError, UsageError, shown
from datasel.records.jsonl import Records, encode, parse
from datasel.records.members import names
from datasel.records.plain import check
from datasel.records.sink import Sink
from datasel.records.streams import BLOCK_BYTES, Block, blocks, check_inputs

_LINES = 4096  # kept at a time
_HELD = 31 << 20  # bytes that the C library keeps for the next block's arrays (32 MiB are too many for its rule)


class Pipe:
    """One run of a command: where its records come from and go to, and what it says on stderr."""

    def __init__(
        self,
        name: str,
        files: Sequence[str] = (),
        *,
        output: str | None = None,
        text: bool = False,
        tsv: Sequence[str] | None = None,
        print_field: str | None = None,
        rejects: str | None = None,
        report: str | None = None,
        line_buffered: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        folder: bool = False,
        folders: bool = False,
    ):
        self.name, self.files, self.text, self.print_field = name, list(files), text, print_field
        self.tsv, self.quiet, self.verbose = tsv, quiet, verbose
        if text and tsv:
            raise UsageError("give one of --text and --tsv")
        self.free = True  # whether plain text may have any form
        self.tabs = False  # whether they have a meaning in plain text
        self.signature = ""  # set by the front door: what made this result
        self.read = self.kept = self.rejected = 0
        check_inputs(self.files, folders=folders)
        self.sink = _opened(output, folder, line_buffered)
        self.eager = line_buffered or self.sink.isatty()
        self.rejects = Sink(rejects) if rejects else None
        self.report = Sink(report) if report else None
        self.asides: list[Sink] = []
        self._beside: set[str] = set()
        self.progress = Progress(name, quiet)
        # glibc gives arrays as large as a block's back to the system, which clears their pages anew for each block: a
        # sixth of the time of a fast filter.  It stops once something larger, of which no page was touched, has gone.
        np.empty(_HELD, np.uint8)

    # -- in ------------------------------------------------------------------------------------------------

    def blocks(self, size: int = BLOCK_BYTES) -> Iterator[Block]:
        """The raw blocks of the command's FILEs, or of standard input, of about ``size`` bytes."""
        found = map(self._set_up, blocks(self.files, eager=self.eager, size=size))
        if self.tsv:
            from datasel.records.tsv import as_records

            found = as_records(found, self.tsv)
        yield from found

    def _set_up(self, block: Block) -> Block:
        block.text, block.lenient = self.text, self.rejects is not None
        block.print_field = self.print_field
        if self.text and self.free:
            check(block, self.tabs)
        return block

    def records(self, schema: Mapping[str, Any]) -> Iterator[Records]:
        """The parsed blocks of the input, for a command that does not simply map them."""
        for block in self.blocks():
            records = parse(block, schema)
            yield records
            self._account(block)

    # -- through -------------------------------------------------------------------------------------------

    def transform(self, function: Callable[[Block], bytes], jobs: int = 1, size: int = BLOCK_BYTES) -> None:
        """Write ``function(block)`` for every block, in input order, computed by ``jobs`` processes.

        ``size`` is that of a block in bytes: small ones for work that takes long.
        """
        for out, block in self.map(function, jobs, size):
            self.pass_on(out, block)

    def map(self, function: Callable[[Block], Any], jobs: int = 1, size: int = BLOCK_BYTES) -> Iterator[tuple]:
        """``(function(block), block)`` in input order, computed by ``jobs`` processes; what the caller then rejects and
        keeps of a block is counted when the next one is asked for.  (``block.data`` may be gone.)"""
        if jobs > 1 and not self.eager:
            from datasel.records.parallel import ordered_map

            results = ordered_map(function, self.blocks(size), jobs)
        else:
            results = ((function(block), block) for block in self.blocks(size))
        for result, block in results:
            yield result, block
            self._account(block)

    def take(self, made: Iterable[Block]) -> None:
        """Write blocks of records that were made of something else than JSON Lines."""
        for block in made:
            self.pass_on(block.data, block)
            self._account(block)

    def _account(self, block: Block) -> None:
        self.read += block.read
        self.kept += block.kept
        for rejected in sorted(block.rejected, key=itemgetter(1)):  # parsing rejects first, whatever the line
            self.reject(*rejected)
        block.rejected = []
        self.progress.show(f"{self.read:,} records")

    def reject(self, file: str, line: int, reason: str, record: bytes) -> None:
        """Set a record aside with the reason; one of several lines takes as many."""
        self.rejected += 1
        if self.rejects:
            self.rejects.write(set_aside(file, line, reason, record))

    # -- out -----------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Records (JSON Lines) to the output, or one field of them if --print asked for it."""
        if self.print_field is not None and data:
            data = _printed(data, self.print_field)
        self.sink.write(data)

    def pass_on(self, out: bytes, block: Block) -> None:
        """What was made of a block, and the files beside it."""
        for line, path, content in block.files:
            if path in self._beside:
                raise DataError(f"{path} is written already, for another record", block.name, line)
            self._beside.add(path)
            file = Sink(path)
            file.write(content)
            file.close()
        block.files = []
        if block.printed:
            self.sink.write(out)
        else:
            self.write(out)

    def keep_lines(self, lines: Iterable[bytes]) -> None:
        """Kept lines of the input, byte for byte; of plain text as records."""
        lines = iter(lines)
        while some := list(islice(lines, 1 if self.eager else _LINES)):
            self.kept += len(some)
            kept = Records(Block("kept", 1, b"", text=self.text, print_field=self.print_field), {}, some, some)
            self.pass_on(kept.keep(range(len(some))), kept.block)

    def again(self, lines: Iterable[bytes]) -> Block:
        """Lines of the input to be parsed once more."""
        # parse() takes one CR off the end of plain text: it shall not be the text's own
        end = b"\r\n" if self.text else b"\n"
        data = b"".join([line + end for line in lines])
        return Block("kept", 1, data, text=self.text, print_field=self.print_field)

    def write_whole(self, made: bytes) -> None:
        """A finished model or report."""
        self.sink.write(made)

    def aside(self, path: str) -> Sink:
        """A file written besides the output, whole or not at all as that is."""
        self.asides.append(Sink(path))
        return self.asides[-1]

    def tell(self, figures: dict[str, Any]) -> None:
        """A record for --report, where that is wanted."""
        if self.report:
            self.report.write(encode(figures) + b"\n")

    def say(self, message: str) -> None:
        """What the user asked to be told with -v."""
        if self.verbose:
            self._stderr(message)

    def warn(self, message: str) -> None:
        """What the user should know even unasked; silenced by -q."""
        if not self.quiet:
            self._stderr(message)

    def _stderr(self, message: str) -> None:
        self.progress.clear()
        print(shown(f"{self.name}: {message}"), file=sys.stderr, flush=True)

    def close(self) -> None:
        self.progress.clear()
        for sink in self._sinks():
            sink.close()
        if self.read and self.kept + self.rejected:
            rejected = f", rejected {self.rejected:,}" if self.rejects else ""
            self.say(f"kept {self.kept:,} / {self.read:,}{rejected}")

    def abort(self) -> None:
        self.progress.clear()
        for sink in self._sinks():
            sink.abort()

    def _sinks(self) -> list[Sink]:
        return [sink for sink in (self.sink, self.rejects, self.report, *self.asides) if sink]


def set_aside(file: str, line: int, reason: str, record: bytes) -> bytes:
    """What --rejects holds of a record: file, line, reason and record in columns; one of several lines as often."""
    out = []
    for number, part in enumerate(record.split(b"\n"), line):
        place = [" ".join(each.split("\t")) for each in (file, str(number), reason, "")]
        out.append("\t".join(place).replace("\n", " ").encode("utf-8", "surrogateescape") + part + b"\n")
    return b"".join(out)


def _opened(output: str | None, folder: bool | Sequence[str], line_buffered: bool) -> Sink:
    if folder:
        from datasel.records.folder import FolderSink, is_folder

        if output is not None and is_folder(output):
            return FolderSink(output, () if isinstance(folder, bool) else folder)
    return Sink(output, line_buffered=line_buffered)


class Progress:
    """A counter that rewrites its own line on stderr; silent unless that is a terminal able to do so."""

    def __init__(self, name: str, quiet: bool = False):
        import os

        self._name, self._start, self._last, self._shown = name, monotonic(), monotonic(), False
        terminal = sys.stderr is not None and sys.stderr.isatty()
        self._on = terminal and not quiet and os.environ.get("TERM") != "dumb"

    def show(self, message: str) -> None:
        now = monotonic()
        if self._on and now - self._last >= 0.2:
            self._last, self._shown = now, True
            print(f"\r{self._name}: {message}, {now - self._start:.0f} s\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False


def _printed(data: bytes, field: str) -> bytes:
    out = []
    records = parse(Block("output", 1, data), {field: Any})
    for index, value in enumerate(records.column(field)):
        if value is None and field not in names(records.lines[index]):
            raise DataError(f"cannot print field '{field}': a record has none")
        text = value if isinstance(value, str) else encode(value).decode()
        if "\n" in text:
            raise DataError(f"cannot print field '{field}' as plain text: a value holds a line feed")
        out.append(text)
    return ("\n".join(out) + "\n").encode() if out else b""

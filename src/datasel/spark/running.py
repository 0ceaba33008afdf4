"""Commands as processes of a task: their input fed, their output passed on, how they ended looked at."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from threading import Thread

from datasel.errors import DataError
from datasel.spark.parts import Lines, write_whole

_CHUNK = 1 << 20
_PLACE = re.compile(r"stdin(?::(\d+))?: ")


def output(
    command: str, values: Mapping[str, object], lines: Iterable[Lines] = (), rejects: str = ""
) -> Iterator[bytes]:
    """What a command, or a pipe of them, writes when it is given lines: whole lines, about a MiB at a time.

    ``{NAME}`` in the command is a value, quoted.  Commands are looked for beside this Python first, then on PATH.
    ``{rejects}`` is a temporary file, which the first command may write; ``rejects`` is where it is put in the end,
    whole, with the places in the parts that records came from.

    Raises DataError with what was said on standard error where any command ends with another status than 0.
    """
    with _Fed(command, values, lines, bool(rejects)) as fed:
        rest = b""
        while more := fed.read():
            cut = more.rfind(b"\n") + 1
            if cut:
                yield rest + more[:cut]
                rest = more[cut:]
            else:
                rest += more
        if rest:
            yield rest
        fed.end(rejects)


def whole(command: str, values: Mapping[str, object], lines: Iterable[Lines] = ()) -> bytes:
    """All that :func:`output` gives, whatever it is."""
    return b"".join(output(command, values, lines))


class _Fed:
    """A running command and the thread that feeds it."""

    def __init__(self, command: str, values: Mapping[str, object], lines: Iterable[Lines], rejects: bool):
        self._lines, self._first = lines, command.split()[0]
        self._firsts, self._sources, self._fault = [], [], None
        self._errors = tempfile.TemporaryFile()
        self._folder = tempfile.TemporaryDirectory() if rejects else None
        given = {**values, **({"rejects": self._rejects} if self._folder else {})}
        written = command.format_map({name: shlex.quote(str(value)) for name, value in given.items()})
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
        self._process = subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", written],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env={**os.environ, "PATH": path},
        )  # fmt: skip
        self._feeder = Thread(target=self._feed, daemon=True)

    def __enter__(self) -> _Fed:
        self._feeder.start()
        return self

    def __exit__(self, *_error) -> None:
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()
        self._feeder.join()
        self._errors.close()
        if self._folder:
            self._folder.cleanup()

    @property
    def _rejects(self) -> str:
        return os.path.join(self._folder.name, "rejects.tsv")

    def _feed(self) -> None:
        read = 0
        try:
            with self._process.stdin as stdin:
                for lines in self._lines:
                    self._firsts.append(read)
                    self._sources.append((lines.name, lines.numbers))
                    read += len(lines.numbers)
                    stdin.write(lines.data)
        except BrokenPipeError:  # it reads no more: its status says whether that is an error
            pass
        except BaseException as error:
            self._fault = error

    def read(self) -> bytes:
        return self._process.stdout.read1(_CHUNK)

    def end(self, rejects: str) -> None:
        """Raise what went wrong, or else put the rejects where they are wanted."""
        status = self._process.wait()
        self._feeder.join()
        if self._fault is not None:
            raise self._fault
        if status:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            raise DataError(self._placed(said[-1]) if said else f"{self._first}: ended with status {status}")
        if self._folder and os.path.exists(self._rejects) and os.path.getsize(self._rejects):
            with open(self._rejects, "rb") as file:
                write_whole(rejects, map(self._rejected, file))

    def _rejected(self, line: bytes) -> bytes:
        _, number, rest = line.split(b"\t", 2)
        return "\t".join(map(str, self._source(int(number)))).encode("utf-8", "surrogateescape") + b"\t" + rest

    def _placed(self, message: str) -> str:
        """A message of the first command with the place that a line of its standard input came from."""
        place = _PLACE.search(message)
        name = self._sources[0][0] if self._sources else "no input"
        if not place:
            return f"{name}: {message}" if self._sources and name not in message else message
        if message.startswith(f"{self._first}: stdin:") and place[1]:
            name, number = self._source(int(place[1]))
            return message.replace(place[0], f"{name}:{number}: ", 1)
        return f"{name}: {message}"

    def _source(self, number: int) -> tuple[str, int]:
        """The part and the line of the line of that number, from 1, of standard input."""
        block = bisect(self._firsts, number - 1) - 1
        name, numbers = self._sources[block]
        return name, int(numbers[number - 1 - self._firsts[block]])

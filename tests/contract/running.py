"""Runs commands on sample input and looks at how they ended."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from . import warm
from .calls import MODELS, SAMPLES, encoded
from .cases import INTERPRETERS, Case, lacking, maker

BIN = Path(sys.executable).parent
SECONDS = 60  # no call may take longer, however busy the machine is
NUMBER = 12  # records in the sample input


def executable(name: str) -> str:
    """The installed command."""
    return str(BIN / name)


class Result(NamedTuple):
    argv: Sequence[str]
    status: int  # negative: ended by that signal
    out: bytes
    err: bytes

    @property
    def lines(self) -> list[bytes]:
        """The output's lines; it has to end in LF."""
        assert self.out.endswith(b"\n") or not self.out, f"no LF at the end\n{self}"
        return self.out.split(b"\n")[:-1]

    @property
    def records(self) -> list[dict]:
        return [json.loads(line) for line in self.lines]

    def __str__(self) -> str:
        shown = [part if len(part) < 2000 else part[:1000] + b" ... " + part[-1000:] for part in (self.out, self.err)]
        return (
            f"$ {shlex.join(self.argv)}\nstatus {self.status}\n"
            f"stdout {shown[0].decode(errors='backslashreplace')}\nstderr {shown[1].decode(errors='backslashreplace')}"
        )


def succeeded(result: Result) -> Result:
    """It did, and in silence."""
    assert result.status == 0, f"{result}"
    assert result.err == b"", f"{result}"
    return result


def complaint(result: Result, status: int = 1) -> str:
    """The one line it says why it failed in (a wrong call gets a hint on a second line)."""
    assert result.status == status, f"{result}"
    text = result.err.decode()
    assert text.endswith("\n"), f"{result}"
    said = text.split("\n")[:-1]
    name = Path(result.argv[0]).name
    assert len(said) == 1 or (status == 2 and said[1:] == [f"Try '{name} --help'."]), f"{result}"
    assert said[0].startswith(f"{name}: "), f"{result}"
    assert "Traceback" not in text, f"{result}"
    assert "internal error" not in text, f"{result}"
    return said[0].removeprefix(f"{name}: ")


class Made(dict):
    """The paths of samples and models by their names.  A model is made when it is first asked for."""

    def __init__(self, rig: Rig, folder: Path):
        super().__init__()
        self._rig, self._folder = rig, folder

    def __missing__(self, name: str) -> str:
        if reason := lacking(maker(name)):
            pytest.skip(reason)
        path = str(self._folder / f"{name}.model")
        words = MODELS[name].split()
        with open(f"{path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # other workers may want it too
            if not os.path.exists(path):
                words = [word.format_map(ChainMap({"made": path}, self)) for word in words]
                succeeded(self._rig.call([*words, *([] if path in words else ["-o", path])]))
        self[name] = path
        return path


class Rig:
    """A folder with samples and models, each made once, and ways to run commands on them.

    Those who have the folder ``models`` in common share the models.
    """

    def __init__(self, folder: Path, models: Path | None = None):
        self.folder = folder
        self.peak = 0  # the most memory that the last call held, in bytes, the interpreter's included
        self.files: dict[str, str] = Made(self, models or folder)
        self._usual: dict[str, Result] = {}
        self._written: dict[str, set[str]] = {}
        for name, content in SAMPLES.items():
            self.files[name] = str(folder / f"{name}.jsonl")
            Path(self.files[name]).write_bytes(content)
        self._warm: dict[str, subprocess.Popen] = {}

    def close(self) -> None:
        for process in self._warm.values():
            process.stdin.close()
            assert process.wait(SECONDS) == 0
            process.stdout.close()

    def _warmed(self, argv: Sequence[str]) -> subprocess.Popen:
        """The interpreter for this call."""
        kind = next((INTERPRETERS[word] for word in argv[:2] if word in INTERPRETERS), "plain")
        if kind not in self._warm:
            self._warm[kind] = subprocess.Popen(
                [sys.executable, warm.__file__, kind],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONHASHSEED": "0", "TERM": "dumb"},
            )  # fmt: skip
        return self._warm[kind]

    # -- words ---------------------------------------------------------------------------------------------

    def file(self, content: bytes, name: str = "input.jsonl", folder: Path | None = None) -> str:
        """A file with this content."""
        path = (folder or self.folder) / name
        path.write_bytes(content)
        return str(path)

    def options(self, case: Case, source: str = "-", twin: bytes | None = None) -> list[str]:
        """The words of the case's call, paths put in."""
        places = ChainMap({"input": source}, self.files)
        if "{twin}" in case.call.options:
            places["twin"] = self.file(case.lines(NUMBER) if twin is None else twin, "twin.jsonl")
        return [word.format_map(places) for word in case.call.options.split()]

    def argv(self, case: Case, *extra: str, files: Sequence[str] = (), twin: bytes | None = None) -> list[str]:
        """A whole call; without ``files`` it reads standard input."""
        if not case.reads and files:
            assert len(files) == 1, "an input given by an option is one file"
            return [case.name, *self.options(case, files[0], twin), *extra]
        return [case.name, *self.options(case, twin=twin), *extra, *files]

    def written(self, case: Case) -> set[str]:
        """The fields that a filter writes: they are in its output even where they are not in its input."""
        if case.id not in self._written:
            made = set(self.usual(case).records[0])
            record = json.loads(case.lines(1))
            found = (made - set(record)) | set(case.call.rewrites.split())
            for name in record:
                feed = encoded({key: value for key, value in record.items() if key != name})
                result = self.run(case, feed=feed)
                if result.status == 0 and name in result.records[0]:
                    found.add(name)
            self._written[case.id] = found
        return self._written[case.id]

    # -- runs ----------------------------------------------------------------------------------------------

    def run(
        self, case: Case, *extra: str, feed: bytes | None = None, files: Sequence[str] = (), twin: bytes | None = None,
        **settings,
    ) -> Result:  # fmt: skip
        """The case's call with the options ``extra``, on ``files`` or on ``feed`` (the sample) as standard input.

        ``twin`` is what the word {twin} in the call stands for, where that is not the sample.
        """
        if feed is None:
            feed = b"" if files else case.lines(NUMBER)
        return self.call(self.argv(case, *extra, files=files, twin=twin), feed, **settings)

    def usual(self, case: Case) -> Result:
        """The case's call on the sample, from standard input: what other runs are compared with."""
        if case.id not in self._usual:
            self._usual[case.id] = succeeded(self.run(case))
        return self._usual[case.id]

    def call(
        self, argv: Sequence[str], feed: bytes = b"", *, cwd: Path | None = None, env: Mapping[str, str] | None = None,
        stdout: str | None = None, fence: Path | None = None,
    ) -> Result:  # fmt: skip
        """Any call, by the warm interpreter."""
        places = {name: str(self.folder / name) for name in ("stdin", "stdout", "stderr")}
        Path(places["stdin"]).write_bytes(feed)
        request = {
            "argv": list(argv), "cwd": str(cwd or self.folder), "env": dict(env or {}), "seconds": SECONDS,
            **places, "stdout": stdout or places["stdout"], "fence": str(fence) if fence else None,
        }  # fmt: skip
        process = self._warmed(argv)
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        status, peak = map(int, process.stdout.readline().split())
        self.peak = peak * 1024
        out = b"" if stdout else Path(places["stdout"]).read_bytes()
        return Result(argv, status, out, Path(places["stderr"]).read_bytes())

    def installed(self, argv: Sequence[str], feed: bytes = b"", **settings) -> Result:
        """Any call, by the installed executable."""
        name, *words = argv
        settings = {"stdout": subprocess.PIPE, "cwd": self.folder, **settings, "env": environment(settings.get("env"))}
        done = subprocess.run(
            [executable(name), *words], input=feed, stderr=subprocess.PIPE, timeout=SECONDS, **settings
        )
        return Result(argv, done.returncode, done.stdout or b"", done.stderr)

    def start(self, argv: Sequence[str], prepare: Callable[[], Any] = lambda: None, **settings) -> subprocess.Popen:
        """The installed executable, running; in a session of its own, as a shell's job is in its group."""
        name, *words = argv
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        settings = {"cwd": self.folder, "start_new_session": True, **pipes, **settings}
        settings["env"] = environment(settings.get("env"))

        def prepared():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job, such as these tests, may ignore it
            prepare()

        return subprocess.Popen([executable(name), *words], preexec_fn=prepared, **settings)


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, with a terminal that is able to show progress."""
    return {**os.environ, "TERM": "xterm", **(changes or {})}


def finish(process: subprocess.Popen) -> Result:
    """Wait for a started process, its input closed."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return Result([Path(process.args[0]).name, *process.args[1:]], process.returncode, out or b"", err or b"")

"""What a command does at a terminal: waits aloud, counts on standard error, passes lines on, dies of Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator

import pytest

from .cases import Case, every, filters, probes, reads
from .running import complaint, executable, finish

SECONDS = 60


class Terminal:
    """A pseudo-terminal: ``process`` has it as the streams asked for, the test types and reads."""

    def __init__(self, rig, argv: list[str], *streams: str, **settings):
        self._master, slave = pty.openpty()
        settings = {**dict.fromkeys(streams, slave), **settings}
        self.process = rig.start(argv, lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0), pass_fds=[slave], **settings)
        os.close(slave)

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def screen(self, until: bytes | None = None) -> bytes:
        """What it shows up to ``until``, or up to the end of the process."""
        shown, end = b"", time.monotonic() + SECONDS
        while until is None or until not in shown:
            assert time.monotonic() < end, f"waited in vain for {until}: {shown}"
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    more = os.read(self._master, 65536)
                except OSError:  # EIO: nobody has it open any more
                    more = b""
                if not more:
                    assert until is None, f"the end came before {until}: {shown}"
                    break
                shown += more
        return shown

    def shows_something(self, seconds: float) -> bool:
        """Whether it shows anything new within that time."""
        return bool(select.select([self._master], [], [], seconds)[0])

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        os.close(self._master)


@contextlib.contextmanager
def terminal(rig, argv: list[str], *streams: str, **settings) -> Iterator[Terminal]:
    opened = Terminal(rig, argv, *streams, **settings)
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.behaviour(8)
@every(lambda case: "-q" not in case.call.options.split(), once=True, at_length=True)
@pytest.mark.parametrize("words", [[], ["-"]], ids=["no FILE", "a dash"])
def test_it_says_that_it_waits(case: Case, words, rig):
    if words and not case.reads:
        pytest.skip("takes no FILE")
    argv = rig.argv(case, files=words)
    with terminal(rig, argv, "stdin", "stderr") as opened:
        shown = opened.screen(b"\n")
        assert shown.startswith(f"{case.name}: ".encode()), shown
        assert b"Ctrl-D" in shown, shown
        opened.type(case.lines(12) + b"\x04")
        assert opened.process.stdout.read() == rig.usual(case).out
        assert opened.process.wait(SECONDS) == 0


@pytest.mark.behaviour(8, 11)
@every(once=True, at_length=True)
def test_it_waits_in_silence_if_told_to(case, rig):
    with terminal(rig, rig.argv(case, "-q"), "stdin") as opened:
        opened.type(case.lines(12) + b"\x04")
        result = finish_quietly(opened)
        assert result == (0, rig.usual(case).out, b"")


def finish_quietly(opened: Terminal) -> tuple[int, bytes, bytes]:
    out, err = opened.process.stdout.read(), opened.process.stderr.read()
    return opened.process.wait(SECONDS), out, err


@pytest.mark.behaviour(8)
@every(reads, once=True, at_length=True)
def test_it_does_not_wait_where_it_has_files(case, rig):
    path = rig.file(case.lines(12))
    with terminal(rig, rig.argv(case, files=[path]), "stdin") as opened:
        assert finish_quietly(opened) == (0, rig.usual(case).out, b"")


@pytest.mark.behaviour(13)
@every(lambda case: filters(case) and case.streams, at_length=True)
def test_a_terminal_gets_each_line_at_once(case, rig):
    with terminal(rig, rig.argv(case), "stdout", bufsize=0) as opened:
        for number, line in enumerate(case.lines(3).splitlines(keepends=True)):
            opened.process.stdin.write(line)
            assert json.loads(opened.screen(b"\r\n"))["id"] == case.call.record(number)["id"]


@pytest.mark.behaviour(9, 15)
@every(lambda case: case.binary, at_length=True)
def test_a_model_or_a_picture_is_not_for_the_terminal(case, rig):
    with terminal(rig, rig.argv(case), "stdout") as opened:
        result = finish(opened.process)
        assert "-o" in complaint(result, 2)
        assert opened.screen() == b""


def shown_on_stderr(rig, case, *words: str, pauses: int, last: bytes = b"", status: int = 0, **env: str) -> bytes:
    """What a terminal's standard error shows of a run that waits for its input up to ``pauses`` times."""
    settings = {"stdout": subprocess.DEVNULL, "env": env, "bufsize": 0}
    with terminal(rig, rig.argv(case, *words), "stderr", **settings) as opened:
        for _ in range(pauses):
            opened.process.stdin.write(case.bulk(1, each=100_000))
            if opened.shows_something(0.25):
                break
        opened.process.stdin.write(last)
        opened.process.stdin.close()
        opened.process.stdin = None
        shown = opened.screen()
        assert opened.process.wait(SECONDS) == status, shown
        return shown


@pytest.mark.behaviour(12)
@every(filters, at_length=True)
def test_progress_on_a_terminal(case, rig):
    shown = shown_on_stderr(rig, case, pauses=20)
    assert f"\r{case.name}: ".encode() in shown
    assert b"records" in shown
    assert shown.endswith(b"\r\x1b[K"), "it is wiped out at the end"
    assert b"\n" not in shown
    assert b"\x1b[" not in shown.replace(b"\x1b[K", b""), "no colours"


@pytest.mark.behaviour(12, 11)
@probes(filters)
def test_an_error_takes_the_line_of_the_progress(case, rig):
    shown = shown_on_stderr(rig, case, pauses=20, last=case.bad, status=1)
    *progress, error = shown.split(b"\r\x1b[K")
    assert any(progress), "there was some"
    assert error.startswith(f"{case.name}: ".encode()) and error.endswith(b"\r\n"), error
    assert error.count(b"\n") == 1


@pytest.mark.behaviour(12, 11)
@every(filters, once=True, at_length=True)
def test_no_progress_where_it_cannot_be_shown_or_is_not_wanted(case, rig):
    assert shown_on_stderr(rig, case, pauses=2, TERM="dumb") == b""
    assert shown_on_stderr(rig, case, "--quiet", pauses=2) == b""


@pytest.mark.behaviour(12)
@every(once=True, at_length=True)
def test_no_colours(case, rig):
    """Neither in errors nor in help, so there is nothing for NO_COLOR to turn off."""
    for words in (["--help"], ["--zzzzzz"]):
        with terminal(rig, [case.name, *words], "stdout", "stderr", env={"NO_COLOR": ""}) as opened:
            plain = opened.screen()
        with terminal(rig, [case.name, *words], "stdout", "stderr", env={"FORCE_COLOR": "1"}) as opened:
            assert opened.screen() == plain
        assert b"\x1b" not in plain


@pytest.mark.behaviour(17)
@every(once=True, at_length=True)
def test_the_key_ctrl_c(case, rig, tmp_path):
    """The shell sees 130; there is no partial file."""
    words = " ".join([executable(case.name), *rig.options(case), "-o", str(tmp_path / "made")])
    master, slave = pty.openpty()
    process = subprocess.Popen(
        ["bash", "-c", f"trap : INT; {words}; echo $?"], stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=lambda: in_front(slave),
    )  # fmt: skip
    end = time.monotonic() + SECONDS
    while not os.listdir(tmp_path) and time.monotonic() < end:
        time.sleep(0.01)
    os.write(master, b"\x03")
    out, err = process.communicate(timeout=SECONDS)
    os.close(slave)
    os.close(master)
    assert out == b"130\n", err
    assert b"Traceback" not in err
    assert os.listdir(tmp_path) == []


def in_front(slave: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

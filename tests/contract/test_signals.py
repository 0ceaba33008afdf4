"""Closed pipes, Ctrl-C and kill: how a command ends that is not let finish."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from .cases import every, filters, has, programs
from .running import Result, finish, succeeded

OLD = b"what was there before\n"
SECONDS = 60


def until(condition, what: str) -> None:
    """Wait for it, though not for ever."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


def dies_of_sigpipe(result: Result) -> None:
    assert result.status == -signal.SIGPIPE, f"{result}"
    assert result.err == b"", f"{result}"


def ended_by(result: Result, number: int) -> None:
    """By the signal, in silence (but for the end of the line that a terminal shows ^C on)."""
    assert result.status == -number, f"{result}"
    assert result.err in ((b"", b"\n") if number == signal.SIGINT else (b"",)), f"{result}"


def without_a_reader() -> int:
    """The writing end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.behaviour(16)
@every(at_length=True)
def test_nobody_reads(case, rig):
    writer = without_a_reader()
    dies_of_sigpipe(rig.installed(rig.argv(case), case.lines(12), stdout=writer))
    os.close(writer)


@pytest.mark.behaviour(16, 6)
@programs(at_length=True)
def test_nobody_reads_the_help(name, rig):
    writer = without_a_reader()
    dies_of_sigpipe(rig.installed([name, "--help"], stdout=writer))
    os.close(writer)


@pytest.mark.behaviour(16, 19)
@every(filters, at_length=True)
def test_head_takes_one_line(case, rig):
    """The reader leaves while there is more to write."""
    path = rig.file(case.bulk(2), "bulk.jsonl")
    much = case.call.much.split()
    process = rig.start(rig.argv(case, *much, files=[path]))
    first = process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stdin.close()
    dies_of_sigpipe(Result(process.args, process.wait(SECONDS), b"", err))
    assert first == succeeded(rig.run(case, *much, feed=case.bulk(2))).out.split(b"\n")[0] + b"\n"


@pytest.mark.behaviour(16, 14)
@every(lambda case: filters(case) and case.streams, at_length=True)
def test_head_takes_one_line_of_an_endless_input(case, rig):
    line = case.lines(1).decode()[:-1]
    with subprocess.Popen(["yes", line], stdout=subprocess.PIPE) as endless:
        process = rig.start(rig.argv(case), stdin=endless.stdout)
        endless.stdout.close()
        assert process.stdout.readline().endswith(b"}\n")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(SECONDS) == -signal.SIGPIPE
        assert endless.wait(SECONDS) == -signal.SIGPIPE


@pytest.mark.behaviour(16, 24)
@every(has("jobs"), once=True, at_length=True)
def test_head_takes_one_line_of_several_processes(case, rig):
    path = rig.file(case.bulk(3), "bulk.jsonl")
    process = rig.start(rig.argv(case, "--jobs", "2", files=[path]))
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stdin.close()
    dies_of_sigpipe(Result(process.args, process.wait(SECONDS), b"", err))
    until(lambda: not alive(process.pid), "workers that end")


def alive(group: int) -> bool:
    """Whether any process of the group still runs."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, number = stat.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(number) == group and state not in "ZX":
            return True
    return False


def interrupted(rig, case, number: int, folder: Path, *extra: str) -> Result:
    """The command, writing to a file in ``folder``, ended by a signal to its group while it waits for more input."""
    argv = rig.argv(case, *extra, "-o", str(folder / "made"))
    process = rig.start(argv)
    process.stdin.write(case.lines(3))
    process.stdin.flush()
    if extra:
        process.stdin.write(case.bulk(1.5))
        process.stdin.flush()
        if not case.call.threads:
            until(lambda: children(process.pid), "workers")
    until(lambda: os.listdir(folder) and not unread(process.stdin), "a command that waits for more")
    os.killpg(process.pid, number)
    status = process.wait(SECONDS)
    process.stdin.close()
    result = Result(argv, status, process.stdout.read(), process.stderr.read())
    process.stdout.close()
    process.stderr.close()
    until(lambda: not alive(process.pid), "workers that end")
    return result


def unread(pipe) -> int:
    """The bytes in a pipe that nobody has taken yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


@pytest.mark.behaviour(17, 38)
@every(once=True, at_length=True)
def test_ctrl_c(case, rig, tmp_path):
    """The process ends by the signal, so that a shell sees 130; no partial file, nothing said."""
    ended_by(interrupted(rig, case, signal.SIGINT, tmp_path), signal.SIGINT)
    assert os.listdir(tmp_path) == []


@pytest.mark.behaviour(38, 17)
@every(at_length=True)
def test_kill_by_sigterm_leaves_the_old_file(case, rig, tmp_path):
    rig.file(OLD, "made", tmp_path)
    ended_by(interrupted(rig, case, signal.SIGTERM, tmp_path), signal.SIGTERM)
    assert (tmp_path / "made").read_bytes() == OLD
    assert os.listdir(tmp_path) == ["made"]


@pytest.mark.behaviour(38)
@every(once=True, at_length=True)
def test_kill_by_sigkill_leaves_the_old_file(case, rig, tmp_path):
    rig.file(OLD, "made", tmp_path)
    assert interrupted(rig, case, signal.SIGKILL, tmp_path).status == -signal.SIGKILL
    assert (tmp_path / "made").read_bytes() == OLD


# Runs a command that is signalled as soon as there is a file in the folder: before the very next line of code.
AT_ONCE = """
import os, signal, sys
from datasel.registry import BY_NAME

def trace(frame, event, argument):
    if os.listdir({folder!r}):
        sys.settrace(None)
        os.kill(os.getpid(), {number})
    return trace

sys.argv = {argv!r}
command = BY_NAME[sys.argv[0]].load()
sys.settrace(trace)
command()
"""


@pytest.mark.behaviour(17, 38)
@every(once=True, at_length=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_once_leaves_no_file(case, number, rig, tmp_path):
    argv = rig.argv(case, "-o", str(tmp_path / "made"))
    code = AT_ONCE.format(folder=str(tmp_path), number=int(number), argv=argv)
    ended_by(rig.call(["python", code], case.lines(12)), number)
    assert os.listdir(tmp_path) == []


# What some libraries do with an exception that they do not know.
SWALLOWED = """
import os, signal
from datasel.ending import run

def action():
    try:
        os.kill(os.getpid(), {number})
        signal.pause()
    except BaseException:
        raise ValueError("some buffer") from None

run(action, "any")
"""


@pytest.mark.behaviour(17)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_a_library_that_makes_an_error_of_it(number, rig):
    ended_by(rig.call(["python", SWALLOWED.format(number=int(number))]), number)


@pytest.mark.behaviour(17, 24)
@every(has("jobs"), once=True, at_length=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_several_processes(case, number, rig, tmp_path):
    ended_by(interrupted(rig, case, number, tmp_path, "--jobs", "2"), number)
    assert os.listdir(tmp_path) == []


@pytest.mark.behaviour(24)
@every(has("jobs"), once=True, at_length=True)
def test_workers_end_with_a_killed_command(case, rig, tmp_path):
    """However it ends: nobody is left behind holding the pipe."""
    process = rig.start(rig.argv(case, "--jobs", "2"), stdout=subprocess.DEVNULL)
    process.stdin.write(case.bulk(1.5))
    process.stdin.flush()
    if not case.call.threads:
        until(lambda: children(process.pid), "workers")
    process.kill()
    finish(process)
    until(lambda: not alive(process.pid), "workers that end")

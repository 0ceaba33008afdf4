"""How a process of ours ends, whatever the command."""

import os
import signal
import subprocess
import sys

import pytest

BEGIN = """
import os, signal
import click
from datasel import ending
from datasel.errors import DataError, UsageError

def raising(error):
    raise error

def signalled(number):
    os.kill(os.getpid(), number)
    for _ in range(10_000_000):  # the signal is heard between two of these
        pass
"""


def run(action: str, **settings) -> subprocess.CompletedProcess:
    """What becomes of a process that does only this; ``name`` is what it is called."""
    settings["env"] = {**os.environ, **settings.pop("env", {})}
    settings.setdefault("preexec_fn", lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # these tests may ignore it
    script = f"{BEGIN}\nending.run(lambda: {action}, 'name')"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, **settings)


@pytest.mark.parametrize(
    "action, status, said",
    [
        ("0", 0, ""),
        ("3", 3, ""),
        ("raising(DataError('bad', 'FILE', 7))", 1, "name: FILE:7: bad\n"),
        ("raising(DataError('one\\ntwo'))", 1, "name: one two\n"),
        ("raising(UsageError('wrong'))", 2, "name: wrong\nTry 'name --help'.\n"),
        ("raising(click.UsageError('wrong'))", 2, "name: wrong\nTry 'name --help'.\n"),
        ("open('none/such')", 1, "name: none/such: No such file or directory\n"),
        ("raising(OSError('odd'))", 1, "name: odd\n"),
        ("raising(MemoryError)", 1, "name: out of memory\n"),
        ("1 / 0", 1, "name: internal error (ZeroDivisionError: division by zero); DATASEL_DEBUG=1 shows where\n"),
    ],
)
def test_errors_are_one_line_and_a_status(action, status, said):
    done = run(action)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", said)


def test_a_defect_shows_where_it_is_to_who_wants_to_know():
    done = run("1 / 0", env={"DATASEL_DEBUG": "1"})
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback ") and "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_as_that_signal_and_leaves_no_file(number, tmp_path):
    opened = f"__import__('datasel.records.sink').records.sink.Sink({str(tmp_path / 'made')!r})"
    done = run(f"({opened}, signalled({int(number)}))")
    assert (done.returncode, done.stdout, done.stderr) == (-number, "", "")
    assert os.listdir(tmp_path) == []


def test_a_signal_that_a_library_takes_for_an_error_of_its_own_is_still_one():
    action = "exec('try:\\n    signalled(signal.SIGTERM)\\nexcept BaseException:\\n    raise ValueError')"
    done = run(action)
    assert (done.returncode, done.stderr) == (-signal.SIGTERM, "")


def test_a_signal_where_no_error_gets_out_is_still_one():
    action = (
        "exec('import weakref\\nclass It: pass\\nit = It()\\n"
        "ref = weakref.ref(it, lambda _: signalled(signal.SIGINT))\\ndel it', globals())"
    )
    done = run(action)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_a_signal_that_is_ignored_stays_so():
    """As under nohup, and in a shell's background job."""
    done = run("signalled(signal.SIGINT)", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("closed", [[0], [1], [2], [0, 1, 2]])
def test_no_file_takes_the_number_of_a_closed_standard_stream(closed, tmp_path):
    """The number of a file that is opened goes to a file."""
    place = tmp_path / "number"
    action = f"open({str(place)!r}, 'w').write(str(os.open('/dev/null', os.O_RDONLY)))"
    settings = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    script = f"{BEGIN}\nending.run(lambda: {action} and 0, 'name')"

    def close():
        for number in closed:
            os.close(number)

    done = subprocess.run([sys.executable, "-c", script], preexec_fn=close, timeout=60, **settings)
    assert done.returncode == 0
    assert int(place.read_text()) > 2

"""How a process of ours ends: exit statuses, one line on standard error, signals, nothing left behind."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from datasel.errors import DataselError, Ended, shown


def run(action: Callable[[], Any], name: str) -> NoReturn:
    """Do it, and end the process the way a Unix filter ends."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the same sums on every machine; --jobs is our way
    gc.set_threshold(1_000_000, 50, 50)  # records make no cycles; looking for some took a third of the time
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _ended)
    sys.unraisablehook = _unraised
    _hold_standard_streams()
    said = io.StringIO()  # help and versions; records go around it
    try:
        with contextlib.redirect_stdout(said):
            status = action() or 0
        _write(said.getvalue())
    except click.UsageError as error:
        # hints are worth more than click's usage line
        called = getattr(error.ctx.command, "called", error.ctx.command.name) if error.ctx else name
        status = _fail(called, error.format_message(), 2, hint=True)
    except DataselError as error:
        status = _fail(name, str(error), error.exit_code, hint=error.exit_code == 2)
    except (Closed, BrokenPipeError):
        _die(signal.SIGPIPE)
    except Ended as end:
        _die(end.number)
    except MemoryError:
        status = _fail(name, "out of memory", 1)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        status = _fail(name, f"{place}{error.strerror or error}", 1)
    except Exception as error:  # a defect of ours: still one line, unless somebody wants to find it
        if os.environ.get("DATASEL_DEBUG"):
            raise
        status = _fail(name, f"internal error ({type(error).__name__}: {error}); DATASEL_DEBUG=1 shows where", 1)
    _sweep()
    sys.stderr.flush()
    os._exit(status)  # all is written and closed: nothing is left for the interpreter to do


class Closed(BaseException):
    """Nobody reads our output any more.  (click would turn a BrokenPipeError into exit 1.)"""


def _ended(number: int, _frame) -> NoReturn:
    raise Ended(number)


def _unraised(found: Any) -> None:
    if isinstance(found.exc_value, Ended):  # the signal came where no error gets out, as in a weak reference's callback
        _die(found.exc_value.number)
    sys.__unraisablehook__(found)


def _hold_standard_streams() -> None:
    """Give closed standard streams a place holder, so that no file of ours takes their number."""
    for number, flags in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):  # 0 and 1: an error when used
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")


def _write(text: str) -> None:
    if text:
        from datasel.records.sink import Sink

        sink = Sink()
        sink.write(text.encode("utf-8", "surrogateescape"))
        sink.close()


def _fail(name: str, message: str, status: int, hint: bool = False) -> int:
    if Ended.came:  # in a library that made an error of its own of it
        _die(Ended.came)
    print(f"{name}: {shown(message).rstrip()}", file=sys.stderr)
    if hint:
        print(f"Try '{name} --help'.", file=sys.stderr)
    return status


def _sweep() -> None:
    if sink := sys.modules.get("datasel.records.sink"):
        sink.sweep()


def _die(number: int) -> NoReturn:
    """End by the signal itself, so that the shell and make see what happened."""
    signal.signal(number, signal.SIG_IGN)  # no second one in between
    _sweep()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)

"""A function mapped over blocks by several processes, results in the order of the input."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection

from datasel.errors import DataError
from datasel.records.streams import Block

# fork: a worker inherits the function and its model; only blocks and results travel
_CONTEXT = multiprocessing.get_context("fork")


def ordered_map(
    function: Callable[[Block], bytes], blocks: Iterable[Block], jobs: int
) -> Iterator[tuple[bytes, Block]]:
    """``(function(block), block)`` in order.  Workers take turns, each with one block at a time.

    The first error, in the order of the input, ends it.
    """
    workers: list[tuple[Connection, multiprocessing.process.BaseProcess]] = []
    try:
        for _ in range(jobs):
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_work, args=(function, theirs), daemon=True)
            process.start()
            theirs.close()
            workers.append((ours, process))
        sent = 0
        for block in blocks:
            connection, _ = workers[sent % jobs]
            if sent >= jobs:
                yield _result(connection)
            connection.send(block)
            sent += 1
        for turn in range(max(sent - jobs, 0), sent):
            yield _result(workers[turn % jobs][0])
    finally:
        for connection, process in workers:
            process.kill()
            connection.close()


def _result(connection: Connection) -> tuple[bytes, Block]:
    try:
        result = connection.recv()
    except EOFError:
        raise DataError("a worker process died (out of memory?)") from None
    if isinstance(result, BaseException):
        raise result
    return result


def _work(function: Callable[[Block], bytes], connection: Connection) -> None:
    _become_worker()
    while True:
        block = connection.recv()
        try:
            result = (function(block), block)
            block.data = b""
        except Exception as error:
            result = error
        connection.send(result)


def run_apart(action: Callable[[], object], failure: str) -> None:
    """Run it in a process of its own; DataError with ``failure`` if that process crashes."""
    process = _CONTEXT.Process(target=_act, args=(action,), daemon=True)
    process.start()
    try:
        process.join()
    finally:
        process.kill()
    if process.exitcode:
        raise DataError(failure)


def _act(action: Callable[[], object]) -> None:
    _become_worker()
    try:
        action()
    except Exception:
        os._exit(1)  # the parent says what failed


def _become_worker() -> None:
    """Leave Ctrl-C to the parent, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # Linux: PR_SET_PDEATHSIG

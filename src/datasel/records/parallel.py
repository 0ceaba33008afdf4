"""A function mapped over blocks by several processes, results in the order of the input."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from datasel.records.streams import Block

_function: Callable[[Block], bytes]


def ordered_map(
    function: Callable[[Block], bytes], blocks: Iterable[Block], jobs: int
) -> Iterator[tuple[bytes, Block]]:
    """``(function(block), block)`` in order, a bounded number of blocks ahead; the first error ends it."""
    # fork: the workers inherit the function and its model, nothing is serialised but blocks and results
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, context, initializer=_start, initargs=(function,))
    waiting: deque = deque()
    try:
        for block in blocks:
            waiting.append(pool.submit(_apply, block))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        for process in (pool._processes or {}).values():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start(function: Callable[[Block], bytes]) -> None:
    global _function
    _function = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # Linux: end with the parent, however it ends


def _apply(block: Block) -> tuple[bytes, Block]:
    out = _function(block)
    block.data = b""
    return out, block

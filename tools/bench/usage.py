"""Processor time of all that a process has started, looked at again and again.

The system adds a child's time to its parent's when the parent waits for it.  The Python daemon of Spark does not wait
for its workers, so theirs and that of what they ran would be lost.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import NamedTuple

_TICK = os.sysconf("SC_CLK_TCK")


class _Seen(NamedTuple):
    parent: int
    own: float  # seconds
    waited: float  # seconds, of children that it waited for
    look: int  # when it was there for the last time


class Usage:
    """``with Usage() as usage``: looks every fifth of a second; ``usage.seconds()`` is all there was up to now."""

    def __init__(self):
        self._seen: dict[int, _Seen] = {}
        self._looks, self._done = 0, threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Usage:
        self._thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    def _go_on(self) -> None:
        while not self._done.wait(0.2):
            self._look()

    def _look(self) -> None:
        self._looks += 1
        found = {}
        for entry in filter(str.isdecimal, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                user, system, waited_user, waited_system = (int(ticks) / _TICK for ticks in fields[11:15])
                found[int(entry)] = _Seen(int(fields[1]), user + system, waited_user + waited_system, self._looks)
        mine = {os.getpid()}
        for _ in range(len(found)):
            more = {process for process, seen in found.items() if seen.parent in mine} - mine
            if not more:
                break
            mine |= more
        self._seen.update({process: found[process] for process in mine - {os.getpid()}})

    def seconds(self) -> float:
        """Of what a process waited for, what it was told or what was seen, whichever is more."""
        children: dict[int, list[int]] = {}
        for process, seen in self._seen.items():
            children.setdefault(seen.parent, []).append(process)

        def total(process: int) -> float:
            seen, gone, there = self._seen[process], 0.0, 0.0
            for child in children.get(process, ()):
                if self._seen[child].look < seen.look:
                    gone += total(child)
                else:
                    there += total(child)
            return seen.own + max(seen.waited, gone) + there

        return sum(total(process) for process in children.get(os.getpid(), ()))

"""Whole processes timed in turn, so that ratios hold when the machine's speed drifts."""

from __future__ import annotations

import os
import platform
import shlex
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SCRATCH = HERE.parent.parent / "build" / "bench"
BIN = Path(sys.executable).parent


class Run(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds, user and system, children included
    peak: float  # MB, of the largest process


def machine() -> str:
    """The machine, as results name it."""
    model = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown CPU"
    )
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def once(command: str) -> Run:
    """Run a shell command, its output thrown away."""
    import time

    start = time.perf_counter()
    process = subprocess.Popen(
        ["bash", "-c", f"set -o pipefail; {command}"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed ({process.returncode}): {command}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def versus(title: str, commands: dict[str, str], base: str, runs: int = 5) -> dict[str, list[Run]]:
    """Each command ``runs`` times in turn after a warm-up, and the ratio of each to ``base``, pair by pair.

    The runs by the names of the commands.
    """
    for command in commands.values():
        once(command)
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(once(command))
    print(f"\n{title}")
    print(f"{'':34s} {'wall s':>8s} {'cpu s':>8s} {'peak MB':>8s}   times faster than {base}")
    for name, each in found.items():
        wall, cpu, peak = (statistics.median(getattr(run, figure) for run in each) for figure in Run._fields)
        ratios = sorted(other.wall / run.wall for run, other in zip(each, found[base]))
        print(
            f"{name:34s} {wall:8.3f} {cpu:8.3f} {peak:8.0f}   "
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    sys.stdout.flush()
    return found


def input_file(kind: str, count: int) -> str:
    """A benchmark input, made once."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / f"{kind}-{count}"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            subprocess.run([sys.executable, HERE / "inputs.py", kind, str(count)], stdout=file, check=True)
        part.rename(path)
    return shlex.quote(str(path))

"""Whole processes timed in turn, so that ratios hold when the machine's speed drifts."""

from __future__ import annotations

import json
import math
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
SHARE = float(os.environ.get("BENCH_SHARE", "1"))  # to try a script on little input


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


def versus(
    title: str, commands: dict[str, str], base: str, runs: int = 5, records: int = 0, warm: bool = True
) -> dict[str, list[Run]]:
    """Each command ``runs`` times in turn after a warm-up, and the ratio of each to ``base``, pair by pair.

    The runs by the names of the commands.  ``records``: how many each reads, for records a second of CPU time;
    ``warm`` false: no warm-up, for what runs for minutes.
    """
    for command in commands.values() if warm else ():
        once(command)
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(once(command))
    title += f", inputs of {SHARE:g} times that size" * (SHARE != 1)
    print(f"\n{title}")
    print(
        f"{'':34s} {'wall s':>8s} {'cpu s':>8s} {'peak MB':>8s} {'records/s':>10s}   "
        f"times faster than {base}: wall; cpu"
    )
    for name, each in found.items():
        wall, cpu, peak = (statistics.median(getattr(run, figure) for run in each) for figure in Run._fields)
        faster = {
            figure: _spread([getattr(other, figure) / getattr(run, figure) for run, other in zip(each, found[base])])
            for figure in ("wall", "cpu")
        }
        if "--jobs" in name:  # processes that end after their parent: their CPU time is not known
            cpu, faster["cpu"] = math.nan, (math.nan,) * 3
        speed = round(records * SHARE / cpu) if records and cpu == cpu else None
        shown = "; ".join("{:.2f} ({:.2f} to {:.2f})".format(*spread) for spread in faster.values())
        print(f"{name:34s} {wall:8.3f} {cpu:8.3f} {peak:8.0f} {speed or '':>10}   {shown}")
        _kept({"title": title, "name": name, "base": base, "runs": runs, "wall": wall, "cpu": cpu, "peak": peak,
               "speed": speed, "faster": faster})  # fmt: skip
    sys.stdout.flush()
    return found


def note(text: str) -> None:
    """A line that is no row: printed, and kept for the table."""
    print(text, flush=True)
    _kept({"note": text})


def _spread(ratios: list[float]) -> tuple[float, float, float]:
    """Median, lowest and highest."""
    return statistics.median(ratios), min(ratios), max(ratios)


def _kept(row: dict) -> None:
    """For table.py, which names the file."""
    if "BENCH_ROWS" in os.environ:
        with open(os.environ["BENCH_ROWS"], "a") as file:
            print(json.dumps({"script": Path(sys.argv[0]).stem, **row}), file=file)


def sized(count: int) -> int:
    """So many records, or the share of them that BENCH_SHARE asks for."""
    return max(round(count * SHARE), 10)


def input_file(kind: str, count: int) -> str:
    """A benchmark input of ``sized(count)`` records, made once."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    count = sized(count)
    path = SCRATCH / f"{kind}-{count}"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            subprocess.run([sys.executable, HERE / "inputs.py", kind, str(count)], stdout=file, check=True)
        part.rename(path)
    return shlex.quote(str(path))

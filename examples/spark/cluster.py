"""A standalone cluster of Spark on this machine: a master and workers, each a process with a loopback address.

    python cluster.py [-n WORKERS] COMMAND...

runs a command while the cluster is there; MASTER says where, which spark-submit reads.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

_FIND = re.compile(r"Starting Spark master at (spark://[\w.]+:\d+)")
_WAIT = 180  # seconds


class Cluster:
    """``url`` is the master's; ``workers`` are processes, each with its executors in a process group of its own."""

    def __init__(
        self, folder: Path, workers: int = 2, memory: str = "1g", environment: Mapping[str, str] | None = None
    ):
        """Starts it, with one core a worker.  Logs and what workers need are in ``folder``."""
        self._folder, self._memory = folder, memory
        self._environment = {**os.environ, "SPARK_NO_DAEMONIZE": "1", **(environment or {})}
        self.workers: list[subprocess.Popen] = []
        self._master = self._start("master", "127.0.0.1", "master.Master", "--port", "0")
        try:
            self.url = self._wait("master", _FIND)[1]
            for _ in range(workers):
                self.add()
        except BaseException:
            self.stop()
            raise

    def add(self) -> None:
        """One worker more, with a loopback address of its own: Spark takes it for another machine."""
        number = len(self.workers)
        name, host = f"worker{number}", f"127.0.0.{number + 2}"
        settings = ("--port", "0", "--cores", "1", "--memory", self._memory, "--work-dir", str(self._folder / name))
        self.workers.append(self._start(name, host, "worker.Worker", *settings, self.url))
        self._wait(name, re.compile("Successfully registered with master"))

    def kill(self, worker: int) -> None:
        """A worker and its executors die at once, as where a machine does."""
        _killed(self.workers[worker])

    def stop(self) -> None:
        for process in (*self.workers, self._master):
            _killed(process)

    def memory(self) -> list[float]:
        """MB that each worker's executors and their children hold now (their resident sets, shared pages in each)."""
        table = dict(_processes())
        return [sum(table[each][1] for each in _below(worker.pid, table)) / 1e6 for worker in self.workers]

    def _start(self, name: str, host: str, kind: str, *settings: str) -> subprocess.Popen:
        log = open(self._folder / f"{name}.log", "wb")
        program = Path(_spark_home()) / "bin" / "spark-class"
        words = [program, f"org.apache.spark.deploy.{kind}", "--host", host, "--webui-port", "0", *settings]
        environment = {**self._environment, "SPARK_LOCAL_IP": host}
        return subprocess.Popen(words, stdout=log, stderr=log, env=environment, start_new_session=True)

    def _wait(self, name: str, said: re.Pattern) -> re.Match:
        for _ in range(10 * _WAIT):
            if found := said.search((self._folder / f"{name}.log").read_text(errors="replace")):
                return found
            time.sleep(0.1)
        raise SystemExit(f"cluster.py: the {name} did not start; {self._folder}/{name}.log says more")


def _killed(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _spark_home() -> str:
    import pyspark

    return os.environ.get("SPARK_HOME") or os.path.dirname(pyspark.__file__)


def _processes() -> Iterator[tuple[int, tuple[int, int]]]:
    """Of every process its parent, and the bytes of its resident set."""
    for entry in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            yield int(entry), (int(fields[1]), int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))


def _below(process: int, table: Mapping[int, tuple[int, int]]) -> Iterator[int]:
    """All that a process has started, and what that has."""
    for each, (parent, _) in table.items():
        if parent == process:
            yield each
            yield from _below(each, table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-n", type=int, default=2, metavar="WORKERS", help="workers, of one core each (%(default)s)")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the cluster goes as well
    with tempfile.TemporaryDirectory(prefix="spark-") as folder:
        cluster = Cluster(Path(folder), options.n)
        try:
            return subprocess.run(options.command, env={**os.environ, "MASTER": cluster.url}).returncode
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())

"""Selection from ten million utterances on a cluster of two workers here, beside GNU parallel and beside MLlib.

    spark_selection.py [--mllib PARTS ...] [PARTS ...]      parts of half a million; 2 and 20 are a million and ten

dedup, ngram-score, select-topk, ngram-diverse of the survivors; two processes at a time in each.  CPU is that of all
processes, peaks are of each worker with all it starts.  Aims: at most 1.5 times the time of parallel; growth from a
million to ten linear within 10 %; MLlib's time (dedup, scores and top k alone) at least 3 times ours.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gzip
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyspark
from measure import BIN, HERE, SCRATCH, machine
from usage import Usage

EXAMPLE = HERE.parent.parent / "examples" / "spark"
SPARK = f"{os.path.dirname(pyspark.__file__)}/bin/spark-submit --conf spark.ui.enabled=false"
K, SEED = 5000, 200
ENV = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PYSPARK_PYTHON": sys.executable, "OMP_NUM_THREADS": "1",
       "SPARK_LOCAL_IP": "127.0.0.1"}  # fmt: skip


class Cost(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds
    peaks: list[float]  # MB


def made(count: int) -> Path:
    """A pool of so many parts (the first of those of the largest), a seed, and a model."""
    whole = SCRATCH / "spark-pool"
    while not (whole / f"part-{count - 1:04d}.jsonl.gz").exists():
        subprocess.run([sys.executable, HERE / "spark_pool.py", whole, str(count)], check=True)
    folder = SCRATCH / f"spark-pool-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for part in range(count):
        (folder / f"part-{part:04d}.jsonl.gz").symlink_to(whole / f"part-{part:04d}.jsonl.gz")
    seed = SCRATCH / "spark-seed.jsonl"
    with gzip.open(whole / "part-0000.jsonl.gz", "rt", encoding="utf-8") as lines:
        seed.write_text("".join(islice((line for line in lines if '"text":"b' in line), SEED)), encoding="utf-8")
    run(f"ngram-fit --positive {seed} --negative {whole}/part-0001.jsonl.gz -o {SCRATCH}/spark.npz")
    return folder


def run(command: str, **more) -> None:
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], env={**ENV, **more})
    if done.returncode:
        raise SystemExit(f"failed ({done.returncode}): {command}")


def measured(command: str, workers: int = 0) -> Cost:
    """What a shell command costs; with workers on a cluster of its own, whose start the wall clock does not see."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder, Usage() as usage:
        cluster = _cluster()(Path(folder), workers, memory="3g", environment=ENV) if workers else None
        peaks, done = [0.0] * workers, threading.Event()
        watcher = threading.Thread(target=_watch, args=(cluster, peaks, done), daemon=True)
        if cluster:
            watcher.start()
        start = time.monotonic()
        try:
            run(command, **({"MASTER": cluster.url} if cluster else {}))
            wall = time.monotonic() - start
        finally:
            done.set()
            if cluster:
                watcher.join()
                cluster.stop()
    _reap()
    return Cost(wall, usage.seconds(), peaks)


def _cluster():
    loaded = importlib.util.spec_from_file_location("cluster", EXAMPLE / "cluster.py")
    module = importlib.util.module_from_spec(loaded)
    loaded.loader.exec_module(module)
    return module.Cluster


def _watch(cluster, peaks: list[float], done: threading.Event) -> None:
    while not done.wait(0.5):
        peaks[:] = map(max, peaks, cluster.memory())


def _reap() -> None:
    """What a killed parent left is ours (main sees to that), and is waited for."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def ours(pool: Path, out: Path) -> str:
    settings = f"--relevance {SCRATCH}/spark.npz -k {K} --held {SCRATCH}/spark-seed.jsonl"
    return f"{SPARK} {EXAMPLE}/selection.py {pool} {out} {settings} 2> {SCRATCH}/ours.log"


def parallel(pool: Path, out: Path) -> str:
    """The same work by GNU parallel, two at a time: repeats first, by dedup in one stream."""
    top = f"select-topk -k {K} --by ngram_score"
    each = shlex.quote(f"ngram-score --model {SCRATCH}/spark.npz | {top}")
    cut = f"parallel -j 2 -k --pipepart --block 60M -a {out}/pool.jsonl"
    return (
        f"mkdir {out} && dedup --jobs 2 {pool}/* -o {out}/pool.jsonl"
        f" && {cut} {each} | {top} --sorted -o {out}/relevant.jsonl"
        f" && ngram-diverse --held {SCRATCH}/spark-seed.jsonl --keep 50% --prefer ngram_score=2 {out}/relevant.jsonl"
        f" -o {out}/diverse.jsonl && rm {out}/pool.jsonl"
    )


def mllib(pool: Path, out: Path) -> str:
    words = f"--conf spark.executor.memory=3g {HERE}/mllib_selection.py {pool} {SCRATCH}/spark-seed.jsonl {out} {K}"
    return f"{SPARK} {words} 2> {SCRATCH}/mllib.log"


def show(name: str, cost: Cost) -> None:
    peaks = ", ".join(f"{peak:.0f}" for peak in cost.peaks) or "-"
    print(f"{name:44s} {cost.wall:8.1f} {cost.cpu:8.1f}   {peaks}", flush=True)


def main() -> None:
    ctypes.CDLL(None).prctl(36, 1)  # Linux: PR_SET_CHILD_SUBREAPER
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # clusters go as well
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", type=int, default=[2, 20])
    parser.add_argument("--mllib", nargs="*", type=int, metavar="PARTS", help="of these, all if not given")
    options = parser.parse_args()
    sizes = options.parts
    pools = {count: made(count) for count in sizes}
    raw = int(subprocess.run(f"zcat {pools[sizes[-1]]}/* | wc -c", shell=True, capture_output=True).stdout)
    print(f"{machine()}; the largest pool has {raw / 1e9:.2f} GB")
    print(f"\n{'':44s} {'wall s':>8s} {'cpu s':>8s}   peak MB of each worker")
    costs: dict[tuple[str, int], Cost] = {}

    def tried(name: str, count: int, command: Callable[[Path, Path], str], workers: int) -> Path:
        out = SCRATCH / f"spark-out-{name}"
        shutil.rmtree(out, ignore_errors=True)
        costs[name, count] = measured(command(pools[count], out), workers)
        show(f"{name}, {count / 2:g} M", costs[name, count])
        return out

    for count in sizes:
        there, here = tried("parallel", count, parallel, 0), tried("spark", count, ours, 2)
        for made_of in ("relevant", "diverse"):
            run(f"cmp {there}/{made_of}.jsonl {here}/{made_of}.jsonl")
    for count in sizes if options.mllib is None else options.mllib:  # the slowest at the end
        tried("mllib", count, mllib, 2)
    first, last = sizes[0], sizes[-1]
    for figure in ("wall", "cpu"):
        def of(name, count, figure=figure):
            return getattr(costs[name, count], figure)

        overhead, growth = of("spark", last) / of("parallel", last), of("spark", last) / of("spark", first)
        print(f"{figure}: Spark to parallel {overhead:.2f}; "
              f"{last / first:g} times the parts take {growth:.2f} times as long")  # fmt: skip
        for count in [count for name, count in costs if name == "mllib"]:
            print(f"{figure}: MLlib to ours, {count / 2:g} M: {of('mllib', count) / of('spark', count):.2f}")


if __name__ == "__main__":
    main()

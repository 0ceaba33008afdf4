"""Put small faults into src/, one at a time, and see whether a test finds each.

The suite runs on a copy of the tree, tests of the fault's own module first, and stops at the first failure.  The faults
are in faults.txt.  A table goes to standard output, a line each: what found it, or NOT FOUND; and the score at its end.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import Queue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).with_name("faults.txt")
COPIED = ("src", "tests", "tools", "man", "completions", "examples", "docs", "pyproject.toml", "README.md",
          "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "LICENSE")  # fmt: skip
SHARED = ("records", "cli.py", "ending.py", "errors.py", "manual.py", "options.py", "parameters.py")
EACH = ("tests/contract/test_each.py",)
PROBES = ("ngram-score", "select-topk", "nlu-fit", "nlu-eval", "lm-prune", "embed-filter", "paraphrase-pairs",
          "ngram-fit")  # fmt: skip
NOT_FOUND = "NOT FOUND"
UNSOUND = "FAILS WITHOUT THE FAULT TOO"
SECONDS = 400  # a suite that a fault makes hang has found it


class Fault(NamedTuple):
    file: str  # below src/datasel
    what: str
    old: str
    new: str


def faults() -> Iterator[Fault]:
    """Those of faults.txt."""
    for block in re.split(r"^(?=@ )", FAULTS.read_text(encoding="utf-8"), flags=re.M)[1:]:
        head, *lines = block.rstrip("\n").split("\n")
        file, what = head[2:].split(": ", 1)
        old, new, side = [], [], None
        for line in lines:
            side = {"-": old, "+": new}.get(line[:1], side)
            if side is None:
                continue
            side.append(line[1:] if line[:1] in ("-", "+") else line)
        while new and not new[-1]:
            new.pop()
        yield Fault(file, what, "\n".join(old), "\n".join(new))


def applied(fault: Fault, tree: Path) -> str:
    """The module with the fault in it; ValueError where the text does not stand in it exactly once."""
    source = (tree / "src" / "datasel" / fault.file).read_text(encoding="utf-8")
    if source.count(fault.old) != 1:
        raise ValueError(f"stands there {source.count(fault.old)} times")
    made = source.replace(fault.old, fault.new)
    ast.parse(made)
    return made


@cache
def imports(tree: Path, file: str) -> frozenset[str]:
    """The modules of ours that a module needs, itself included, as files below src/datasel."""
    found, ahead = set(), [file]
    while ahead:
        here = ahead.pop()
        if here in found or not (tree / "src" / "datasel" / here).exists():
            continue
        found.add(here)
        for node in ast.walk(ast.parse((tree / "src" / "datasel" / here).read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("datasel"):
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            ahead += [name.removeprefix("datasel").lstrip(".").replace(".", "/") + ".py" for name in names]
    return frozenset(found)


def stages(fault: Fault, tree: Path, all_tests: bool) -> Iterator[list[str]]:
    """Arguments of :func:`run`, what is likeliest to find it first; those that have nothing to do with it last."""
    module = "datasel." + fault.file.removesuffix(".py").replace("/", ".")
    parts = module.split(".")
    spelled = {module, f"from {'.'.join(parts[:-1])} import {parts[-1]}"}
    tests = sorted((tree / "tests").glob("test_*.py"))
    own = [str(path.relative_to(tree)) for path in tests if path.stem.endswith("_" + parts[-1])]
    near = [str(path.relative_to(tree)) for path in tests if any(name in path.read_text() for name in spelled)]
    near = [path for path in near if path not in own]
    if not own and not near:  # those of its room
        near = [str(path.relative_to(tree)) for path in tests if path.stem.startswith(f"test_{parts[1]}_")]
    commands = sorted((tree / "src" / "datasel" / "commands").glob("[a-z]*.py"))
    using = [path.stem.replace("_", "-") for path in commands if fault.file in imports(tree, f"commands/{path.name}")]
    shared, many = fault.file.split("/")[0] in SHARED, len(using) > 12
    own += [] if shared else near
    if own:
        yield own
    probes = many and [name for name in PROBES if name in using] or using
    for some in filter(None, (probes[:1], probes[1:4], probes[4:]) if many else (probes,)):  # one finds most
        yield [*EACH, "tests/contract", "-k", " or ".join(some)]
    if using and not many:
        yield ["tests/test_manual.py", "-k", " or ".join(using)]
        yield from ([f"tests/bats/{name}.bats"] for name in using)
    if shared and near:
        yield near
    if not all_tests:
        return
    if many or not using:
        yield ["tests/contract", *(["-k", f"not ({' or '.join(probes)})"] if probes else [])]
    yield ["tests", "--ignore=tests/contract", *(f"--ignore={path}" for path in {*own, *near})]


def run(tree: Path, words: list[str], full: bool) -> str | None:
    """The test that failed first; None where none did.  ``words``: arguments of pytest, or a file of bats."""
    env = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    if words[0].partition("::")[0].endswith(".bats"):
        file, _, name = words[0].partition("::")
        chosen = ["-f", f"^{re.escape(name)}$"] if name else [] if full else ["--filter-tags", "!slow"]
        command = ["bats", *chosen, file]
    else:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *words]
        command += ["-m", "slow or not slow"] if full else []
    process = subprocess.Popen(
        command, cwd=tree, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        out, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"no end within {SECONDS} s"
    if process.returncode in (0, 5):  # 5: no test was chosen
        return None
    if command[0] == "bats" and (failed := re.search(r"^not ok \d+ (.+)$", out, re.M)):
        return f"{command[-1]}::{failed[1]}"
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", out, re.M)
    return failed[1] if failed else out.strip().split("\n")[-1][:80]


def copied(tree: Path, folder: Path) -> Path:
    """What the tests need of a tree."""
    made = folder / "datasel"
    made.mkdir()
    for name in COPIED:
        place = tree / name
        if place.is_dir():
            shutil.copytree(place, made / name, ignore=shutil.ignore_patterns("__pycache__", "work", "*.egg-info"))
        elif place.exists():
            shutil.copy(place, made / name)
    if (tree / "build" / "kenlm").exists():
        (made / "build").mkdir()
        (made / "build" / "kenlm").symlink_to(tree / "build" / "kenlm")
    return made


def tried(fault: Fault, tree: Path, options: argparse.Namespace) -> str:
    """What found a fault, or NOT FOUND, or that it does not fit."""
    path = tree / "src" / "datasel" / fault.file
    try:
        made = applied(fault, tree)
    except (ValueError, SyntaxError, OSError) as error:
        return f"DOES NOT FIT: {error}"
    if options.check:
        return ""
    sound = path.read_text(encoding="utf-8")
    planned = list(stages(fault, tree, not options.near))
    path.write_text(made, encoding="utf-8")
    try:
        found = next(filter(None, (run(tree, words, options.full) for words in planned)), NOT_FOUND)
    finally:
        path.write_text(sound, encoding="utf-8")
    if "::" in found and run(tree, [found], options.full):
        return f"{UNSOUND}: {found}"
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="take the faults whose file or description has one of these words")
    parser.add_argument("--check", action="store_true", help="only say which faults do not fit the source any more")
    parser.add_argument("--near", action="store_true", help="only the module's tests, and the contract of what uses it")
    parser.add_argument("--full", action="store_true", help="with the tests that are marked slow")
    parser.add_argument("--jobs", type=int, default=1, help="as many at the same time, each in a copy of its own")
    parser.add_argument("--done", type=Path, help="a table of an earlier run: its faults are not tried again")
    parser.add_argument("--tree", type=Path, default=ROOT, help="the tree to take (another checkout)")
    options = parser.parse_args()
    named = options.words or [""]
    chosen = [each for each in faults() if any(word in f"{each.file}: {each.what}" for word in named)]
    lines = options.done.read_text(encoding="utf-8").splitlines() if options.done else []
    table = dict(line.split("\t", 1) for line in lines if "\t" in line)
    left = Queue()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as workers:
        for number in range(options.jobs):
            (Path(folder) / str(number)).mkdir()
            left.put(copied(options.tree, Path(folder) / str(number)))

        def work(fault: Fault) -> str:
            name = f"{fault.file}: {fault.what}"
            if name not in table:
                tree = left.get()
                start = time.monotonic()
                found = tried(fault, tree, options)
                left.put(tree)
                table[name] = f"{found}\t{time.monotonic() - start:.0f} s"
            if not options.check or "DOES NOT FIT" in table[name]:
                print(f"{name}\t{table[name]}", flush=True)
            return table[name]

        results = list(workers.map(work, chosen))
    stale = sum("DOES NOT FIT" in result for result in results)
    lost = sum(result.startswith((NOT_FOUND, UNSOUND)) for result in results)
    if not options.check:
        print(f"found {len(results) - lost - stale} of {len(results) - stale}")
    return int(bool(stale or lost))


if __name__ == "__main__":
    sys.exit(main())

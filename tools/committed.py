"""Files that are generated and committed: write them, or (--check) name those that are out of date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(description: str, folder: str, made: dict[str, str]) -> int:
    """Exit status of a generator whose whole output is ``made`` (path within ``folder`` to content)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where files differ")
    check = parser.parse_args().check
    there = {str(path.relative_to(ROOT / folder)): path for path in (ROOT / folder).rglob("*") if path.is_file()}
    differing = {name: "stale" for name in there.keys() - made.keys()}
    for name, content in made.items():
        if name not in there:
            differing[name] = "missing"
        elif there[name].read_text(encoding="utf-8") != content:
            differing[name] = "differs"
    for name, why in sorted(differing.items()):
        if check:
            print(f"{folder}/{name}: {why}; run: python {sys.argv[0]}", file=sys.stderr)
        elif why == "stale":
            there[name].unlink()
        else:
            (ROOT / folder / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / folder / name).write_text(made[name], encoding="utf-8")
    return int(check and bool(differing))

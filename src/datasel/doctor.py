"""What datasel finds on this machine: its packages, its extras, the programs outside of Python."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import NamedTuple

from datasel import __version__
from datasel.errors import DataError
from datasel.extras import EXTRAS, INSTALL

# Programs that are no Python packages, and what wants them.  Of espeak-ng the library is called.
_PROGRAMS = (
    ("espeak-ng", "for make-lexicon"),
    ("lmplz", "for tests and benchmarks only"),
    ("build_binary", "for binary files of language models"),
)


class Finding(NamedTuple):
    """A line of the report; ``fault`` where what every command needs is not there."""

    what: str
    found: str
    note: str
    fault: bool = False


def findings() -> Iterator[Finding]:
    yield Finding("datasel", __version__, os.path.dirname(os.path.abspath(__file__)))
    yield Finding("python", platform.python_version(), sys.prefix)
    for name in _base():
        there = _version(name)
        yield Finding(name, there or "missing", "" if there else "install datasel again", fault=there is None)
    for extra in EXTRAS:
        there = {name: _version(name) for name in extra.packages}
        missing = [name for name, number in there.items() if number is None]
        found = "missing: " + ", ".join(missing) if missing else ", ".join(f"{n} {v}" for n, v in there.items())
        note = f"for {extra.unlocks}" + (f": {INSTALL.format(extra.name)}" if missing else "")
        yield Finding(f"[{extra.name}]", found, note)
    for name, use in _PROGRAMS:
        path = _espeak() if name == "espeak-ng" else shutil.which(name)
        yield Finding(name, path or "missing", use)


def report() -> str:
    """A line for each finding, in columns."""
    lines = list(findings())
    wide, wider = (max(len(line[column]) for line in lines) for column in (0, 1))
    wider = min(wider, 40)
    return "".join(f"{what:{wide}}  {found:{wider}}  {note}".rstrip() + "\n" for what, found, note, _ in lines)


def check() -> None:
    """Raises DataError where a package of the base is missing."""
    missing = [line.what for line in findings() if line.fault]
    if missing:
        raise DataError(f"missing: {', '.join(missing)}")


def _base() -> list[str]:
    """The distributions that every installation has."""
    try:
        wanted = requires("datasel") or []
    except PackageNotFoundError:  # run from a source tree alone
        return []
    return [re.match(r"[\w.-]+", line)[0] for line in wanted if "extra ==" not in line]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _espeak() -> str | None:
    from datasel.speech.pronunciation import version_of_espeak

    try:
        return version_of_espeak()
    except DataError:
        return None

"""Commands with their calls as test cases, and what can be read off a command's options."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from importlib.util import find_spec
from shutil import which
from typing import Any

import click
import pytest

from datasel.cli import DataFile, ModelFile
from datasel.extras import EXTRAS
from datasel.registry import BY_NAME, COMMANDS

from .calls import CALLS, MODELS, Call, lines


class Case:
    """One command with one of its calls."""

    def __init__(self, entry, call: Call, number: int = 0):
        self.entry, self.call = entry, call
        self.id = entry.name + (f"-{number + 1}" if number else "")
        self.command = entry.load()

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def writes(self) -> str:
        return "report" if self.call.figures else self.command.writes

    @property
    def binary(self) -> bool:
        """Writes what is not for a terminal."""
        return self.writes in ("model", "picture")

    @property
    def plain(self) -> bool:
        """Its input is not JSON."""
        return not self.lines(1).startswith(b"{")

    @property
    def bad(self) -> bytes:
        """A line that is no record."""
        return b"\xff\n" if self.plain else b"{\n"

    @property
    def field(self) -> str:
        """The field of the text it reads."""
        return self.call.field[1]

    @property
    def into(self) -> str:
        """The field it writes: what its call says, or the default of --into."""
        return dict(zip(words := self.call.options.split(), words[1:])).get("--into") or self.option("--into").default

    @property
    def reads(self) -> bool:
        """Takes FILEs, or its standard input."""
        return self.has("files")

    @property
    def streams(self) -> bool:
        return self.entry.memory == "streams" if self.call.streams is None else self.call.streams

    @property
    def options(self) -> list[click.Option]:
        return [param for param in self.command.params if isinstance(param, click.Option)]

    def has(self, *names: str) -> bool:
        """Whether it has all the parameters of these names, and with its call they do what they do elsewhere."""
        of_records = ["into", "line_buffered", "print_field", "rejects"] if self.call.figures else []
        return set(names) <= {param.name for param in self.command.params} - {*self.call.without.split(), *of_records}

    def option(self, flag: str) -> click.Option:
        return next(param for param in self.options if flag in param.opts)

    def paths(self, kind: type[click.ParamType]) -> list[str]:
        """The flags in the call whose values are models (or data files)."""
        given = [word for word in self.call.options.split() if word.startswith("-") and not word[1:2].isdigit()]
        return [flag for flag in given if isinstance(self.option(flag).type, kind)]

    @property
    def models(self) -> list[str]:
        """The names of the models in the call."""
        return [name for name in MODELS if f"{{{name}}}" in self.call.options]

    def lines(self, count: int, first: int = 0, **more: Any) -> bytes:
        """Good input of ``count`` records."""
        return lines(count, self.call.record, first, self.call.encode, **more)

    def texts(self, count: int, first: int = 0) -> bytes:
        """The same as plain text."""
        return "".join(self.call.record(number)["text"] + "\n" for number in range(first, first + count)).encode()

    def bulk(self, mib: float, each: int = 4096) -> bytes:
        """Good input of about that size, in records made long by a field nobody reads; longer for slow commands."""
        each *= 5 if self.call.slow else 1
        return self.lines(int(mib * (1 << 20)) // len(self.lines(1, note="x" * each)) + 1, note="x" * each)


def cases() -> Iterator[Case]:
    for entry in COMMANDS:
        for number, call in enumerate(CALLS.get(entry.name, ())):
            yield Case(entry, call, number)


def maker(model: str) -> str:
    """The command that makes a model of MODELS."""
    return MODELS[model].split()[0]


# The commands that an extra unlocks, by what they need.
_EXTRAS = {
    name: extra.packages for extra in EXTRAS if " --" not in extra.unlocks
    for name in re.findall(r"[\w-]+", extra.unlocks) if name in BY_NAME
}  # fmt: skip
# The warm interpreter (warm.py) that runs a command, where that is not the plain one.  A wrong one costs time only.
_SCIENTIFIC = ("ctc-emit", "embed-filter", "embed-fit", "embed-texts", "encoder", "ngram-fit", "nlu-fit", "nlu-label",
               "paraphrase-diverse", "paraphrase-score", "translate-nbest")  # fmt: skip
INTERPRETERS = {**dict.fromkeys(_SCIENTIFIC, "scientific"), **dict.fromkeys(_EXTRAS, "training")}
_MODULES = {"scikit-learn": "sklearn"}


def lacking(name: str) -> str | None:
    """What is not installed that a command cannot do without."""
    for package in _EXTRAS.get(name, ()):
        if find_spec(_MODULES.get(package, package)) is None:
            return f"{name} needs {package}, which is not installed"
    if name == "make-lexicon" and not (find_library("espeak-ng") or which("espeak-ng")):
        return f"{name} needs espeak-ng, which is not installed"
    return None


# A case for each way through the code that commands share: what that code alone decides is asked of these at length.
PROBES = {
    "records as they come": "ngram-score",
    "plain text": "ngram-score",
    "several processes": "ngram-score",
    "lines kept of all": "select-topk",
    "lines kept as they come": "select-topk-3",
    "records dropped for a reason": "lm-prune-2",
    "tab-separated columns": "embed-filter-6",
    "new records": "paraphrase-pairs",
    "a model": "nlu-fit",
    "a model of what options name": "ngram-fit",
    "a report": "nlu-eval",
}


def every(condition: Callable[[Case], Any] = lambda case: True, once: bool = False, at_length: bool = False):
    """Parametrises a test over the cases that meet a condition; with ``once`` over the first such of each command.

    With ``at_length`` those that are no probes are for the full run alone: they are marked slow.
    """
    chosen = [case for case in cases() if condition(case)]
    if once:
        chosen = list({case.name: case for case in reversed(chosen)}.values())[::-1]
    marks = {case.id: [pytest.mark.slow] if at_length and case.id not in PROBES.values() else [] for case in chosen}
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.id, marks=marks[case.id]) for case in chosen])


def probes(condition: Callable[[Case], Any] = lambda case: True):
    """Parametrises a test over the probes that meet a condition.  What it asks, others are asked in test_each.py."""
    chosen = [case for case in cases() if case.id in PROBES.values() and condition(case)]
    assert chosen, "a test that asks nobody"
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case.id)


def programs(at_length: bool = False):
    """Parametrises a test over the names of programs; with ``at_length`` all but two are for the full run alone."""
    light = ["datasel", PROBES["records as they come"]]
    names = ["datasel", *(entry.name for entry in COMMANDS)]
    marks = {name: [pytest.mark.slow] if at_length and name not in light else [] for name in names}
    return pytest.mark.parametrize("name", [pytest.param(name, marks=marks[name]) for name in names])


def reads(case: Case) -> bool:
    return case.reads


def makes_folders(case: Case) -> bool:
    """Its model may be a folder (what it writes of records has a test of its own)."""
    return case.writes == "model" and "folder NAME/" in (case.option("--output").help or "")


def filters(case: Case) -> bool:
    """Records in, records out."""
    return case.reads and case.writes == "records"


def passes(case: Case) -> bool:
    """Records in, the same records out, with fields added or not."""
    return filters(case) and not case.call.makes


def has(*names: str) -> Callable[[Case], bool]:
    return lambda case: case.has(*names)


__all__ = [
    "PROBES", "Case", "DataFile", "ModelFile", "cases", "every", "filters", "has", "lacking", "maker", "makes_folders",
    "passes", "probes", "programs", "reads",
]  # fmt: skip

"""The house: its rooms, the arrows between them, its one list of commands."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasel import manual
from datasel.registry import COMMANDS

from .cases import cases

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "datasel"
MODULES = sorted(HOUSE.rglob("*.py"))
ROOMS = sorted({path.parent.name for path in MODULES} - {"datasel", "commands"})


def each_module(test):
    """A test of a path becomes one of all modules."""

    def of_all():
        for path in MODULES:
            test(path)

    of_all.__name__, of_all.__doc__ = test.__name__, test.__doc__
    return of_all


def room(path: Path) -> str | None:
    """The folder a module lives in; None for the ones at the top."""
    return path.parent.name if path.parent != HOUSE else None


def imports(path: Path, of: ast.AST | None = None) -> Iterator[str]:
    """The modules that it imports, wherever in it."""
    for node in ast.walk(of or ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: the house names its modules in full"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def at_import(path: Path) -> ast.Module:
    """The module without the insides of its functions."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            node.body = []
    return tree


def test_there_are_rooms():
    assert {"records", "text", "ngrams", "nlu", "paraphrase", "embedding", "selection", "evaluation"} <= set(ROOMS)


@each_module
def test_rooms_know_nothing_of_the_front_door(path):
    if room(path) in ROOMS:
        door = ("click", "datasel.cli", "datasel.commands", "datasel.options", "datasel.registry")
        assert [name for name in imports(path) if within(name, *door)] == []


@each_module
def test_records_and_errors_know_no_other_room(path):
    if room(path) == "records" or path.name == "errors.py":
        ours = {name for name in imports(path) if within(name, "datasel")}
        allowed = ("datasel.records", "datasel.errors", "datasel.__version__")
        assert [name for name in ours if name != "datasel" and not within(name, *allowed)] == []


@each_module
def test_commands_know_no_other_command(path):
    if room(path) == "commands":
        assert [name for name in imports(path) if within(name, "datasel.commands")] == []


def test_no_two_rooms_know_each_other():
    rooms = [f"datasel.{name}" for name in ROOMS]
    knows = {name: set() for name in ROOMS}
    for path in MODULES:
        if room(path) in ROOMS:
            knows[room(path)] |= {name.split(".")[1] for name in imports(path) if within(name, *rooms)}
    mutual = [(a, b) for a in ROOMS for b in knows[a] if a < b and a in knows[b]]
    assert mutual == []


@each_module
def test_no_drawers(path):
    """A module is named after what it holds."""
    for name in (path.stem, *(part.name for part in path.relative_to(HOUSE).parents)):
        assert not re.fullmatch(r"_*(utils?|helpers?|common|base|misc|tools?|lib|core|shared|stuff)", name), name


@each_module
def test_files_are_short(path):
    assert len(path.read_text().splitlines()) <= (150 if room(path) == "commands" else 400)


@each_module
def test_every_module_says_what_it_holds(path):
    said = ast.get_docstring(ast.parse(path.read_text()))
    assert said
    assert said.splitlines()[0].rstrip().endswith((".", ":"))


@each_module
def test_nothing_happens_at_import(path):
    definitions = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    for node in ast.parse(path.read_text()).body:
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert text or isinstance(node, definitions), f"{path}:{node.lineno}"


@pytest.mark.behaviour(6)
@each_module
def test_commands_import_little_at_the_top(path):
    if room(path) == "commands":
        ours = ("datasel.cli", "datasel.errors", "datasel.extras", "datasel.options")
        allowed = ("click", *ours, "__future__", *sys.stdlib_module_names)
        assert [name for name in imports(path, at_import(path)) if not within(name, *allowed)] == []


@each_module
def test_only_the_front_door_and_the_records_touch_the_standard_streams(path):
    if room(path) in set(ROOMS) - {"records"}:
        for node in ast.walk(ast.parse(path.read_text())):
            named = ast.unparse(node) if isinstance(node, (ast.Attribute, ast.Name)) else ""
            assert named not in ("sys.stdin", "sys.stdout", "sys.stderr", "print", "input"), f"{path}:{node.lineno}"


@pytest.mark.behaviour(35)
def test_every_command_has_its_script():
    section = (ROOT / "pyproject.toml").read_text().partition("\n[project.scripts]\n")[2].partition("\n[")[0]
    listed = dict(re.findall(r'^([\w-]+) = "([\w.:]+)"$', section, re.M))
    assert listed == {"datasel": "datasel.cli:main", **{entry.name: f"{entry.module}:command" for entry in COMMANDS}}


def test_every_file_in_commands_is_a_command():
    there = {path.stem.replace("_", "-") for path in MODULES if room(path) == "commands" and path.stem != "__init__"}
    assert there == {entry.name for entry in COMMANDS}
    assert len({entry.name for entry in COMMANDS}) == len(COMMANDS)


@pytest.mark.behaviour(40)
@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_the_registry_says_what_the_manual_says(entry):
    summary = manual.sections(entry.load().docstring)[0]
    assert entry.summary == summary[0].lower() + summary[1:]
    assert not entry.summary.endswith(".")


@pytest.mark.behaviour(14)
@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_what_buffers_has_a_section_on_memory(entry):
    headings = [section.heading for section in manual.sections(entry.load().docstring)[2]]
    assert ("Memory" in headings) == (entry.memory == "buffers")


@pytest.mark.behaviour(35)
def test_help_of_a_shared_option_is_the_same_everywhere():
    shared = {"field", "into", "text", "print_field", "line_buffered", "jobs", "seed", "quiet", "verbose"}
    said: dict[str, set[str]] = {}
    for case in cases():
        for option in case.options:
            if option.name in shared:
                said.setdefault(option.name, set()).add(option.help)
    assert all(len(texts) == 1 for texts in said.values()), said

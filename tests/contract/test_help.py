"""--help, --version, --signature, and what is said on standard error when all goes well."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib.metadata import packages_distributions, requires

import pytest

from datasel import __version__, manual
from datasel.registry import COMMANDS

from .cases import ModelFile, every, filters, has, probes, programs
from .running import Result, Rig, complaint, succeeded


def heavy_packages() -> set[str]:
    """What the project requires to work, for some commands to work too, apart from what parses the command line."""
    extras = ("plot", "train")
    lines = [line for line in requires("datasel") if "extra ==" not in line or line.split('"')[1] in extras]
    wanted = {re.split(r"[^\w.-]", line)[0] for line in lines} - {"click"}
    found = {package for package, sources in packages_distributions().items() if wanted.intersection(sources)}
    assert {"numpy", "scipy", "msgspec", "onnxruntime"} <= found
    return found


@pytest.mark.behaviour(6)
@programs(at_length=True)
def test_help_at_once(name, rig):
    """Nothing but the parser is imported for it."""
    result = rig.installed([name, "--help"], env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert result.status == 0
    imported = {line.rpartition(b"|")[2].strip().partition(b".")[0].decode() for line in result.err.splitlines()}
    assert "click" in imported
    assert imported.isdisjoint(heavy := heavy_packages()), imported & heavy


HELP_OF_ALL = """
import sys
from datasel.registry import COMMANDS
for entry in COMMANDS:
    command = entry.load()
    command.get_help(command.context_class(command, info_name=entry.name))
    print(entry.name, *{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.behaviour(6)
def test_help_of_all_at_once():
    """The light form of the above: one interpreter makes the help of all, and imports nothing heavy for any."""
    done = subprocess.run([sys.executable, "-c", HELP_OF_ALL], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    heavy = heavy_packages()
    for entry, line in zip(COMMANDS, done.stdout.splitlines(), strict=True):
        name, *imported = line.split()
        assert name == entry.name
        assert "click" in imported
        assert heavy.isdisjoint(imported), f"{name}: {heavy.intersection(imported)}"


@pytest.mark.behaviour(6)
@programs()
def test_help_goes_to_standard_output(name, rig):
    long, short = (succeeded(rig.call([name, flag])) for flag in ("--help", "-h"))
    assert long.out == short.out
    assert long.lines[0]
    assert len(long.lines) > 10


@pytest.mark.behaviour(6)
@every(once=True)
def test_help_comes_before_all_else(case, rig):
    wanted = succeeded(rig.call([case.name, "--help"])).out
    assert succeeded(rig.call([case.name, "missing.jsonl", "-o", "/nowhere/x", "--help"])).out == wanted
    assert succeeded(rig.run(case, "-h")).out == wanted


@pytest.mark.behaviour(6, 40)
@every(once=True)
def test_help_is_the_docstring_and_the_options(case, rig):
    """The same source the manual page is made from."""
    said = succeeded(rig.call([case.name, "--help"])).out.decode()
    flat = " ".join(said.split())
    summary, description, sections = manual.sections(case.command.docstring)
    assert said.startswith(f"Usage: {case.name} ")
    for text in (summary, description, *(section.body for section in sections), manual.EXIT_STATUS):
        assert " ".join(text.split()) in flat, text
    for heading in (*(section.heading for section in sections), "Options", "Exit status"):
        assert f"\n{heading}:\n" in said, heading
    for option in case.options:
        assert all(flag in flat for flag in option.opts), option.opts
        assert option.help, option.name


@pytest.mark.behaviour(40)
@every(once=True)
def test_the_manual_has_examples_of_this_command(case):
    shown = manual.examples(case.command.docstring)
    assert any(re.search(rf"\b{case.name}\b", example.command) for example in shown)


@pytest.mark.behaviour(6)
@every(once=True)
def test_help_fits_the_terminal(case, rig):
    said = succeeded(rig.call([case.name, "--help"], env={"COLUMNS": "80"})).out.decode()
    verbatim = [body for _, body in manual.sections(case.command.docstring)[2] if manual.is_verbatim(body)]
    shown_as_it_stands = {line.strip() for body in verbatim for line in body.splitlines()}
    wide = [line for line in said.splitlines() if len(line) > 100 and line.strip() not in shown_as_it_stands]
    assert wide == []


@pytest.mark.behaviour(7)
@programs()
def test_version(name, rig):
    result = succeeded(rig.call([name, "--version"]))
    assert __version__ in result.out.decode()
    assert result.out.decode().startswith(name)
    assert len(result.lines) == 1


@pytest.mark.behaviour(7)
@every(once=True)
def test_version_comes_before_all_else(case, rig):
    wanted = succeeded(rig.call([case.name, "--version"])).out
    assert succeeded(rig.call([case.name, "missing.jsonl", "--version"])).out == wanted


@pytest.mark.behaviour(9, 11)
@probes()
def test_only_data_on_standard_output(case, rig):
    """However much it is asked to say."""
    quiet = succeeded(rig.run(case, "-q"))
    wordy = rig.run(case, "-v", "--signature")
    assert wordy.status == 0
    assert quiet.out == wordy.out == rig.usual(case).out
    assert wordy.err
    assert all(line.startswith(f"{case.name}: ".encode()) for line in wordy.err.splitlines()), f"{wordy}"


@pytest.mark.behaviour(11, 20)
@probes(filters)
def test_verbose_counts(case, rig):
    result = rig.run(case, "-v")
    assert f"{case.name}: kept 12 / 12" in result.err.decode().splitlines()


def signature(rig: Rig, case, *extra: str, **settings) -> str:
    result: Result = rig.run(case, "--signature", *extra, **settings)
    assert result.status == 0
    said = [line for line in result.err.decode().splitlines() if "|version:" in line]
    assert len(said) == 1
    assert said[0].startswith(f"{case.name}: {case.name}|"), f"{result}"
    return said[0].removeprefix(f"{case.name}: ")


@pytest.mark.behaviour(25)
@every()
def test_signature_says_what_made_the_result(case, rig):
    said = signature(rig, case)
    parts = said.split("|")
    assert parts[-1] == f"version:{__version__}"
    settings = dict(part.split(":", 1) for part in parts[1:])
    assert not {"", "()", "[]", "{}", "None", "False"}.intersection(settings.values()), said  # not given
    for option in case.options:
        given = option.name.replace("_", "-")
        if isinstance(option.type, ModelFile) and option.opts[-1] in case.paths(ModelFile):
            path = rig.argv(case)[rig.argv(case).index(option.opts[-1]) + 1]
            with open(path, "rb") as file:
                assert settings[given] == hashlib.sha256(file.read()).hexdigest()[:12]
    assert str(rig.folder) not in said


@pytest.mark.behaviour(25)
@probes()
def test_signature_leaves_out_what_does_not_decide_the_result(case, rig, tmp_path):
    plain = signature(rig, case)
    words = ["-v", "-o", str(tmp_path / "out")]
    words += ["--jobs", "2"] if case.has("jobs") else []
    words += ["--rejects", str(tmp_path / "rejects")] if case.has("rejects") else []
    words += ["--report", str(tmp_path / "report")] if case.has("report") else []
    assert signature(rig, case, *words, files=[rig.file(case.lines(12))]) == plain


@pytest.mark.behaviour(25, 23)
@every(has("seed"), once=True)
def test_signature_holds_the_seed(case, rig):
    assert "|seed:1|" in signature(rig, case)
    assert "|seed:7|" in signature(rig, case, "--seed", "7")


@pytest.mark.behaviour(25)
@every(lambda case: case.writes == "report" and not case.call.unsigned, once=True)
def test_a_report_bears_its_signature(case, rig):
    assert signature(rig, case) in rig.usual(case).out.decode()


@pytest.mark.behaviour(25, 11)
@probes()
def test_no_signature_for_a_run_that_failed(case, rig):
    assert "version" not in complaint(rig.run(case, "--signature", feed=case.bad))

"""The manual keeps its word: every example runs, and --help, man pages and commands say the same."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from missing import lacks, steps, without

from datasel import manual, samples
from datasel.own import OWN
from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*(entry.name for entry in COMMANDS), "datasel"]

every_command = pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
needs_man = pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")


def run(*command, cwd=ROOT, **more):
    return subprocess.run(command, cwd=cwd, env={**os.environ, **more}, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{entry.name}-{number}")
        for entry in COMMANDS
        for number, example in enumerate(manual.examples(entry.load().docstring), 1)
    ],
)
def test_example(example, laid_out, warm_path, tmp_path):
    if why := without(example.command):
        pytest.skip(why)
    made = steps(example.command) or ".npy" in example.command
    folder = shutil.copytree(laid_out() if made else samples.FILES, tmp_path / "samples")
    done = run("bash", "-c", f"set -o pipefail; {example.command}", cwd=folder, PATH=warm_path)
    if done.returncode and (why := lacks(done.stderr)):
        pytest.skip(why)
    assert done.returncode == 0, done.stderr
    if example.output is not None:
        assert done.stdout == example.output


def options(entry):
    return {name for param in entry.load().params for name in param.opts if name.startswith("-")}


@every_command
def test_help_and_man_page_mention_every_option(entry, warm_path):
    shown = run("sh", "-c", f"{entry.name} --help", PATH=warm_path).stdout
    page = (ROOT / "man" / f"{entry.name}.1").read_text(encoding="utf-8")
    for name in options(entry) | {"-h", "--help"}:
        assert f" {name}" in shown
        assert "\\fB" + name.replace("-", "\\-") + "\\fR" in page


@needs_man
@pytest.mark.parametrize("name", PAGES)
def test_a_man_page_makes_no_warning(name):
    done = run("man", "-l", "--warnings", "-E", "UTF-8", f"man/{name}.1", MANWIDTH="80")
    assert (done.returncode, done.stderr) == (0, "")


@needs_man
@every_command
def test_a_man_page_shows_the_docstring(entry):
    """Character by character, but for space and for the kind of hyphen in prose."""
    page = run("man", "-l", "-E", "UTF-8", f"man/{entry.name}.1", MANWIDTH="200").stdout
    command = entry.load()
    _, description, _ = manual.sections(command.docstring)
    for body in (description, *(body for _, body in manual.full_sections(command.docstring, command.reads))):
        if manual.is_verbatim(body):
            assert packed(body) in packed(page)
        else:
            assert packed(body) in packed(page.replace("\u2010", "-"))


def packed(text):
    return "".join(text.split())


@needs_man
def test_the_overview_lists_what_help_lists():
    page = " ".join(run("man", "-l", "-E", "UTF-8", "man/datasel.1").stdout.split())
    shown = " ".join(run("datasel", "--help").stdout.split())
    for entry in COMMANDS:
        assert f"{entry.name}(1) {entry.summary}" in page
        assert entry.summary in shown
    for name, command in OWN.items():
        assert command.summary in page.lower() and f"datasel {name}" in page
        assert command.summary in shown and f"datasel {name}" in shown
    for option in ("--version", "-h, --help"):
        assert option in page and option in shown

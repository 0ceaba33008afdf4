"""The manual keeps its word: every example runs, and --help, man pages and commands say the same."""

import fcntl
import os
import re
import shutil
import subprocess
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest

from datasel import manual, samples
from datasel.own import OWN
from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*(entry.name for entry in COMMANDS), "datasel"]
ENV = {
    **os.environ,
    "PATH": sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"],
    "OMP_WAIT_POLICY": "passive",  # torch's threads, which wait for each other, leave the cores to other tests
}

every_command = pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
needs_man = pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")


def run(*command, cwd=ROOT, **more):
    return subprocess.run(command, cwd=cwd, env={**ENV, **more}, capture_output=True, encoding="utf-8")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, worker_id):
    """A function to the folder of samples, which is made when it is first asked for, once for all workers."""

    def made():
        base = tmp_path_factory.getbasetemp()
        folder = (base if worker_id == "master" else base.parent) / "samples"
        with open(f"{folder}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                done = run("datasel", "samples", folder)
                assert (done.returncode, done.stdout) == (0, ""), done.stderr
        return folder

    return made


def steps(command):
    """What has to be made for an example to run on it."""
    return [step for step in samples.STEPS if re.search(rf"(?<![\w.-]){re.escape(step.makes)}(?![\w.])", command)]


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{entry.name}-{number}")
        for entry in COMMANDS
        for number, example in enumerate(manual.examples(entry.load().docstring), 1)
    ],
)
def test_example(example, prepared, tmp_path):
    wanted = steps(example.command)
    for name in (name for step in wanted for name in step.needs):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    made = wanted or ".npy" in example.command
    folder = shutil.copytree(prepared() if made else samples.FILES, tmp_path / "samples")
    done = run("bash", "-c", f"set -o pipefail; {example.command}", cwd=folder)
    if re.search(r" needs \w+: pip install|is missing: install it|jq: command not found", done.stderr):
        pytest.skip(done.stderr.splitlines()[-1])
    assert done.returncode == 0, done.stderr
    if example.output is not None:
        assert done.stdout == example.output


def options(entry):
    return {name for param in entry.load().params for name in param.opts if name.startswith("-")}


@every_command
def test_help_and_man_page_mention_every_option(entry):
    shown = run(entry.name, "--help").stdout
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

"""What is built from the checkout: an sdist of all its files, a wheel with manual and completions, a description."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from datasel import __version__, extras
from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
KEPT_OUT = {".git", ".venv", "build", "dist", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", "work"}
BUILD = """
import sys
from setuptools import build_meta
made = sys.argv[1]  # which building changes
build_meta.build_sdist(made)
build_meta.build_wheel(made)
"""


def files(folder):
    """What is there to hand on, as paths: no environment, nothing made."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in KEPT_OUT and not name.endswith(".egg-info")]
        yield from (str((Path(place) / name).relative_to(folder)) for name in names if name != ".git")


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """A folder with the sdist and the wheel of a copy of the checkout."""
    made = tmp_path_factory.mktemp("dist")
    checkout = tmp_path_factory.mktemp("checkout") / "datasel"
    for name in files(ROOT):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name, follow_symlinks=False)
    done = subprocess.run([sys.executable, "-c", BUILD, made], cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return made


def test_the_sdist_is_the_whole_checkout(dist):
    with tarfile.open(dist / f"datasel-{__version__}.tar.gz") as archive:
        modes = {member.name.partition("/")[2]: member.mode for member in archive if member.isfile()}
    assert [name for name in files(ROOT) if name not in modes and not (ROOT / name).is_symlink()] == []
    for name, mode in modes.items():
        if (ROOT / name).is_file():
            assert bool(mode & 0o100) == os.access(ROOT / name, os.X_OK), name


def test_the_wheel_has_manual_and_completions_under_the_names_that_shells_look_for(dist):
    (wheel,) = dist.glob("*.whl")
    shared = f"datasel-{__version__}.data/data/share"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for name in ("datasel", *(entry.name for entry in COMMANDS)):
        assert f"{shared}/man/man1/{name}.1" in names
        assert f"{shared}/bash-completion/completions/{name}" in names
        assert f"{shared}/fish/vendor_completions.d/{name}.fish" in names
    assert f"{shared}/zsh/site-functions/_datasel" in names


def test_the_description_has_links_that_lead_somewhere(dist):
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"datasel-{__version__}.dist-info/METADATA").decode()
    head, _, description = metadata.partition("\n\n")
    assert "License-Expression: Apache-2.0" in head and "Project-URL: Source, https://" in head
    links = re.findall(r"\]\(([^)]*)\)", description)
    assert links and all(link.startswith(("https://", "#")) for link in links)
    tagged = re.compile(rf"https://.*/(?:blob|raw)/v{re.escape(__version__)}/([^#]*)")
    local = [found[1] for link in links if (found := tagged.fullmatch(link.partition("#")[0]))]
    assert local and all((ROOT / path).exists() for path in local)


def test_extras_are_those_of_the_project():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.partition("[project.optional-dependencies]\n")[2].partition("\n\n")[0]
    lists = re.findall(r"^(\w+) = \[(.*)\]$", section, re.M)
    listed = {name: set(re.findall(r'"([\w.-]+)', those)) for name, those in lists}
    for extra in extras.EXTRAS:
        assert listed[extra.name] == set(extra.packages)
    assert listed.keys() - {extra.name for extra in extras.EXTRAS} == {"bench", "converters", "docs", "test"}


def test_how_an_extra_is_installed_is_said_in_one_way():
    other = {"pip install '.[{}]'", "pip install 'datasel[{}]'"} - {extras.INSTALL}
    assert len(other) == 1
    pattern = re.compile(re.escape(other.pop()).replace(r"\{\}", r"[\w,]+"))
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/*.md"), *ROOT.glob("src/**/*.py")]:
        if path.name not in ("RELEASING.md", "extras.py"):
            assert not pattern.search(path.read_text(encoding="utf-8")), path

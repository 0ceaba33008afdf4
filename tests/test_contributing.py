"""CONTRIBUTING.md keeps its word: its example becomes a command in few places, and under the whole contract at once."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("src", "tests", "tools", "man", "completions", "docs", "examples", "README.md", "CHANGELOG.md",
         "CONTRIBUTING.md", "pyproject.toml", "setup.py", "Makefile", ".ci", "LICENSE")  # fmt: skip
GENERATED = ("man/", "completions/", "README.md", "pyproject.toml")

UNIT_TEST = '''"""word-count: the words of a text."""

import json
import subprocess
import sys
from pathlib import Path


def test_words_are_counted():
    lines = b"play some jazz\\n\\n"
    command = [str(Path(sys.executable).parent / "word-count"), "--text"]
    made = subprocess.run(command, input=lines, capture_output=True, check=True).stdout
    assert [json.loads(line)["words"] for line in made.splitlines()] == [3, 0]
'''
PIPE_TEST = """#!/usr/bin/env bats
load helper

@test "a text without words has none" {
    echo '{"text":""}' | word-count | holds 'all(.words == 0)'
}
"""


@pytest.fixture
def tree(tmp_path):
    """A copy of the project, with an environment of its own that has the packages of this one."""
    ignored = shutil.ignore_patterns("__pycache__", "work", "*.egg-info", "*.pyc")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path / name)
    own = Path(sys.prefix)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "lib").symlink_to(own / "lib")
    if (own / "pyvenv.cfg").exists():
        shutil.copy(own / "pyvenv.cfg", tmp_path / ".venv")
    for path in Path(sys.executable).parent.iterdir():
        (tmp_path / ".venv" / "bin" / path.name).symlink_to(path.resolve() if "python" in path.name else path)
    return tmp_path


def contents(tree):
    """The files of a tree but for its environment."""
    files = (path for path in tree.rglob("*") if path.is_file() and ".venv" not in path.parts)
    return {str(path.relative_to(tree)): path.read_bytes() for path in files if "__pycache__" not in path.parts}


def put(path, before, line):
    """A line put in before the first that begins so."""
    text = path.read_text(encoding="utf-8")
    place = text.index(before)
    path.write_text(text[:place] + line + text[place:], encoding="utf-8")


@pytest.mark.slow
def test_a_new_command(tree, record_property):
    env = {**os.environ, "PYTHONPATH": str(tree / "src"), "PATH": f"{tree / '.venv' / 'bin'}:{os.environ['PATH']}"}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    python = str(tree / ".venv" / "bin" / "python")

    def run(*command):
        start = time.monotonic()
        done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return time.monotonic() - start

    before = contents(tree)
    manual = (tree / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"^ *```python\n(.*?)^ *```$", manual, re.M | re.S)[1]
    indent = len(block) - len(block.lstrip(" "))
    code = "".join(line[indent:] if line.strip() else "\n" for line in block.splitlines(keepends=True))
    (tree / "src/datasel/commands/word_count.py").write_text(code, encoding="utf-8")
    put(tree / "src/datasel/registry.py", ")\n\nBY_NAME",
        '    Entry("word-count", "add the length of each utterance", "streams"),\n')  # fmt: skip
    put(tree / "tests/contract/calls.py", "}\n\n# Models that calls need", '    "word-count": (Call(""),),\n')
    (tree / "tests/test_word_count.py").write_text(UNIT_TEST, encoding="utf-8")
    (tree / "tests/bats/word-count.bats").write_text(PIPE_TEST, encoding="utf-8")
    put(tree / "CHANGELOG.md", "- ", "- word-count adds the length of each utterance.\n")
    for name in ("listings", "manpages", "completions"):
        run(python, f"tools/{name}.py")
    script = tree / ".venv" / "bin" / "word-count"
    script.write_text(f"#!{python}\nfrom datasel.commands.word_count import command\n\ncommand()\n")
    script.chmod(0o755)

    changed = {name for name, content in contents(tree).items() if before.get(name) != content}
    by_hand = {name for name in changed if not name.startswith(GENERATED)}
    assert len(by_hand) <= 6, by_hand
    assert {name for name in changed if name.startswith("man/")} == {"man/word-count.1", "man/datasel.1"}
    took = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "word-count or word_count", "tests")
    if shutil.which("bats"):
        took += run("bats", "tests/bats/word-count.bats")
    record_property("seconds", round(took))
    print(f"{len(by_hand)} places by hand, {took:.0f} seconds of tests")

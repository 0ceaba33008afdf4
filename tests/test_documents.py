"""The documents keep their word: console blocks run as written and in order, a session for each document.

```console: lines after "$ " are run; lines below, up to the next, are what they print.
```sh: not run, since it takes minutes or data that is not here; its first line is a comment that says which. That its
commands have the options it gives is tested.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from missing import lacks, without

from datasel.own import OWN
from datasel.registry import BY_NAME

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for glob in ("*.md", "docs/*.md", "examples/*/README.md") for path in ROOT.glob(glob)
)
REASONS = ("# takes ", "# needs ", "# changes ")


class Block(NamedTuple):
    line: int
    kind: str
    lines: list[str]


def blocks(name: str) -> list[Block]:
    """The fenced blocks of a document, those within lists too."""
    found, inside = [], None
    for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
        fence = re.fullmatch(r"( *)```(\w*)", line)
        if inside is None and fence:
            inside, indent = Block(number, fence[2], []), len(fence[1])
        elif inside and fence:
            found.append(inside)
            inside = None
        elif inside:
            inside.lines.append(line[indent:])
    assert inside is None, f"{name}: a block without end"
    return found


def steps(block: Block) -> list[tuple[int, str, str]]:
    """Line, command and what it prints, of a console block."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(block.lines, block.line + 1):
        if line.startswith("$ "):
            found.append((number, line[2:], ""))
        elif found and found[-1][1].endswith("\\") and not found[-1][2]:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}", "")
        else:
            assert found, f"line {number}: no command before it"
            found[-1] = (*found[-1][:2], f"{found[-1][2]}{line}\n")
    return found


def of_kind(kind: str) -> list:
    return [pytest.param(name, block, id=f"{name}:{block.line}")
            for name in DOCUMENTS for block in blocks(name) if block.kind == kind]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if any(b.kind == "console" for b in blocks(name))])
def test_console_blocks_run_in_order(name, laid_out, warm_path, tmp_path):
    """One shell runs them all; between two commands it says where it is, and the status of the last."""
    said = [step for block in blocks(name) if block.kind == "console" for step in steps(block)]
    if why := without("\n".join(command for _, command, _ in said)):
        pytest.skip(why)
    script = ["set -o pipefail"]
    for number, command, _ in said:
        if made := re.fullmatch(r"datasel samples (\S+)", command):
            command = f"cp -r {shlex.quote(str(laid_out()))} {made[1]}"
        script += [command, f"printf '\\n%s\\n' \"@@ {number} $?\""]
    done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=tmp_path, env={**os.environ, "PATH": warm_path},
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    parts = re.split(r"\n@@ (\d+) (\d+)\n", done.stdout)
    assert [int(number) for number in parts[1::3]] == [number for number, _, _ in said], done.stderr
    for (number, command, expected), printed, status in zip(said, parts[::3], parts[2::3], strict=False):
        if status != "0" and (why := lacks(done.stderr)):
            pytest.skip(why)
        assert status == "0", f"{name}:{number}: {command}\n{done.stderr}"
        if expected:
            assert printed.rstrip("\n") == expected.rstrip("\n"), f"{name}:{number}: {command}"


@pytest.mark.parametrize("name, block", of_kind("sh"))
def test_what_is_not_run_says_why_and_has_options_that_exist(name, block):
    assert block.lines[0].startswith(REASONS), f"{name}:{block.line}"
    text = "\n".join(block.lines).replace("\\\n", " ")
    checked = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    for part in re.split(r"[|\n;&'(]|\$\(", text):
        words = part.split("#")[0].split() if part.lstrip().startswith("#") else part.split()
        words = words[1:] if words[:1] == ["datasel"] else words
        if words and (words[0] in BY_NAME or words[0] in OWN):
            command = BY_NAME[words[0]].load() if words[0] in BY_NAME else OWN[words[0]]
            known = {flag for param in command.params for flag in param.opts} | {"--help"}
            given = {word.partition("=")[0] for word in words[1:] if re.match(r"--[a-z]|-[a-z]$", word)}
            assert given <= known, f"{name}:{block.line}: {words[0]} has no {given - known}"


def test_every_block_is_of_a_kind_that_is_known():
    """A block without a kind shows figures or a drawing, never commands."""
    for name in DOCUMENTS:
        for block in blocks(name):
            assert block.kind in ("console", "sh", "python", ""), f"{name}:{block.line}"
            if not block.kind:
                first = {line.split()[0] for line in block.lines if line.split()}
                assert not first & {"$", "make", "pip", "datasel"}, f"{name}:{block.line}"


@pytest.mark.parametrize("name, block", of_kind("python"))
def test_a_command_in_a_document_works(name, block, tmp_path):
    """CONTRIBUTING's first command, run as a file of its own."""
    (tmp_path / "word_count.py").write_text("\n".join(block.lines) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "examples/samples/pool.jsonl", tmp_path)
    run = "import word_count; word_count.command.main(['--print', 'words', 'pool.jsonl'])"
    done = subprocess.run([sys.executable, "-c", run], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] and all(line.isdigit() for line in done.stdout.splitlines())


def anchors(path: Path) -> set[str]:
    """The anchors that headings of a document have, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_within_the_repository_lead_somewhere(name):
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.S)
    for link in re.findall(r"\]\((?![a-z]+:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        assert target.exists(), f"{name}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{name}: {link}"

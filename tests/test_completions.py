"""The completion scripts at work: what a shell would offer at the cursor."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "completions"

# A line (the cursor at its end), and the offers that begin a list of files or are the whole answer.
OFFERS = {
    "datasel ngram-s": ["ngram-score"],
    "datasel --v": ["--version"],
    "ngram-fit --method ": ["importance", "logistic"],
    "ngram-fit --method=imp": ["importance"],
    "datasel ngram-fit --method l": ["logistic"],
    "ngram-score --agg": ["--aggregate"],
    "ngram-score --model relevance.npz --pri": ["--print"],
    "ngram-score --model rel": ["relevance.npz"],
    "ngram-score po": ["pool.jsonl"],
    "datasel ngram-score --model relevance.npz po": ["pool.jsonl"],
    "nlu-label -m rel": ["relevance.npz"],
    "nlu-label -o rel": ["relevance.npz"],
    "select-topk --sample ": ["gumbel"],
    "select-topk --kee": ["--keep"],
    "slot-template --fill po": ["pool.jsonl"],
    "paraphrase-fit --dev po": ["pool.jsonl"],
    "paraphrase-diverse --rep": ["--report"],
    "paraphrase-diverse --report po": ["pool.jsonl"],
    "ngram-diverse --objective=f": ["facility"],
    "ngram-diverse --objective facility --model rel": ["relevance.npz"],
    "datasel embed-plot --format ": ["html", "png", "svg"],
}


@pytest.fixture
def folder(tmp_path):
    for name in ("relevance.npz", "pool.jsonl"):
        (tmp_path / name).touch()
    return tmp_path


def bash(line: str, folder: Path) -> list[str]:
    """COMPREPLY after the function has run, the line split as bash splits it ("=" is a word of its own)."""
    words = line.replace("=", " = ").split()
    if line.endswith((" ", "=")):
        words.append("")
    quoted = " ".join(f"'{word}'" for word in words)
    script = f"""
        source {SCRIPTS / "bash" / words[0]}
        COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}
        $(complete -p {words[0]} | sed 's/.*-F \\([^ ]*\\).*/\\1/') {words[0]}
        ((${{#COMPREPLY[@]}})) && printf '%s\\n' "${{COMPREPLY[@]}}" || :
    """
    return _lines(["bash", "--norc", "-euc", script], folder)


def fish(line: str, folder: Path) -> list[str]:
    script = f"source {SCRIPTS / 'datasel.fish'}; complete -C '{line}'"
    offers = [offer.split("\t")[0] for offer in _lines(["fish", "--no-config", "-c", script], folder)]
    return [offer.rpartition("=")[2] for offer in offers]


def _lines(command: list[str], folder: Path) -> list[str]:
    # no command of ours is on the PATH: completion must not need one
    env = {"PATH": os.defpath, "HOME": str(folder)}
    command[0] = shutil.which(command[0])
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize("line", OFFERS)
@pytest.mark.parametrize("shell", [bash, fish])
def test_offers(shell, line, folder):
    if not shutil.which(shell.__name__):
        pytest.skip(f"{shell.__name__} is not installed")
    assert sorted(shell(line, folder)) == OFFERS[line]


@pytest.mark.parametrize(
    "line",
    [
        "ngram-fit --order ",
        "select-topk --by ",
        "ngram-score --into=",
        "datasel nonesuch ",
        "ngram-diverse --min ",
        "paraphrase-pairs --negatives ",
        "embed-plot --title ",
    ],
)
def test_bash_offers_nothing_where_only_the_user_knows(line, folder):
    assert bash(line, folder) == []


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_bash_offers_every_option(entry, folder):
    options = {name for param in entry.load().params for name in param.opts if name.startswith("-")}
    for line in (f"{entry.name} -", f"datasel {entry.name} -"):
        assert set(bash(line, folder)) == options | {"-h", "--help"}


SHELLS = [("bash", "bash/datasel"), ("zsh", "zsh/_datasel"), ("fish", "fish/datasel.fish")]


@pytest.mark.parametrize("shell, script", SHELLS)
def test_syntax(shell, script):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n", SCRIPTS / script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")

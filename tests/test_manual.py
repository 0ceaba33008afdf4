"""The manual keeps its word: every example runs, and --help, man pages and commands say the same."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from datasel import manual
from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*(entry.name for entry in COMMANDS), "datasel"]
ENV = {
    **os.environ,
    "PATH": sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"],
    "OMP_WAIT_POLICY": "passive",  # torch's threads, which wait for each other, leave the cores to other tests
}

# The files that examples speak of, besides the samples.
PREPARE = """
set -euo pipefail
ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl -o importance.npz
ngram-score --model relevance.npz pool.jsonl > scored.jsonl
select-topk -k 20 --by ngram_score scored.jsonl > relevant.jsonl
nlu-fit seed.jsonl -o seed.nlu
nlu-label --model seed.nlu relevant.jsonl > labelled.jsonl
select-topk --threshold 0.5 --by confidence labelled.jsonl > chosen.jsonl
cat seed.jsonl chosen.jsonl | nlu-fit -o new.nlu
nlu-label --model seed.nlu test.jsonl > seed-hyp.jsonl
slot-template seed.jsonl > templates.jsonl
paraphrase-pairs -n 300 --except-domain travel --except-domain alarm annotated.jsonl > pairs.jsonl
paraphrase-pairs -n 100 --domain travel --domain alarm annotated.jsonl > dev-pairs.jsonl
paraphrase-fit -q --dev dev-pairs.jsonl --epochs 1 --hidden 8 --embedding 8 --dimensions 8 --buckets 1024 \\
    pairs.jsonl -o paraphrase.onnx
jq -c '.hypothesis = .nbest[1].text' recognised.jsonl > second.jsonl
jq -r '"\\(.id) \\(.reference)"' recognised.jsonl > text.ref
jq -r '"\\(.id) \\(.hypothesis)"' recognised.jsonl > text.hyp
build-arpa -q --order 2 --smoothing witten-bell annotated.jsonl -o voice.arpa
build-arpa -q --order 2 --smoothing witten-bell pool.jsonl -o general.arpa
build-arpa -q --text corpus.txt -o target.arpa
lm-rescore --lm target.arpa nbest.jsonl > best.jsonl
embed-fit --dim 8 --buckets 500 --min-count 1 pool.jsonl -o vectors.bin
embed-filter --model vectors.bin --in-domain corpus.txt --save-centroids c.npz --keep 0% pool.jsonl
python -c 'import numpy as np
for name, lines in ("pool", 706), ("seed", 50): np.save(name, np.random.default_rng(1).normal(size=(lines, 4)))'
translate-fit -q --dev sentences-dev.jsonl --epochs 1 --vocabulary 150 --dimensions 16 --layers 1,1 --threads 1 \\
    sentences.jsonl -o en-hi/
ctc-fit -q --lexicon tones.lexicon --epochs 2 --hidden 8 --layers 1 tones.jsonl -o tones.onnx
ctc-emit --model tones.onnx tones.jsonl | ctc-fit -q --features --epochs 1 --hidden 8 --layers 1 -o letters.onnx
"""

every_command = pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
needs_man = pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")


def run(*command, cwd=ROOT, **more):
    return subprocess.run(command, cwd=cwd, env={**ENV, **more}, capture_output=True, encoding="utf-8")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared") / "samples"
    shutil.copytree(ROOT / "examples" / "samples", folder)
    done = run("bash", "-c", PREPARE, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{entry.name}-{number}")
        for entry in COMMANDS
        for number, example in enumerate(manual.examples(entry.load().docstring), 1)
    ],
)
def test_example(example, prepared, tmp_path):
    folder = shutil.copytree(prepared, tmp_path / "samples")
    done = run("bash", "-c", f"set -o pipefail; {example.command}", cwd=folder)
    assert done.returncode == 0, done.stderr
    if example.output is not None:
        assert done.stdout == example.output


@every_command
def test_every_command_has_examples(entry):
    assert manual.examples(entry.load().docstring)


@every_command
def test_the_summary_is_that_of_the_registry(entry):
    summary = manual.sections(entry.load().docstring)[0]
    assert summary[0].lower() + summary[1:] == entry.summary


@every_command
def test_what_buffers_says_so(entry):
    headings = [section.heading for section in manual.sections(entry.load().docstring)[2]]
    assert ("Memory" in headings) == (entry.memory == "buffers")


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
    for option in ("--version", "-h, --help"):
        assert option in page and option in shown


def test_man_pages_have_no_drift():
    done = run(sys.executable, "tools/manpages.py", "--check")
    assert (done.returncode, done.stderr) == (0, "")

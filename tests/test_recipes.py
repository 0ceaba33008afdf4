"""The recipes of the examples, read by make and not run."""

import shutil
import subprocess
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
TARGETS = ("translators", "alignment", "tuned", "names", "spelled", "translated", "emissions", "wer", "report",
           "backtranslated", "additions", "oracle")  # fmt: skip


def cloned(folder, name):
    """What a clone has: results of another run, and no work."""
    made = folder / "examples" / name
    shutil.copytree(EXAMPLES / name, made, ignore=shutil.ignore_patterns("work", "__pycache__"))
    for other in ("samples", "data"):
        (made.parent / other).symlink_to(EXAMPLES / other)
    return made


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return cloned(tmp_path_factory.mktemp("recipe"), "asr")


def plan(folder, *arguments):
    return subprocess.run(["make", "-n", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_made_from_nothing(clone, target):
    found = plan(clone, target, "DATASEL_DATA=none")
    assert found.returncode == 0, found.stderr
    assert "prepare.py" in found.stdout


def test_a_table_of_another_run_is_made_anew(clone):
    found = plan(clone, "additions", "DATASEL_DATA=none")
    assert "heard.sh work/500/additions/everything.arpa" in found.stdout
    assert "additions.py" in found.stdout


def test_every_experiment_of_system_a_is_made_from_nothing(tmp_path):
    """The beds of the assistants are phony: no pattern rule makes them."""
    folder = cloned(tmp_path, "nlu")
    for target, wanted in (
        ("all", "cell=RateBook-200-5;"),
        ("diversity", "diversity.sh"),
        ("assistants", "assistant.py work/beds/slurp"),
        ("annotate", "annotate.py"),
    ):
        found = plan(folder, target, "DATASEL_DATA=none")
        assert found.returncode == 0 and "prepare.py" in found.stdout and wanted in found.stdout, found.stderr


def test_a_part_of_the_data_and_the_whole_do_not_mix(tmp_path):
    folder = cloned(tmp_path, "nlu")
    (folder / "work" / "data").mkdir(parents=True)
    (folder / "work" / "data" / ".made").touch()
    found = plan(folder, "all", "DATASEL_DATA=none", "PARTIAL=1")
    assert found.returncode == 2 and "work/ was made without PARTIAL=1" in found.stderr

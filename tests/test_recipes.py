"""The recipe of examples/asr, read by make and not run."""

import shutil
import subprocess
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "asr"
TARGETS = ("translators", "alignment", "tuned", "names", "spelled", "translated", "emissions", "wer", "report",
           "backtranslated", "additions")  # fmt: skip


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a clone has: results of another run, and no work."""
    made = tmp_path_factory.mktemp("recipe") / "asr"
    shutil.copytree(EXAMPLE, made, ignore=shutil.ignore_patterns("work", "__pycache__"))
    (made.parent / "samples").symlink_to(EXAMPLE.parent / "samples")
    (made / "data" / "audio").mkdir(parents=True)
    for part in ("dev", "test"):
        (made / "data" / "audio" / f"{part}.jsonl").touch()
    return made


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_made_from_nothing(clone, target):
    found = subprocess.run(["make", "-n", target, "DATASEL_DATA=data"], cwd=clone, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "prepare.py" in found.stdout or target == "emissions"


def test_a_table_of_another_run_is_made_anew(clone):
    found = subprocess.run(["make", "-n", "additions", "DATASEL_DATA=data"], cwd=clone, capture_output=True, text=True)
    assert "heard.sh work/500/additions/everything.arpa" in found.stdout
    assert "additions.py" in found.stdout

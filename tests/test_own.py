"""The program datasel itself: doctor and samples."""

import subprocess

import pytest

from datasel import doctor, extras, samples
from datasel.errors import DataError


def test_doctor_says_a_line_of_every_package_extra_and_program():
    lines = doctor.report().splitlines()
    said = [line.split()[0] for line in lines]
    assert said[:3] == ["datasel", "python", "click"]
    assert {"numpy", "ctranslate2", "espeak-ng", "lmplz", *(f"[{extra.name}]" for extra in extras.EXTRAS)} <= set(said)


def test_doctor_says_how_to_get_what_is_missing(monkeypatch):
    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: None if name in ("torch", "numpy") else real(name) or "1")
    monkeypatch.setenv("PATH", "/nowhere")
    found = {line.what: line for line in doctor.findings()}
    assert found["[train]"].found == "missing: torch"
    assert found["[train]"].note.endswith(extras.INSTALL.format("train"))
    assert found["lmplz"].found == "missing" and not found["lmplz"].fault
    with pytest.raises(DataError, match="missing: numpy$"):
        doctor.check()


STEPS = samples.STEPS[:1]


def test_samples_leave_nothing_where_a_command_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "STEPS", (samples.Step("x", "ngram-fit --positive nowhere.jsonl -o x"),))
    with pytest.raises(DataError, match="ngram-fit: "):
        samples.lay_out(str(tmp_path / "made"))
    assert list(tmp_path.iterdir()) == []


def test_samples_say_what_an_extra_would_add(tmp_path, monkeypatch):
    wants = samples.Step("y", "false", "train", ("no_such_module",))
    monkeypatch.setattr(samples, "STEPS", (*STEPS, wants))
    told = []
    left_out = samples.lay_out(str(tmp_path / "made"), lambda *step: told.append(step))
    assert left_out == {"train": ["y"]}
    assert told == [("relevance.npz", 1, 2)]
    names = {path.name for path in (tmp_path / "made").iterdir()}
    assert names == {path.name for path in samples.FILES.iterdir()} | {"pool.npy", "seed.npy", "relevance.npz"}


def test_samples_take_no_folder_with_something_in_it(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(DataError, match="there already"):
        samples.lay_out(str(tmp_path / "full"))
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["file"]


def test_the_program_runs_them(tmp_path):
    run = {"capture_output": True, "text": True}
    assert subprocess.run(["datasel", "doctor"], **run).stdout == doctor.report()
    (tmp_path / "file").touch()
    done = subprocess.run(["datasel", "samples", tmp_path / "file"], **run)
    assert done.returncode == 1 and done.stderr.startswith(f"datasel samples: {tmp_path / 'file'}: is there already")
    assert "did you mean samples?" in subprocess.run(["datasel", "sample"], **run).stderr

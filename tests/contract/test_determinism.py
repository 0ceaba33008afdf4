"""The same input gives the same bytes: whatever the seed of hashing, the locale, the number of processes."""

from __future__ import annotations

import json
import locale
import subprocess

import pytest

from .cases import every, filters, has, probes
from .running import complaint, succeeded

LOCALES = {
    "C": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8"},
    "German": {"LC_ALL": "de_DE.UTF-8"},  # a comma in numbers
}


def installed_locales() -> set[str]:
    done = subprocess.run(["locale", "-a"], capture_output=True, text=True)
    return {locale.normalize(name).lower() for name in done.stdout.split()} | {"c", "posix"}


each_locale = pytest.mark.parametrize(
    "where",
    [
        pytest.param(name, marks=pytest.mark.skipif(
            settings["LC_ALL"].lower() not in installed_locales(), reason="this locale is not installed"
        ))
        for name, settings in LOCALES.items()
    ],
)  # fmt: skip


@pytest.mark.behaviour(26, 10)
@every(once=True, at_length=True)
@each_locale
def test_the_locale_changes_nothing(case, where, rig, tmp_path):
    """Not the result, not that an error is one line, be the name of the file in letters the locale lacks."""
    path = rig.file(case.lines(12), "naïve हि.jsonl", tmp_path)
    argv = rig.argv(case, files=[path])
    assert succeeded(rig.installed(argv, env=LOCALES[where])).out == rig.usual(case).out
    rig.file(case.lines(1) + '{"naïve हि'.encode() + case.bad, path)
    complaint(rig.installed(argv, env=LOCALES[where]))


@pytest.mark.behaviour(26)
@every(lambda case: case.has("print_field", "text"), once=True, at_length=True)
@each_locale
def test_the_locale_changes_no_text(case, where, rig):
    words = ["--text", "--print", "text"]
    result = succeeded(rig.installed(rig.argv(case, *words), case.texts(12), env=LOCALES[where]))
    assert result.out == case.texts(12)


@pytest.mark.behaviour(26, 6)
@every(once=True, at_length=True)
@each_locale
def test_the_locale_changes_no_help(case, where, rig):
    shown = succeeded(rig.installed([case.name, "--help"], env=LOCALES[where])).out
    assert shown == succeeded(rig.call([case.name, "--help"])).out


@pytest.mark.behaviour(23)
@probes()
def test_the_same_input_gives_the_same_bytes(case, rig, tmp_path):
    """In another folder, at another time, with another order of hashing."""
    env = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kolkata", "HOME": str(tmp_path)}
    again = succeeded(rig.installed(rig.argv(case), case.lines(12), env=env, cwd=tmp_path))
    assert again.out == rig.usual(case).out


@pytest.mark.behaviour(23)
@every(has("seed"))
def test_the_same_seed_gives_the_same_bytes(case, rig):
    assert case.option("--seed").default == 1
    assert succeeded(rig.run(case, "--seed", "1")).out == rig.usual(case).out
    once, again = (succeeded(rig.run(case, "--seed", "7")).out for _ in range(2))
    assert once == again


@pytest.mark.behaviour(24)
@every(has("jobs"))
@pytest.mark.parametrize("jobs", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_jobs_change_speed_only(case, jobs, rig):
    feed = case.bulk(2.2, each=2000)
    alone, several = (succeeded(rig.run(case, "-j", str(number), feed=feed)) for number in (1, jobs))
    assert several.out == alone.out
    if case.writes == "records":
        assert [record["id"] for record in several.records] == [json.loads(line)["id"] for line in feed.splitlines()]


@pytest.mark.behaviour(24)
@every(has("jobs"), at_length=True)
def test_the_executable_with_jobs(case, rig):
    feed = case.bulk(1.2, each=2000)
    result = succeeded(rig.installed(rig.argv(case, "--jobs", "2"), feed))
    assert result.out == succeeded(rig.run(case, feed=feed)).out


@pytest.mark.behaviour(24, 10)
@every(has("jobs"), at_length=True)
def test_the_same_error_with_jobs(case, rig, tmp_path):
    feed = case.bulk(0.6, each=2000) + b"{\n" + case.bulk(2, each=2000) + b"}\n"
    alone = complaint(rig.run(case, feed=feed))
    for _ in range(8):  # it matters which process is where when the error comes
        assert complaint(rig.run(case, "--jobs", "2", feed=feed)) == alone
    complaint(rig.run(case, "--jobs", "2", "-o", str(tmp_path / "made"), feed=feed))
    assert not list(tmp_path.iterdir())


@pytest.mark.behaviour(24, 20)
@probes(has("jobs", "rejects"))
def test_the_same_rejects_with_jobs(case, rig, tmp_path):
    feed = (case.bulk(0.4, each=2000) + b"{\n") * 4
    asides = tmp_path / "alone", tmp_path / "several"
    alone, several = (
        succeeded(rig.run(case, "--jobs", str(jobs), "--rejects", str(aside), feed=feed))
        for jobs, aside in enumerate(asides, 1)
    )
    assert several.out == alone.out
    assert asides[0].read_bytes() == asides[1].read_bytes()
    assert asides[0].read_bytes().count(b"\n") == 4


@pytest.mark.behaviour(15)
@probes(has("jobs"))
def test_no_jobs_are_too_few(case, rig):
    complaint(rig.run(case, "--jobs", "0"), 2)


@pytest.mark.behaviour(21)
@every(filters)
def test_the_place_of_a_record_changes_nothing(case, rig):
    """How the input is cut into blocks is not seen in the output."""
    feed = case.bulk(1.2, each=600)
    cut = feed.index(b"\n", len(feed) // 3) + 1
    files = [rig.file(feed[:cut], "a"), rig.file(feed[cut:], "b")]
    assert succeeded(rig.run(case, files=files)).out == succeeded(rig.run(case, feed=feed)).out

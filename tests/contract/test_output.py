"""Where output goes: a file that appears whole or not at all, no other file, no network; failed writes are errors."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import threading

import pytest

from . import warm
from .cases import every, filters, has, makes_folders, probes, programs, reads
from .running import complaint, executable, finish, succeeded

OLD = b"what was there before\n"


def asides(case) -> list[str]:
    """The options that name a file to write besides the output."""
    return [flag for flag in ("--rejects", "--report") if case.has(flag[2:])]


@pytest.mark.behaviour(38)
@probes()
def test_a_file_holds_what_standard_output_would(case, rig, tmp_path):
    made = tmp_path / "made"
    result = succeeded(rig.run(case, "-o", str(made)))
    assert result.out == b""
    assert made.read_bytes() == rig.usual(case).out
    assert os.listdir(tmp_path) == ["made"]


@pytest.mark.behaviour(38)
@probes()
def test_the_output_may_be_the_input(case, rig, tmp_path):
    path = rig.file(case.lines(12), "both", tmp_path)
    succeeded(rig.run(case, "-o", path, files=[path]))
    assert (tmp_path / "both").read_bytes() == rig.usual(case).out
    assert os.listdir(tmp_path) == ["both"]


@pytest.mark.behaviour(38)
@probes(has("rejects"))
def test_the_rejects_do_not_take_the_place_of_an_input(case, rig, tmp_path):
    content = case.lines(12) + case.bad
    path = rig.file(content, "both", tmp_path)
    complaint(rig.run(case, "--rejects", path, files=[path]), 2)
    assert (tmp_path / "both").read_bytes() == content


@pytest.mark.behaviour(38, 17)
@probes()
def test_a_failed_run_leaves_the_old_file(case, rig, tmp_path):
    made, aside = rig.file(OLD, "made", tmp_path), rig.file(OLD, "aside", tmp_path)
    told = rig.file(OLD, "told", tmp_path)
    words = ["--report", told] if case.has("report") else []
    feed = case.bulk(1.5, each=20_000) + case.bad
    complaint(rig.run(case, "-o", made, *words, feed=feed))
    words += ["--rejects", aside] if case.has("rejects") else []
    missing = str(tmp_path / "missing")
    complaint(rig.run(case, "-o", made, *words, files=[missing]))
    assert all((tmp_path / name).read_bytes() == OLD for name in ("made", "aside", "told"))
    assert sorted(os.listdir(tmp_path)) == ["aside", "made", "told"]


@pytest.mark.behaviour(38)
@probes()
def test_a_failed_run_leaves_no_file(case, rig, tmp_path):
    complaint(rig.run(case, "-o", str(tmp_path / "made"), feed=case.lines(3) + case.bad))
    assert os.listdir(tmp_path) == []


@pytest.mark.behaviour(38)
@every(has("report"))
def test_a_report_aside_goes_to_its_file(case, rig, tmp_path):
    """As records, whole or not at all, and changes nothing else."""
    told = tmp_path / "told"
    for feed, out in ((case.lines(12), rig.usual(case).out), (b"", b""))[: 2 if filters(case) else 1]:
        assert succeeded(rig.run(case, "--report", str(told), feed=feed)).out == out
        assert os.listdir(tmp_path) == ["told"]
        content = told.read_bytes()
        assert all(json.loads(line) for line in content.splitlines())
        assert content.endswith(b"\n") if feed else content == b""


@pytest.mark.behaviour(38)
@probes()
def test_a_link_stays_a_link(case, rig, tmp_path):
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "target"
    target.write_bytes(OLD)
    (tmp_path / "link").symlink_to("folder/target")
    succeeded(rig.run(case, "-o", str(tmp_path / "link")))
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == rig.usual(case).out


@pytest.mark.behaviour(38)
@probes()
def test_permissions_are_those_of_an_ordinary_file(case, rig, tmp_path):
    ordinary = tmp_path / "ordinary"
    ordinary.write_bytes(b"")
    succeeded(rig.run(case, "-o", str(tmp_path / "new")))
    assert (tmp_path / "new").stat().st_mode == ordinary.stat().st_mode
    (tmp_path / "new").chmod(0o604)
    succeeded(rig.run(case, "-o", str(tmp_path / "new")))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o604


@pytest.mark.behaviour(38)
@probes()
def test_a_named_pipe_is_written_to(case, rig, tmp_path):
    fifo, found = tmp_path / "fifo", []
    os.mkfifo(fifo)
    reader = threading.Thread(target=lambda: found.append(fifo.read_bytes()), daemon=True)
    reader.start()
    succeeded(rig.run(case, "-o", str(fifo)))
    reader.join(10)
    assert found == [rig.usual(case).out]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@pytest.mark.behaviour(38, 10)
@probes()
def test_a_place_that_cannot_be_written_is_named(case, rig, tmp_path):
    for place in (f"{tmp_path}/missing/made", str(tmp_path)):
        assert complaint(rig.run(case, "-o", place)).startswith(f"{place}: ")
        for flag in asides(case):
            assert complaint(rig.run(case, flag, place)).startswith(f"{place}: ")
            assert complaint(rig.run(case, "-o", str(tmp_path / "made"), flag, place)).startswith(f"{place}: ")
    assert os.listdir(tmp_path) == []


@pytest.mark.behaviour(38, 10)
@probes()
def test_an_output_without_a_name_is_an_error(case, rig, tmp_path):
    result = rig.run(case, "-o", "", cwd=tmp_path)
    assert result.status in (1, 2)
    complaint(result, result.status)
    assert os.listdir(tmp_path) == []


@pytest.mark.behaviour(38, 10)
@every(makes_folders, once=True)
def test_a_folder_appears_whole_or_not_at_all(case, rig, tmp_path):
    made, other = tmp_path / "made", tmp_path / "other"
    for end in (case.bad, b""):  # a run that fails leaves nothing, the next one makes the folder
        result = rig.run(case, "-o", f"{made}/", feed=case.lines(12) + end)
        assert (result.status, os.listdir(tmp_path)) == ((1, []) if end else (0, ["made"])), f"{result}"
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    assert "datasel.json" in before
    complaint(rig.run(case, "-o", f"{made}/", feed=case.lines(12) + case.bad))
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before
    other.mkdir()
    rig.file(OLD, "thing", other)
    assert complaint(rig.run(case, "-o", f"{other}/")).startswith(f"{other}/: ")
    assert (other / "thing").read_bytes() == OLD
    succeeded(rig.run(case, "-o", f"{made}/"))
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before
    assert sorted(os.listdir(tmp_path)) == ["made", "other"]


# -- failed writes -----------------------------------------------------------------------------------------------


@pytest.mark.behaviour(18, 15)
@every(once=True, at_length=True)
def test_a_full_disk_is_an_error(case, rig):
    with open("/dev/full", "wb") as full:
        result = rig.installed(rig.argv(case), case.lines(12), stdout=full)
    assert complaint(result) == "standard output: No space left on device"


@pytest.mark.behaviour(18, 15)
@every(at_length=True)
def test_a_full_disk_behind_an_option_is_an_error(case, rig):
    assert complaint(rig.run(case, "-o", "/dev/full")) == "/dev/full: No space left on device"
    assert complaint(rig.run(case, stdout="/dev/full")) == "standard output: No space left on device"
    if case.has("rejects"):
        result = rig.run(case, "--rejects", "/dev/full", feed=case.lines(12) + case.bad)
        assert complaint(result) == "/dev/full: No space left on device"
    if case.has("report"):
        assert complaint(rig.run(case, "--report", "/dev/full")) == "/dev/full: No space left on device"
    if case.has("line_buffered"):
        complaint(rig.run(case, "--line-buffered", stdout="/dev/full"))


@pytest.mark.behaviour(18, 6, 7)
@programs()
def test_help_for_a_full_disk_is_an_error(name, rig):
    complaint(rig.call([name, "--help"], stdout="/dev/full"))
    complaint(rig.call([name, "--version"], stdout="/dev/full"))


@pytest.mark.behaviour(18, 6)
@programs(at_length=True)
def test_help_of_the_executable_for_a_full_disk_is_an_error(name, rig):
    with open("/dev/full", "wb") as full:
        complaint(rig.installed([name, "--help"], stdout=full))


@pytest.mark.behaviour(18, 38)
@every(once=True, at_length=True)
def test_a_disk_that_fills_leaves_the_old_file(case, rig, tmp_path):
    """A limit on the size of files stands for the disk."""
    made = rig.file(OLD, "made", tmp_path)
    most = min(len(rig.usual(case).out) // 2, 4096)
    complaint(finish(rig.start(
        rig.argv(case, "-o", made, files=[rig.file(case.lines(12))]),
        lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)), env={"TMPDIR": str(tmp_path)},
    )))  # fmt: skip
    assert (tmp_path / "made").read_bytes() == OLD
    assert os.listdir(tmp_path) == ["made"]


@pytest.mark.behaviour(18, 15)
@every(once=True, at_length=True)
def test_a_closed_standard_output_is_an_error(case, rig):
    words = " ".join([executable(case.name), *rig.options(case)])
    feed = case.lines(12)
    done = subprocess.run(["bash", "-c", f"{words} >&-"], input=feed, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{case.name}: ".encode())
    assert done.stderr.count(b"\n") == 1


@pytest.mark.behaviour(10, 15)
@every(reads, once=True, at_length=True)
def test_a_closed_standard_input_is_an_error(case, rig):
    words = " ".join([executable(case.name), *rig.options(case)])
    done = subprocess.run(["bash", "-c", f"{words} <&-"], capture_output=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{case.name}: stdin: ".encode())
    assert done.stderr.count(b"\n") == 1


@pytest.mark.behaviour(15)
@every(once=True, at_length=True)
def test_a_closed_standard_error_changes_no_status(case, rig, tmp_path):
    """Nor does anything that would have been said end up in a file."""
    words = " ".join([executable(case.name), *rig.options(case), "-o", str(tmp_path / "made"), "-v", "--signature"])
    for feed, status in ((case.lines(12), 0), (case.bad, 1)):
        done = subprocess.run(["bash", "-c", f"{words} 2>&-"], input=feed, capture_output=True, timeout=60)
        assert done.returncode == status
        assert done.stdout == b""
    assert (tmp_path / "made").read_bytes() == rig.usual(case).out


# -- nothing else ------------------------------------------------------------------------------------------------


@pytest.mark.behaviour(39)
def test_the_fence_holds(rig, tmp_path):
    """What the next test relies on: a call that leaves it ends with a status of its own."""
    wild = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    assert rig.call(["python", wild], fence=tmp_path).status == warm.DENIED_NETWORK
    assert rig.call(["python", f"open({str(rig.folder / 'wild')!r}, 'w')"], fence=tmp_path).status == warm.DENIED_FILE
    assert not (rig.folder / "wild").exists()
    assert rig.call(["python", "import tempfile; tempfile.mkdtemp()"], fence=tmp_path).status == warm.DENIED_FILE


@pytest.mark.behaviour(39)
@probes()
def test_no_network_and_no_file_but_in_tmpdir(case, rig, tmp_path):
    temporary, made = tmp_path / "temporary", tmp_path / "made"
    temporary.mkdir()
    settings = {"fence": tmp_path, "env": {"TMPDIR": str(temporary), "HOME": "/nowhere"}}
    words = ["--jobs", "2"] if case.has("jobs") else []
    wanted = rig.usual(case).out
    assert succeeded(rig.run(case, *words, **settings)).out == wanted
    succeeded(rig.run(case, *words, "-o", str(made), **settings))
    assert made.read_bytes() == wanted
    complaint(rig.run(case, *words, feed=case.bad, **settings))
    assert os.listdir(temporary) == []
    assert sorted(os.listdir(tmp_path)) == ["made", "temporary"]


@pytest.mark.behaviour(39)
@probes()
def test_the_executable_leaves_no_file_behind(case, rig, tmp_path):
    """Nor does a package that it imports, such as write settings and caches into the user's folder."""
    places = {name: tmp_path / name for name in ("HOME", "TMPDIR", "cwd")}
    for place in places.values():
        place.mkdir()
    unset = dict.fromkeys(("CI", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"), "")
    env = {**unset, **{name: str(place) for name, place in places.items() if name != "cwd"}}
    made = succeeded(rig.installed(rig.argv(case), case.lines(12), env=env, cwd=places["cwd"]))
    assert made.out == rig.usual(case).out
    assert {name: os.listdir(place) for name, place in places.items()} == {name: [] for name in places}


@pytest.mark.behaviour(39)
@every(at_length=True)
def test_a_temporary_folder_that_is_full_is_an_error_or_is_not_needed(case, rig, tmp_path):
    """It is $TMPDIR that is written to: where that takes nothing, no other folder is used in its place."""
    plain = rig.usual(case).out
    made = finish(rig.start(
        rig.argv(case, files=[rig.file(case.lines(12))]), lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16)),
        env={"TMPDIR": str(tmp_path)},
    ))  # fmt: skip
    if made.status:
        complaint(made)
    else:
        assert made.out == plain
    assert os.listdir(tmp_path) == []

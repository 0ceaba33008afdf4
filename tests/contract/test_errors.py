"""Bad data: one line that says where and why, exit 1."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .cases import DataFile, every, filters, has, probes, reads
from .material import NOT_A_RECORD, not_a_record
from .running import complaint, executable, succeeded

ROOT = Path(__file__).parents[2]


@pytest.mark.behaviour(10, 15, 31, 33, 34)
@probes(lambda case: not case.plain)
@pytest.mark.parametrize("name", NOT_A_RECORD)
def test_what_is_no_record_is_an_error_with_its_line(case, name, rig):
    good = case.lines(12).splitlines(keepends=True)
    result = rig.run(case, feed=good[0] + not_a_record(case, name) + b"".join(good[2:]))
    assert complaint(result).startswith("stdin:2: ")


@pytest.mark.behaviour(10)
@probes(reads)
def test_an_error_names_the_file_and_its_line(case, rig, tmp_path):
    files = [
        rig.file(case.lines(5), "a.jsonl", tmp_path),
        rig.file(case.lines(2, first=5) + case.bad, "b b.jsonl", tmp_path),
    ]
    assert complaint(rig.run(case, files=files)).startswith(f"{files[1]}:3: ")


@pytest.mark.behaviour(10, 20)
@every(lambda case: case.paths(DataFile))
def test_an_error_in_the_file_of_an_option_names_it_and_its_line(case, rig):
    for flag in case.paths(DataFile):
        argv = rig.argv(case, files=[rig.file(case.lines(12))])
        place = argv.index(flag) + 1
        good = Path(argv[place]).read_bytes()
        argv[place] = rig.file(good + b"{\xff\n", "bad")
        result = rig.call(argv)
        assert complaint(result).startswith(f"{argv[place]}:{len(good.splitlines()) + 1}: ")
        assert result.out == b""


@pytest.mark.behaviour(10)
@probes()
def test_the_first_bad_line_is_named_far_into_the_input(case, rig):
    feed = case.bulk(1.5, each=20_000) + case.bad + case.lines(3) + case.bad
    line = feed.count(b"\n") - 4
    assert complaint(rig.run(case, feed=feed)).startswith(f"stdin:{line}: ")


@pytest.mark.behaviour(27)
@probes()
@pytest.mark.parametrize("where", ["in a used field", "in another field", "between fields"])
def test_bad_utf8_is_reported_with_its_line(case, where, rig):
    if case.plain and where != "in a used field":
        pytest.skip("plain text has no fields")
    good = case.lines(12).splitlines(keepends=True)
    bad = {
        "in a used field": good[1].replace(b" number", b"\xff number"),
        "in another field": good[1].replace(b"}\n", b', "note": "caf\xe9"}\n'),
        "between fields": good[1].replace(b"}\n", b"\xff}\n"),
    }[where]
    assert bad != good[1]
    path = rig.file(good[0] + bad + b"".join(good[2:]))
    said = complaint(rig.run(case, files=[path]))
    assert said.startswith(f"{path}:2: ")


@pytest.mark.behaviour(27)
@probes(has("text"))
def test_bad_utf8_in_plain_text_is_reported_with_its_line(case, rig):
    path = rig.file(b"one\ntwo\nthr\xe9e\nfour\n")
    said = complaint(rig.run(case, "--text", files=[path]))
    assert said.startswith(f"{path}:3: ")
    assert "UTF-8" in said


@pytest.mark.behaviour(27)
@probes(has("text"))
def test_records_are_no_plain_text(case, rig):
    path = rig.file(case.lines(12))
    said = complaint(rig.run(case, "--text", files=[path]))
    assert said.startswith(f"{path}:1: records (JSON Lines) where plain text is read")


@pytest.mark.behaviour(11)
@probes(has("text"))
def test_a_table_taken_for_plain_text_is_told_of(case, rig):
    """It is read all the same: text may look like that."""
    path = rig.file(b"id,text,intent\n" + b"".join(b"%d,%s,music\n" % pair for pair in enumerate([b"play"] * 12)))
    result = rig.run(case, "--text", files=[path])
    assert result.status == 0
    assert f"{case.name}: {path}: looks like CSV (columns id, text, intent)".encode() in result.err
    assert b"looks like" not in rig.run(case, "--text", "-q", files=[path]).err


@pytest.mark.behaviour(27, 10)
@probes()
@pytest.mark.parametrize("escape", ["\\ud83d", "\\udc00x", "\\ud83dx\\udc00"])
def test_half_a_surrogate_pair_is_no_crash(case, escape, rig):
    """It can be written in JSON, but is no text."""
    good = case.lines(12).splitlines(keepends=True)
    bad = good[1].replace(b" number", escape.encode() + b" number")
    result = rig.run(case, feed=good[0] + bad + b"".join(good[2:]))
    if result.status:
        assert complaint(result).startswith("stdin:2: ")
    else:
        succeeded(result)


@pytest.mark.behaviour(34, 10)
@every(has("by"))
@pytest.mark.parametrize("value", ["1e999", "-1e999", '"1"', "null", "true", "[]", "NaN"])
def test_a_rank_is_a_finite_number(case, value, rig):
    bad = b'{"id": "u1", "score": %s}\n' % value.encode()
    assert complaint(rig.run(case, feed=case.lines(1) + bad)).startswith("stdin:2: ")


@pytest.mark.behaviour(34, 10)
@probes(lambda case: not case.plain)
def test_json_nested_without_end_is_an_error_with_its_line(case, rig):
    deep = b'"x": ' + b"[" * 1_000_000 + b"]" * 1_000_000
    bad = case.lines(1, first=1).replace(b"{", b"{" + deep + b", ", 1)
    result = rig.run(case, feed=case.lines(1) + bad)
    assert complaint(result).startswith("stdin:2: ")


@pytest.mark.behaviour(10)
@every(lambda case: not case.plain)
def test_a_field_of_another_type_is_named(case, rig):
    """Of the fields without which a record is bad, each."""
    record = json.loads(case.lines(1, first=1))
    spare = list(record)  # trainings are dear: what may be missing at once may be missing alone
    while (found := rig.run(case, feed=wrong(case, record, **dict.fromkeys(spare)))).status:
        named = [name for name in spare if f"'{name}'" in complaint(found)]
        spare = [name for name in spare if named and name != named[0]]
    others = [name for name in record if name not in spare]
    needed = [name for name in others if rig.run(case, feed=wrong(case, record, **{name: None})).status]
    assert needed
    for name in needed:
        said = complaint(rig.run(case, feed=wrong(case, record, **{name: {"a": 1}})))
        assert said.startswith("stdin:2: ")
        assert name in said


def wrong(case, record: dict, **values) -> bytes:
    bad = {**record, **values}
    rest = case.lines(12).splitlines(keepends=True)[2:]
    return case.lines(1) + json.dumps(bad).encode() + b"\n" + b"".join(rest)


@pytest.mark.behaviour(10, 26)
@probes()
@pytest.mark.parametrize("name", ["naïve हि.jsonl", "a\nb.jsonl", "\udcff.jsonl", "a:7: b.jsonl"])
def test_any_name_of_a_file_makes_one_line(case, name, rig, tmp_path):
    path = rig.file(case.lines(1) + case.bad, name, tmp_path)
    complaint(rig.run(case, files=[path]))
    complaint(rig.run(case, files=[path + "?"]))
    if name.isprintable():
        assert complaint(rig.run(case, files=[path])).startswith(f"{path}:2: ")


@pytest.mark.behaviour(36)
@probes(has("text"))
def test_plain_text_is_a_flag_and_not_a_guess(case, rig):
    assert complaint(rig.run(case, feed=b"play some jazz\n")).startswith("stdin:1: ")
    assert complaint(rig.run(case, files=[rig.file(b"play some jazz\n", "a.txt")])).split(": ")[0].endswith("a.txt:1")
    lines = case.lines(3) + b"play some jazz\n"
    result = succeeded(rig.run(case, "--text", files=[rig.file(lines, "b.jsonl")]))
    if case.writes == "records":
        assert [record["text"] for record in result.records] == lines.decode().splitlines()


@pytest.mark.behaviour(36)
@probes()
def test_the_name_of_a_file_decides_nothing(case, rig, tmp_path):
    wanted = rig.usual(case).out
    for name in ("a.txt", "a.gz", "a.csv", "a.zst", "a"):
        assert succeeded(rig.run(case, files=[rig.file(case.lines(12), name, tmp_path)])).out == wanted


@pytest.mark.behaviour(15, 19)
@probes()
def test_under_pipefail(case, rig):
    words = " ".join([executable(case.name), *rig.options(case)])
    for feed, status in ((case.lines(12), 0), (case.bad, 1)):
        shell = f"set -o pipefail; cat {rig.file(feed)} | {words} | cat > /dev/null"
        done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=60)
        assert done.returncode == status, done


@pytest.mark.behaviour(19)
def test_makefiles_delete_what_a_failed_command_left():
    makefiles = [path for path in (ROOT / "Makefile", *ROOT.glob("examples/*/Makefile")) if path.exists()]
    assert makefiles
    for path in makefiles:
        assert "\n.DELETE_ON_ERROR:" in "\n" + path.read_text(), path


@pytest.mark.behaviour(15)
@every(once=True)
def test_the_exit_statuses_are_documented(case, rig):
    said = succeeded(rig.call([case.name, "--help"])).out.decode()
    section = said.partition("Exit status:")[2]
    assert all(status in section for status in ("0 ", "1 ", "2 "))


@pytest.mark.behaviour(15, 20)
@probes(filters)
def test_a_bad_record_is_never_passed_over(case, rig):
    """Neither kept nor dropped: without --rejects it ends the run."""
    result = rig.run(case, feed=case.lines(3) + case.bad + case.lines(3))
    complaint(result)
    assert result.out.count(b"\n") <= 3

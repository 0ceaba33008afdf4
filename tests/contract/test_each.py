"""Every command with each of its calls: the contract in a few runs, several behaviours in one.

What code that all share decides is asked of the probes one thing at a time (in the other files); asking it of each
command is to find the one that goes its own way.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
from pathlib import Path

import pytest
import zstandard

from .cases import Case, DataFile, every, filters, has, passes
from .material import BAD, NOT_A_RECORD, ODD, UNKNOWN, assert_all_kept, not_a_record, rejected
from .running import complaint, succeeded

OLD = b"what was there before\n"


def ways_out(case: Case, folder: Path) -> list[str]:
    """The options that write to a file in ``folder``, and as many processes as there may be."""
    words = ["-o", str(folder / "made")]
    words += ["--rejects", str(folder / "aside")] if case.has("rejects") else []
    words += ["--report", str(folder / "told")] if case.has("report") else []
    return words + ["--jobs", "2"] * case.has("jobs")


def fenced(folder: Path) -> dict:
    """Settings of a call that must not write outside ``folder``, nor leave anything in its folder "temporary"."""
    (folder / "temporary").mkdir()
    return {"fence": folder, "env": {"TMPDIR": str(folder / "temporary"), "HOME": "/nowhere"}, "cwd": folder}


def left(folder: Path) -> set[str]:
    assert os.listdir(folder / "temporary") == []
    return set(os.listdir(folder)) - {"temporary"}


@pytest.mark.behaviour(1, 2, 3, 4, 9, 11, 20, 21, 24, 25, 29, 30, 37, 38, 39)
@every()
def test_all_ways_in_and_out(case, rig, tmp_path):
    """Files in order, packed or not, empty, without the last LF, named like an option; and standard input."""
    settings = fenced(tmp_path)
    words = rig.argv(case, *ways_out(case, tmp_path), "-v", "--signature")
    files = ["--quiet", "empty", "-", "last", "empty.gz"]
    if case.reads:
        rig.file(gzip.compress(case.lines(4)[:-1]), files[0], tmp_path)
        rig.file(b"", files[1], tmp_path)
        rig.file(case.lines(3, first=9)[:-1], files[3], tmp_path)
        rig.file(gzip.compress(b""), files[4], tmp_path)
        feed = zstandard.ZstdCompressor().compress(case.lines(5, first=4))
        result = rig.call(["datasel", *words, "--", *files], feed, **settings)
    else:
        path = rig.file(bz2.compress(case.lines(12)[:-1]), "last", tmp_path)
        result = rig.call(rig.argv(case, *words[len(rig.argv(case)) :], files=[path]), **settings)
    assert result.status == 0, f"{result}"
    assert result.out == b""
    assert (tmp_path / "made").read_bytes() == rig.usual(case).out
    inputs = {*files} - {"-"} if case.reads else {"last"}
    asides = {name for name, option in (("aside", "rejects"), ("told", "report")) if case.has(option)}
    assert left(tmp_path) == {"made", *inputs, *asides}
    assert not case.has("rejects") or (tmp_path / "aside").read_bytes() == b""
    assert not case.has("report") or [json.loads(line) for line in (tmp_path / "told").read_bytes().splitlines()]
    said = result.err.decode().splitlines()
    assert all(line.startswith(f"{case.name}: ") for line in said), f"{result}"
    assert sum(line.startswith(f"{case.name}: {case.name}|") and "|version:" in line for line in said) == 1
    if filters(case):
        assert f"{case.name}: kept 12 / 12" + ", rejected 0" * case.has("rejects") in said


@pytest.mark.behaviour(10, 20, 21, 24, 27, 28, 31, 33, 34)
@every(has("rejects"))
def test_every_kind_of_bad_record_is_set_aside(case, rig, tmp_path):
    """With its file, line and reason, in the order of the input; the others go on as if it had not been there."""
    wrong = list(BAD)
    if not case.plain:
        good = case.lines(1).rstrip(b"\n")
        utf8 = [good.replace(b" number", b"\xff number"), good[:-1] + b', "note": "caf\xe9"}', good[:-1] + b"\xff}"]
        deep = good[:-1] + b', "x": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"
        wrong = [not_a_record(case, name)[:-1] for name in NOT_A_RECORD] + utf8 + [deep, *wrong]
    number = min(12, len(wrong))
    good = case.lines(number).splitlines()
    found, contents = [], {}
    for name, part in (("a.jsonl", wrong[::2]), ("b\tb.jsonl", wrong[1::2])):
        lines = []
        for place, line in enumerate(part):
            found.append((name.replace("\t", " "), len(lines) + 1, line))
            lines.append(line)
            if place % 2 and good:
                lines.append(good.pop(0))
        contents[name] = lines if name[0] == "a" else lines + good
    files = [rig.file(b"\n".join(lines), name, tmp_path) for name, lines in contents.items()]
    wanted = succeeded(rig.run(case, feed=case.lines(number)))
    for words in [[], ["--jobs", "2"]] if case.has("jobs") else [[]]:
        words += ["--rejects", str(tmp_path / "aside")]
        result = succeeded(rig.run(case, *words, files=files, twin=case.lines(number)))
        aside = rejected((tmp_path / "aside").read_bytes())
        assert [(Path(file.decode()).name, line, record) for file, line, _, record in aside] == found
        assert all(reason for _, _, reason, _ in aside)
        assert result.out == wanted.out


SOME_KINDS = ("blank", "two on a line", "cut in a string", "NaN", "bare CR", "byte order mark")


@pytest.mark.behaviour(10, 15, 31, 33, 34)
@every(lambda case: not case.has("rejects") and not case.plain, once=True)
def test_bad_records_of_several_kinds_end_the_run(case, rig):
    """Where they cannot be set aside."""
    good = case.lines(12).splitlines(keepends=True)
    for name in SOME_KINDS:
        feed = good[0] + not_a_record(case, name) + b"".join(good[2:])
        assert complaint(rig.run(case, feed=feed)).startswith("stdin:2: ")


@pytest.mark.behaviour(3, 10, 15, 17, 20, 24, 38, 39)
@every()
def test_a_bad_record_ends_the_run_and_leaves_what_was_there(case, rig, tmp_path):
    """Named with its file and its line, far into the input; the first of two."""
    for name in ("made", "aside", "told"):
        rig.file(OLD, name, tmp_path)
    settings = fenced(tmp_path)
    words = [word for word in ways_out(case, tmp_path) if word != "--rejects" and not word.endswith("/aside")]
    much = case.bulk(0.6, each=20_000)
    line = much.count(b"\n") + 1
    bad = much + case.bad + case.lines(3) + b"\xff" + case.bad
    if case.reads:
        files = [rig.file(case.lines(5), "a.jsonl", tmp_path), rig.file(bad, "b b.jsonl", tmp_path)]
    else:
        files = [rig.file(bad, "b b.jsonl", tmp_path)]
    result = rig.run(case, *words, files=files, **settings)
    assert complaint(result).startswith(f"{files[-1]}:{line}: ")
    assert complaint(rig.run(case, feed=case.bad)).startswith("stdin:1: ")
    assert result.out == b""
    assert left(tmp_path) == {"made", "aside", "told", *map(os.path.basename, files)}
    assert all((tmp_path / name).read_bytes() == OLD for name in ("made", "aside", "told"))


@pytest.mark.behaviour(28, 32, 33, 34)
@every()
def test_odd_members_and_line_ends_go_through(case, rig):
    """Unknown fields, numbers and escapes as they are written, spaces, CR before LF, a line longer than a block."""
    if case.plain:
        feed = case.lines(12).replace(b"\n", b"\r\n")
    else:
        notes = [json.dumps("".join(ODD[n::12]), ensure_ascii=n % 2 == 0).encode() for n in range(12)]
        feed = b"".join(
            b'{ %s ,"note" :%s, "long": "%s",%s}  \r\n'
            % (b" , ".join(UNKNOWN[n:] + UNKNOWN[:n]), notes[n], b"x" * (700_000 if n == 5 else n), line[1:-1])
            for n, line in enumerate(case.lines(12).splitlines())
        )
    result = succeeded(rig.run(case, feed=feed))
    if passes(case):
        assert_all_kept(feed, result, rig.written(case))
    elif case.writes == "text":  # a format may have a place for unknown fields
        assert len(result.lines) == len(rig.usual(case).lines)
    else:
        assert result.out == rig.usual(case).out


@pytest.mark.behaviour(28, 33)
@every()
def test_odd_characters_in_the_text_go_through(case, rig):
    records, name = [case.call.record(number) for number in range(len(ODD))], case.field
    feed = b"".join(
        case.call.encode({**item, name: f"{item[name]} a{char}b {char}"}, n % 2 == 1)
        for n, (item, char) in enumerate(zip(records, ODD, strict=True))
    )
    result = succeeded(rig.run(case, feed=feed, twin=feed))
    if passes(case):
        assert_all_kept(feed, result, rig.written(case))


@pytest.mark.behaviour(34)
@every(has("into"))
def test_a_field_written_again_is_replaced(case, rig):
    """Whatever stood there, however its name was spelled; what only looks like it is left alone."""
    fresh, name = rig.usual(case), case.into
    assert succeeded(rig.run(case, feed=fresh.out)).out == fresh.out
    keys = f'"{name}"', f'"\\u{ord(name[0]):04x}{name[1:]}"'
    olds = "null", "7", '"}"', '[{"a":"]"}]', json.dumps({name: 1})
    heads = [f"{{{key} : {old} , " for key in keys for old in olds]
    like = {"note": f'"{name}": 1', "list": [name], "inner": {name: 5}, "note2": name}
    heads += [json.dumps(like)[:-1] + ", "] * 2
    feed = b"".join(head.encode() + line[1:] + b"\n" for head, line in zip(heads, case.lines(12).splitlines()))
    result = succeeded(rig.run(case, feed=feed))
    assert [record[name] for record in result.records] == [record[name] for record in fresh.records]
    assert_all_kept(feed, result, {name})


@pytest.mark.behaviour(20, 27, 28, 29, 31, 32, 33, 36)
@every(has("text"))
def test_plain_text_of_every_kind(case, rig, tmp_path):
    """Blank, odd characters, JSON, what begins like an archive, a long line, no LF at the end; bad UTF-8 aside."""
    texts = ["BZh91AY is no archive", "", "  ", "\t", "one\r", '{"text": "x"}', *ODD, "b" * 700_000, "last"]
    feed = "\n".join(texts).encode()
    if not case.has("rejects"):
        succeeded(rig.run(case, "--text", feed=feed))
        said = complaint(rig.run(case, "--text", feed=b"one\ntwo\nthr\xe9e\nfour\n"))
        assert said.startswith("stdin:3: not valid UTF-8")
        return
    cut = feed.index(b"one\r")
    feed = feed[:cut] + b"\xff\ttwo\n" + feed[cut:] + b"\nthree\xe9"
    result = succeeded(rig.run(case, "--text", "--rejects", str(tmp_path / "aside"), feed=feed))
    if case.writes == "records":
        assert [record["text"] for record in result.records] == [text.removesuffix("\r") for text in texts]
    found = rejected((tmp_path / "aside").read_bytes())
    assert [(line, record) for _, line, _, record in found] == [(5, b"\xff\ttwo"), (len(texts) + 2, b"three\xe9")]


@pytest.mark.behaviour(30)
@every(filters)
def test_nothing_of_nothing(case, rig, tmp_path):
    assert succeeded(rig.run(case, *ways_out(case, tmp_path), feed=b"")).out == b""
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b""}


@pytest.mark.behaviour(18)
@every(once=True)
def test_a_full_disk(case, rig):
    assert complaint(rig.run(case, "-o", "/dev/full")) == "/dev/full: No space left on device"
    assert complaint(rig.run(case, stdout="/dev/full")) == "standard output: No space left on device"


@pytest.mark.behaviour(37)
@every(lambda case: case.paths(DataFile), once=True)
def test_options_that_name_data_take_all_formats(case, rig):
    argv = rig.argv(case)
    pack = [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress]
    places = [place for place, word in enumerate(argv) if place and argv[place - 1] in case.paths(DataFile)]
    for number, place in enumerate(places):
        word = argv[place]
        if word != "-":
            argv[place] = rig.file(pack[number % 4](Path(word).read_bytes()), f"packed{number}")
    assert succeeded(rig.call(argv, case.lines(12))).out == rig.usual(case).out


@pytest.mark.behaviour(5, 15)
@every(once=True)
def test_wrong_calls(case, rig):
    """An option there is none of, nearly one there is, a value of another kind."""
    assert "--zzzzzz" in complaint(rig.run(case, "--zzzzzz"), 2)
    assert "did you mean" in complaint(rig.run(case, "--outptu"), 2).lower()
    complaint(rig.run(case, "-o", "x", "--verbose=?"), 2)


@pytest.mark.behaviour(10, 23, 26, 39)
@every(once=True)
def test_the_executable_elsewhere(case, rig, tmp_path):
    """Another folder, locale, time zone, home and order of hashing change nothing; no file is left behind."""
    places = {name: tmp_path / name for name in ("HOME", "TMPDIR", "cwd")}
    for place in places.values():
        place.mkdir()
    unset = dict.fromkeys(("CI", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"), "")
    env = {**unset, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    env |= {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kolkata", **{name: str(places[name]) for name in ("HOME", "TMPDIR")}}
    path = rig.file(case.lines(12), "naïve हि.jsonl", tmp_path)
    made = succeeded(rig.installed(rig.argv(case, files=[path]), env=env, cwd=places["cwd"]))
    assert made.out == rig.usual(case).out
    assert {name: os.listdir(place) for name, place in places.items()} == {name: [] for name in places}

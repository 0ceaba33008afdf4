"""Parallel files as records."""

import pytest
from converting import Read, file

from datasel.errors import DataError


def test_lines_side_by_side(tmp_path):
    one, two = file(tmp_path, "hello\r\n\nplay\n", "a.en"), file(tmp_path, "नमस्ते\nx\u2028y\nबजाओ", "a.hi")
    assert Read("moses", one, two).records == [
        {"source": "hello", "target": "नमस्ते"}, {"source": "", "target": "x\u2028y"},
        {"source": "play", "target": "बजाओ"},
    ]  # fmt: skip


def test_as_many_files_as_names(tmp_path):
    path = file(tmp_path, "a\n")
    assert Read("moses", path, path, path, columns=["x", "y", "z"], rename={"x": "text"}).records == [
        {"text": "a", "y": "a", "z": "a"}
    ]
    with pytest.raises(DataError, match="3 files for the fields source, target"):
        Read("moses", path, path, path)


def test_files_of_unlike_lengths(tmp_path):
    one, two = file(tmp_path, "a\nb\n" * 100_000, "one"), file(tmp_path, "a\nb\n" * 100_000 + "c\n", "two")
    with pytest.raises(DataError) as found:
        Read("moses", one, two)
    assert str(found.value) == f"{one}:200001: ends before this line of {two}"
    with pytest.raises(DataError, match="empty:1: ends before this line of"):
        Read("moses", one, file(tmp_path, "", "empty"), lenient=True)


def test_lines_of_very_unlike_lengths(tmp_path):
    short, long = "a\n" * 3000, ("b" * 900 + "\n") * 3000
    found = Read("moses", file(tmp_path, short, "one"), file(tmp_path, long, "two"))
    assert len(found.records) == 3000
    assert found.records[-1] == {"source": "a", "target": "b" * 900}


def test_bad_lines_are_set_aside_with_their_file(tmp_path):
    one, two = file(tmp_path, b"a\n\xff\nc\n", "one"), file(tmp_path, b"x\ny\n\xff\n", "two")
    with pytest.raises(DataError, match="one:2: not valid UTF-8"):
        Read("moses", one, two)
    found = Read("moses", one, two, lenient=True)
    assert found.records == [{"source": "a", "target": "x"}]
    assert [(name[-3:], line, raw) for name, line, _, raw in found.rejected] == [
        ("one", 2, b"\xff\ty"), ("two", 3, b"c\t\xff"),
    ]  # fmt: skip

"""Inputs as blocks, and outputs that appear whole or not at all."""

import bz2
import contextlib
import gzip
import lzma
import os
import signal

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from datasel.errors import DataError, Ended
from datasel.records.sink import Sink
from datasel.records.streams import blocks


def written(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "input"
    path.write_bytes(content)
    return str(path)


LINES = st.lists(st.text(max_size=9).map(lambda line: line.replace("\n", "").encode("utf-8", "replace")), max_size=20)


@given(LINES, st.booleans(), st.integers(1, 40), st.booleans())
def test_blocks_are_the_lines_in_order(tmp_path_factory, lines, ended, size, eager):
    content = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    found = list(blocks([written(tmp_path_factory, content)], size=size, eager=eager))
    expected = content if content.endswith(b"\n") or not content else content + b"\n"
    assert b"".join(block.data for block in found) == expected
    first = 1
    for block in found:
        assert block.first == first
        assert block.data.endswith(b"\n")
        first += block.data.count(b"\n")


FORMATS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress}
CONTENT = b"".join(b"line %d\n" % number for number in range(20_000))


@pytest.mark.parametrize("name", FORMATS)
def test_compressed_files_are_read_and_damage_is_named(name, tmp_path):
    compress = FORMATS[name]
    path = tmp_path / "input"  # the name says nothing
    path.write_bytes(compress(CONTENT) + compress(b"second member\n"))
    assert b"".join(block.data for block in blocks([str(path)])) == CONTENT + b"second member\n"
    whole = compress(CONTENT)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"input: compressed data (ends too early|is damaged)"):
        list(blocks([str(path)]))


@pytest.mark.parametrize("start", [b"BZhello\n", b"\n", b"B", b"BZh9 and more text than sixteen bytes\n"])
def test_text_that_begins_like_a_magic_is_text(start, tmp_path):
    path = tmp_path / "input"
    path.write_bytes(start)
    assert b"".join(block.data for block in blocks([str(path)])) == start.rstrip(b"\n") + b"\n"


def test_several_files_count_their_own_lines(tmp_path):
    for name, content in (("a", b"1\n2"), ("b", b"3\n")):
        (tmp_path / name).write_bytes(content)
    found = list(blocks([str(tmp_path / "a"), str(tmp_path / "b")]))
    assert [(os.path.basename(block.name), block.first, block.data) for block in found] == [
        ("a", 1, b"1\n2\n"),
        ("b", 1, b"3\n"),
    ]


def test_a_file_appears_only_when_closed(tmp_path):
    path = tmp_path / "out"
    path.write_bytes(b"old")
    sink = Sink(str(path))
    sink.write(b"new" * 1_000_000)
    assert path.read_bytes() == b"old"
    sink.close()
    assert path.read_bytes() == b"new" * 1_000_000
    assert os.listdir(tmp_path) == ["out"]


def test_an_aborted_file_leaves_what_was_there(tmp_path):
    path = tmp_path / "out"
    path.write_bytes(b"old")
    sink = Sink(str(path))
    sink.write(b"new")
    sink.abort()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out"]


def test_modes_and_links_are_kept(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    sink = Sink(str(link))
    sink.write(b"new")
    sink.close()
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        Sink(str(tmp_path / "nowhere" / "out"))


def test_a_signal_that_an_import_swallowed_ends_the_run_before_it_reads_on(tmp_path, monkeypatch):
    (tmp_path / "in").write_bytes(b"a\n")
    monkeypatch.setattr(Ended, "came", 0)
    with contextlib.suppress(Ended):
        raise Ended(signal.SIGINT)
    with pytest.raises(Ended) as end:
        list(blocks([str(tmp_path / "in")]))
    assert end.value.number == signal.SIGINT

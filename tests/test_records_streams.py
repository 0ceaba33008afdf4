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

from datasel.errors import DataError, Ended, ModelError
from datasel.records.jsonl import read
from datasel.records.marks import foreign
from datasel.records.sink import Sink
from datasel.records.streams import blocks, check_inputs, lines
from datasel.records.streams import content as whole
from datasel.records.unpacked import as_file


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


def test_inputs_that_cannot_be_read_are_named_before_any_work(tmp_path):
    (tmp_path / "there").touch()
    check_inputs([str(tmp_path / "there"), "-"])
    check_inputs([str(tmp_path)], folders=True)
    for bad, reason in ((tmp_path / "missing", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DataError, match=reason):
            check_inputs([str(tmp_path / "there"), str(bad)])


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


MARK = "\ufeff"


@pytest.mark.parametrize("compress", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize("eager", [False, True])
def test_a_byte_order_mark_is_no_part_of_the_first_line(compress, eager, tmp_path):
    path = tmp_path / "input"
    path.write_bytes(compress(f"{MARK}wake {MARK}up\n{MARK}\n".encode()))
    found = b"".join(block.data for block in blocks([str(path), str(path)], eager=eager))
    assert found.decode() == f"wake {MARK}up\n{MARK}\n" * 2
    path.write_bytes(compress(MARK.encode()))
    assert list(blocks([str(path)], eager=eager)) == []


def test_a_byte_order_mark_in_pieces():
    for content in (b"\xef\xbb\xbfab\n", b"\xef\xbb", b"\xef", b"\xef\xbbx\n", b""):
        reading, writing = os.pipe()
        os.write(writing, b"")
        if not os.fork():
            for place in range(len(content)):
                os.write(writing, content[place : place + 1])
            os._exit(0)
        os.close(writing)
        found = b"".join(block.data for block in blocks([f"/dev/fd/{reading}"], eager=True))
        os.close(reading)
        os.wait()
        wanted = content.removeprefix(b"\xef\xbb\xbf")
        assert found == (wanted if wanted.endswith(b"\n") or not wanted else wanted + b"\n")


SCRIPTS = ["set a timer\nnow\n", "समय बताओ\nअभी\n", "поставь таймер\n", "定时 器\n现在\n", "타이머 설정\n", "ab",
           '{"text":"a"}\n', "a\tb\tc\n", "شغل الموسيقى\n", "minuterie à café\n", "⏰ ring\nnow\n"]  # fmt: skip


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("marked", [True, False])
def test_other_encodings_are_one_error(text, encoding, marked, tmp_path):
    path = tmp_path / "input"
    path.write_bytes(((MARK if marked else "") + text).encode(encoding))
    name = encoding.upper()[: 6 if marked else None].replace("-LE", "LE").replace("-BE", "BE")
    with pytest.raises(DataError, match=f"input: the text is in {name}, not in UTF-8; 'iconv -f {name} -t UTF-8'"):
        list(blocks([str(path)]))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_utf8_is_taken_for_nothing_else(text):
    assert foreign(text.encode()) is None


@pytest.mark.parametrize("text", ["a\0b\nc\n", "\0\n", "\0\0\0\0\n", "a\0", "go\0some\nmusic\0now\n", "\0a b\n\0c d\n"])
def test_nul_is_an_ordinary_character(text):
    assert foreign(text.encode()) is None


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=9), min_size=1, max_size=9))
def test_a_cr_before_the_lf_belongs_to_the_end_of_a_line_of_text(tmp_path_factory, wanted):
    """One, and no other: what else is white space somewhere is content."""
    unix = [line.removesuffix("\r") for line in wanted]
    unix[0] = unix[0].lstrip(MARK)
    path = written(tmp_path_factory, "".join(line + "\r\n" for line in unix).encode())
    (records,) = read([path], {"text": str}, text=True)
    assert records.column("text") == unix
    assert [line for _, line in lines(path)] == unix
    assert [line.decode() for line in records.lines] == unix


def test_bad_utf8_beside_crs_keeps_its_line(tmp_path):
    path = tmp_path / "input"
    path.write_bytes(b"a\r\n\xff\r\n")
    for reading in (lambda: list(lines(str(path))), lambda: list(read([str(path)], {"text": str}, text=True))):
        with pytest.raises(DataError, match="input:2: not valid UTF-8"):
            reading()


@pytest.mark.parametrize("name", FORMATS)
def test_files_for_libraries(name, tmp_path):
    path = tmp_path / "model"
    path.write_bytes(CONTENT)
    assert as_file(str(path)) == str(path)
    packed = tmp_path / f"{name} packed"
    packed.write_bytes(FORMATS[name](CONTENT))
    with open(as_file(str(packed)), "rb") as file:
        assert file.read() == CONTENT == whole(str(packed))
    os.unlink(as_file(str(packed)))
    with pytest.raises(ModelError, match="nothing: No such file"):
        as_file(str(tmp_path / "nothing"))

"""Compressed input, recognised by its first bytes."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import pytest
import zstandard

from .cases import DataFile, ModelFile, every, filters, has, probes, reads
from .running import complaint, succeeded

COMPRESS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}

each_format = pytest.mark.parametrize("kind", COMPRESS)


@pytest.mark.behaviour(37)
@probes()
@each_format
def test_compressed_input_as_a_file_and_on_standard_input(case, kind, rig):
    packed = COMPRESS[kind](case.lines(12))
    wanted = rig.usual(case).out
    assert succeeded(rig.run(case, feed=packed)).out == wanted
    assert succeeded(rig.run(case, files=[rig.file(packed, "no-ending")])).out == wanted


@pytest.mark.behaviour(37)
@probes(filters)
@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_the_executable_reads_compressed_standard_input(case, kind, rig):
    packed = COMPRESS[kind](case.lines(12))
    assert succeeded(rig.installed(rig.argv(case), packed)).out == rig.usual(case).out


@pytest.mark.behaviour(37, 3)
@probes(reads)
def test_files_of_all_formats_together(case, rig):
    parts = [rig.file(case.lines(3, first=3 * n), f"part{n}") for n in range(4)]
    packed = [
        rig.file(pack(case.lines(3, first=3 * n)), f"packed{n}") for n, pack in enumerate([*COMPRESS.values(), bytes])
    ][:4]
    assert succeeded(rig.run(case, files=packed)).out == succeeded(rig.run(case, files=parts)).out


@pytest.mark.behaviour(37)
@probes()
@each_format
def test_joined_pieces_are_one_input(case, kind, rig):
    """As cat makes them; a line may lie across two, and some may be empty."""
    content = case.lines(12)
    pieces = [content[:100], b"", content[100:1000], content[1000:], b""]
    assert succeeded(rig.run(case, feed=b"".join(map(COMPRESS[kind], pieces)))).out == rig.usual(case).out


@pytest.mark.behaviour(37, 29)
@probes()
@each_format
def test_compressed_without_a_last_line_feed(case, kind, rig):
    assert succeeded(rig.run(case, feed=COMPRESS[kind](case.lines(12)[:-1]))).out == rig.usual(case).out


@pytest.mark.behaviour(37, 30)
@probes(lambda case: case.writes == "records")
@each_format
def test_compressed_emptiness(case, kind, rig):
    assert succeeded(rig.run(case, feed=COMPRESS[kind](b""))).out == b""


@pytest.mark.behaviour(37, 15)
@probes()
@each_format
def test_truncated_compressed_data_is_an_error(case, kind, rig):
    packed = COMPRESS[kind](case.lines(12))
    for share in (0.2, 0.98):
        path = rig.file(packed[: int(len(packed) * share)], "cut")
        assert complaint(rig.run(case, files=[path])).startswith(f"{path}: ")
    assert complaint(rig.run(case, feed=packed[: len(packed) // 2])).startswith("stdin: ")


@pytest.mark.behaviour(37, 15)
@probes()
@each_format
def test_damaged_compressed_data_is_an_error(case, kind, rig):
    """A flipped byte is found where the format can find it, and never ends in a crash."""
    packed = COMPRESS[kind](case.bulk(0.05, each=512))
    start = len(packed) // 2
    statuses = set()
    for place in range(start, len(packed), max(1, (len(packed) - start) // 5)):
        damaged = packed[:place] + bytes([packed[place] ^ 0xFF]) + packed[place + 1 :]
        result = rig.run(case, feed=damaged)
        statuses.add(result.status)
        if result.status:
            assert complaint(result).startswith("stdin:")
    assert 1 in statuses


@pytest.mark.behaviour(37)
@probes(has("text"))
@pytest.mark.parametrize("start", [b"BZh", b"BZh91AY", b"\x1f", b"(", b"BZ", b"B", b"PK\x03\x04"])
def test_text_that_begins_like_a_format_is_text(case, start, rig):
    result = succeeded(rig.run(case, "--text", feed=start + b" is no archive\nnext\n"))
    if case.writes == "records":
        assert [record["text"].encode() for record in result.records] == [start + b" is no archive", b"next"]
    more = b"" if case.writes == "records" else b"\nnext"  # some cannot be made of a text without a word
    succeeded(rig.run(case, "--text", feed=start + more))


@pytest.mark.behaviour(37)
@probes(lambda case: case.paths(DataFile))
@each_format
def test_options_that_name_data_take_it_compressed(case, kind, rig):
    for flag in case.paths(DataFile):
        argv = rig.argv(case)
        place = argv.index(flag) + 1
        if argv[place] != "-":
            wanted = succeeded(rig.call(argv, case.lines(12))).out
            with open(argv[place], "rb") as file:
                argv[place] = rig.file(COMPRESS[kind](file.read()), "packed")
            assert succeeded(rig.call(argv, case.lines(12))).out == wanted


@pytest.mark.behaviour(37)
@every(lambda case: case.paths(ModelFile), once=True)
def test_options_that_name_models_take_them_compressed(case, rig):
    """But folders of several files, which a compressed archive stands for."""
    for flag in case.paths(ModelFile):
        argv = rig.argv(case)
        place = argv.index(flag) + 1
        if not Path(argv[place]).is_file():
            continue
        wanted = succeeded(rig.call(argv, case.lines(12))).out
        content = Path(argv[place]).read_bytes()
        argv[place] = rig.file(COMPRESS["zst"](content), "packed.zst")
        assert succeeded(rig.call(argv, case.lines(12))).out == wanted

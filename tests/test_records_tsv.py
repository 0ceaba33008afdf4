"""Tab-separated columns as records."""

import json

import pytest

from datasel.errors import DataError
from datasel.records.jsonl import parse
from datasel.records.streams import Block
from datasel.records.tsv import as_records

BAD = b'hello\tworld\nalone\n\xff\tb\nplay "x"\tjazz\\\r\n\t\na\tb\tc\n\xe0\xa4\x95\t\xe2\x80\xa8\n'


def read(data, lenient=False, columns=("en", "hi")):
    return list(as_records([Block("f", 5, data, lenient=lenient)], columns))


def test_lines_become_records():
    ((block,)) = read(b'hello\tworld\nplay "x"\tjazz\\\r\n\t\n')
    assert [json.loads(line) for line in block.data.splitlines()] == [
        {"en": "hello", "hi": "world"}, {"en": 'play "x"', "hi": "jazz\\"}, {"en": "", "hi": ""},
    ]  # fmt: skip
    assert (block.name, block.first) == ("f", 5)


def test_the_first_bad_line_is_an_error():
    with pytest.raises(DataError, match="f:6: 1 columns, not 2"):
        read(BAD)


def test_bad_lines_are_set_aside_and_the_others_keep_their_numbers():
    kept, rejected, counted = [], [], 0
    for block in read(BAD, lenient=True):
        records = parse(block, {"en": str})
        kept += zip(records.numbers, records.column("en"))
        rejected += [(number, line) for _, number, _, line in block.rejected]
        counted += block.read
    assert kept == [(5, "hello"), (8, 'play "x"'), (9, ""), (11, "क")]
    assert rejected == [(6, b"alone"), (7, b"\xff\tb"), (10, b"a\tb\tc")]
    assert counted == 7


def test_bad_lines_at_both_ends():
    blocks = read(b"x\ny\na\tb\nz\n", lenient=True)
    assert b"".join(block.data for block in blocks) == b'{"en":"a","hi":"b"}\n'
    assert [number for block in blocks for _, number, *_ in block.rejected] == [5, 6, 8]
    assert [parse(block, {"en": str}).numbers for block in blocks] == [range(7, 8), []]


def test_one_column():
    assert read(b"a b\n\n", columns=["t"])[0].data == b'{"t":"a b"}\n{"t":""}\n'

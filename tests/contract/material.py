"""Input that careless readers get wrong, and what has to become of it."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring

# What is no strict JSON object on a line of its own; %s stands for the members of a good record.
NOT_A_RECORD = {
    "blank": "", "spaces": "  ", "plain text": "play some jazz", "array": "[1]", "number": "1", "null": "null",
    "string": '"text"', "no fields": "{}", "cut": "{%s", "cut in a string": '{%s,"x":"', "two on a line": "{%s} {%s}",
    "comma before the brace": "{%s,}", "text after it": "{%s} x", "single quotes": "{%s,'x':1}", "bare key": "{%s,x:1}",
    "comment": "{%s /* x */}", "leading zero": '{%s,"x":01}', "plus": '{%s,"x":+1}', "no digits": '{%s,"x":1.}',
    "NaN": '{%s,"x":NaN}', "Infinity": '{%s,"x":Infinity}', "-Infinity": '{%s,"x":-Infinity}', "nan": '{%s,"x":nan}',
    "NaN inside": '{%s,"x":[{"y":NaN}]}', "True": '{%s,"x":True}', "control character": '{%s,"x":"a\tb"}',
    "bare CR": '{%s,"x":"a\rb"}', "raw NUL": '{%s,"x":"a\0b"}', "NUL after it": "{%s}\0",
    "bad escape": '{%s,"x":"\\q"}',
    "open": "{", "closed": "}", "colon": '{%s,"x" 1}', "byte order mark": "\ufeff{%s}",
}  # fmt: skip


def not_a_record(case, name: str) -> bytes:
    members = case.lines(1, first=1).decode().strip()[1:-1]
    return NOT_A_RECORD[name].replace("%s", members).encode() + b"\n"


SPACE, DECODER = re.compile(r"[ \t\r\n]*"), json.JSONDecoder()

# Members as JSON allows them, of names that no command reads.
UNKNOWN = [
    rb'"zeta" : 1.10', rb'"alpha":[1, 2,{"b":null , "a":{}}]', rb'"big":123456789012345678901234567890',
    rb'"esc":"\u00e9\/\ud83d\ude00\u2028"', '"é":"é\u2028\x7f"'.encode(), rb'"":""', rb'"minus":-0.0',
    rb'"nul":null', rb'"tiny":1e-400', rb'"exp":1E+2',
]  # fmt: skip

# Characters that end a line somewhere else, and others a careless reader trips over.
ODD = [
    *"\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029\0\x1a\x1b\x7f\ufeff\xa0\uffff\t\\\"\u0301İı\u200d",
    "👩\u200d👩\u200d👧", "\r\r", "\0\0",
]  # fmt: skip


def members(line: bytes) -> list[tuple[str, str]]:
    """Name and value of each member of an object, the value as it is written."""
    text, found = line.decode(), []
    place = text.index("{") + 1
    while (place := SPACE.match(text, place).end()) and text[place] != "}":
        name, place = scanstring(text, place + 1)
        start = SPACE.match(text, SPACE.match(text, place).end() + 1).end()
        place = DECODER.raw_decode(text, start)[1]
        found.append((name, text[start:place]))
        place = SPACE.match(text, place).end()
        place += text[place] == ","
    return found


def assert_nothing_lost(given: bytes, made: bytes, written: set[str]) -> None:
    """``made`` is the line ``given`` with the fields ``written`` replaced where they stood, or added at the end."""
    before, after = members(given), members(made)
    names = [name for name, _ in before]
    assert [name for name, _ in after][: len(names)] == names
    assert {name for name, _ in after[len(names) :]} <= written
    assert [pair for pair in before if pair[0] not in written] == [pair for pair in after if pair[0] not in written]
    if written.isdisjoint(names):
        head, tail = given.rstrip()[:-1], given[len(given.rstrip()) :]
        assert made.startswith(head), f"{given}\n{made}"
        assert made.endswith(b"}" + tail), f"{given}\n{made}"


def assert_all_kept(given: bytes, result, written: set[str]) -> None:
    for before, after in zip(given.split(b"\n")[:-1], result.lines, strict=True):
        assert_nothing_lost(before, after, written)


BAD = (
    b"", b"{", b"not json", b'{"id": "x"}  {}', b"caf\xe9\tau\tlait", b"[]", b"{}", b'{"a": NaN}', b"\0", b" \t ",
    b"x" * 100_000,
)  # fmt: skip


def mixed(case, count: int) -> tuple[bytes, list[tuple[int, bytes]], list[bytes]]:
    """Input with bad lines strewn in, those with their numbers, and the good ones."""
    good, made, bad = case.lines(count).split(b"\n")[:-1], [], []
    for number, line in enumerate(good):
        made.append(line)
        if number % 3 == 0:
            bad.append((len(made) + 1, BAD[number // 3 % len(BAD)]))
            made.append(bad[-1][1])
    return b"\n".join(made) + b"\n", bad, good


def rejected(content: bytes) -> list[tuple[bytes, int, bytes, bytes]]:
    """File, line, reason and record of each line."""
    assert content.endswith(b"\n") or not content
    parts = [line.split(b"\t", 3) for line in content.split(b"\n")[:-1]]
    return [(file, int(line), reason, record) for file, line, reason, record in parts]

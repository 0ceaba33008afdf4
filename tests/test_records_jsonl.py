"""Records: the fast way and the slow way agree, and no byte changes that need not."""

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.errors import DataError, shown
from datasel.records import jsonl
from datasel.records.jsonl import encode, joined, numbers, optional, parse, set_members
from datasel.records.streams import Block

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
RECORDS = st.lists(
    st.builds(
        lambda fields, text: {**fields, "text": text},
        st.dictionaries(st.text() | st.sampled_from(["s", "x"]), VALUES, max_size=4),
        st.text(),
    ),
    min_size=1,
    max_size=6,
)


def block(lines, **settings):
    return Block("FILE", 1, b"".join(line + b"\n" for line in lines), **settings)


def dumped(records, ensure_ascii):
    return [json.dumps(record, ensure_ascii=ensure_ascii).encode("utf-8", "surrogatepass") for record in records]


@given(RECORDS, st.booleans())
def test_with_field_adds_or_replaces_and_keeps_the_rest(records, ensure_ascii):
    lines = dumped(records, ensure_ascii)
    parsed = parse(block(lines), {"text": str})
    assert parsed.column("text") == [record["text"] for record in records]
    scores = np.arange(len(lines)) + 0.5
    for out in (parsed.with_numbers("s", scores), parsed.with_fields({"s": numbers(scores)})):
        made = out.split(b"\n")[:-1]
        assert len(made) == len(lines)
        for line, record, after, score in zip(lines, records, made, scores):
            assert json.loads(after) == {**record, "s": score}
            if "s" not in record:
                assert after.startswith(line[:-1])
            assert list(json.loads(after)) == list({**record, "s": score})


@given(RECORDS)
def test_slow_and_fast_parsing_agree(records):
    lines = dumped(records, False)
    schema = {"text": str, "x": optional(str | int)}
    try:
        slow = jsonl._parse_slowly(block(lines), schema)
    except DataError:
        assert jsonl._parse_fast(block(lines), schema) is None
        return
    fast = jsonl._parse_fast(block(lines), schema)
    assert fast is not None
    assert [fast.column(name) for name in schema] == [slow.column(name) for name in schema]
    assert fast.lines == slow.lines == lines


ODD = [  # lines that one call over a whole block could get wrong
    (b'{"text":', "not valid JSON"),
    (b'"a"}', "not valid JSON|not a JSON object"),
    (b'{"text":"a"}{"text":"b"}', "not valid JSON"),
    (b"", "blank line"),
    (b'["text"]', "not a JSON object"),
    (b'{"text":"a","x":"\xff"}', "not valid UTF-8"),
    (b'{"text":NaN}', "not valid JSON"),
    (b'{"text":1}', "field 'text'"),
    (b'{"text":null}', "field 'text'"),
    (b'{"txt":"a"}', "no field 'text'"),
    (b'{"text":"a"} x', "not valid JSON"),
    (b"[" * 100_000, "nested|not a JSON object"),
]


@pytest.mark.parametrize(("odd", "reason"), ODD, ids=range(len(ODD)))
def test_odd_lines_are_named(odd, reason):
    good = b'{"text":"fine"}'
    with pytest.raises(DataError, match=reason) as caught:
        parse(block([good, odd, good]), {"text": str})
    assert (caught.value.file, caught.value.line) == ("FILE", 2)
    lenient = block([good, odd, good], lenient=True)
    assert parse(lenient, {"text": str}).lines == [good, good]
    assert [(file, line, record) for file, line, _, record in lenient.rejected] == [("FILE", 2, odd)]


def test_a_record_on_two_lines_beside_two_on_one_is_not_taken():
    with pytest.raises(DataError) as caught:
        parse(block([b'{"text":', b'"a"}', b'{"text":"b"}{"text":"c"}']), {"text": str})
    assert caught.value.line == 1


def test_a_record_that_goes_on_behind_a_brace_is_not_taken():
    lines = [b'{"text":"a","x":{}', b',"y":1}', b'{"text":"b"}{"text":"c"}']
    with pytest.raises(DataError) as caught:
        parse(block(lines), {"text": str})
    assert caught.value.line == 1


@pytest.mark.parametrize("number", [b"1e999", b"-1e309", b"9" * 400])
def test_numbers_beyond_all_floats_are_refused(number):
    lines = [b'{"s":1}', b'{"s":%s}' % number]
    assert jsonl._parse_fast(block(lines), {"s": float}) is None
    with pytest.raises(DataError, match="field 's': number out of range") as caught:
        parse(block(lines), {"s": float})
    assert caught.value.line == 2


def test_texts_are_joined_one_a_line():
    assert joined(["a\nb", "", "c"]) == "a b\n\nc\n"
    assert joined([]) == ""


def test_plain_text_has_a_text_and_what_may_be_missing():
    assert parse(block([b"a"], text=True), {"text": str, "x": optional(str)}).column("x") == [None]
    with pytest.raises(DataError, match="plain text has no field 'score'"):
        parse(block([b"a"], text=True), {"text": str, "score": float})


def test_carriage_returns_and_blanks_are_kept():
    lines = [b' {"text":"a"}\r', b'{"text" : "b" }  ']
    made = parse(block(lines), {"text": str}).with_numbers("s", np.array([1, 2.5]))
    assert made == b' {"text":"a","s":1.0}\r\n{"text" : "b" ,"s":2.5}  \n'


def test_a_number_that_is_too_large_is_not_a_score():
    with pytest.raises(DataError, match="out of range|not a finite number"):
        parse(block([b'{"x":1e999}']), {"x": float})


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.sampled_from([None, 2, 1]), st.booleans())
def test_set_members(record, indent, ensure_ascii):
    line = json.dumps(record, ensure_ascii=ensure_ascii).encode("utf-8", "surrogatepass")
    new = {"a": 1, **{name: "new" for name in list(record)[:2]}}
    made = set_members(line, {name: encode(value) for name, value in new.items()})
    assert json.loads(made) == {**record, **new}
    assert list(json.loads(made)) == list({**record, **new})


@pytest.mark.parametrize("line", [
    b'{"a":1,"b":"},{"}', b'{"a": 1, "b": [1, 2]}', b'{"a":1, "b" : 2 }', b' {"a":1,"b":2}', b'{"a":1,"b":2} ', b"{}",
    b'{"b":2,"a":1,"b":3}', b'{"a":1,"a":11}',
    b'{"\\u0061": 12345678901234567890123, "b": 1e400}', '{"न":"न"}'.encode(),
])  # fmt: skip
@pytest.mark.parametrize("names", [["a"], ["a", "b"], ["b", "c"], ["न", "a"], []])
def test_members_are_set_alike_quickly_or_not(line, names, monkeypatch):
    new = {name: b"[0]" for name in names}
    made = set_members(line, new)
    monkeypatch.setattr("datasel.records.members._set_quickly", lambda *_: None)
    assert made == set_members(line, new)


def test_an_escaped_key_is_the_same_key():
    parsed = parse(block([b'{"text":"a","\\u0073":0}']), {"text": str})
    assert parsed.with_fields({"s": [b"1"]}) == b'{"text":"a","\\u0073":1}\n'


def test_plain_text_lines_are_records():
    parsed = parse(block([b"a\rb\r", b"", 'न "q"'.encode()], text=True), {"text": str})
    assert parsed.column("text") == ["a\rb", "", 'न "q"']
    assert [json.loads(line)["text"] for line in parsed.with_numbers("s", np.ones(3)).splitlines()] == [
        "a\rb",
        "",
        'न "q"',
    ]


def test_numbers_are_short_and_have_no_negative_zero():
    assert numbers(np.array([1.0, -1e-9, 0.1234567, 1e22])) == [b"1.0", b"0.0", b"0.123457", b"1e22"]


TEXTS = st.text().map(lambda text: text.replace("\n", " "))


@given(RECORDS, st.booleans(), st.booleans(), st.data())
def test_texts_are_written_where_they_stand_or_beside(records, ensure_ascii, beside, data):
    lines, into = dumped(records, ensure_ascii), "x" if beside else "text"
    texts = data.draw(st.tuples(*[st.just(record["text"].replace("\n", " ")) | TEXTS for record in records]))
    made = parse(block(lines), {"text": str}).with_texts(into, texts).split(b"\n")[:-1]
    for line, record, text, after in zip(lines, records, texts, made, strict=True):
        assert json.loads(after) == {**record, into: text}
        assert list(json.loads(after))[: len(record)] == list(record)
        assert beside or record["text"] != text or after == line


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_texts_of_plain_text(texts):
    given = [text.upper().encode() for text in texts]
    made = parse(block(given, text=True), {"text": str}).with_texts("text", texts)
    assert made == b"".join(b'{"text":' + encode(text) + b"}\n" for text in texts)
    made = parse(block(given, text=True, print_field="text"), {"text": str}).with_texts("text", texts)
    assert made == "".join(text + "\n" for text in texts).encode()


# -- names and numbers of any kind -------------------------------------------------------------------------------

ODD_NAMES = ['"', "\\", "a\nb", "\x01", "`", "it's", "a/b", "नाम", "a\"b\\c\td", "$.a", "\u2028"]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("ascii", [True, False])
def test_fields_of_any_name_are_read_and_written(name, ascii):
    lines = [json.dumps({"text": "x", name: n}, ensure_ascii=ascii).encode() for n in (1.5, 2.5)]
    records = parse(block(lines), {name: float, "text": str})
    assert records.column(name).tolist() == [1.5, 2.5]
    assert records.column("text") == ["x", "x"]
    for made in (records.with_numbers(name, np.array([3.0, 4.0])), records.with_fields({name: [b"3.0", b"4.0"]})):
        assert [json.loads(line, object_pairs_hook=list) for line in made.splitlines()] == [
            [("text", "x"), (name, 3.0)], [("text", "x"), (name, 4.0)],
        ]  # fmt: skip
    new = parse(block([b'{"text":"x"}']), {"text": str}).with_numbers(name, np.array([5.0]))
    assert json.loads(new) == {"text": "x", name: 5.0}
    with pytest.raises(DataError) as caught:
        parse(block([b'{"text":"x"}']), {name: float})
    assert caught.value.reason == f"no field '{name}'"
    with pytest.raises(DataError) as caught:
        parse(block([json.dumps({name: "y"}).encode()]), {name: float})
    assert caught.value.reason == f"field '{name}': expected `float`, got `str`"
    assert parse(block([b'{"text":"x"}']), {name: Any}).column(name) == [None]


def test_a_slash_spelled_with_its_escape_is_the_same_name():
    records = parse(block([b'{"a\\/b":1,"text":"x"}']), {"a/b": float})
    assert records.with_numbers("a/b", np.array([2.0])) == b'{"a\\/b":2.0,"text":"x"}\n'


HUGE = {
    "an integer of many digits": "1" * 5000, "a large float": "1e999", "a low float": "-1e999",
    "digits in a list": f'[{{"x":{"9" * 5000}}}]',
}  # fmt: skip


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
def test_numbers_of_any_size_pass_where_nobody_asks(value):
    line = f'{{"n":{value},"\\u0061":1,"text":"x","t\\/":{value}}}'.encode()
    records = parse(block([line]), {"text": str})
    assert records.with_numbers("s", np.ones(1)) == line[:-1] + b',"s":1.0}\n'
    assert records.with_fields({"s": [b"2"], "a": [b"3"]}) == line[:-1].replace(b'61":1', b'61":3') + b',"s":2}\n'
    assert records.keep([0]) == line + b"\n"
    for kind in (Any, float, int, str, list[int]):
        with pytest.raises(DataError, match=":1: field 'n"):
            parse(block([line]), {"n": kind})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"a":1,"b":NaN}', "field 'b': NaN is no number of JSON"),
        ('{"a":{"c":[1,-Infinity]}}', "field 'a': -Infinity is no number of JSON"),
        ('{"a":"ok","b":"x\\ud83d"}', "field 'b': half of a surrogate pair"),
        ('{"a":["\\udc00\\ud800"]}', "field 'a': half of a surrogate pair"),
        ('{"a\\ud800":1}', "half of a surrogate pair"),
        ('\ufeff{"a":1}', "a byte order mark, and not at the start of the input"),
        ('{"a":1,,}', "not valid JSON: "),
        ('{"a":"x', "not valid JSON: Input data was truncated"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_said_of_its_field(line, reason):
    reason = re.escape(reason.removeprefix("not valid JSON: "))
    with pytest.raises(DataError, match=f":1: not valid JSON: .*{reason}"):
        parse(block([line.encode()]), {"a": Any})


@pytest.mark.parametrize("message", ["a\x1b[31mb", "a\rb", "a\x9b1b", "a\u202eb", "a\x00b\tc", "a\nb"])
def test_messages_hold_no_controls(message):
    assert shown(message).isprintable()
    assert shown("नमस्ते “b” ’ é") == "नमस्ते “b” ’ é"

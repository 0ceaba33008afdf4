"""CSV and TSV as records."""

from __future__ import annotations

import csv
import io

import pytest
from converting import Read, file
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.errors import DataError
from datasel.formats import delimited

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELL = st.one_of(TEXT, st.text('",\n\r a', max_size=6))


def test_a_header_and_quotes(tmp_path):
    path = file(tmp_path, 'id,text\r\n1,"play ""Help!"", please"\r\n2,"two\nlines"\r\n3,\r\n')
    assert Read("csv", path).records == [
        {"id": "1", "text": 'play "Help!", please'}, {"id": "2", "text": "two\nlines"}, {"id": "3", "text": ""},
    ]  # fmt: skip


def test_columns_where_there_is_no_header(tmp_path):
    found = Read("csv", file(tmp_path, "1,play\n2,stop\n"), columns=["id", "text"])
    assert found.records == [{"id": "1", "text": "play"}, {"id": "2", "text": "stop"}]
    assert Read("tsv", file(tmp_path, '1\t"play\r\n'), columns=["id", "text"]).records == [{"id": "1", "text": '"play'}]


def test_one_column(tmp_path):
    for form in ("csv", "tsv"):
        assert [each["text"] for each in Read(form, file(tmp_path, "text\na b\n\nc\n")).records] == ["a b", "", "c"]


def test_several_files_have_one_header(tmp_path):
    one, two = file(tmp_path, "id,text\n1,a\n", "one"), file(tmp_path, "id,text\n2,b", "two")
    assert [each["text"] for each in Read("csv", one, file(tmp_path, "", "none"), two).records] == ["a", "b"]
    with pytest.raises(DataError, match="three:1: another header"):
        Read("csv", one, file(tmp_path, "text,id\nb,2\n", "three"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,text\n1,a,b\n", ":2: 3 columns, not 2"),
        ("id,text\n1\n", ":2: 1 column, not 2"),
        ("id,text\n\n", ":2: 1 column, not 2"),
        ('id,text\n"1\n2\n3",a\n4,b,c\n', ":5: 3 columns, not 2"),
        ('id,text\n1,"a"b\n', ":2: ',' expected after '\"'"),
        ('id,text\n1,a\n2,"b\n\n', ":3: quotes are opened here and never closed"),
        ('id,"text\n1,a\n', ":1: quotes are opened here and never closed"),
        ("id,id\n1,a\n", ":1: two columns are named 'id'"),
        (",text\n1,a\n", ":1: column 1 has no name; --rename =NAME gives it one"),
        (b"id,text\n1,a\n2,\xff\n", ":3: not valid UTF-8"),
        (b"id,\xff\n1,a\n", ":1: not valid UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, content, reason):
    path = file(tmp_path, content)
    with pytest.raises(DataError) as found:
        Read("csv", path)
    assert str(found.value) == f"{path}{reason}"


def test_bad_rows_are_set_aside(tmp_path):
    path = file(tmp_path, b'id,text\n1,a\n2\n3,"x\ny",z\n4,"a"b\n\xff,c\n5,"e\nf"\n6,"g\nh\n')
    found = Read("csv", path, lenient=True)
    assert found.records == [{"id": "1", "text": "a"}, {"id": "5", "text": "e\nf"}]
    assert [(line, raw) for _, line, _, raw in found.rejected] == [
        (3, b"2"), (4, b'3,"x\ny",z'), (6, b'4,"a"b'), (7, b"\xff,c"), (10, b'6,"g\nh'),
    ]  # fmt: skip


def test_json_columns_hold_numbers_and_lists(tmp_path):
    path = file(tmp_path, 'score,slots,text\n0.50,"[{""a"":\n1}]",1\n,null,2\n12345678901234567890123,[],3\n')
    found = Read("csv", path, json_columns=["score", "slots"]).records
    assert [each["score"] for each in found] == [0.5, None, 12345678901234567890123]
    assert [each["slots"] for each in found] == [[{"a": 1}], None, []]
    assert [each["text"] for each in found] == ["1", "2", "3"]
    for bad in ("NaN", "01", "a", "1 2"):
        with pytest.raises(DataError, match=":2: column 'score' holds no JSON"):
            Read("csv", file(tmp_path, f"score\n{bad}\n"), json_columns=["score"])
    with pytest.raises(DataError, match=":1: --json-columns: there is no 'rank' among score"):
        Read("csv", file(tmp_path, "score\n1\n"), json_columns=["rank"])


def test_names_change(tmp_path):
    path = file(tmp_path, ",utterance\n1,a\n")
    assert Read("csv", path, rename={"": "id", "utterance": "text"}).records == [{"id": "1", "text": "a"}]
    with pytest.raises(DataError, match=":1: --rename: there is no 'text' among id, utterance"):
        Read("csv", file(tmp_path, "id,utterance\n"), rename={"text": "a"})
    with pytest.raises(DataError, match=":1: two fields would be named 'id'"):
        Read("csv", file(tmp_path, "id,utterance\n"), rename={"utterance": "id"})


def test_another_delimiter(tmp_path):
    path = file(tmp_path, 'id\ttext\n1\t"a\tb"\n')
    assert Read("csv", path, delimiter="\t").records == [{"id": "1", "text": "a\tb"}]


@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=30), size=st.integers(1, 40))
@settings(max_examples=200)
def test_what_python_writes_is_read(tmp_path_factory, rows, size):
    """However the blocks fall, and also where the slow way is taken."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    path = file(tmp_path_factory.getbasetemp(), made.getvalue())
    wanted = [dict(zip("ab", row)) for row in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasel.formats.source.blocks", small(size))
        assert Read("csv", path).records == wanted
        assert Read("csv", path, eager=True).records == wanted
    bad = file(tmp_path_factory.getbasetemp(), made.getvalue() + "1,2,3\n")
    found = Read("csv", bad, lenient=True)
    assert found.records == wanted
    assert [line for _, line, _, _ in found.rejected] == [made.getvalue().count("\n") + 1]


def small(size: int):
    from datasel.records.streams import blocks

    return lambda files, eager: blocks(files, eager=eager, size=size)


CELL_OF_TSV = TEXT.filter(lambda text: not set(text) & set("\t\n\r"))


@given(rows=st.lists(st.lists(CELL_OF_TSV, min_size=2, max_size=2), max_size=30))
@settings(max_examples=100)
def test_what_has_tabs_is_read(tmp_path_factory, rows):
    path = file(tmp_path_factory.getbasetemp(), "".join("\t".join(row) + "\r\n" for row in [["a", "b"], *rows]))
    assert Read("tsv", path).records == [dict(zip("ab", row)) for row in rows]


def test_a_field_of_many_lines(tmp_path):
    """Longer than several blocks; and the same where its quotes are not closed."""
    long = "x\n" * 2_000_000
    path = file(tmp_path, f'id,text\n1,"{long}"\n2,b\n')
    assert Read("csv", path).records == [{"id": "1", "text": long}, {"id": "2", "text": "b"}]
    with pytest.raises(DataError, match=":2: quotes are opened here and never closed"):
        Read("csv", file(tmp_path, f'id,text\n1,"{long}\n2,b\n'))


@pytest.mark.parametrize(("form", "header", "hint"), [
    ("csv", "id;text", "--from csv --delimiter ';'"), ("csv", "id\ttext", "--from tsv"),
    ("tsv", "id,text", "--from csv"),
])  # fmt: skip
def test_a_table_that_is_parted_by_something_else_is_told_of(tmp_path, form, header, hint):
    said = []
    path = file(tmp_path, f"{header}\n{header}\n", "in")
    assert Read(form, path, warn=said.append).records == [{header: header}]
    assert said == [f"{path}: one column, named '{header}'; '{hint}' would part it"]
    said.clear()
    assert Read(form, path, columns=["all"], warn=said.append).read == 2
    assert Read(form, file(tmp_path, "text\nplay jazz\n"), warn=said.append).read == 1
    assert said == []


def test_a_quote_that_is_not_closed_does_not_hold_all_of_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "_LONGEST", 1 << 20)
    path = file(tmp_path, 'id,text\n1,"never closed\n' + "2,without a quote\n" * 200_000)
    with pytest.raises(DataError, match=":2: quotes are opened here and not closed on the next"):
        Read("csv", path)

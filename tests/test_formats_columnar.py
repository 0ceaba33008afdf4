"""Parquet out of records and back."""

import json
from math import inf, nan

import pytest
from converting import Read, file, written

from datasel.errors import DataError

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet")


def table(folder, **columns):
    parquet.write_table(pyarrow.table(columns), folder / "in.parquet")
    return folder / "in.parquet"


def lines(first, last):
    """So many records that the last one is of another block."""
    return b"".join(json.dumps(each).encode() + b"\n" for each in [first] * 60_000 + [last])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ({"v": [{"name": "a"}]}, {"v": [{"name": "b", "role": "c"}]}),
        ({"v": {"a": 1, "filler": "x" * 20}}, {"v": {"b": 2}}),
        ({"v": 1.5, "filler": "x" * 20}, {"v": True, "filler": ""}),
        ({"v": [], "filler": "x" * 20}, {"v": ["a"], "filler": ""}),
    ],
)
def test_what_a_column_has_no_place_for_is_an_error(first, last, tmp_path):
    with pytest.raises(DataError, match="a value of field 'v' is of another type"):
        written("parquet", tmp_path, lines(first, last))


def test_what_a_column_has_a_place_for_comes_back(tmp_path):
    first, last = {"v": {"a": 1.5, "b": "x" * 20}, "w": [1]}, {"v": {"a": 2, "b": None}, "w": []}
    made = file(tmp_path, written("parquet", tmp_path, lines(first, last)), "made.parquet")
    found = Read("parquet", made).records
    assert found[0] == first and found[-1] == {"v": {"a": 2.0, "b": None}, "w": []}


def test_no_records_make_a_file_that_has_none(tmp_path):
    assert Read("parquet", file(tmp_path, written("parquet", tmp_path, b""), "made.parquet")).records == []


def test_numbers_that_json_has_not_are_bad_at_any_depth(tmp_path):
    path = table(tmp_path, v=[[1.0, nan], [2.0], [inf]], w=[{"s": 1.0}, {"s": nan}, {"s": 3.0}])
    found = Read("parquet", path, lenient=True)
    assert found.records == []
    assert [reason for _, _, reason, _ in found.rejected] == [
        "column 'v' holds nan", "column 'w' holds nan", "column 'v' holds inf",
    ]  # fmt: skip


def test_times_in_nanoseconds_are_read_where_microseconds_say_the_same(tmp_path):
    whole = pyarrow.array([1_700_000_000_123_456_000, 1_700_000_000_123_456_789], pyarrow.timestamp("ns"))
    found = Read("parquet", table(tmp_path, t=whole, d=whole.cast("int64").cast(pyarrow.duration("ns"))), lenient=True)
    assert found.records[0]["t"] == "2023-11-14T22:13:20.123456"
    assert [reason for *_, reason, _ in found.rejected] == [
        "column 'd' is not of whole microseconds: 1700000000123456789 ns"
    ]
    nested = pyarrow.array([[1000], [1001]], pyarrow.list_(pyarrow.timestamp("ns")))
    found = Read("parquet", table(tmp_path, t=nested), lenient=True)
    assert found.records == [{"t": ["1970-01-01T00:00:00.000001"]}]
    assert [reason for *_, reason, _ in found.rejected] == ["column 't' holds a time that is not of whole microseconds"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"v": "three"}, "a value of field 'v' is of another type"),
        ({"v": 1, "w": 2}, "field 'w' is not among the columns"),
    ],
)
def test_a_record_that_does_not_fit_is_named_or_set_aside(bad, reason, tmp_path):
    data = b"".join(json.dumps(each).encode() + b"\n" for each in [{"v": 1}, {"v": 2}, bad, {"v": 4}, bad])
    with pytest.raises(DataError, match=f":3: {reason}"):
        written("parquet", tmp_path, data)
    written("parquet", tmp_path, data, rejects=True)
    assert Read("parquet", tmp_path / "made").records == [{"v": 1}, {"v": 2}, {"v": 4}]
    rejected = [line.split("\t") for line in (tmp_path / "rejects").read_text().splitlines()]
    assert [each[1] for each in rejected] == ["3", "5"] and all(reason in each[2] for each in rejected)


def test_of_many_values_of_two_types_the_first_is_the_column(tmp_path):
    values = enumerate([b"1", b'"x"', b"2.5", b"true"] * 500)
    data = b"".join(b'{"v":%s,"w":{"a":%d}}\n' % (value, n) for n, value in values)
    written("parquet", tmp_path, data, rejects=True)
    assert [each["v"] for each in Read("parquet", tmp_path / "made").records] == [1.0, 2.5] * 500


def test_an_object_without_members_is_no_column(tmp_path):
    for bad in ({"v": {}}, {"v": [{}]}):
        with pytest.raises(DataError, match="without members"):
            written("parquet", tmp_path, json.dumps(bad).encode() + b"\n")


def test_types_that_hold_times_and_times_that_python_has_not(tmp_path):
    time = pyarrow.array([1_000], pyarrow.timestamp("ns"))
    lists = (pyarrow.large_list, lambda kind: pyarrow.list_(kind, 1))
    for made in lists:
        values = pyarrow.array([[time[0].value]], made(pyarrow.int64())).cast(made(pyarrow.timestamp("ns")))
        assert Read("parquet", table(tmp_path, v=values)).records == [{"v": ["1970-01-01T00:00:00.000001"]}]
    late = pyarrow.array([0, 10**12], pyarrow.timestamp("s"))
    found = Read("parquet", table(tmp_path, v=late), lenient=True)
    assert len(found.records) == 1 and "out of range" in found.rejected[0][2]


def test_a_dictionary_of_bytes_is_bytes_and_metadata_may_be_anything(tmp_path):
    with pytest.raises(DataError, match="which JSON cannot hold"):
        Read("parquet", table(tmp_path, v=pyarrow.array([b"ab"]).dictionary_encode()))
    made = pyarrow.table({"v": [1]}).replace_schema_metadata({"huggingface": "no JSON"})
    parquet.write_table(made, tmp_path / "in.parquet")
    assert Read("parquet", tmp_path / "in.parquet").records == [{"v": 1}]


def test_a_folder_whose_name_is_a_pattern(tmp_path):
    folder = tmp_path / "d[1]"
    folder.mkdir()
    parquet.write_table(pyarrow.table({"v": [1]}), folder / "part-0.parquet")
    assert Read("parquet", folder).records == [{"v": 1}]

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

"""CSV, TSV, Parquet, Moses' files, TMX and fastText: what is written is read, by us and by others."""

import csv
import io
import json

import pytest
from converting import Read, again, file, written
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.errors import DataError, UsageError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text('",\n\r a', max_size=6)
LINE = TEXT.filter(lambda text: not set(text) & set("\n\r\t"))


def several(**kinds):
    return st.lists(st.fixed_dictionaries(kinds), min_size=1, max_size=8)


quick = settings(max_examples=100)


@given(records=several(id=TEXT, text=TEXT, score=st.integers() | st.floats(allow_nan=False, allow_infinity=False)))
@quick
def test_csv(tmp_path_factory, records):
    folder = tmp_path_factory.getbasetemp()
    assert again("csv", folder, records, {"json_columns": ["score"]}) == records
    read = list(csv.DictReader(io.StringIO((folder / "made").read_bytes().decode(), newline=""), strict=True))
    assert [(each["id"], each["text"], json.loads(each["score"])) for each in read] == [
        (each["id"], each["text"], each["score"]) for each in records
    ]


@given(records=several(id=LINE, text=LINE))
@quick
def test_tsv(tmp_path_factory, records):
    assert again("tsv", tmp_path_factory.getbasetemp(), records) == records


def test_pandas_reads_our_csv(tmp_path):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    records = [{"id": "1", "text": 'a "b", c\nd'}, {"id": "2", "text": "हिन्दी"}]
    written("csv", tmp_path, records)
    assert pandas.read_csv(tmp_path / "made", dtype=str).to_dict("records") == records


def test_columns_and_values_of_csv(tmp_path):
    records = [{"id": 1, "text": "a"}, {"text": None, "id": 0.50}, {"id": [1, {"b": "c"}]}]
    assert written("csv", tmp_path, records) == b'id,text\n1,a\n0.5,\n"[1, {""b"": ""c""}]",\n'
    assert written("csv", tmp_path, records, columns=["text"], rename={"text": "t"}, rejects=True) == b't\na\n""\n'
    assert (tmp_path / "rejects").read_bytes().split(b"\t")[1:3] == [b"3", b"has none of the columns"]
    with pytest.raises(DataError, match="records.jsonl:2: field 'x' is not among the columns"):
        written("csv", tmp_path, [{"id": 1}, {"id": 1, "x": 2}])
    with pytest.raises(DataError, match="holds a tab"):
        written("tsv", tmp_path, [{"text": "a\tb"}])


@given(records=several(source=LINE, target=LINE))
@quick
def test_moses(tmp_path_factory, records):
    folder = tmp_path_factory.getbasetemp()
    written("moses", folder, records, file=[("source", str(folder / "a")), ("target", str(folder / "b"))])
    assert Read("moses", folder / "a", folder / "b").records == records


def test_moses_takes_no_line_feeds_and_leaves_no_file(tmp_path):
    where = [("text", str(tmp_path / "a"))]
    with pytest.raises(DataError, match="records.jsonl:2: field 'text' holds a line feed"):
        written("moses", tmp_path, [{"text": "a"}, {"text": "b\nc"}], file=where)
    assert not (tmp_path / "a").exists()
    with pytest.raises(UsageError):
        written("moses", tmp_path, [{"text": "a"}])


XML = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
XML = XML | st.text("<>&\"'\r\n\t a]", max_size=8)


@given(records=several(id=XML, source=XML, target=XML))
@quick
def test_tmx(tmp_path_factory, records):
    assert again("tmx", tmp_path_factory.getbasetemp(), records, languages=["en", "hi"]) == records


def test_the_translate_toolkit_reads_our_tmx(tmp_path):
    tmx = pytest.importorskip("translate.storage.tmx", reason="translate-toolkit is not installed")
    records = [{"source": 'a < b & "c"', "target": "क"}, {"source": "two", "target": "दो"}]
    written("tmx", tmp_path, records, languages=["en", "hi"])
    units = tmx.tmxfile.parsefile(str(tmp_path / "made")).units
    assert [{"source": str(unit.source), "target": str(unit.target)} for unit in units] == records


def test_languages_of_tmx(tmp_path):
    form = '<tuv xml:lang="{0}"><seg>{0} <ph>x</ph><hi>!</hi></seg></tuv>'
    units = "".join(map(form.format, ("EN-gb", "fr", "hi")))
    path = file(tmp_path, f'<tmx><header srclang="en"/><body>\n<tu>{units}</tu></body></tmx>')
    assert Read("tmx", path, languages=["en", "hi"]).records == [{"source": "EN-gb !", "target": "hi !"}]
    with pytest.raises(DataError, match=":2: languages beside 'en': fr, hi; --languages says"):
        Read("tmx", path)
    found = Read("tmx", path, languages=["en", "de"], lenient=True)
    assert [reason for _, _, reason, _ in found.rejected] == ["no segment in 'de'"]
    with pytest.raises(DataError, match=":1: not valid XML: "):
        Read("tmx", file(tmp_path, "<tmx><body>"))
    wide = file(tmp_path, '<?xml version="1.0" encoding="UTF-16"?><tmx><body/></tmx>'.encode("utf-16"))
    assert Read("tmx", wide).records == Read("tmx", file(tmp_path, "")).records == []


LABEL = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=6)
PLAIN = LINE.filter(lambda text: "__label__" not in text)


@given(records=st.lists(st.one_of(
    st.fixed_dictionaries({"text": PLAIN, "intent": LABEL}),
    st.fixed_dictionaries({"text": PLAIN, "labels": st.lists(LABEL, min_size=2, max_size=3)}),
    st.fixed_dictionaries({"text": PLAIN}),
), max_size=8))  # fmt: skip
@quick
def test_fasttext(tmp_path_factory, records):
    assert again("fasttext", tmp_path_factory.getbasetemp(), records) == records


@pytest.mark.parametrize("record", [
    {"text": "a", "intent": "b c"}, {"text": "a", "intent": ""}, {"text": "a\nb"}, {"text": "a __label__b"},
])  # fmt: skip
def test_what_fasttext_cannot_hold(tmp_path, record):
    with pytest.raises(DataError, match="records.jsonl:1: "):
        written("fasttext", tmp_path, [record])


VALUE = st.fixed_dictionaries({
    "text": st.none() | TEXT, "n": st.integers(-(2**63), 2**63 - 1), "x": st.none() | st.floats(-1e9, 1e9),
    "yes": st.booleans(), "many": st.lists(TEXT, max_size=3),
})  # fmt: skip


@given(records=st.lists(VALUE, min_size=1, max_size=6))
@quick
def test_parquet(tmp_path_factory, records):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    folder = tmp_path_factory.getbasetemp()
    assert again("parquet", folder, records) == records
    assert parquet.read_table(folder / "made").to_pylist() == records


def test_parquet_from_elsewhere(tmp_path):
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import pyarrow.parquet

    features = {"info": {"features": {"label": {"names": ["no", "yes"], "_type": "ClassLabel"}}}}
    table = arrow.table({"label": [1, 0, -1, 7], "x": [0.5, None, 1.0, 2.0], "raw": [b"a"] * 4})
    pyarrow.parquet.write_table(table.replace_schema_metadata({"huggingface": json.dumps(features)}), tmp_path / "p")
    with pytest.raises(DataError, match="column 'raw' is binary, which JSON cannot hold; --columns label,x"):
        Read("parquet", tmp_path / "p")
    with pytest.raises(DataError, match="p:4: column 'label' has no label 7"):
        Read("parquet", tmp_path / "p", columns=["label"])
    found = Read("parquet", tmp_path / "p", columns=["label", "x"], rename={"label": "intent"}, lenient=True)
    assert found.records == [{"intent": "yes", "x": 0.5}, {"intent": "no", "x": None}, {"intent": None, "x": 1.0}]
    assert [(line, raw) for _, line, _, raw in found.rejected] == [(4, b'{"label":7,"x":2.0}')]
    with pytest.raises(DataError, match="not a Parquet file"):
        Read("parquet", file(tmp_path, "a,b\n"))
    (tmp_path / "folder").mkdir()
    pyarrow.parquet.write_table(arrow.table({"a": [1]}), tmp_path / "folder" / "part-0.parquet")
    assert Read("parquet", tmp_path / "folder").records == [{"a": 1}]


def test_a_saved_dataset(tmp_path):
    """As datasets writes it: a folder a split, Arrow streams, features in JSON."""
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    for split in ("train", "test"):
        place = tmp_path / split
        place.mkdir()
        table = arrow.table({"text": [split], "label": [0]})
        with arrow.ipc.new_stream(str(place / "data-00000-of-00001.arrow"), table.schema) as stream:
            stream.write_table(table)
        (place / "state.json").write_text('{"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}')
        (place / "dataset_info.json").write_text('{"features": {"label": {"names": ["Play"], "_type": "ClassLabel"}}}')
    assert Read("datasets", tmp_path, split="test").records == [{"text": "test", "label": "Play"}]
    assert Read("datasets", tmp_path / "train").records == [{"text": "train", "label": "Play"}]
    with pytest.raises(DataError, match="has the splits train, test; --split says which"):
        Read("datasets", tmp_path)
    with pytest.raises(DataError, match="has no split 'dev', but train, test"):
        Read("datasets", tmp_path, split="dev")
    state = '{"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": "train"}'
    (tmp_path / "train" / "state.json").write_text(state)
    assert Read("datasets", tmp_path / "train", split="train").records == [{"text": "train", "label": "Play"}]
    for place in ("train", "test"):  # the latter does not say of which split it is
        with pytest.raises(DataError, match="has no split 'dev'"):
            Read("datasets", tmp_path / place, split="dev")


@pytest.mark.parametrize("form", ["csv", "parquet", "nemo"])
@pytest.mark.parametrize("name", ['a"b', "a\\b", "a`b", "a\nb", "\x01", "ü\u2028"])
def test_names_of_any_characters(tmp_path, form, name):
    """msgspec does not take some of them for names of fields."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    records = [{"audio": "/a.wav", "duration": 1.5, name: "x"}, {"audio": "/b.wav", "duration": 2.5, name: "y"}]
    assert again(form, tmp_path, records, {"json_columns": ["duration"]} if form == "csv" else {}) == records


@pytest.mark.parametrize("number", ["9" * 30, "9" * 6000, "1e999"])
def test_numbers_that_parquet_cannot_hold(tmp_path, number):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    lines = b'{"a":1}\n{"a":%s}\n' % number.encode()
    with pytest.raises(DataError, match=r"records.jsonl:[12]: "):
        written("parquet", tmp_path, lines)
    if number != "1e999":
        assert written("csv", tmp_path, lines) == b"a\n1\n%s\n" % number.encode()

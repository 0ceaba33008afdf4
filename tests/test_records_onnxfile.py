"""Neural models on disk: there and back, and no damage goes unseen."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper

from datasel.errors import ModelError
from datasel.records import modelfile, onnxfile

SETTINGS = {"hidden": 8, "scale": 7.25, "note": "é {", "dev": {"auc": 0.75}}


def network(constant=2.0):
    """x times a constant."""
    return helper.make_model(
        helper.make_graph(
            [helper.make_node("Mul", ["x", "times"], ["y"])],
            "times",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
            [helper.make_tensor("times", TensorProto.FLOAT, [1], [constant])],
        ),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    ).SerializeToString()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "m.onnx"


def refused(path, data, match="m.onnx", kind="kind"):
    path.write_bytes(data)
    with pytest.raises(ModelError, match=match):
        onnxfile.load(str(path), kind)


GOOD = onnxfile.pack("kind", "made|by:test", SETTINGS, network())


def test_there_and_back(path):
    path.write_bytes(GOOD)
    settings, session = onnxfile.load(str(path), "kind")
    assert settings == SETTINGS
    assert session.run(["y"], {"x": np.array([1.5, -2], np.float32)})[0].tolist() == [3.0, -4.0]
    assert onnxfile.pack("kind", "made|by:test", SETTINGS, network()) == GOOD


def test_it_is_an_onnx_file_like_any_other(path):
    path.write_bytes(GOOD)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    (entry,) = model.metadata_props
    assert entry.key == "datasel" and '"signature":"made|by:test"' in entry.value
    del model.metadata_props[:]
    assert model.SerializeToString() == network()


def test_a_large_network_and_large_settings(path):
    """Where the lengths of the metadata take several bytes."""
    settings = {"note": "x" * 40_000}
    path.write_bytes(onnxfile.pack("kind", "s", settings, network()))
    assert onnxfile.load(str(path), "kind")[0] == settings
    onnx.checker.check_model(onnx.load(path))


def test_every_changed_byte_is_seen(path):
    for place in range(len(GOOD)):
        refused(path, GOOD[:place] + bytes([GOOD[place] ^ 1]) + GOOD[place + 1 :])


def test_every_cut_is_seen(path):
    for place in range(len(GOOD)):
        refused(path, GOOD[:place], "truncated, damaged, or not a datasel model")


@pytest.mark.parametrize(
    "data",
    [
        GOOD + b"\n",
        GOOD + b"more",
        GOOD + GOOD,
        b"more" + GOOD,
        network(),  # an ONNX file of somebody else
        network(3.0) + GOOD[len(network()) :],  # another network of the same length
        modelfile.pack("kind", "s", {}, {"x": np.arange(9)}),
        b'{"text": "play"}\n',
    ],
)
def test_what_is_not_a_whole_model_is_refused(data, path):
    refused(path, data)


def test_a_model_of_another_kind_or_of_a_newer_format(path, monkeypatch):
    refused(path, GOOD, "kind 'kind', but 'other' is needed", kind="other")
    monkeypatch.setattr(modelfile, "FORMAT", 99)
    newer = onnxfile.pack("kind", "s", {}, network())
    monkeypatch.undo()
    refused(path, newer, "newer than this one")


@pytest.mark.parametrize("content", [b"", b"not a network", network()[:-20], network() * 2])
def test_a_network_that_onnxruntime_does_not_take(content, path):
    refused(path, onnxfile.pack("kind", "s", {}, content), "onnxruntime does not take it")


def test_a_file_that_cannot_be_read(path):
    with pytest.raises(ModelError, match="m.onnx: No such file or directory"):
        onnxfile.load(str(path), "kind")
    path.mkdir()
    with pytest.raises(ModelError, match="m.onnx: Is a directory"):
        onnxfile.load(str(path), "kind")

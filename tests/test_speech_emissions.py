"""Emissions as bytes and as a record's field."""

from __future__ import annotations

import io

import numpy as np
import pytest

from datasel.speech import emissions
from datasel.speech.emissions import Emissions


def some(dtype=np.float32, frames=5):
    probs = np.random.default_rng(3).random((frames, 4)) + 0.01
    log_probs = np.log(probs / probs.sum(axis=1, keepdims=True)).astype(dtype)
    return Emissions(log_probs, ("-", "sil", "a", "आ"), 0, 1, 50.0)


def same(one, other):
    return (one.log_probs == other.log_probs).all() and one[1:] == other[1:]


def written(**changes):
    one = some()
    arrays = {
        "log_probs": one.log_probs, "tokens": np.array(one.tokens), "blank": np.int64(0), "silence": np.int64(1),
        "frame_rate": np.float64(50), **changes,
    }  # fmt: skip
    out = io.BytesIO()
    np.savez(out, **{name: value for name, value in arrays.items() if value is not None})
    return out.getvalue()


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_what_is_packed_is_unpacked(dtype):
    one = some(dtype)
    back = emissions.unpack(emissions.pack(one))
    assert same(back, one)
    assert back.log_probs.dtype == dtype


def test_an_utterance_without_frames():
    assert emissions.unpack(emissions.pack(some(frames=0))).log_probs.shape == (0, 4)


def test_the_same_emissions_give_the_same_bytes():
    assert emissions.pack(some()) == emissions.pack(some())


def test_numpy_reads_it_and_writes_it(tmp_path):
    with np.load(io.BytesIO(emissions.pack(some())), allow_pickle=False) as opened:
        assert sorted(opened.files) == ["blank", "frame_rate", "log_probs", "silence", "tokens"]
        assert opened["blank"].shape == () and opened["blank"].dtype == np.int64
        assert opened["tokens"].tolist() == list(some().tokens)
    assert same(emissions.unpack(written()), some())


def test_from_a_file_and_inline(tmp_path):
    content = emissions.pack(some())
    (tmp_path / "a.npz").write_bytes(content)
    assert same(emissions.load(str(tmp_path / "a.npz")), some())
    assert same(emissions.load(emissions.inline(content)), some())
    assert same(emissions.load("a.npz", str(tmp_path / "records.jsonl")), some())


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"tokens": None}, "tokens is missing"),
        ({"log_probs": np.zeros((5, 4))}, "matrix"),
        ({"log_probs": np.zeros(4, np.float32)}, "matrix"),
        ({"log_probs": np.zeros((5, 4), np.float32)}, "sum to 1"),
        ({"log_probs": np.full((5, 4), np.nan, np.float32)}, "sum to 1"),
        ({"tokens": np.array(["a", "b", "c"])}, "as many"),
        ({"tokens": np.array(["a", "b", "a", "c"])}, "twice"),
        ({"tokens": np.array(["a", "b", "", "c"])}, "empty"),
        ({"tokens": np.arange(4)}, "texts"),
        ({"blank": np.int64(4)}, "index"),
        ({"blank": np.int64(1)}, "index"),
        ({"blank": np.float64(0)}, "whole"),
        ({"silence": np.int64(-2)}, "index"),
        ({"frame_rate": np.float64(0)}, "frame_rate"),
        ({"frame_rate": np.float64(np.nan)}, "frame_rate"),
    ],
)
def test_what_does_not_fit_is_named(changes, reason):
    with pytest.raises(ValueError, match=reason):
        emissions.unpack(written(**changes))


def test_pickles_are_not_opened():
    with pytest.raises(ValueError, match="no emissions"):
        emissions.unpack(written(tokens=np.array([["a"], 1, 2, 3], dtype=object)))


@pytest.mark.parametrize("length", [0, 1, 30, 200, 700, -1])
def test_a_truncated_file(length):
    with pytest.raises(ValueError, match="no emissions"):
        emissions.unpack(emissions.pack(some())[:length])


def test_a_damaged_file():
    content = bytearray(emissions.pack(some()))
    content[len(content) // 3] ^= 0xFF
    with pytest.raises(ValueError, match="no emissions"):
        emissions.unpack(bytes(content))


@pytest.mark.parametrize("value", ["none.npz", "a\0b", "", "npz;base64,!!", "npz;base64,AAAA"])
def test_a_field_that_is_none(value, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError):
        emissions.load(value)


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(emissions, "_MOST", 2000)
    assert emissions.unpack(emissions.pack(some(frames=3))).log_probs.shape[0] == 3
    with pytest.raises(ValueError, match="no emissions: more than 0 MiB"):
        emissions.unpack(emissions.pack(some(frames=3000)))

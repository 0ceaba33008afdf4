"""Vectors of whole numbers: products are cosines, exact, whatever the order of summing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.embedding.directions import Directions
from datasel.embedding.sources import FromArray
from datasel.errors import DataError
from datasel.records.jsonl import parse
from datasel.records.streams import Block
from datasel.selection.vectors import UNIT, VectorPool, whole


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.sampled_from([1, 2, 7, 384, 2000]), st.sampled_from([1e-30, 1.0, 1e30]))
def test_products_are_cosines(seed, dim, size):
    random = np.random.default_rng(seed)
    rows = random.normal(size=(20, dim)).astype(np.float32)
    made = whole(rows * np.float32(size))
    assert made.dtype == np.int16
    products = made.astype(np.int64) @ made.astype(np.int64).T
    unit = rows.astype(float) / np.linalg.norm(rows, axis=1, keepdims=True)
    assert products / UNIT**2 == pytest.approx(unit @ unit.T, abs=2e-3)
    # every partial sum, in whichever order, is a whole number that float32 has
    assert np.abs(made.astype(np.int64)[:, None] * made).sum(axis=2).max() < 2**24
    turned = made[:, ::-1].astype(np.float32)
    assert (made.astype(np.float32) @ made.astype(np.float32).T == turned @ turned.T).all()


def test_a_row_of_zeros_is_like_nothing():
    made = whole(np.array([[0, 0], [3, 4], [-3e-38, 0]], np.float32))
    assert made.tolist() == [[0, 0], [1229, 1638], [-2048, 0]]


def records(texts, first=1):
    return parse(Block("texts", first, "".join(text + "\n" for text in texts).encode(), text=True), {"text": str})


def array(path, rows):
    np.save(path, rows)
    return Directions(FromArray(str(path), "what is held" if path.name == "h.npy" else "the input"))


def test_rows_of_a_pool_and_of_what_is_held(tmp_path):
    rows = np.random.default_rng(1).normal(size=(9, 3))
    with VectorPool(array(tmp_path / "a.npy", rows[:5]), array(tmp_path / "h.npy", rows[5:])) as pool:
        pool.hold(records("ab"), "text")
        pool.hold(records("cd", 3), "text")
        pool.add(records("ab"), "text")
        pool.add(records("cde", 3), "text")
        pool.end()
        assert (pool.vectors == whole(rows[:5])).all() and (pool.held == whole(rows[5:])).all()
        told = []
        assert len(list(pool.farthest(np.arange(5), 3, np.zeros(5), 2, told.append))) == 3
        assert [(each["round"], each["chosen"]) for each in told] == [(1, 2), (2, 3)]
        nearest = (whole(rows[:5]).astype(int) @ whole(rows[5:]).astype(int).T).max(axis=1) / UNIT**2
        assert nearest.mean() <= told[0]["mean_similarity"] <= told[1]["mean_similarity"] <= 1


@pytest.mark.parametrize("held", [2, 4])
def test_rows_and_lines_are_as_many(held, tmp_path):
    with VectorPool(array(tmp_path / "a.npy", np.eye(3)), array(tmp_path / "h.npy", np.ones((held, 3)))) as pool:
        if held == 2:
            with pytest.raises(DataError, match=r"h\.npy has 2 rows; what is held has more lines"):
                pool.hold(records("abc"), "text")
            return
        pool.hold(records("abc"), "text")
        pool.add(records("abc"), "text")
        with pytest.raises(DataError, match=r"h\.npy has 4 rows; what is held has 3 lines"):
            pool.end()

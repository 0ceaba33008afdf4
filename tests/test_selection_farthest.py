"""Farthest-first choice against its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.selection import farthest
from datasel.selection.farthest import NOTHING, Farthest


def naive(pool, held, candidates, k, bonus):
    """Again and again the candidate whose highest product with all that is held, less its bonus, is the lowest."""
    products = pool.astype(np.int64) @ np.concatenate([held, pool]).astype(np.int64).T
    taken, chosen, left = list(range(len(held))), [], list(candidates)
    while left and len(chosen) < k:
        highest = [max((products[row, place] for place in taken), default=int(NOTHING)) for row in left]
        chosen.append(left.pop(int(np.argmin(np.array(highest) - bonus[left].astype(np.int64)))))
        taken.append(len(held) + chosen[-1])
    return chosen


def chosen(pool, held, candidates, k, bonus, batch, jobs=1):
    selection = Farthest(pool, jobs)
    selection.hold(held)
    rounds = list(selection.choose(candidates, k, batch, bonus))
    assert all(len(found) == batch for found in rounds[:-1]) and all(rounds)
    flat = [row for found in rounds for row in found]
    everything = np.concatenate([held, pool[flat]]).astype(np.int64)
    if len(everything):
        assert (selection.nearest == (pool.astype(np.int64) @ everything.T).max(axis=1)).all()
    else:
        assert (selection.nearest == NOTHING).all()
    return flat


@st.composite
def cases(draw):
    """Few values and few rows to draw from: many ties, many duplicates."""
    dimensions, many = draw(st.integers(1, 4)), draw(st.integers(1, 60))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = np.array(draw(st.sampled_from([(0, 1), (-1, 0, 1), (-3, 1, 2), (-1024, 0, 512, 1024)])), np.int16)
    rows = random.choice(values, (draw(st.integers(1, 60)), dimensions))
    pool = rows[random.integers(0, len(rows), many)]
    held = rows[random.integers(0, len(rows), draw(st.integers(0, 5)))]
    candidates = np.flatnonzero(random.random(many) < draw(st.sampled_from([0.5, 1.0])))
    most = draw(st.sampled_from([0, 2, int(values.max()) ** 2, 2**40]))
    return pool, held, candidates, draw(st.integers(0, 70)), random.integers(0, most + 1, many).astype(float)


@given(cases(), st.sampled_from([1, 2, 3, 7, 100]), st.sampled_from([1, 2, 8]))
@settings(max_examples=300)
def test_it_is_the_naive_choice(case, batch, shortlist):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(farthest, "_SHORTLIST", shortlist)
        patch.setattr(farthest, "_LEAST", 1)
        assert chosen(*case, batch) == naive(*case)


def test_a_row_outside_of_the_shortlist_that_stands_before_one_as_near(monkeypatch):
    """The third row is chosen; then the second, of the shortlist, comes as near as the first, outside of it, is."""
    monkeypatch.setattr(farthest, "_SHORTLIST", 1)
    monkeypatch.setattr(farthest, "_LEAST", 1)
    pool, held = np.array([[2, 0], [1, 2], [0, 1]], np.int16), np.array([[1, 0]], np.int16)
    case = pool, held, np.arange(3), 2, np.zeros(3)
    assert chosen(*case, batch=2) == naive(*case) == [2, 0]


@given(cases(), st.sampled_from([1, 4, 50]), st.sampled_from([1, 2]))
@settings(max_examples=60)
def test_a_pool_looked_at_in_pieces_by_one_or_two_is_the_same(case, batch, jobs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(farthest, "_ROWS", 7)
        patch.setattr(farthest, "_HELD", 2)
        patch.setattr(farthest, "_LEAST", 1)
        assert chosen(*case, batch, jobs) == naive(*case)


@pytest.mark.parametrize("jobs", [1, 2])
def test_unit_vectors_of_a_large_pool(jobs, monkeypatch):
    monkeypatch.setattr(farthest, "_LEAST", 100)
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(9000, 16))
    pool = np.rint(rows / np.linalg.norm(rows, axis=1, keepdims=True) * 2048).astype(np.int16)
    pool[4000:5000] = pool[:1000]
    candidates = np.flatnonzero(draw.random(len(pool)) < 0.9)
    held = pool[draw.integers(0, len(pool), 20)]
    none = np.zeros(len(pool))
    expected = chosen(pool, held, candidates, 120, none, 1)
    nearest = (pool.astype(np.int64) @ held.astype(np.int64).T).max(axis=1)
    left = np.ones(len(pool), bool)
    for row in expected:
        allowed = candidates[left[candidates]]
        assert row == allowed[nearest[allowed].argmin()]
        left[row] = False
        nearest = np.maximum(nearest, pool.astype(np.int64) @ pool[row].astype(np.int64))
    for batch in (10, 120, 500):
        assert chosen(pool, held, candidates, 120, none, batch, jobs) == expected


def test_a_shorter_choice_is_the_beginning_of_a_longer_one():
    random = np.random.default_rng(4)
    pool, none, everything = random.integers(-2, 3, (80, 3)).astype(np.int16), np.empty((0, 3), np.int16), np.arange(80)
    for bonus in (np.zeros(80), random.integers(0, 5, 80).astype(float)):
        whole = chosen(pool, none, everything, 80, bonus, 9)
        assert sorted(whole) == list(range(80))
        for k in (0, 1, 13, 79):
            assert chosen(pool, none, everything, k, bonus, 4) == whole[:k]


def test_a_large_bonus_decides_alone():
    random = np.random.default_rng(5)
    pool, bonus = random.integers(-9, 10, (50, 3)).astype(np.int16), random.permutation(50) * 1e6
    found = chosen(pool, pool[:3], np.arange(50), 50, bonus, 7)
    assert found == np.argsort(-bonus).tolist()

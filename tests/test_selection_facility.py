"""Facility location by nearest neighbours, against its definition; the neighbours against all products."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.selection import facility, neighbours
from datasel.selection.coverage import FacilityLocation
from datasel.selection.facility import NearFacility
from datasel.selection.greedy import Budget, lazy, stochastic, within_budget
from datasel.selection.neighbours import Cells
from datasel.selection.vectors import whole


def clustered(many, dim=32, clusters=40, seed=1):
    random = np.random.default_rng(seed)
    centres = random.normal(size=(clusters, dim))
    rows = centres[random.integers(0, clusters, many)] + 0.7 * random.normal(size=(many, dim))
    return whole(rows.astype(np.float32))


@st.composite
def pools(draw):
    """Few values, so that many are equal."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    distinct = random.integers(-3, 4, (draw(st.integers(1, 30)), draw(st.integers(1, 4)))).astype(np.int16)
    vectors = distinct[random.integers(0, len(distinct), draw(st.integers(1, 60)))]
    held = distinct[: draw(st.integers(0, 3))]
    candidates = np.flatnonzero(random.random(len(vectors)) < draw(st.sampled_from([0.4, 1.0])))
    return vectors, held, candidates


@settings(max_examples=150)
@given(pools(), st.integers(0, 99), st.sampled_from([1, 2]))
def test_with_all_pairs_it_is_the_definition(pool, seed, jobs):
    vectors, held, candidates = pool
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "_ROWS", 5)
        patch.setattr(facility, "_ELEMENTS", 7)
        near, exact = NearFacility(vectors, held, candidates, jobs=jobs), FacilityLocation(vectors, held, 1)
        for element in np.random.default_rng(seed).permutation(candidates)[:9].tolist():
            assert near.gains(candidates).tolist() == exact.gains(candidates).tolist()
            assert [near.gain(each) for each in candidates.tolist()] == near.gains(candidates).tolist()
            assert near.value() * near.unit == exact.value()
            near.add(element)
            exact.add(element)
        for each in (near, exact):
            each.clear()
        assert list(lazy(near, candidates, 20)) == list(lazy(exact, candidates, 20))


@settings(max_examples=100)
@given(pools(), st.integers(1, 9))
def test_neighbours_are_those_of_the_highest_products(pool, most):
    vectors, _, members = pool
    bar = np.random.default_rng(most).integers(0, 5, len(vectors)).astype(np.float32)
    products = vectors.astype(np.int64) @ vectors.astype(np.int64).T
    expected = set()
    for row in range(len(vectors)):
        best = sorted(members.tolist(), key=lambda place: (-products[row, place], place))[:most]  # noqa: B023
        expected |= {(row, place, products[row, place]) for place in best if products[row, place] > bar[row]}
    found = [zip(*map(np.ndarray.tolist, part)) for part in Cells(vectors, members).nearest(most, len(vectors), bar)]
    found = [each for part in found for each in part]
    assert len(found) == len(set(found)) and set(found) == expected


def test_few_are_looked_at_and_most_of_the_nearest_found():
    vectors, most = clustered(4000), 20
    found = list(Cells(vectors, np.arange(4000)).nearest(most, 400, np.zeros(4000, np.float32)))
    rows, places = (np.concatenate([part[side] for part in found]) for side in (0, 1))
    products = vectors.astype(np.float32) @ vectors.astype(np.float32).T
    bar = np.partition(products, -most, axis=1)[:, -most]
    assert (products[rows, places] >= bar[rows]).sum() > 0.97 * most * 4000
    assert np.bincount(rows, minlength=4000).max() == most


@pytest.mark.parametrize("pairs", [1000, 60_000, 1 << 25])
def test_jobs_and_blocks_change_nothing(pairs, monkeypatch):
    vectors, held, candidates = clustered(2500), clustered(30, seed=2), np.arange(0, 2500, 2)
    monkeypatch.setattr(facility, "_LEAST", 300)

    def made(jobs):
        function = NearFacility(vectors, held, candidates, pairs, jobs)
        return function._starts.tolist(), function._rows.tolist(), list(lazy(function, candidates, 60))

    one = made(1)
    assert made(3) == one
    monkeypatch.setattr(neighbours, "_PLACED", 701)
    assert made(2) == one


def worth(vectors, chosen):
    function = FacilityLocation(vectors, np.empty((0, vectors.shape[1]), np.int16), 1)
    for element in chosen:
        function.add(element)
    return function.value()


def test_little_is_lost(monkeypatch):
    """Of a pool of which a fiftieth of the pairs is kept, and a tenth looked at."""
    vectors, none, everything = clustered(4000), np.empty((0, 32), np.int16), np.arange(4000)
    monkeypatch.setattr(facility, "_LEAST", 400)
    near = NearFacility(vectors, none, everything, 4000 * 80)
    assert near.neighbours == 80 and len(near._rows) <= 4000 * 80
    exact = list(lazy(FacilityLocation(vectors, none, 1), everything, 200))
    found = list(lazy(near, everything, 200))
    for k, share in ((40, 0.98), (200, 0.99)):
        assert worth(vectors, found[:k]) > share * worth(vectors, exact[:k])
    assert near.value() * near.unit <= worth(vectors, found)


def test_equal_vectors_are_looked_at_once():
    vectors = np.repeat(clustered(30), 40, axis=0)
    function, looked = NearFacility(vectors, vectors[:0], np.arange(1200)), []
    gain = function.gain
    function.gain = lambda element: looked.append(element) or gain(element)
    chosen = list(lazy(function, np.arange(1200), 30))
    assert len({vectors[place].tobytes() for place in chosen}) == 30
    assert len(looked) < 1200


def test_other_searches_take_it():
    vectors, everything = clustered(300), np.arange(300)
    function = NearFacility(vectors, vectors[:3], everything)
    assert len(set(stochastic(function, everything, 20, 0.5, np.random.default_rng(1)))) == 20
    function.clear()
    costs = np.arange(1, 301)
    found = within_budget(function, everything, Budget(costs, 99))
    assert costs[found].sum() <= 99 and function.value() * function.unit == worth(vectors, [0, 1, 2, *found])


def test_what_a_pool_of_one_comes_to():
    function = NearFacility(clustered(1), clustered(1)[:0], np.arange(1))
    assert list(lazy(function, np.arange(1), 5)) == [0] and function.value() == pytest.approx(1, abs=0.01)

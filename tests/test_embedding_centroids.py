"""delta and the sums behind it, against the definition in a few lines of numpy."""

import numpy as np
import pytest

from datasel.embedding.centroids import Basis, Centroids, Total
from datasel.errors import DataError, ModelError

DIM = 7


def vectors(count, seed, shift=0.0):
    made = np.random.default_rng(seed).normal(size=(count, DIM)) * np.arange(1, DIM + 1) / 20 + shift
    return made.astype(np.float32)


INSIDE, OUTSIDE = vectors(40, 1, 0.3), vectors(900, 2, 0.1)


def centroids(embedding, inside=INSIDE, outside=OUTSIDE, model="m"):
    made = Centroids(Basis.of(embedding, model, DIM, 2.5, 1e-3 if embedding == "sif" else None))
    made.inside.add(inside, made.basis.exponent)
    made.outside.add(outside, made.basis.exponent)
    return made


def naive(v, inside, outside):
    """delta by definition."""
    return np.linalg.norm(v - inside.mean(axis=0)) - np.linalg.norm(v - outside.mean(axis=0))


def without_first_singular_vector(of, rows):
    u = np.linalg.svd(of.T.astype(float), full_matrices=False)[0][:, 0]  # columns are the texts' vectors, as published
    return rows - np.outer(rows @ u, u)


def test_delta():
    distance = centroids("mean").distance().of(OUTSIDE)
    assert distance == pytest.approx([naive(v, INSIDE.astype(float), OUTSIDE.astype(float)) for v in OUTSIDE], abs=1e-6)


def test_delta_without_the_first_singular_vector():
    distance = centroids("sif").distance().of(OUTSIDE)
    inside, outside = (without_first_singular_vector(OUTSIDE, rows) for rows in (INSIDE, OUTSIDE))
    assert distance == pytest.approx([naive(v, inside, outside) for v in outside], abs=2e-6)
    assert np.abs(distance - centroids("mean").distance().of(OUTSIDE)).max() > 0.01


@pytest.mark.parametrize("embedding", ["mean", "sif"])
def test_a_row_does_not_depend_on_the_others(embedding):
    distance = centroids(embedding).distance()
    assert (distance.of(OUTSIDE) == [distance.of(OUTSIDE[n : n + 1])[0] for n in range(len(OUTSIDE))]).all()


def test_the_zero_vector():
    inside, outside = (rows.astype(float).mean(axis=0) for rows in (INSIDE, OUTSIDE))
    (found,) = centroids("mean").distance().of(np.zeros((1, DIM), np.float32))
    assert found == pytest.approx(np.linalg.norm(inside) - np.linalg.norm(outside), abs=1e-6)


@pytest.mark.parametrize("embedding", ["mean", "sif", "external"])
def test_parts_added_are_the_whole_to_the_last_bit(embedding, tmp_path):
    whole = centroids(embedding)
    paths = []
    for number, part in enumerate(np.array_split(np.random.default_rng(3).permutation(OUTSIDE), 11)):
        paths.append(tmp_path / f"{number}.npz")
        paths[-1].write_bytes(centroids(embedding, INSIDE[number::11], part).to_bytes("s"))
    merged = Centroids(whole.basis)
    merged.merge_saved(map(str, paths))
    assert merged.to_bytes("s") == whole.to_bytes("s")
    assert (merged.distance().of(OUTSIDE) == whole.distance().of(OUTSIDE)).all()


def test_the_same_part_twice_changes_no_mean(tmp_path):
    path = tmp_path / "c.npz"
    path.write_bytes(centroids("sif").to_bytes("s"))
    twice = Centroids(centroids("sif").basis)
    twice.merge_saved([str(path)] * 2)
    assert (twice.distance().of(OUTSIDE) == centroids("sif").distance().of(OUTSIDE)).all()


@pytest.mark.parametrize("other", [("mean", "other"), ("sif", "m"), ("external", "m")])
def test_centroids_of_other_vectors_are_refused(other, tmp_path):
    path = tmp_path / "c.npz"
    path.write_bytes(centroids(other[0], model=other[1]).to_bytes("s"))
    with pytest.raises(ModelError, match="other vectors"):
        Centroids(centroids("mean").basis).merge_saved([str(path)])


def test_groups_of_nothing():
    with pytest.raises(DataError, match="in-domain"):
        centroids("mean", inside=INSIDE[:0]).distance()
    for embedding in ("mean", "sif"):
        distance = centroids(embedding, outside=OUTSIDE[:0]).distance()
        wanted = naive(OUTSIDE[3], INSIDE.astype(float), np.zeros((1, DIM)))
        assert distance.of(OUTSIDE[3:4]) == pytest.approx([wanted], abs=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 200.0])
def test_components_that_do_not_fit_are_an_error(bad):
    total = Total(1, True)
    with pytest.raises(DataError, match="component"):
        total.add(np.array([[1.0], [bad]], np.float32), 7)


def test_sums_do_not_depend_on_how_many_are_added_at_a_time():
    many = vectors(70_000, 5)
    once, slowly = Total(DIM, True), Total(DIM, True)
    once.add(many, 2)
    for start in range(0, len(many), 999):
        slowly.add(many[start : start + 999], 2)
    assert (once.sum == slowly.sum).all() and (once.moment == slowly.moment).all()
    assert once.moment / 2.0 ** (2 * 16) == pytest.approx(many.T.astype(float) @ many, rel=1e-3, abs=1)

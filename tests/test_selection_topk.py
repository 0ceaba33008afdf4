"""TopK and best against sorting everything."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.selection.topk import TopK, best, count_of

SCORES = st.lists(st.integers(-5, 5).map(float), max_size=60)


def naive(scores, k):
    """Indices of the k best, ties to the earlier, in input order."""
    return sorted(sorted(range(len(scores)), key=lambda index: (-scores[index], index))[:k])


@given(SCORES, st.integers(0, 70))
def test_best_is_the_naive_choice(scores, k):
    assert best(np.array(scores), k).tolist() == naive(scores, k)


@given(SCORES, st.integers(0, 12), st.integers(1, 9))
def test_a_stream_in_any_pieces_is_the_naive_choice(scores, k, size):
    heap = TopK(k)
    for start in range(0, len(scores), size):
        piece = np.array(scores[start : start + size])
        heap.offer(piece, start + np.arange(len(piece)), lambda index, start=start: start + index)
    places, items = heap.result()
    assert places.tolist() == items == naive(scores, k)


@given(SCORES, st.integers(0, 12))
def test_ranked_is_best_first_and_stable(scores, k):
    heap = TopK(k)
    heap.offer(np.array(scores), np.arange(len(scores)), int)
    expected = sorted(range(len(scores)), key=lambda index: (-scores[index], index))[:k]
    assert heap.result(ranked=True)[1] == expected


def test_memory_is_bounded_by_k():
    heap = TopK(10)
    for start in range(0, 100_000, 100):
        heap.offer(np.arange(start, start + 100.0), start + np.arange(100), int)
        assert len(heap._items) <= 20 + 100


@pytest.mark.parametrize(
    "size, count, many",
    [(3, 10, 3), (10, 3, 3), (Fraction(1, 2), 5, 3), (Fraction(1, 2), 3, 2), (Fraction(1, 10), 14, 1),
     (Fraction(1, 10), 15, 2), (Fraction(1, 10), 4, 0), (Fraction(1), 7, 7), (Fraction(0), 7, 0),
     (Fraction(29, 100), 50, 15)],
)  # fmt: skip
def test_a_share_is_rounded_half_up(size, count, many):
    assert count_of(size, count) == many

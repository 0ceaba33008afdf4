"""Percentiles, the measure in which a preferred field counts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datasel.selection.choosing import percentiles

values = st.lists(st.integers(-5, 5) | st.floats(-1e9, 1e9), min_size=2, max_size=40).map(lambda x: np.array(x, float))


@given(values)
def test_each_is_the_share_of_the_others_below_it(found):
    for value, percentile in zip(found, percentiles(found)):
        below, equal = np.sum(found < value), np.sum(found == value) - 1
        assert abs(percentile - (below + equal / 2) / (len(found) - 1)) < 1e-12


def test_from_0_to_1_whatever_the_scale():
    assert percentiles(np.array([3e9, -7.0, 0.0])).tolist() == [1, 0, 0.5]
    assert percentiles(np.array([2.0, 2.0])).tolist() == [0.5, 0.5]


def test_of_one_and_of_none():
    assert percentiles(np.array([4.0])).tolist() == [0]
    assert percentiles(np.empty(0)).tolist() == []

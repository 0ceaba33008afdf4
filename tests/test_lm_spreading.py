"""Posterior weights of n-best lists, by definition."""

from math import exp, fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.lm.spreading import posteriors

SCORES = st.lists(st.floats(-300, 0), min_size=1, max_size=20)


@given(SCORES, st.floats(0, 2))
def test_weights_are_the_softmax_of_scaled_scores(scores, scale):
    most = max(scores)
    wanted = [exp(scale * (score - most)) for score in scores]
    assert posteriors(scores, scale) == pytest.approx([each / fsum(wanted) for each in wanted])


@given(SCORES, st.floats(-1e6, 1e6))
def test_what_all_scores_have_in_common_does_not_count(scores, more):
    assert posteriors(scores, 1.0) == pytest.approx(posteriors([score + more for score in scores], 1.0), abs=1e-6)


@pytest.mark.parametrize("scores", [[-1e308, -1e308], [1e308, 1e308], [0, 0]])
def test_scores_of_any_size_do(scores):
    assert posteriors(scores, 1.0).tolist() == [0.5, 0.5]
    assert np.isfinite(posteriors([*scores, -1e308], 1e6)).all()

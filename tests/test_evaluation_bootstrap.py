"""The paired bootstrap against what is known of it."""

import numpy as np
import pytest

from datasel.evaluation.bootstrap import by_block, compare, interval, resampled


def rate(total):
    return total[..., 0] / total[..., 1]


def coin(errors, size):
    return np.stack([np.arange(size) < errors, np.ones(size)], axis=1)


def test_interval_is_that_of_the_binomial():
    samples = rate(resampled(coin(100, 400), seed=3))
    low, high = interval(samples)
    spread = 1.96 * (0.25 * 0.75 / 400) ** 0.5
    assert low == pytest.approx(0.25 - spread, abs=0.005)
    assert high == pytest.approx(0.25 + spread, abs=0.005)


def test_sums_are_of_as_many_blocks_as_there_are():
    assert (resampled(np.ones((7, 1)), seed=1, replicates=50) == 7).all()


def test_sums_have_the_mean_and_the_variance_of_draws_with_replacement():
    rows = np.array([[0, 1], [0, 1], [0, 1], [2, 3], [2, 3], [9, 1], [4, 4]])
    sums = resampled(rows, seed=2, replicates=40_000)
    assert sums.mean(0) == pytest.approx(rows.sum(0), rel=0.01)
    assert np.cov(sums.T) == pytest.approx(len(rows) * np.cov(rows.T, bias=True), rel=0.03, abs=0.5)


def test_columns_exchanged_are_sums_exchanged():
    rows = np.array([[0, 4], [2, 3], [0, 4], [9, 1]])
    assert (resampled(rows, seed=2, replicates=20)[:, ::-1] == resampled(rows[:, ::-1], seed=2, replicates=20)).all()


def test_an_interval_may_end_at_infinity():
    low, high = interval(np.array([-np.inf] * 5 + [0.0] * 10 + [1.0] * 85))
    assert (low, high) == (-np.inf, 1)


def test_pairing_tightens_the_interval():
    baseline = coin(100, 400)
    new = baseline.copy()
    new[:20, 0] = 0
    result = compare(baseline, new, rate, seed=1)
    assert result.relative_reduction == pytest.approx(0.2)
    assert 0.12 < result.interval.low < 0.2 < result.interval.high < 0.29
    assert result.probability_of_improvement == 1.0


def test_no_difference_is_an_even_chance():
    same = coin(10, 50)
    result = compare(same, same, rate, seed=1)
    assert result.probability_of_improvement == 0.5
    assert result.interval == (0.0, 0.0)


def test_without_errors_there_is_nothing_to_reduce():
    assert compare(coin(0, 10), coin(1, 10), rate, seed=1) is None


def test_blocks_are_summed_and_widen_the_interval():
    rows = np.repeat(coin(25, 100), 4, axis=0)
    names = np.repeat(np.arange(100), 4).tolist()
    blocks = by_block(rows, names)
    assert blocks.shape == (100, 2)
    assert (blocks.sum(0) == rows.sum(0)).all()
    alone = np.ptp(interval(rate(resampled(rows, seed=1))))
    together = np.ptp(interval(rate(resampled(blocks, seed=1))))
    assert together == pytest.approx(2 * alone, rel=0.1)


def test_same_seed_same_samples():
    rows = coin(10, 50)
    assert (resampled(rows, seed=5) == resampled(rows, seed=5)).all()
    assert (resampled(rows, seed=5) != resampled(rows, seed=6)).any()


@pytest.mark.parametrize("top", [3, 1 << 40])
def test_rows_that_fit_into_one_number_and_others_are_drawn_alike(top):
    counts = np.random.default_rng(4).integers(0, 3, (50, 2))
    scaled = counts * (top // 3)
    assert (resampled(scaled, 1, 100) == resampled(counts, 1, 100) * (top // 3)).all()
    halves = resampled(counts + 0.5, 1, 100)
    assert np.allclose(halves, resampled(counts, 1, 100) + 25)

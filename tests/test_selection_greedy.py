"""Greedy search, lazy and stochastic, and what it makes large, against their definitions."""

from fractions import Fraction
from itertools import combinations
from math import ceil, e, log, log1p, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.selection import coverage
from datasel.selection.coverage import FacilityLocation, FeatureCoverage
from datasel.selection.greedy import Budget, Preferring, lazy, stochastic, within_budget
from datasel.selection.logarithms import UNIT, steps


class Rows:
    """Sparse counts as FeatureCoverage takes them, and the formula worked out the slow way."""

    def __init__(self, counts, held, weights):
        self.counts, self.held, self.weights = counts, held, weights

    def function(self):
        rows, features = np.nonzero(self.counts)
        starts = np.searchsorted(rows, np.arange(len(self.counts) + 1))
        counts = self.counts[rows, features].astype(np.int32)
        return FeatureCoverage(starts, features.astype(np.int32), counts, self.held, self.weights)

    def value(self, chosen):
        covered = self.held + self.counts[list(chosen)].sum(axis=0)
        return sum(w * log(1 + c) for w, c in zip(self.weights.tolist(), covered.tolist()))


class Points:
    """Vectors as FacilityLocation takes them, and the formula worked out the slow way, in whole numbers."""

    unit = 8

    def __init__(self, vectors, held):
        self.vectors, self.held = vectors, held

    def function(self):
        return FacilityLocation(self.vectors, self.held, self.unit)

    def value(self, chosen):
        there = np.concatenate([self.held, self.vectors[list(chosen)]]).astype(np.int64)
        similar = self.vectors.astype(np.int64) @ there.T
        return sum(max([0, *row]) for row in similar.tolist()) / self.unit**2


@st.composite
def rows(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    many, features = draw(st.integers(1, 40)), draw(st.integers(1, 12))
    distinct = random.poisson(draw(st.sampled_from([0.2, 0.6])), (draw(st.integers(1, 40)), features))
    counts = distinct[random.integers(0, len(distinct), many)]
    most = draw(st.sampled_from([1, 3, 1000, 2_000_000_000]))
    held = random.integers(0, most, features).astype(np.int32)
    weights = {
        "uniform": np.ones(features),
        "tf-idf": np.log(many / np.maximum((counts > 0).sum(axis=0), 1)),
        "any": random.random(features) * 10.0 ** random.integers(-3, 3, features),
    }
    return Rows(counts, held, weights[draw(st.sampled_from(sorted(weights)))])


@st.composite
def points(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    distinct = random.integers(-3, 4, (draw(st.integers(1, 30)), draw(st.integers(1, 4)))).astype(np.int16)
    vectors = distinct[random.integers(0, len(distinct), draw(st.integers(1, 40)))]
    return Points(vectors, distinct[: draw(st.integers(0, 3))])


problems = given(st.one_of(rows(), points()), st.integers(0, 45), st.sampled_from([0.4, 1.0]), st.integers(0, 99))


def naive(function, elements, k):
    """Plain greedy: every gain worked out anew in every step, of equal ones the first."""
    left, chosen = elements.tolist(), []
    while left and len(chosen) < k:
        chosen.append(left.pop(int(np.argmax([function.gain(element) for element in left]))))
        function.add(chosen[-1])
    return chosen


def part(problem, share, seed):
    many = len(getattr(problem, "counts", getattr(problem, "vectors", ())))
    return np.flatnonzero(np.random.default_rng(seed).random(many) < share)


@settings(max_examples=300)
@problems
def test_lazy_is_plain_greedy(problem, k, share, seed):
    elements = part(problem, share, seed)
    assert list(lazy(problem.function(), elements, k)) == naive(problem.function(), elements, k)


@settings(max_examples=200)
@problems
def test_lazy_is_plain_greedy_where_some_are_preferred(problem, k, share, seed):
    elements, random = part(problem, share, seed), np.random.default_rng(seed)
    bonus = random.integers(0, 3, elements.max(initial=0) + 1) * random.choice([0.0, 0.1, 1.0, 50.0])

    def function():
        return Preferring(problem.function(), elements, bonus)

    found = list(lazy(function(), elements, k))
    assert found == naive(function(), elements, k)
    if bonus.max(initial=0) >= 50:  # no gain is above 1
        assert bonus[found].tolist() == sorted(bonus[found].tolist(), reverse=True)


@settings(max_examples=100)
@problems
def test_gains_and_value_are_those_of_the_formula(problem, k, share, seed):
    function, chosen = problem.function(), []
    elements = part(problem, share, seed)
    assert function.value() == pytest.approx(problem.value([]))
    for element in np.random.default_rng(seed).permutation(elements)[:k].tolist():
        before = problem.value(chosen)
        expected = [problem.value([*chosen, each]) - before for each in elements.tolist()]
        assert function.gains(elements) / function.unit == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert [function.gain(each) for each in elements.tolist()] == pytest.approx(function.gains(elements), rel=1e-12)
        chosen.append(element)
        function.add(element)
        assert function.value() == pytest.approx(problem.value(chosen))


def test_gains_are_right_where_much_is_held():
    held = np.array([10**9, 10**4, 10**9])
    function = Rows(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 2]]), held, np.ones(3)).function()
    for element, expected in enumerate((log1p(1 / (1e9 + 1)), log1p(1 / (1e4 + 1)), log1p(2 / (1e9 + 1)))):
        assert function.gain(element) / UNIT == pytest.approx(expected, abs=1e-12)


def test_steps_are_differences_of_logarithms_and_never_rise():
    counts = np.arange(70_000)
    for more in (1, 2, 7):
        found = steps(counts, np.full(len(counts), more))
        assert np.abs(found / UNIT - np.log1p(more / (1 + counts))).max() < 1e-12
        assert (np.diff(found) <= 0).all()
    far = steps(np.arange(2**31 - 10**5, 2**31), 1)
    assert (np.diff(far) <= 0).all() and (far > 0).all()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=6), st.randoms())
def test_equal_sums_of_logarithms_are_equal(found, random):
    """Wherever the products are, in whichever order."""
    product = prod(Fraction(1 + before + more, 1 + before) for before, more in found)
    total = sum(steps(np.array([before]), more)[0] for before, more in found)
    if max(product.numerator, product.denominator) < 60_000:
        one = steps(np.array([product.denominator - 1]), product.numerator - product.denominator)[0]
        assert total == one


def exactly(counts, held, k):
    """Plain greedy by exact arithmetic: logarithms are compared by what they are of."""
    covered, left, chosen = held.tolist(), list(range(len(counts))), []
    while left and len(chosen) < k:
        worth = [prod(Fraction(1 + c + n, 1 + c) for c, n in zip(covered, row)) for row in counts[left].tolist()]
        chosen.append(left.pop(worth.index(max(worth))))
        covered = [c + n for c, n in zip(covered, counts[chosen[-1]].tolist())]
    return chosen


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_ties_go_to_the_earlier(seed):
    random = np.random.default_rng(seed)
    counts, held = random.poisson(0.6, (12, 4)), random.integers(0, 8, 4)
    assert list(lazy(Rows(counts, held, np.ones(4)).function(), np.arange(12), 6)) == exactly(counts, held, 6)


def test_a_tie_that_floats_do_not_see():
    held = np.array([3, 2, 2, 2])  # of a, b, c, d
    problem = Rows(np.array([[0, 2, 0, 0], [1, 0, 0, 1]]), held, np.ones(4))
    assert list(lazy(problem.function(), np.arange(2), 1)) == [0]  # ln(5/3), and ln(5/4) + ln(4/3)


def naive_for_cost(function, elements, budget):
    """The best gain for its cost of all that can be paid for, every one worked out anew."""
    chosen, rest, left = [], elements.tolist(), budget.most
    while rest := [element for element in rest if budget.costs[element] <= left]:
        rates = [function.gain(element) / budget.costs[element].item() for element in rest]
        chosen.append(rest.pop(rates.index(max(rates))))
        left -= budget.costs[chosen[-1]].item()
        function.add(chosen[-1])
    return chosen


@settings(max_examples=300)
@problems
def test_lazy_for_cost_is_the_naive_form(problem, k, share, seed):
    elements, random = part(problem, share, seed), np.random.default_rng(seed)
    costs = random.integers(1, 9, elements.max(initial=0) + 1) * random.choice([1, 0.25])
    budget = Budget(costs, float(k) * 1.5)
    found = list(lazy(problem.function(), elements, len(elements), budget))
    assert found == naive_for_cost(problem.function(), elements, budget)
    assert costs[found].sum() <= budget.most
    assert (
        list(lazy(problem.function(), elements, 5, Budget(costs)))
        == naive_for_cost(problem.function(), elements, Budget(costs))[:5]
    )


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_a_budget_is_spent_as_well_as_the_guarantee_says(seed):
    random = np.random.default_rng(seed)
    problem = Rows(random.poisson(0.5, (9, 5)), random.integers(0, 3, 5), np.ones(5))
    costs, elements = random.integers(1, 12, 9), np.arange(9)
    for most in (1, 4, 9, 20):
        found = within_budget(problem.function(), elements, Budget(costs, most))
        assert costs[found].sum() <= most and len(set(found)) == len(found)
        sets = (each for size in range(10) for each in combinations(range(9), size) if costs[list(each)].sum() <= most)
        start = problem.value([])
        best = max(problem.value(each) - start for each in sets)
        assert problem.value(found) - start >= (1 - 1 / e**0.5) * best - 1e-9


def test_one_that_alone_is_worth_more_than_what_greedy_finds():
    # the small one has the better rate; then the large one cannot be paid for
    problem = Rows(np.array([[1] + [0] * 9, [0] + [1] * 9]), np.zeros(10, int), np.ones(10))
    budget = Budget(np.array([1, 10]), 10)
    assert list(lazy(problem.function(), np.arange(2), 2, budget)) == [0]
    function = problem.function()
    assert within_budget(function, np.arange(2), budget) == [1]
    assert function.value() == pytest.approx(problem.value([1]))  # it holds what is chosen, and nothing that was tried


def test_lazy_is_plain_greedy_where_much_is_held():
    for seed in range(60):
        random = np.random.default_rng(seed)
        problem = Rows(random.poisson(0.7, (25, 3)), 10**8 + random.integers(0, 5, 3), np.ones(3))
        elements = np.arange(25)
        assert list(lazy(problem.function(), elements, 25)) == naive(problem.function(), elements, 25)


def test_lazy_looks_at_few_again():
    random = np.random.default_rng(5)
    problem = Rows(random.poisson(random.random(300) / 20, (2000, 300)), np.zeros(300), np.ones(300))
    function, looked = problem.function(), []
    gain = function.gain
    function.gain = lambda element: looked.append(element) or gain(element)
    assert len(list(lazy(function, np.arange(2000), 500))) == 500
    assert len(looked) < 2000 * 500 / 20


def test_lazy_looks_at_one_of_those_that_are_alike():
    """A pool of requests says the same thing many times."""
    random = np.random.default_rng(5)
    distinct = random.poisson(0.3, (20, 60))
    problem = Rows(distinct[random.integers(0, 20, 2000)], np.zeros(60), np.ones(60))
    function, looked = problem.function(), []
    gain = function.gain
    function.gain = lambda element: looked.append(element) or gain(element)
    assert sorted(lazy(function, np.arange(2000), 2000)) == list(range(2000))
    assert len(looked) < 2000 * 20


def test_facility_location_in_pieces_is_the_same(monkeypatch):
    random = np.random.default_rng(6)
    vectors = random.integers(-9, 10, (50, 3)).astype(np.int16)
    problem, everything = Points(vectors, vectors[3:20]), np.arange(50)
    expected = list(lazy(problem.function(), everything, 12)), problem.function().gains(everything).tolist()
    monkeypatch.setattr(coverage, "_ROWS", 7)
    assert (list(lazy(problem.function(), everything, 12)), problem.function().gains(everything).tolist()) == expected


def reached(problem, chosen):
    function = problem.function()
    start = function.value()
    for element in chosen:
        function.add(element)
    return function.value() - start


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("kind", ["rows", "points"])
def test_stochastic_reaches_its_share_in_the_mean(kind, epsilon):
    random = np.random.default_rng(7)
    if kind == "rows":
        problem = Rows(random.poisson(random.random(60) / 4, (300, 60)), random.integers(0, 3, 60), random.random(60))
    else:
        problem = Points(random.integers(-9, 10, (300, 5)).astype(np.int16), np.empty((0, 5), np.int16))
    elements, k = np.arange(300), 20
    best = reached(problem, lazy(problem.function(), elements, k))
    found = [
        reached(problem, stochastic(problem.function(), elements, k, epsilon, np.random.default_rng(seed)))
        for seed in range(20)
    ]
    assert np.mean(found) >= (1 - 1 / e - epsilon) * best
    assert max(found) <= best * 1.1
    if epsilon == 0.01:
        assert np.mean(found) > 0.9 * best


@settings(max_examples=60)
@problems
def test_stochastic_chooses_distinct_elements_and_the_generator_decides(problem, k, share, seed):
    elements = part(problem, share, seed)

    def choice(number):
        return list(stochastic(problem.function(), elements, k, 0.2, np.random.default_rng(number)))

    found = choice(seed)
    assert found == choice(seed)
    assert len(found) == len(set(found)) == min(k, len(elements)) and set(found) <= set(elements.tolist())


def test_another_generator_chooses_otherwise():
    problem = Rows(np.random.default_rng(8).poisson(0.2, (200, 30)), np.zeros(30), np.ones(30))
    one, other = (
        list(stochastic(problem.function(), np.arange(200), 9, 0.5, np.random.default_rng(seed))) for seed in (1, 2)
    )
    assert one != other


def test_stochastic_work_does_not_depend_on_k():
    problem = Rows(np.random.default_rng(9).poisson(0.2, (400, 30)), np.zeros(30), np.ones(30))
    for k in (1, 20, 100):
        function, looked = problem.function(), []
        gains = function.gains
        function.gains = lambda elements: looked.append(len(elements)) or gains(elements)  # noqa: B023
        assert len(list(stochastic(function, np.arange(400), k, 0.1, np.random.default_rng(1)))) == k
        assert sum(looked) <= k * ceil(400 / k * log(10))


def test_a_budget_that_is_just_enough_is_enough():
    problem = Rows(np.eye(3), np.zeros(3), np.ones(3))
    budget = Budget(np.array([0.1, 0.2, 0.7]), 0.3)
    assert sorted(lazy(problem.function(), np.arange(3), 3, budget)) == [0, 1]


def test_gains_above_the_range_of_whole_numbers():
    """Of 64 bits at 1 / UNIT each, 524,288 and more."""
    features = np.concatenate([np.arange(200_000), np.arange(100_000)]).astype(np.int32)
    weights = np.full(200_000, 9.9)
    found = FeatureCoverage(np.array([0, 200_000, 300_000]), features, np.ones(300_000, np.int32),
                            np.zeros(200_000, np.int32), weights)  # fmt: skip
    gains = np.array([2, 1]) * 100_000 * 9.9 * log(2)
    assert found.gains(np.arange(2)) / found.unit == pytest.approx(gains)
    assert [found.gain(n) / found.unit for n in (0, 1)] == pytest.approx(gains)
    found.add(1)
    assert found.gain(0) / found.unit == pytest.approx(gains[1] + gains[1] * (log(3) - log(2)) / log(2))

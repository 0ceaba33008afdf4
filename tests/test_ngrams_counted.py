"""Counts of a pool's n-grams against counting them in a dictionary."""

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.ngrams.counted import CountedPool
from datasel.text.words import words

TEXTS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(["a", "b", "c", "Play", "play,", "गाना", "it's", "?"]), max_size=8).map(" ".join),
        st.sampled_from(["", " ", "?!", "two\nlines", "a" * 100]),
    ),
    max_size=12,
)


def grams(text, order):
    found = words(text)
    return Counter(
        tuple(found[start : start + length])
        for length in range(1, order + 1)
        for start in range(len(found) - length + 1)
    )


class Slow:
    """f(S) = sum of w ln(1 + c), by dictionaries."""

    def __init__(self, pool, held, order, weights, min_count):
        self.rows = [grams(text, order) for text in pool]
        self.held = sum((grams(text, order) for text in held), Counter())
        both = [*self.rows, *(grams(text, order) for text in held)]
        total, utterances = sum(both, Counter()), Counter(gram for row in both for gram in row)
        self.weight = {
            gram: 1.0 if weights == "uniform" else log(len(both) / utterances[gram])
            for gram, count in total.items()
            if count >= min_count
        }

    def value(self, chosen):
        covered = sum((self.rows[row] for row in chosen), self.held)
        return sum(weight * log(1 + covered[gram]) for gram, weight in self.weight.items())


@given(TEXTS, TEXTS, st.integers(1, 4), st.sampled_from(["uniform", "tf-idf"]), st.integers(1, 3), st.integers(1, 5))
@settings(max_examples=100)
def test_it_counts_as_a_dictionary_does(texts, held, order, weights, min_count, size):
    slow = Slow(texts, held, order, weights, min_count)
    with CountedPool(order, 22) as pool:
        for start in range(0, len(held), size):
            pool.hold(held[start : start + size])
        for start in range(0, len(texts), size):
            pool.add(texts[start : start + size])
        function = pool.coverage(weights, min_count)
    everything = np.arange(len(texts))
    assert function.value() == pytest.approx(slow.value([]))
    for row in everything.tolist():
        gain = slow.value(range(row + 1)) - slow.value(range(row))
        assert function.gain(row) / function.unit == pytest.approx(gain, abs=1e-9)
        assert function.gains(everything)[row] / function.unit == pytest.approx(gain, abs=1e-9)
        function.add(row)
        assert function.value() == pytest.approx(slow.value(range(row + 1)))


def test_a_pool_of_more_rows_than_are_compacted_at_a_time():
    texts = [f"play {'song ' * (row % 3)}{row % 7}" for row in range(70_000)]
    slow = Slow(texts[:42], [], 2, "uniform", 1)
    with CountedPool(2, 16) as pool:
        for start in range(0, len(texts), 9000):
            pool.add(texts[start : start + 9000])
        function = pool.coverage("uniform", 2)
    gains = function.gains(np.arange(len(texts)))
    expected = [slow.value([row]) for row in range(21)]
    assert gains / function.unit == pytest.approx(np.resize(expected, len(texts)))


def test_an_empty_pool_covers_what_is_held():
    with CountedPool(1, 10) as pool:
        pool.hold(["a a b"])
        function = pool.coverage("uniform", 2)
    assert function.value() == pytest.approx(log(3))
    assert len(function.gains(np.arange(0))) == 0

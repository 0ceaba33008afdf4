"""SemER and its fellows against cases worked by hand."""

import numpy as np
import pytest

from datasel.nlu.semantic_error import COUNTS, Frame, counts, measures, semer
from datasel.nlu.slots import Slot


def frame(intent, *slots, domain=None):
    """Slots as (name, value) or (name, value, start)."""
    made = []
    for number, (name, value, *start) in enumerate(slots):
        begin = start[0] if start else 20 * number
        made.append(Slot(name, value, begin, begin + len(value)))
    return Frame(domain, intent, made)


REFERENCE = frame("PlayMusic", ("song", "undecided"), ("artist", "ella fitzgerald"))

# hypothesis, (C, S, D, I) with the intent as one more slot
CASES = {
    "all right": (REFERENCE, (3, 0, 0, 0)),
    "order of slots does not matter": (
        frame("PlayMusic", ("artist", "ella fitzgerald"), ("song", "undecided")), (3, 0, 0, 0)),
    "wrong intent is one substitution": (REFERENCE._replace(intent="Weather"), (2, 1, 0, 0)),
    "value wrong": (frame("PlayMusic", ("song", "undecided"), ("artist", "ella")), (2, 1, 0, 0)),
    "missing": (frame("PlayMusic", ("song", "undecided")), (2, 0, 1, 0)),
    "extra": (frame("PlayMusic", ("song", "undecided"), ("artist", "ella fitzgerald"), ("year", "1939")), (3, 0, 0, 1)),
    "another name is a deletion and an insertion": (
        frame("PlayMusic", ("song", "undecided"), ("album", "ella fitzgerald")), (2, 0, 1, 1)),
    "said twice is an insertion": (
        frame("PlayMusic", ("song", "undecided"), ("song", "undecided"), ("artist", "ella fitzgerald")), (3, 0, 0, 1)),
    "split in two: one substitution, one insertion": (
        frame("PlayMusic", ("song", "undecided"), ("artist", "ella"), ("artist", "fitzgerald")), (2, 1, 0, 1)),
    "nothing right": (frame("Weather", ("city", "ella")), (0, 1, 2, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_worked_cases(name):
    hypothesis, expected = CASES[name]
    row = dict(zip(COUNTS, counts(REFERENCE, hypothesis)))
    assert (row["correct"], row["substituted"], row["deleted"], row["inserted"]) == expected
    assert row["any_wrong"] == int(expected[1:] != (0, 0, 0))


def test_micro_average_over_the_corpus():
    rows = np.array([counts(REFERENCE, CASES["missing"][0]), counts(frame("Weather"), frame("Weather", ("city", "x")))])
    # first: C 2, D 1; second: C 1, I 1
    assert measures(rows.sum(0))["SemER"] == pytest.approx((1 + 1) / (3 + 1))
    assert semer(rows.sum(0)) == pytest.approx(0.5)
    assert measures(rows.sum(0))["IRER"] == 1.0
    assert measures(rows.sum(0))["ICER"] == 0.0


def test_semer_may_exceed_one():
    row = counts(frame("A"), frame("B", ("x", "1"), ("y", "2")))
    assert measures(np.array(row))["SemER"] == 3.0


def test_slot_f1_compares_spans_not_values():
    reference = frame("A", ("x", "same", 0), ("x", "same", 10))
    found = measures(np.array(counts(reference, frame("A", ("x", "same", 0), ("x", "same", 20)))))
    assert found["SemER"] == 0.0
    assert found["slot_F1"] == pytest.approx(0.5)
    assert found["exact_match"] == 0.0


def test_exact_match_asks_for_the_domain_too():
    assert measures(np.array(counts(frame("A", domain="d"), frame("A", domain="e"))))["exact_match"] == 0.0


def test_a_rate_without_anything_to_count_is_left_out():
    assert "slot_F1" not in measures(np.array(counts(frame("A"), frame("A"))))

"""Percentiles, the measure in which a preferred field counts."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datasel.records.pipe import Pipe
from datasel.selection.choosing import choose, percentiles

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


def test_what_is_below_a_floor_goes_to_the_rejects(tmp_path):
    lines = [f'{{"text":"t{n}","a":{a},"b":{b}}}' for n, (a, b) in enumerate([(1, 1), (0, 1), (1, 0), (0, 0), (2, 2)])]
    (tmp_path / "in").write_text("".join(line + "\n" for line in lines))
    out, rejects = tmp_path / "out", tmp_path / "rejects"
    pipe = Pipe("test", [str(tmp_path / "in")], output=str(out), rejects=str(rejects))
    choose(
        pipe, Counted(), "text", held=(), held_text=(), size=Fraction(1), floors={"a": 1, "b": 1}, preferred={},
        ranked=False, search=lambda candidates, k, bonus: candidates.tolist()[:k],
    )  # fmt: skip
    pipe.close()
    assert out.read_text().splitlines() == [lines[0], lines[4]]
    found = [line.split("\t")[1:] for line in rejects.read_text().splitlines()]
    assert sorted(found) == [
        ["2", "a below 1", lines[1]], ["3", "b below 1", lines[2]], ["4", "a below 1", lines[3]],
    ]  # fmt: skip
    assert pipe.read == pipe.kept + pipe.rejected


def test_what_is_held_is_known_before_the_pool(tmp_path):
    for name, text in (("in", '{"text":"a"}\n{"text":"b"}\n'), ("held", '{"text":"c"}\n'), ("plain", "d\ne\n")):
        (tmp_path / name).write_text(text)
    pipe, heard = Pipe("test", [str(tmp_path / "in")], output=str(tmp_path / "out")), Counted()
    choose(
        pipe, heard, "text", held=(str(tmp_path / "held"),), held_text=(str(tmp_path / "plain"),), size=1, floors={},
        preferred={}, ranked=False, search=lambda candidates, k, bonus: candidates.tolist()[:k],
    )  # fmt: skip
    assert heard.told == [("held", ["c"]), ("held", ["d", "e"]), ("pool", ["a", "b"])]


class Counted:
    def __init__(self):
        self.told = []

    def add(self, records, field):
        self.told.append(("pool", records.column(field)))

    def hold(self, records, field):
        self.told.append(("held", records.column(field)))

    def end(self):
        pass

"""tools/moved.py: which published figures moved by more than their interval."""

import importlib.util
from pathlib import Path

SPEC = importlib.util.spec_from_file_location("moved", Path(__file__).parents[1] / "tools" / "moved.py")
moved = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(moved)

BELOW = "of it      A       B\nsystem    -10.0%  -5.0%\n  95 % interval  -12%..-8%  -7%..-3%\n"
COLUMNS = (
    "250 lines\nmodel    WERR      interval    p\nkatz    5.0%  +4.0% +6.0%  0.01\n"
    "500 lines\nmodel    WERR      interval    p\nkatz   +1.0%  -2.0% +4.0%  0.5\n"
)
BESIDE = "of it   A   B\n"
BESIDE += "random   -20.0% (-22..-18)   -30.0% (-33..-27)\n  minus it   -1.0 (-2.0..+0.1)*   +2.0 (+1.0..+3.0)\n"


def test_a_figure_within_its_interval_has_not_moved():
    assert moved.moved(BELOW, BELOW.replace("-10.0%", "-8.5%")) == []
    assert moved.moved(BESIDE, BESIDE.replace("-20.0%", "-21.9%").replace("-1.0 ", "+0.0 ")) == []


def test_a_figure_outside_is_named():
    assert moved.moved(BELOW, BELOW.replace("-5.0%", "-2.0%")) == [
        "of it, system, column 2: -2.0% is not in -7.0%..-3.0%"
    ]
    (said,) = moved.moved(BESIDE, BESIDE.replace("+2.0 ", "+3.5 "))
    assert said == "of it, random, minus it, column 2: +3.5% is not in +1.0%..+3.0%"


def test_intervals_in_columns_and_sections():
    assert moved.moved(COLUMNS, COLUMNS.replace("5.0%  +", "4.5%  +")) == []
    (said,) = moved.moved(COLUMNS, COLUMNS.replace("+1.0%  ", "-3.0%  "))
    assert said == "500 lines: model, katz, column 1: -3.0% is not in -2.0%..+4.0%"


def test_a_table_without_intervals_or_with_other_columns_is_told():
    assert moved.moved("system  -10.0%\n", BELOW) == ["no figure with an interval is published"]
    assert moved.moved(BELOW, BELOW.replace("  -5.0%", "")) == ["of it, system: not the same columns"]
    assert moved.moved(BELOW, "") == ["of it: no such table"]


def test_tables_are_known_by_their_titles():
    first, second = f"first\n{BELOW}\n", f"second\n{BELOW.replace('-10.0%', '-11.0%')}\n"
    assert moved.moved(first + second, second + first) == []
    assert moved.moved(first + second, second) == ["first: of it: no such table"]

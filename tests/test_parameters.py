"""Values of options."""

from fractions import Fraction

import click
import pytest

from datasel.parameters import Percentage


@pytest.mark.parametrize(
    "given, share",
    [("25%", Fraction(1, 4)), ("12.5%", Fraction(1, 8)), ("0%", 0), ("100%", 1), ("1/3%", Fraction(1, 300))],
)
def test_a_percentage_is_exact(given, share):
    assert Percentage().convert(given, None, None) == share


@pytest.mark.parametrize("given", ["101%", "100.0001%", "-1%", "25", "%", "", "a%", "1/0%", "nan%", "inf%"])
def test_what_is_none_is_named(given):
    with pytest.raises(click.BadParameter, match=f"'{given}' is not a percentage from 0% to 100%"):
        Percentage().convert(given, None, None)

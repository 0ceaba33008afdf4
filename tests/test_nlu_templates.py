"""Utterances to templates, templates to what is written, and all the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.nlu.slots import Slot
from datasel.nlu.templates import Template, parse, template

TEXTS = st.text(st.one_of(st.sampled_from("[] ab"), st.characters(codec="utf-8")), max_size=24)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="[]"), min_size=1, max_size=4)


@st.composite
def annotated(draw):
    """A text and slots in it, in any order; they may overlap, and one may be empty."""
    text, slots = draw(TEXTS), []
    cuts = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4))  # few, so that many slots touch
    for name in draw(st.lists(NAMES, max_size=5)):
        start, end = sorted(draw(st.tuples(*[st.sampled_from(cuts)] * 2)))
        slots.append(Slot(name, text[start:end], start, end))
    return text, slots


def kept(slots):
    """Of overlapping slots the first, in the order of the text."""
    taken, found = set(), []
    for slot in slots:
        here = set(range(slot.start, slot.end))
        if here and not here & taken:
            found.append(slot)
            taken |= here
    return sorted(found, key=lambda slot: slot.start)


@given(annotated())
def test_there_and_back(case):
    text, slots = case
    made, values = template(text, slots)
    assert parse(str(made)) == made
    assert made.names == tuple(slot.name for slot in kept(slots))
    assert parse(str(made)).fill(values) == (text, kept(slots))


@given(annotated(), st.data())
def test_other_values_stand_at_their_offsets(case, data):
    made, old = template(*case)
    values = data.draw(st.lists(TEXTS, min_size=len(old), max_size=len(old)))
    text, slots = made.fill(values)
    assert [(slot.name, slot.value) for slot in slots] == list(zip(made.names, values))
    assert all(text[slot.start : slot.end] == slot.value for slot in slots)
    if all(values):
        assert template(text, slots) == (made, values)


@given(st.lists(st.tuples(TEXTS, NAMES), max_size=4), TEXTS)
def test_every_template_is_read_as_it_was_written(parts, last):
    made = Template((*(piece for piece, _ in parts), last), tuple(name for _, name in parts))
    assert parse(str(made)) == made


@given(st.text(st.sampled_from("[]a "), max_size=16))
def test_what_is_read_is_written_again_or_is_an_error(written):
    try:
        made = parse(written)
    except ValueError:
        assert "[" in written
    else:
        assert str(made) == written


@pytest.mark.parametrize("written, place", [("[", 1), ("play [artist", 6), ("a [[[b", 5), ("[a [b]", 1), ("x []", 3)])
def test_a_bracket_that_is_not_closed_is_an_error(written, place):
    with pytest.raises(ValueError, match=f"bracket {place} characters into the template is not closed"):
        parse(written)


def test_brackets_of_the_text_are_not_slots():
    text = "say [adele] [twice]]"
    made, values = template(text, [Slot("artist", "adele", 5, 10)])
    assert str(made) == "say [[[artist]] [[twice]]"
    assert made.fill(values)[0] == text


@pytest.mark.parametrize("name", ["", "a[b", "]"])
def test_a_name_that_cannot_stand_in_brackets_is_an_error(name):
    with pytest.raises(ValueError, match="cannot stand in brackets"):
        template("play adele", [Slot(name, "adele", 5, 10)])

"""Slots to token labels and back."""

from hypothesis import given
from hypothesis import strategies as st

from datasel.nlu.slots import Slot, decode_labels, encode_labels
from datasel.text.words import tokens


def slot(text, value, name="x"):
    start = text.index(value)
    return Slot(name, value, start, start + len(value))


def test_round_trip_on_token_boundaries():
    text = "play undecided by ella fitzgerald, please बजाओ गाना"
    slots = [slot(text, "undecided", "song"), slot(text, "ella fitzgerald", "artist"), slot(text, "गाना", "song")]
    spans = tokens(text)
    assert decode_labels(text, spans, encode_labels(spans, slots)) == slots


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3), st.booleans()), max_size=6))
def test_round_trip_of_any_slots(pieces):
    text, slots = "", []
    for name, length, gap in pieces:
        text += "o " if gap else ""
        value = " ".join(["w"] * length)
        slots.append(Slot(name, value, len(text), len(text) + len(value)))
        text += value + " "
    spans = tokens(text)
    assert decode_labels(text, spans, encode_labels(spans, slots)) == slots


def test_a_slot_covers_the_words_it_touches():
    text = "in new-york city"
    spans = tokens(text)
    labels = encode_labels(spans, [Slot("city", "w-york", 5, 11)])
    assert labels == ["O", "B-city", "I-city", "I-city", "O"]


def test_of_overlapping_slots_the_first_keeps_its_words():
    text = "a b c"
    labels = encode_labels(tokens(text), [Slot("x", "a b", 0, 3), Slot("y", "b c", 2, 5)])
    assert labels == ["B-x", "I-x", "B-y"]


def test_an_inside_label_that_continues_nothing_begins():
    text = "a b c"
    assert decode_labels(text, tokens(text), ["I-x", "I-y", "I-y"]) == [Slot("x", "a", 0, 1), Slot("y", "b c", 2, 5)]

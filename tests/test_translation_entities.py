"""Entities put into translations: where each goes, what stays, and what becomes of the alignment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.nlu.slots import Slot
from datasel.translation.editing import Edit, edited, links, runs, touched, words
from datasel.translation.entities import Restorer, entities, places
from datasel.translation.hypotheses import Translation
from datasel.translation.spellings import Spellings


def slots(source, *values):
    """A slot NAME:VALUE for each, where the value first stands."""
    made = []
    for each in values:
        name, _, value = each.rpartition(":")
        start = source.index(value)
        made.append(Slot(name or "name", value, start, start + len(value)))
    return made


def restore(source, text, alignment, *values, drawn=None, spellings=(), particles=(), gap=3, spelled=False):
    """The text, the alignment as words, and the figures; ``alignment`` is of words: "john=जान"."""
    said, target = source.split(), text.split()
    pairs = {tuple(link.split("=")) for link in alignment.split()}
    linked = {(said.index(s), target.index(t)) for s, t in pairs}
    found, overlapping = entities(source, slots(source, *values))
    restorer = Restorer(Spellings(spellings), set(particles), gap, spelled)
    made = restorer(found, overlapping, drawn or [None] * len(found), Translation(text, linked, []), True)
    made = {"text": text, "alignment": [list(link) for link in sorted(linked)], **made}
    for slot in made["entities"]:
        assert made["text"][slot["start"] : slot["end"]] == slot["value"]
    target = made["text"].split()
    said = " ".join(f"{said[s]}={target[t]}" for s, t in made["alignment"])
    return made["text"], said, restorer.total()


def test_an_entity_takes_the_place_of_what_is_aligned_to_it():
    text, said, figures = restore(
        "call john smith now", "अब जान लोहार को बुलाओ", "now=अब john=जान smith=लोहार call=बुलाओ", "john smith"
    )
    assert text == "अब john smith को बुलाओ"
    assert said == "call=बुलाओ john=john smith=smith now=अब"
    assert (figures["placed"], figures["entities"], figures["rate"]) == (1, 1, 1.0)


def test_more_words_or_fewer_are_linked_each_to_each():
    text, said, _ = restore("in new york", "नए नगर में", "new=नए york=नगर in=में", "new york",
                            spellings=[("new york", "न्यूयॉर्क")])  # fmt: skip
    assert (text, said) == ("न्यूयॉर्क में", "in=में new=न्यूयॉर्क york=न्यूयॉर्क")
    text, said, _ = restore("in goa", "गो में", "goa=गो in=में", "goa", drawn=[["नई", "दिल्ली"]])
    assert (text, said) == ("नई दिल्ली में", "in=में goa=नई goa=दिल्ली")


def test_words_between_two_parts_stay_behind_unless_nothing_is_aligned_to_them():
    source, alignment = "by kishore kumar again", "kishore=किशोर by=का kumar=कुमार again=फिर"
    text, said, figures = restore(source, "फिर किशोर का कुमार", alignment, "kishore kumar")
    assert (text, figures["gapped"]) == ("फिर kishore kumar का", 1)
    assert said == "by=का kishore=kishore kumar=kumar again=फिर"
    text, _, _ = restore(source, "फिर किशोर दा कुमार का", alignment, "kishore kumar")
    assert text == "फिर kishore kumar का"


def test_a_part_further_away_than_the_gap_stays():
    source, text = "by kishore kumar", "किशोर का वह नया कुमार"
    alignment = "kishore=किशोर by=का kumar=कुमार"
    assert restore(source, text, alignment, "kishore kumar", gap=3)[0] == "kishore kumar का"
    made, _, figures = restore(source, text, alignment, "kishore kumar", gap=2)
    assert made == "kishore kumar का वह नया कुमार"
    assert (figures["placed"], figures["gapped"], figures["stray"]) == (1, 0, 1)


def test_a_stray_word_that_says_nothing_new_stays():
    text, said, figures = restore("see delhi now", "दिल्ली को देखो अब", "delhi=दिल्ली delhi=देखो now=अब", "delhi")
    assert text == "delhi को देखो अब"
    assert (figures["stray"], figures["gapped"]) == (1, 0)
    assert "delhi=देखो" in said


def test_the_run_that_says_most_is_the_place():
    text, _, _ = restore(
        "to new york city", "नगर तक नए यॉर्क", "city=नगर to=तक new=नए york=यॉर्क", "new york city", gap=0
    )
    assert text == "नगर तक new york city"


def test_particles_at_the_ends_stay_and_those_inside_do_not():
    given = "in the house of sam", "यार के घर में", "sam=यार sam=के house=घर house=में"
    assert restore(*given, "sam", "house")[0] == "sam house"
    assert restore(*given, "sam", "house", particles=["के", "में"])[0] == "sam के house में"
    text, _, _ = restore("read war of roses", "युद्ध का गुलाब पढ़ो", "war=युद्ध of=का roses=गुलाब read=पढ़ो",
                         "war of roses", particles=["का"])  # fmt: skip
    assert text == "war of roses पढ़ो"


def test_what_only_particles_are_aligned_to_has_no_place():
    text, _, figures = restore("call sam", "को बुलाओ", "sam=को call=बुलाओ", "sam", particles=["को"])
    assert (text, figures["unaligned"], figures["shared"]) == ("को बुलाओ", 1, 0)


def test_without_alignment_it_is_looked_for():
    text, said, figures = restore("call new sam", "new sam को बुलाओ", "call=बुलाओ", "new sam", drawn=[["राम"]])
    assert (text, figures["there"], figures["placed"], figures["drawn"]) == ("राम को बुलाओ", 1, 0, 1)
    assert said == "call=बुलाओ new=राम sam=राम"
    text, _, figures = restore("call sam", "सैम को बुलाओ", "call=बुलाओ", "sam", spellings=[("sam", "सैम")])
    assert (text, figures["there"]) == ("सैम को बुलाओ", 1)
    text, _, figures = restore("call sam", "samuel को बुलाओ", "call=बुलाओ", "sam")
    assert (text, figures["there"], figures["unaligned"]) == ("samuel को बुलाओ", 0, 1)
    assert figures["rate"] == 0


def test_what_sounds_like_it_is_its_place_whatever_the_alignment_says():
    given = "see syria now", "सीरिया से ताज़ा ख़बर", "syria=ताज़ा syria=ख़बर now=से"
    text, said, figures = restore(*given, "syria")
    assert text == "syria से ताज़ा ख़बर"
    assert "syria=syria" in said
    assert (figures["there"], figures["placed"], figures["stray"]) == (1, 0, 1)
    assert restore(*given, "syria", spellings=[("syria", "सीरिया")])[0] == given[1]
    text, _, _ = restore("to new york", "न्यू यॉर्क तक", "to=तक", "new york")
    assert text == "new york तक"
    text, _, figures = restore("to me", "मैं तक", "to=तक", "me")  # too short to tell
    assert (text, figures["unaligned"]) == ("मैं तक", 1)


def test_of_two_places_that_sound_like_it_the_aligned_one_is_its():
    found, _ = entities("from delhi to delhi", slots("from delhi to delhi", "delhi"))
    (place,) = places(found, Translation("दिल्ली से दिल्ली", {(1, 2)}, []), Spellings(), set(), 3)
    assert place.words == {2}


def test_what_was_placed_before_is_where_it_is():
    found, _ = entities("call sam", slots("call sam", "sam"))
    said = Translation("राम को बुलाओ", {(1, 0), (1, 1), (0, 2)}, [Slot("name", "राम", 0, 3)])
    assert places(found, said, Spellings(), set(), 3)[0][:2] == ({0}, "there")
    other = said._replace(entities=[Slot("other", "राम", 0, 3)])
    assert places(found, other, Spellings(), set(), 3)[0][:2] == ({0, 1}, "placed")


def test_what_was_placed_before_is_not_another_of_the_same_value():
    said = "play queen by queen"
    before = Translation("क्वीन चलाओ", {(0, 1), (3, 0)}, [Slot("artist", "क्वीन", 0, 5)])
    album, artist = Slot("album", "queen", 5, 10), Slot("artist", "queen", 14, 19)
    found = places(entities(said, [album, artist])[0], before, Spellings([("queen", "क्वीन")]), set(), 3)
    assert [(each.words, each.outcome) for each in found] == [(frozenset(), "unaligned"), ({0}, "there")]
    unlinked = before._replace(links={(0, 1)})
    found = places(entities(said, [album, artist])[0], unlinked, Spellings([("queen", "क्वीन")]), set(), 3)
    assert [(each.words, each.outcome) for each in found] == [(frozenset(), "unaligned"), ({0}, "there")]
    (alone,) = places(entities(said, [album])[0], before, Spellings([("queen", "क्वीन")]), set(), 3)
    assert alone.outcome == "unaligned"


def test_of_slots_that_touch_one_word_the_first_is_an_entity():
    text, _, figures = restore("play new york now", "नया चलाओ", "new=नया york=नया play=चलाओ", "a:new york", "b:york")
    assert (text, figures["overlapping"], figures["placed"]) == ("new york चलाओ", 1, 1)
    text, _, figures = restore("play new york now", "नया चलाओ", "new=नया york=नया play=चलाओ", "b:york", "a:new york")
    assert (text, figures["overlapping"]) == ("york चलाओ", 1)


def test_a_target_word_of_two_entities_is_the_first_ones():
    text, _, figures = restore("with sam ali", "समाली संग", "sam=समाली ali=समाली with=संग", "a:ali", "b:sam")
    assert (text, figures["placed"], figures["shared"]) == ("sam संग", 1, 1)


def test_entities_may_cross():
    text, said, _ = restore("from sam to ali", "अली को सैम से", "sam=सैम from=से ali=अली to=को", "sam", "ali")
    assert text == "ali को sam से"
    assert said == "from=से sam=sam to=को ali=ali"
    text, _, _ = restore("a b c", "क ख ग", "a=क b=ग c=ख", "x:a b", "y:c")
    assert text == "a b c"


def test_words_without_a_spelling_can_be_a_reason_to_leave_it():
    given = "call john doe", "जान दो को बुलाओ", "john=जान doe=दो call=बुलाओ", "john doe"
    known = [("john", "जॉन")]
    assert restore(*given, spellings=known)[0] == "जॉन doe को बुलाओ"
    text, _, figures = restore(*given, spellings=known, spelled=True)
    assert (text, figures["unspelled"], figures["placed"]) == (given[1], 1, 0)
    assert restore(*given, spellings=[*known, ("doe", "डो")], spelled=True)[0] == "जॉन डो को बुलाओ"
    assert restore(*given, drawn=[["राम"]], spelled=True)[0] == "राम को बुलाओ"


def test_a_slot_of_a_part_of_a_word_is_its_value():
    source = "john's house"
    found, _ = entities(source, [Slot("name", "john", 0, 4)])
    assert (found[0].words, found[0].places) == (["john"], range(1))
    assert entities(source, [Slot("name", " ", 6, 7), Slot("name", "", 0, 0)]) == ([], [])


def test_spellings_take_the_longest_phrase_and_drop_a_possessive():
    known = Spellings([("New York", "न्यूयॉर्क"), ("york", "यॉर्क"), ("york", "नहीं"), ("jazz", "जैज़ म्यूज़िक")])
    assert known.of(["in", "new", "york"]) == (["in", "न्यूयॉर्क"], False)
    assert known.of(["York's"]) == (["यॉर्क"], True)
    assert known.of(["new", "york's", "jazz"]) == (["न्यूयॉर्क", "जैज़", "म्यूज़िक"], True)
    assert known.of(["राम", "7"]) == (["राम", "7"], True)
    assert known.of(["john's"]) == (["john's"], False)


@pytest.mark.parametrize(
    "bad", [{}, "0-0", [[0]], [[0, 1, 2]], [[0, "1"]], [[0, True]], [[-1, 0]], [[2, 0]], [[0, 3]], [0]]
)
def test_what_is_no_alignment(bad):
    with pytest.raises(ValueError, match="alignment"):
        links(bad, 2, 3)
    assert links(None, 2, 3) == set()
    assert links([[1, 2], [1, 2]], 2, 3) == {(1, 2)}


def test_a_possessive_of_a_name_in_s_and_of_a_curly_apostrophe():
    known = Spellings([("james", "जेम्स"), ("mina", "मीना")])
    for word, written in (("James'", "जेम्स"), ("James’", "जेम्स"), ("Mina’s", "मीना"), ("MINA'S", "मीना")):
        assert known.of([word]) == ([written], True)
    assert known.of(["mina'"]) == (["mina'"], False)


def test_white_space_stays_where_words_do():
    made = edited("  a\tb  c\u00a0d\n", {(0, 2)}, [Edit(frozenset([1]), ["x", "y"], [3])])
    assert made.text == "  a\tx y  c\u00a0d\n"
    assert made.alignment == [[0, 3], [3, 1], [3, 2]]
    assert made.where == [(4, 7)]
    assert made.text[made.moved[2] :] == "c\u00a0d\n"
    assert edited("a b", set(), [Edit(frozenset([0, 1]), ["x"], [0])]).text == "x"


@given(st.data())
def test_editing_keeps_every_other_word_and_its_links(data):
    count = data.draw(st.integers(1, 8))
    text = " ".join(f"w{number}" for number in range(count))
    chosen = data.draw(st.lists(st.integers(0, count - 1), unique=True))
    cut = data.draw(st.integers(0, len(chosen)))
    edits = [
        Edit(frozenset(part), [f"e{number}"] * data.draw(st.integers(1, 3)), data.draw(st.just([number])))
        for number, part in enumerate((chosen[:cut], chosen[cut:]))
        if part
    ]
    linked = {(number, number) for number in range(count)}
    made = edited(text, linked, edits)
    left = [word for word in text.split() if int(word[1:]) not in chosen]
    words = made.text.split()
    assert [word for word in words if word[0] == "w"] == left
    assert {(s, words[t]) for s, t in made.alignment if words[t][0] == "w"} == {(int(word[1:]), word) for word in left}
    for edit, (start, end) in zip(edits, made.where):
        assert made.text[start:end] == " ".join(edit.words)
    assert all(made.text[start:].startswith(f"w{number}") for number, start in made.moved.items())


def test_runs_and_words():
    assert runs([5, 1, 2, 7, 6]) == [[1, 2], [5, 6, 7]]
    assert words(" a\u2003b\x0bc ") == ["a\u2003b", "c"]


@given(st.text(" \tab\u2003", min_size=1), st.data())
def test_a_slot_touches_the_words_that_it_overlaps(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    spans = [match.span() for match in re.finditer(r"[^ \t]+", text)]
    overlapped = [number for number, (first, last) in enumerate(spans) if first < end and last > start]
    assert list(touched(text, Slot("name", text[start:end], start, end))) == overlapped


@given(st.text(" \tab\u2003"), st.data())
def test_what_is_not_edited_stays_with_its_white_space(text, data):
    count = len(words(text))
    places = data.draw(st.sets(st.integers(0, max(count - 1, 0)), max_size=count)) if count else set()
    edits = [Edit(frozenset({place}), ["new"], [1]) for place in places]
    made = edited(text, {(0, place) for place in range(count)}, edits)
    pieces = iter(range(count))
    assert made.text == re.sub(r"[^ \t]+", lambda match: "new" if next(pieces) in places else match[0], text)
    assert made.alignment == sorted([int(place in places), place] for place in range(count))


def test_entities_of_another_call_stay_where_they_are():
    said = "meet john in paris"
    before = Translation("paris mein x john se", {(1, 3), (3, 0)}, [Slot("person", "john", 13, 17)])
    found, _ = entities(said, [Slot("city", "paris", 13, 18)])
    restorer = Restorer(Spellings(), frozenset(), 0, False)
    made = restorer(found, [], [["पेरिस", "शहर"]], before, False)
    assert made["text"] == "पेरिस शहर mein x john se"
    assert [each["name"] for each in made["entities"]] == ["city", "person"]
    for each in made["entities"]:
        assert made["text"][each["start"] : each["end"]] == each["value"]
    assert restorer([], [], [], before, False) == {"entities": [before.entities[0]._asdict()]}

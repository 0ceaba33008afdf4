"""Masks: what is a name in a pair, that a pair stays a pair, and that masks come out of translations again."""

import pytest
from hypothesis import given
from hypothesis.strategies import data, integers, sets, text, tuples

from datasel.nlu.slots import Slot
from datasel.translation.entities import entities
from datasel.translation.masks import masked, names, restored, unmasked, with_masks


def pair(source, target, links):
    said, made = source.split(), target.split()
    return said, made, {(said.index(s), made.index(t)) for s, t in (link.split("=") for link in links.split())}


def found(*of):
    said, made, links = pair(*of)
    return [
        (" ".join(said[a] for a in run.source), " ".join(made[b] for b in run.target))
        for run in names(said, made, links)
    ]


@pytest.mark.parametrize("source, target, links, wanted", [
    ("call john smith", "जॉन स्मिथ को बताओ", "call=बताओ john=जॉन smith=स्मिथ", [("john smith", "जॉन स्मिथ")]),
    ("smith john", "जॉन स्मिथ", "john=जॉन smith=स्मिथ", [("smith", "स्मिथ"), ("john", "जॉन")]),  # another order
    ("dhoni's career", "धोनी का करियर", "dhoni's=धोनी career=करियर", [("dhoni's", "धोनी"), ("career", "करियर")]),
    ("paris or rome", "Paris oder Rom", "paris=Paris or=oder rome=Rom", [("paris", "Paris")]),
    ("in delhi", "दिल्ली में", "in=दिल्ली delhi=दिल्ली", []),  # not alone
    ("no delhi", "नो दिल्ली", "no=नो", []),  # a common word, and one without a link
    ("pay 300", "300 दो", "300=300 pay=दो", []),  # a number is no name
    ("aa b c d e", "aa b c d e", "aa=aa b=b c=c d=d e=e", [("aa b c d", "aa b c d"), ("e", "e")]),
])  # fmt: skip
def test_names_translate_each_other_alone_and_sound_alike(source, target, links, wanted):
    assert found(source, target, links) == wanted


def test_a_pair_with_masks():
    said, made, links = pair("play new york's songs in delhi", "दिल्ली में न्यू यॉर्क के गीत बजाओ",
                             "play=बजाओ new=न्यू york's=यॉर्क songs=गीत in=में delhi=दिल्ली")  # fmt: skip
    runs = names(said, made, links)
    assert with_masks(said, made, links, runs) == (
        "play [e1]'s songs in [e2]", "[e2] में [e1] के गीत बजाओ", [[0, 5], [1, 2], [2, 4], [3, 1], [4, 0]],
    )  # fmt: skip
    assert with_masks(said, made, links, []) == (" ".join(said), " ".join(made), sorted(map(list, links)))


@given(data())
def test_words_beside_masks_stay_and_so_do_their_links(data):
    words = [f"w{n}" for n in range(data.draw(integers(1, 8)))]
    links = data.draw(sets(tuples(integers(0, len(words) - 1), integers(0, len(words) - 1)), max_size=12))
    runs = names(words, words, links)
    assert all(len(run.source) == len(run.target) <= 4 for run in runs)
    source, target, kept = with_masks(words, words, links, runs)
    for side, which in ((source.split(), 0), (target.split(), 1)):
        hidden = {words[place] for run in runs for place in run[which]}
        assert [word for word in side if word[0] == "w"] == [word for word in words if word not in hidden]
        assert [word for word in side if word[0] == "["] == sorted(
            (f"[e{n}]" for n in range(1, len(runs) + 1)), key=lambda mask: runs[int(mask[2]) - 1][which].start
        )
    for s, t in kept:
        assert (s, t) in {(s, t) for s in range(len(source.split())) for t in range(len(target.split()))}
    plain = {(words[s], words[t]) for s, t in links if not any(s in r.source or t in r.target for r in runs)}
    assert plain <= {(source.split()[s], target.split()[t]) for s, t in kept}


def of(text, *slots):
    return entities(
        text, [Slot(name, value, text.index(value), text.index(value) + len(value)) for name, value in slots]
    )[0]


def test_masks_in_and_out():
    text = "call priya's  mother in new york now"
    made, values = masked(text, of(text, ("person", "priya's"), ("place", "new york")), 4)
    assert (made, values) == ("call [e1]'s mother in [e2] now", {"[e1]": "priya", "[e2]": "new york"})
    assert unmasked("[e1] की माँ को [e2] में बताओ", values) == ("priya की माँ को new york में बताओ", True)
    assert unmasked("[e1]की माँ [e3] को", values) == ("priya की माँ को", False)
    assert unmasked("[e1] और [e1] को [e2]", values) == ("priya और को new york", False)
    assert unmasked("कुछ  नहीं", {}) == ("कुछ  नहीं", True)
    assert (
        masked(text, of(text, ("person", "priya's"), ("place", "new york")), 1)[0]
        == "call [e1]'s mother in new york now"
    )
    assert masked("say [e1] to priya", of("say [e1] to priya", ("person", "priya")), 4) == ("say [e1] to priya", {})
    assert masked(text, [], 4) == (text, {})


@pytest.mark.parametrize("text, value, made", [
    ("play james' song", "james'", ("play [e1]' song", {"[e1]": "james"})),
    ("play james' song", "james", ("play [e1]' song", {"[e1]": "james"})),
    ("play priya’s song", "priya’s", ("play [e1]’s song", {"[e1]": "priya"})),
])  # fmt: skip
def test_possessives_stay_behind_masks(text, value, made):
    assert masked(text, of(text, ("person", value)), 4) == made


def test_an_alignment_of_masked_words_goes():
    listed = [{"text": "अब [e1] को", "alignment": [[0, 2]]}, {"text": "अब", "alignment": [[0, 0]]}]
    assert restored(listed, {"[e1]": "new york"}) == [
        {"text": "अब new york को"}, {"text": "अब", "alignment": [[0, 0]], "flags": ["masks"]}
    ]  # fmt: skip


def test_hypotheses_with_every_mask_go_first():
    listed = [
        {"text": "बताओ", "flags": ["length"]},
        {"text": "[e1] को", "mt_score": -2},
        {"text": "को [e1] [e1]"},
        {"text": "[e1]"},
    ]
    assert restored(listed, {"[e1]": "priya"}) == [
        {"text": "priya को", "mt_score": -2}, {"text": "priya"}, {"text": "बताओ", "flags": ["length", "masks"]},
        {"text": "को priya", "flags": ["masks"]},
    ]  # fmt: skip
    for wrong in (None, {}, ["a"], [{"text": 1}]):
        with pytest.raises(ValueError, match="nbest"):
            restored(wrong, {})
    for wrong in (None, [], {"[e1]": 1}):
        with pytest.raises(ValueError, match="masks"):
            restored([], wrong)


@given(text(alphabet="ab [e1]2", max_size=20))
def test_no_mask_is_left(text):
    assert "[e1]" not in unmasked(text, {"[e1]": "x"})[0] or "[e1]" not in text

"""Source words copied into translations: how often, which, and in what place."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.nlu.slots import Slot
from datasel.records.seeding import generator
from datasel.translation import mixing
from datasel.translation.hypotheses import Translation
from datasel.translation.mixing import InDomain, Mixer
from datasel.translation.spellings import Spellings

TEXTS = ["मेरा अलार्म बंद करो", "अलार्म लगाओ", "play करो", "ईमेल भेजो", "इमेल भेजो", "ईमेल"]  # 13 words, 9 different


def domain(texts=TEXTS, spellings=(), scale=1.0, alpha=0.0):
    return InDomain(texts, Spellings(spellings), scale, alpha)


def mix(
    source, text, alignment, slots=(), entities=(), texts=TEXTS, particles=(), chances=None, spellings=(), scale=1e9
):
    said, target = source.split(), text.split()
    linked = {(said.index(s), target.index(t)) for s, t in (link.split("=") for link in alignment.split())}
    mixer = Mixer(domain(texts, spellings, scale), set(particles))
    made = mixer(source, slots, Translation(text, linked, list(entities)), chances or [0.5] * len(said))
    return made.get("text", text), made, mixer


def test_the_probability_is_the_smoothed_relative_frequency_times_the_scale():
    for scale, alpha in ((1, 0), (2, 0), (1, 0.5), (3, 2)):
        known = domain(scale=scale, alpha=alpha)
        for word, count in (("alarm", 2), ("email", 3), ("play", 1), ("करो", 2), ("nothing", 0)):
            expected = min(1, scale * (count + alpha) / (13 + alpha * 9))
            assert known.word(word).probability == pytest.approx(expected), word
            assert known.word(word).count == count


@given(st.lists(st.sampled_from("abcdef"), min_size=1), st.floats(0, 5))
def test_over_the_words_of_the_text_probabilities_are_a_distribution(words, alpha):
    known = domain([" ".join(words)], alpha=alpha)
    assert sum(known.word(word).probability for word in set(words)) == pytest.approx(1)


def test_it_is_written_as_the_text_has_it_most_often_then_as_it_is_spelled_then_as_it_stands():
    known = domain(spellings=[("email", "मेल"), ("weather", "वेदर"), ("now", "अभी")])
    assert known.word("email").written == ["ईमेल"]
    assert known.word("Email").written == ["ईमेल"]
    assert known.word("play").written == ["play"]
    assert known.word("weather").written == ["वेदर"]
    assert known.word("Rain").written == ["Rain"]
    assert domain(["सांग सांग", "गाना"], [("song", "गाना")]).word("song").count == 1


def test_a_word_that_is_no_single_word_is_left():
    known = domain()
    assert known.word(",") is None
    assert known.word("e-mail") is None
    assert known.word("alarm,").count == 2


def test_function_words_are_not_found_by_sound():
    known = domain(["फॉर एंड गेट", "थे तो इन सो में"])
    for word in ("for", "and", "get", "the", "to", "in", "so", "me"):
        assert known.word(word).count == 0, word
    assert domain(["for ever"]).word("for").count == 1
    known = domain(["आई एंड ए"], [("i", "आई"), ("and", "एंड"), ("a", "ए")])
    assert [known.word(word).count for word in ("i", "and", "a")] == [0, 0, 0]


def test_text_without_words_is_an_error():
    for texts in ([], ["", " . "]):
        with pytest.raises(ValueError, match="no words"):
            domain(texts)


def test_a_word_takes_the_place_of_the_run_aligned_to_it():
    text, made, mixer = mix("set an alarm", "एक घंटी घड़ी लगाओ", "an=एक alarm=घंटी alarm=घड़ी set=लगाओ")
    assert text == "एक अलार्म लगाओ"
    assert made["alignment"] == [[0, 2], [1, 0], [2, 1]]
    assert mixer.totals() == (1, 3)


@pytest.mark.parametrize("alignment", [
    "alarm=घंटी alarm=लगाओ an=की",  # two runs
    "alarm=घंटी an=घंटी",  # shared
    "an=घंटी",  # nothing aligned
])  # fmt: skip
def test_a_word_without_a_run_of_its_own_is_not_copied(alignment):
    assert mix("set an alarm", "घंटी की लगाओ", alignment)[1] == {}


def test_particles_at_the_ends_stay():
    given = "set alarm", "घंटी को लगाओ", "alarm=घंटी alarm=को set=लगाओ"
    assert mix(*given)[0] == "अलार्म लगाओ"
    assert mix(*given, particles=["को"])[0] == "अलार्म को लगाओ"
    assert mix("set alarm", "को लगाओ", "alarm=को", particles=["को"])[1] == {}


def test_no_entity_is_split_on_either_side():
    given = "play alarm song", "घंटी गीत चलाओ", "alarm=घंटी song=गीत play=चलाओ"
    assert mix(*given)[0] == "अलार्म गीत play"
    assert mix(*given, slots=[Slot("song", "alarm song", 5, 15)])[0] == "घंटी गीत play"
    text, made, _ = mix(*given, entities=[Slot("song", "घंटी गीत", 0, 8)])
    assert text == "घंटी गीत play"
    assert made["entities"] == [{"name": "song", "value": "घंटी गीत", "start": 0, "end": 8}]


def test_entities_move_with_the_text():
    text, made, _ = mix("set alarm for sam", "घंटी सैम लगाओ", "alarm=घंटी sam=सैम", entities=[Slot("p", "सैम", 5, 8)])
    assert text == "अलार्म सैम लगाओ"
    (entity,) = made["entities"]
    assert text[entity["start"] : entity["end"]] == entity["value"] == "सैम"


def test_a_chance_below_the_probability_copies():
    given = "set alarm", "घंटी लगाओ", "alarm=घंटी set=लगाओ"
    probability = domain().word("alarm").probability
    assert mix(*given, scale=1, chances=[0.9, probability - 1e-9])[0] == "अलार्म लगाओ"
    assert mix(*given, scale=1, chances=[0.9, probability])[1] == {}


def test_what_is_written_so_already_is_copied_without_a_change():
    text, made, mixer = mix("set alarm", "अलार्म लगाओ", "alarm=अलार्म set=लगाओ")
    assert made == {}
    assert mixer.totals() == (1, 2)


def test_of_a_run_that_has_the_word_it_alone_is_written_anew():
    given = "send email", "इमेल भेज लो", "email=इमेल email=भेज send=लो"
    assert mix(*given)[0] == "ईमेल भेज लो"
    assert mix("send email", "ईमेल भेज लो", "email=ईमेल email=भेज send=लो")[1] == {}


def test_over_many_draws_words_come_as_often_as_they_should():
    draw, times = generator(3, "test"), 4000
    mixer = Mixer(domain(scale=2), set())
    counts = Counter()
    for _ in range(times):
        found = Translation("घंटी पत्र", {(0, 0), (1, 1)}, [])
        counts.update(mixer("alarm email", [], found, draw.random(2).tolist()).get("text", "").split())
    assert counts["अलार्म"] / times == pytest.approx(2 * 2 / 13, abs=0.03)
    assert counts["ईमेल"] / times == pytest.approx(2 * 3 / 13, abs=0.03)
    figures = {each["word"]: each for each in mixer.figures()}
    assert figures["alarm"]["eligible"] == times
    assert figures["alarm"]["copied"] == counts["अलार्म"]


def test_what_is_known_of_source_words_stays_small(monkeypatch):
    monkeypatch.setattr(mixing, "_HELD", 10)
    known = domain()
    found = [known.word(f"alarm{number}").probability for number in range(100)]
    assert len(known._known) <= 11 and len(set(found)) == 1
    silent = Mixer(known, set(), by_word=False)
    for number in range(20):
        silent(f"w{number}", [], Translation("एक", {(0, 0)}, []), [0.9])
    assert silent.totals() == (0, 20) and silent.figures() == []

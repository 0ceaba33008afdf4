"""English words in Devanagari: which are told to be alike, which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.text.transliteration import Sounds, readings, similarity, sound
from datasel.translation.spellings import Learned, learned

ALIKE = """
    alarm अलार्म, music म्यूज़िक, radio रेडियो, video वीडियो, calendar कैलेंडर, email ईमेल, pizza पिज़्ज़ा, picture पिक्चर,
    station स्टेशन, phone फ़ोन, phone फोन, playlist प्लेलिस्ट, power पावर, restaurant रेस्टोरेंट, call कॉल, google गूगल,
    facebook फेसबुक, light लाइट, lights लाइट्स, meeting मीटिंग, message मैसेज, share शेयर, news न्यूज़, twitter ट्विटर,
    john जॉन, michael माइकल, chocolate चॉकलेट, team टीम, coffee कॉफ़ी, size साइज़, office ऑफ़िस, school स्कूल, taxi टैक्सी,
    train ट्रेन, movie मूवी, computer कंप्यूटर, speaker स्पीकर, service सर्विस, reminder रिमाइंडर, tweet ट्वीट, rock रॉक,
    california कैलिफोर्निया, temperature टेम्परेचर, vacuum वैक्यूम, apple एप्पल, amazon अमेज़न, file फ़ाइल, window विंडो,
    company कंपनी, number नंबर, list लिस्ट, jazz जैज़, mumbai मुंबई
"""
UNLIKE = """
    the थे, to तो, in इन, so सो, me में, main में, men में, call कल, man मन, can कान, name नाम, note नहीं, sun सुन,
    power प्यार, number नाम, rock रोक, wrong रंग, like लायक, there देर, open पैन, item टीम, report एयरपोर्ट, check केक,
    india अंडा, left लिफ्ट, sarah सारे, pause पास, value वाले, why वही, car कार्य, which विषय, delhi दिल्ली, bharat भारत
"""
NAMES = "delhi दिल्ली, london लंदन, bharat भारत, gandhi गांधी, dharwad धारवाड़, priya प्रिया"


def pairs(text):
    return [tuple(pair.split()) for pair in text.split(",")]


@pytest.mark.parametrize(("english", "hindi"), pairs(ALIKE))
def test_alike(english, hindi):
    assert similarity(english, hindi) > 0.91
    assert similarity(english, hindi, loose=True) > 0.91
    assert list(Sounds([hindi], 3).like(english, 0.91)) == [(hindi, similarity(english, hindi))]


@pytest.mark.parametrize(("english", "hindi"), pairs(UNLIKE))
def test_unlike(english, hindi):
    assert list(Sounds([hindi], 3).like(english, 0.91)) == []


@pytest.mark.parametrize(("english", "hindi"), pairs(NAMES))
def test_names_under_the_loose_rules(english, hindi):
    assert similarity(english, hindi, loose=True) > 0.9


def test_the_sound_of_a_word():
    assert sound("अलार्म") == ("lrm", ("@", "A", "", ""))
    assert sound("म्यूज़िक") == ("mzk", ("", "u", "i", ""))
    assert sound("हैं").key == "hM"
    for none in ("", "alarm", "अ", "७", "अलार्म5", "নাম"):
        assert sound(none) is None


def test_both_forms_of_a_dotted_letter_are_one():
    assert sound("म्यू\u095bिक") == sound("म्यूज\u093cिक")


def test_readings_are_of_latin_letters():
    assert {reading.key for reading in readings("Chicago")} >= {"ckg", "Skg"}
    assert readings("john's") == readings("johns")
    for none in ("", "'", "7th", "é", "अ", "a b"):
        assert readings(none) == ()


@given(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=14), st.text("अआइकखगचजटडतदनपफबमयरलवसहािीुूेैोौं़्", max_size=12))
def test_any_words_can_be_compared(english, hindi):
    assert 0 <= similarity(english, hindi) <= similarity(english, hindi, loose=True) <= 1


def test_words_are_learned_from_pairs():
    given = [
        ("play some jazz", "जैज़ चलाओ"), ("jazz please", "कुछ जैज़"), ("turn off jazz", "जैज बंद करो"),
        ("call john", "जॉन को कॉल"), ("i jazz", "और कुछ"),
    ]  # fmt: skip
    assert learned(given) == [Learned("jazz", "जैज़", 2, 0.5, 1.0)]
    found = learned(given, least=1, share=0.2)
    assert [(each.word, each.written) for each in found] == [
        ("call", "कॉल"), ("jazz", "जैज़"), ("jazz", "जैज"), ("john", "जॉन"),
    ]  # fmt: skip
    assert learned([]) == []

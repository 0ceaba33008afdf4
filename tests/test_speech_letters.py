"""Words in another script by how they sound: the table, and how letters become syllables."""

import unicodedata
from pathlib import Path

import pytest

from datasel.errors import DataError
from datasel.speech.letters import Letters, read_letters

TABLE = Path(__file__).parent.parent / "src/datasel/samples/files/letters-hi.tsv"

SIMPLE = Letters({
    "k": "क", "t": "ट", "r": "र", "s": "स", "z": "ज़", "a": "आ", "i": "इ", "ə": "अ", "ə#": "आ", "nt": "ंट", "n": "न",
    "#i": "ई", "tr": "ट्र", "ʔ": "", "ks": "क्स",
})  # fmt: skip


@pytest.mark.parametrize("phones, written", [
    ("k a", "का"), ("a k", "आक"), ("k a i", "काइ"), ("k ə t", "कट"), ("k ə t ə", "कटा"),
    ("s t a", "स्टा"), ("a s t", "आस्ट"), ("a t k a", "आटका"), ("a t r a", "आट्रा"), ("k a n t i", "कांटि"),
    ("z a", "ज़ा"), ("z k a", "ज़्का"), ("i k i", "ईकि"), ("s t r", "स्ट्र"), ("k ʔ a", "का"), ("a ks t a", "आक्सटा"),
])  # fmt: skip
def test_syllables(phones, written):
    (made,) = SIMPLE.of(phones.split())
    assert made == unicodedata.normalize("NFC", written)


def test_what_the_table_lacks_and_what_is_silent():
    with pytest.raises(KeyError, match="p"):
        SIMPLE.of(["k", "p"])
    assert SIMPLE.of(["ʔ"]) == () and SIMPLE.of([]) == ()


def test_other_scripts_of_that_kind():
    bengali = Letters({"k": "ক", "a": "আ", "i": "ই", "ə": "অ", "t": "ট"})
    assert bengali.of(["k", "t", "a", "k", "i", "t"]) == ("ক্টাকিট",)


def test_scripts_not_of_that_kind():
    """No vowel stands in their consonants."""
    assert Letters({"m": "м", "a": "а", "n": "н"}).of(["m", "a", "m", "a"]) == ("мама",)
    assert Letters({"m": "m", "a": "a"}).of(["a", "m", "a"]) == ("ama",)


def test_the_table_of_the_samples_is_of_devanagari():
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    assert len({phones for phones, _ in rows}) == len(rows) > 150
    assert all("DEVANAGARI" in unicodedata.name(letter) for _, letters in rows for letter in letters)
    read_letters(str(TABLE))


@pytest.mark.parametrize("name, written", [
    ("boston", "बॉस्टन"), ("james", "जेम्स"), ("john", "जॉन"), ("pizza", "पीट्सा"), ("doctor", "डॉक्टर"),
    ("starbucks", "स्टार्बक्स"), ("coldplay", "कोल्डप्ले"), ("lisa", "लीसा"),
])  # fmt: skip
def test_english_names_in_hindi(name, written):
    from datasel.speech.pronunciation import Voice

    try:
        voice = Voice("en-gb-scotland")
    except DataError as error:
        pytest.skip(str(error))
    (phones,) = voice.phones([name])
    assert read_letters(str(TABLE)).of(phones) == (unicodedata.normalize("NFC", written),)


def test_lines_that_are_none(tmp_path):
    for line in ("k", "#\tक", "\tक"):
        (tmp_path / "t.tsv").write_text(f"a\tआ\n{line}\n")
        with pytest.raises(DataError, match=r"t\.tsv:2: not phones, a tab and letters"):
            read_letters(str(tmp_path / "t.tsv"))
    (tmp_path / "t.tsv").write_text("")
    with pytest.raises(DataError, match="no letters"):
        read_letters(str(tmp_path / "t.tsv"))

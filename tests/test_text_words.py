"""What a word is, in Latin and Indic scripts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.ngrams.hashing import hash_words, ngrams, record_hashes
from datasel.text.words import normalised, tokens, words

# combining marks that tokenisers are known to split off: vowel signs, virama, nukta, Tamil pulli
INDIC = ["नमस्ते", "क्या", "ज़रूर", "हिन्दी", "தமிழ்", "வணக்கம்", "বাংলা", "ગુજરાતી", "ਪੰਜਾਬੀ"]


@pytest.mark.parametrize("word", INDIC)
def test_combining_marks_stay_in_their_word(word):
    assert len(words(f"{word} {word}")) == 2
    assert [f"{word}, {word}।"[a:b] for a, b in tokens(f"{word}, {word}।")] == [word, ",", word, "।"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Play the SONG!", ["play", "the", "song"]),
        ("don't don’t", ["don't", "don't"]),
        ("e-mail me@home", ["e", "mail", "me", "home"]),
        ("caf\u00e9 cafe\u0301", ["caf\u00e9", "caf\u00e9"]),  # NFC
        ("a\u2028b\u00a0c\x00d\re", ["a", "b", "c", "d", "e"]),
        ("😀 ok", ["😀", "ok"]),
        ("", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@given(st.text())
def test_ascii_and_general_path_agree(text):
    ascii_part = "".join(filter(str.isascii, text))
    assert normalised(ascii_part + " \u0905") == normalised(ascii_part) + " \u0905".encode()


@given(st.text())
def test_tokens_cover_everything_visible_in_order(text):
    spans = tokens(text)
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:]))
    left = set("".join(text[a:b] for a, b in spans))
    assert {char for char in text if char.isalnum()} <= left


TEXTS = st.lists(st.text(alphabet="ab कि' \u00e9😀x" + "y" * 3, max_size=40), max_size=12)


def joined(texts):
    return "".join(text.replace("\n", " ") + "\n" for text in texts)


@given(TEXTS)
def test_hashes_tell_words_apart_and_only_words(texts):
    found = hash_words(joined(texts))
    spelled = [word for text in texts for word in words(text)]
    assert len(found.hashes) == len(spelled)
    assert found.records == len(texts)
    assert found.record.tolist() == [index for index, text in enumerate(texts) for _ in words(text)]
    assert len(set(zip(spelled, found.hashes.tolist()))) == len(set(spelled)) == len(set(found.hashes.tolist()))


@given(TEXTS, st.integers(1, 4))
def test_ngrams_are_those_of_each_text_alone(texts, order):
    together = hash_words(joined(texts))
    apart = [hash_words(joined([text])) for text in texts]
    for length, (bucket, whole) in enumerate(ngrams(together, order, 20), 1):
        expected = []
        for found in apart:
            for alone, (piece, inside) in enumerate(ngrams(found, order, 20), 1):
                if alone == length:
                    expected += piece[inside].tolist()
        assert bucket[whole].tolist() == expected


def test_long_words_of_every_length_differ():
    lengths = list(range(1, 200))
    found = hash_words(joined(["x" * length for length in lengths] + ["x" * length + "y" for length in lengths]))
    assert len(set(found.hashes.tolist())) == 2 * len(lengths)


def test_buckets_are_spread_evenly():
    found = hash_words(joined([f"w{number}" for number in range(200_000)]))
    bucket, _ = next(ngrams(found, 1, 10))
    counts = np.bincount(bucket, minlength=1024)
    expected = 200_000 / 1024
    assert ((counts - expected) ** 2 / expected).sum() < 1024 + 5 * (2 * 1024) ** 0.5


def test_record_hashes_know_the_order_of_words():
    found = record_hashes(hash_words("play a song\nPlay, a song!\na song play\n\nplay\n\n"))
    assert found[0] == found[1]
    assert len({int(value) for value in found}) == 4
    assert found[3] == found[5] == 0

"""Word vectors and texts' vectors of a fastText model, against fastText itself and against the definitions."""

import contextlib
import gzip
import random

import fasttext
import numpy as np
import pytest

from datasel.embedding import fasttext_file, training, wrapping
from datasel.embedding.sentences import TextVectors
from datasel.embedding.subwords import LONGEST, subwords
from datasel.embedding.word_vectors import WordVectors
from datasel.errors import DataError, ModelError
from datasel.ngrams.hashing import hash_normalised
from datasel.records.unpacked import as_file
from datasel.text.words import normalised, words

SETTINGS = training.Settings("skipgram", 12, 2, 0.05, 5, 5, 2, 2, 4, 300, 1)
KNOWN = ["चालू", "करो", "बत्ती", "play", "jazz", "it's", "ना\u200cम", "नमस्ते", "𝄞𝄞", "x", "अ"]
UNKNOWN = ["ब्लाह", "qwerty", "y", "ü", "𝄞"]


@pytest.fixture(scope="module")
def texts():
    draw = random.Random(1)
    return [" ".join(draw.choice(KNOWN) for _ in range(draw.randint(1, 9))) for _ in range(200)]


@pytest.fixture(scope="module")
def content(texts):
    return "".join(text + "\n" for text in texts).encode()


@pytest.fixture(scope="module")
def path(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "model.bin"
    made = training.train([content], SETTINGS)
    path.write_bytes(wrapping.trained(made, "embed-fit|test", SETTINGS._asdict()))
    return str(path)


def found(model, some):
    content = "".join(word + "\n" for word in some).encode()
    made = model.find(content, hash_normalised(content))
    return made.vectors[made.place], made.has[made.place], made.frequency[made.place]


def composed(theirs, word):
    """The mean of the rows that fastText says a word is made of."""
    _, ids = theirs.get_subwords(word)
    return np.mean([theirs.get_input_vector(int(each)) for each in ids], axis=0)


def test_training_gives_the_same_bytes(content):
    once, again = (training.train([content[:500], content[500:]], SETTINGS) for _ in range(2))
    assert once == again
    assert once != training.train([content], SETTINGS._replace(seed=2))


def test_fasttext_reads_the_model_and_not_what_is_behind_it(path):
    theirs = fasttext.load_model(path)
    assert theirs.get_dimension() == 12
    assert set(theirs.get_words()) == {*KNOWN, "</s>"}


def test_vectors_are_those_of_fasttext(path):
    theirs, ours = fasttext.load_model(path), WordVectors.load(path)
    made, has, _ = found(ours, KNOWN + UNKNOWN)
    assert has.all()
    for word, vector in zip(KNOWN + UNKNOWN, made):
        assert vector == pytest.approx(composed(theirs, word), abs=1e-6), word


def test_the_hashes_of_n_grams_are_those_of_fasttext(path):
    theirs = fasttext.load_model(path)
    known = len(theirs.get_words())
    for word in UNKNOWN:
        made = subwords([word.encode()], 2, 4, 300)
        assert sorted(made.buckets + known) == sorted(theirs.get_subwords(word)[1])
    together = subwords([word.encode() for word in UNKNOWN], 2, 4, 300)
    assert together.counts.tolist() == [subwords([word.encode()], 2, 4, 300).counts[0] for word in UNKNOWN]
    assert subwords([b"abc"], 1, 1, 300).counts.tolist() == [3]  # no mark alone
    assert subwords([b"abc"], 3, 0, 300).counts.tolist() == [0]


def test_frequencies_are_shares_of_the_words_without_the_ends_of_lines(path, texts):
    _, _, frequency = found(WordVectors.load(path), [*KNOWN, *UNKNOWN, "s"])
    counts = [sum(text.split().count(word) for text in texts) for word in KNOWN]
    assert frequency == pytest.approx([*(np.array(counts) / sum(counts)), *[0] * len(UNKNOWN), 0])


def test_what_is_remembered_of_unknown_words_changes_nothing(path, monkeypatch):
    some = [f"{number:x}w" for number in range(300)]
    fresh, _, _ = found(WordVectors.load(path), some)
    monkeypatch.setattr("datasel.embedding.word_vectors._REMEMBERED", 8)
    model = WordVectors.load(path)
    for _ in range(3):
        for start in range(0, 300, 7):
            assert (found(model, some[start : start + 7])[0] == fresh[start : start + 7]).all()


def naive(theirs, text, a=None, counts=None):
    """The definition, written out."""
    some = words(text)
    if not some:
        return np.zeros(12)
    total = np.zeros(12)
    for word in some:
        weight = a / (a + counts.get(word, 0) / sum(counts.values())) if a else 1
        total += weight * composed(theirs, word)
    return total / len(some)


@pytest.mark.parametrize("a", [None, 1e-3, 0.1])
def test_vectors_of_texts(path, texts, a):
    theirs = fasttext.load_model(path)
    counts = {word: sum(text.split().count(word) for text in texts) for word in KNOWN}
    some = [*texts[:20], "", "!?", "Play, JAZZ!", "qwerty का", "play " * 50]
    made, has = TextVectors(WordVectors.load(path), a).of("".join(text + "\n" for text in some))
    assert has.tolist() == [bool(words(text)) for text in some]
    for text, vector in zip(some, made):
        assert vector == pytest.approx(naive(theirs, text, a, counts), abs=1e-5), text


def test_a_text_does_not_depend_on_the_others(path, texts):
    model = TextVectors(WordVectors.load(path), 1e-3)
    together, _ = model.of("".join(text + "\n" for text in [*texts, *UNKNOWN]))
    alone = [TextVectors(WordVectors.load(path), 1e-3).of(text + "\n")[0][0] for text in [*texts, *UNKNOWN]]
    assert (together == np.array(alone)).all()


def test_words_that_are_too_long_have_no_vector(path):
    model = WordVectors.load(path)
    _, has, _ = found(model, ["a" * LONGEST, "a" * (LONGEST + 1), "play", "ह" * LONGEST])
    assert has.tolist() == [True, False, True, False]


def test_no_words_are_an_error():
    for content in (b"", b"\n\n"):
        with pytest.raises(DataError, match="no words"):
            training.train([content], SETTINGS)
    with pytest.raises(DataError, match="9 times"):
        training.train([b"a b c\n"], SETTINGS._replace(min_count=9))


# -- wrapping ----------------------------------------------------------------------------------------------------


def test_a_wrapped_model_has_the_same_vectors_and_other_frequencies(path, tmp_path):
    made = tmp_path / "wrapped.bin"
    made.write_bytes(wrapping.wrapped(path, [b"jazz jazz play\n", b"new\n"], "embed-fit|wrap"))
    before, after = WordVectors.load(path), WordVectors.load(str(made))
    assert (found(before, KNOWN + UNKNOWN)[0] == found(after, KNOWN + UNKNOWN)[0]).all()
    assert found(after, ["jazz", "play", "चालू"])[2] == pytest.approx([2 / 3, 1 / 3, 0])
    assert set(fasttext.load_model(str(made)).get_words()) == {*KNOWN, "</s>"}


def test_a_vec_can_be_wrapped(tmp_path):
    vec, made = tmp_path / "a.vec", tmp_path / "a.npz"
    vec.write_text("4 3\nplay 1 2 3\nनमस्ते -0.5 0 1e-3 \nUpper 7 7 7\n, 9 9 9\n")
    made.write_bytes(wrapping.wrapped(str(vec), ["play play नमस्ते\n".encode()], "embed-fit|wrap"))
    vectors, has, frequency = found(WordVectors.load(str(made)), ["नमस्ते", "play", "upper", "unknown"])
    assert vectors == pytest.approx(np.array([[-0.5, 0, 1e-3], [1, 2, 3], [7] * 3, [0] * 3]))
    assert has.tolist() == [True, True, True, False]
    assert frequency == pytest.approx([1 / 3, 2 / 3, 0, 0])
    texts, has = TextVectors(WordVectors.load(str(made))).of("play unknown\nunknown\n")
    assert texts.tolist() == [[1, 2, 3], [0, 0, 0]] and has.tolist() == [True, False]


def test_words_of_others_are_compared_as_those_of_texts_are(tmp_path):
    """Cased, not composed as NFC has it, several spellings of one: that of a text if it is there, else the first."""
    rows = ["Berlin 1 0", "BERLIN 2 0", "Mai 3 0", "mai 4 0", "\u0958लम 5 0", "cafe\u0301 6 0", "don\u2019t 7 0"]
    text = "berlin Berlin BERLIN mai Mai \u0958लम caf\u00e9 don't\n"
    vec, made = tmp_path / "a.vec", tmp_path / "a.bin"
    for mark, pack in (("", bytes), ("\ufeff", gzip.compress)):
        vec.write_bytes(pack((f"{mark}{len(rows)} 2\n" + "".join(row + "\n" for row in rows)).encode()))
        made.write_bytes(wrapping.wrapped(str(vec), [normalised(text)], "embed-fit|wrap"))
        as_file.cache_clear()
        vectors, has, frequency = found(WordVectors.load(str(made)), normalised(text).decode().split())
        assert vectors[:, 0].tolist() == [1, 1, 1, 4, 4, 5, 6, 7]
        assert has.all()
        assert frequency == pytest.approx([3 / 8] * 3 + [2 / 8] * 2 + [1 / 8] * 3)


def test_frequencies_of_spellings_add_up():
    words, counts = [b"Jazz", b"jazz", b"JAZZ", b"</s>", b"pop"], np.array([1, 2, 3, 50, 4])
    assert WordVectors(words, counts, 2, 1.0, "")._frequency.tolist() == [0, 0.6, 0, 0, 0.4]


@pytest.mark.parametrize(("content", "reason"), [
    (b"3 2\na 1 2\nb 1 2\n", "a.vec: 3 words are announced, 2 are there"),
    (b"1 2\na 1 2\nb 1 2\n", "a.vec: 1 words are announced, 2 are there"),
    (b"2 2\na 1 2\nb 1 2 3 x\n", "a.vec:3: not a word and 2 numbers"),
    (b"2 2\na 1 2\nb 1\n", "a.vec:3: not a word and 2 numbers"),
    (b"2 2\na 1 2\nb 1 inf\n", "a.vec:3: the vectors hold what is no number"),
    (b"a 1 2\nb 1 2\n", "a.vec:1: neither fastText's .bin nor its .vec"),
    ("1 2\na 1 2\n".encode("utf-16"), "a.vec: the text is in UTF-16"),
    (b"1 2\n... 1 2\n", "none of its words can stand in a text"),
])  # fmt: skip
def test_what_is_wrong_with_a_vec_is_told_by_its_line(content, reason, tmp_path):
    vec = tmp_path / "a.vec"
    vec.write_bytes(content)
    with pytest.raises(ModelError, match=reason):
        wrapping.wrapped(str(vec), [b"a\n"], "embed-fit|wrap")


@pytest.mark.parametrize("content", [
    b"", b"x", b"2 3\na 1 2 3\n", b"1 3\na 1 2\n", b"1 2\na x y\n", b"1 2\na nan 1\n", b"0 0\n", b"-1 2\n",
    b"1 2\n\xff", b"99999999999 99999999\na 1\n",
])  # fmt: skip
def test_what_is_no_vec_is_refused(content, tmp_path):
    vec = tmp_path / "a.vec"
    vec.write_bytes(content)
    with pytest.raises(ModelError, match="a.vec"):
        wrapping.wrapped(str(vec), [b"a\n"], "embed-fit|wrap")


# -- files -------------------------------------------------------------------------------------------------------


def plain(path):
    """fastText's part of the file."""
    with open(path, "rb") as file:
        data = file.read()
    return data[: fasttext_file.parse(path, memoryview(data)).size]


def test_a_plain_model_of_fasttext_is_taken(path, tmp_path):
    other = tmp_path / "plain.bin"
    other.write_bytes(plain(path))
    assert WordVectors.load(str(other)).digest == WordVectors.load(path).digest
    assert (found(WordVectors.load(str(other)), KNOWN)[0] == found(WordVectors.load(path), KNOWN)[0]).all()


def test_no_damage_to_a_plain_model_is_more_than_an_error(path):
    """Its structure is checked; that its numbers are the ones written nothing can say."""
    data = plain(path)
    for size in range(0, len(data), 97):
        with pytest.raises(ModelError):
            fasttext_file.parse("m", memoryview(data[:size]))
    draw = random.Random(1)
    for place in [*range(200), *(draw.randrange(len(data)) for _ in range(300))]:
        for value in (0, 127, 255):
            damaged = data[:place] + bytes([value]) + data[place + 1 :]
            with contextlib.suppress(ModelError):
                fasttext_file.parse("m", memoryview(damaged))


def test_a_quantised_model_is_refused(tmp_path):
    (tmp_path / "text").write_text("".join(f"__label__{n % 2} word{n} some words\n" for n in range(400)))
    model = fasttext.train_supervised(str(tmp_path / "text"), dim=4, minCount=1, verbose=0)
    model.quantize(input=str(tmp_path / "text"), retrain=False)
    model.save_model(str(tmp_path / "a.ftz"))
    with pytest.raises(ModelError, match="quantised"):
        WordVectors.load(str(tmp_path / "a.ftz"))


def test_vectors_that_are_no_numbers_are_refused(path):
    data = bytearray(plain(path))
    model = fasttext_file.parse("m", memoryview(bytes(data)))
    start = int(model.places[-1]) + 9 + 17
    data[start : start + 4] = np.float32("nan").tobytes()
    with pytest.raises(ModelError, match="no number"):
        fasttext_file.parse("m", memoryview(bytes(data)))

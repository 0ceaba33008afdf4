"""Scores and figures against KenLM asked word by word, and models that cannot be read."""

import math
import subprocess

import kenlm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from language_models import KENLM, estimated, generated, loaded, needs_kenlm, saved

from datasel.errors import DataError, ModelError
from datasel.lm.query import Scorer, Sentences, Summary, scored
from datasel.records.pipe import Pipe

TEXTS = st.lists(
    st.text(st.sampled_from("ab \0\t\r\v\f\u00a0\u2028क्ष"))
    | st.sampled_from(["a b a", "", "never heard a", "w1 w2 w1"]),
    max_size=8,
)
LINES = [*generated(100, seed=9), "a b a", "क्ष a"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return saved(estimated(LINES, 3), tmp_path_factory.mktemp("query") / "model.arpa")


@pytest.fixture(scope="module")
def scorer(path):
    return Scorer(path)


@pytest.fixture(scope="module")
def lm(path):
    return loaded(path)


def words_of(line):
    """KenLM's own idea of white space, and NUL is one of its blanks where it reads files."""
    for blank in "\0\t\v\f\r":
        line = line.replace(blank, " ")
    return [word for word in line.split(" ") if word]


def asked(lm, words, end=True):
    """log10 p of each word, and of </s>, and whether it is known, one by one."""
    state, after, found = kenlm.State(), kenlm.State(), []
    lm.BeginSentenceWrite(state)
    for word in [*words, *["</s>"] * end]:
        full = lm.BaseFullScore(state, word, after)
        found.append((full.log_prob, not full.oov))
        state, after = after, state
    return found


def joined(texts):
    return "".join(line + "\n" for line in texts)


@given(TEXTS)
def test_texts_are_scored_word_by_word(scorer, lm, texts):
    sentences = Sentences.of(joined(texts))
    words = [words_of(line) for line in texts]
    assert sentences.words.tolist() == [len(each) for each in words]
    assert len(sentences.lines) == len(texts)
    whole = [sum(p for p, _ in asked(lm, each)) for each in words]
    open_ended = [sum(p for p, _ in asked(lm, each, end=False)) for each in words]
    assert scorer.log10(sentences.lines) == pytest.approx(whole, abs=1e-4)
    assert scorer.log10(sentences.lines, end=False) == pytest.approx(open_ended, abs=1e-4)
    per_token = [total / (len(each) + 1) for total, each in zip(whole, words)]
    assert scorer.per_token(joined(texts)) == pytest.approx(per_token, abs=1e-4)
    unknown = [p for each in words for p, known in asked(lm, each) if not known]
    assert scorer.unknown(sentences.lines) == (len(unknown), pytest.approx(sum(unknown), abs=1e-4))


@given(st.lists(TEXTS, min_size=1, max_size=3), st.booleans())
def test_the_summary_is_that_of_all_tokens(scorer, lm, parts, end):
    figures = Summary(scorer, end)
    for texts in parts:
        sentences = Sentences.of(joined(texts))
        figures.add(sentences, scorer.log10(sentences.lines, end))
    lines = [words_of(line) for texts in parts for line in texts]
    tokens = [each for words in lines for each in asked(lm, words, end)]
    if not tokens:
        with pytest.raises(DataError, match="no tokens"):
            figures.told()
        return
    unknown = [p for p, known in tokens if not known]
    total, words = sum(p for p, _ in tokens), sum(map(len, lines))
    left = len(tokens) - len(unknown)
    assert figures.told() == {
        "sentences": len(lines),
        "tokens": len(tokens),
        "oov": len(unknown),
        "oov_rate": pytest.approx(len(unknown) / words if words else 0, abs=1e-6),
        "log10": pytest.approx(total, abs=1e-3),
        "perplexity": pytest.approx(10 ** (-total / len(tokens)), rel=1e-3),
        "perplexity_without_oov": pytest.approx(10 ** (-(total - sum(unknown)) / left), rel=1e-3) if left else None,
    }


def test_the_summary_by_hand(tmp_path):
    """A unigram-like model: p(a) = 10^-1, p(</s>) = 10^-0.5, p(<unk>) = 10^-2."""
    path = tmp_path / "arpa"
    path.write_text(
        "\\data\\\nngram 1=4\nngram 2=1\n\n\\1-grams:\n-2\t<unk>\t0\n-99\t<s>\t0\n-0.5\t</s>\t0\n-1\ta\t0\n\n"
        "\\2-grams:\n-1\t<s> a\n\n\\end\\\n"
    )
    scorer = Scorer(str(path))
    sentences = Sentences.of("a a x\n\n")
    figures = Summary(scorer)
    figures.add(sentences, scorer.log10(sentences.lines))
    assert figures.told() == {
        "sentences": 2, "tokens": 5, "oov": 1, "oov_rate": 0.333333, "log10": -5.0,
        "perplexity": 10.0, "perplexity_without_oov": round(10 ** (3 / 4), 4),
    }  # fmt: skip


def test_no_words_and_no_ends_are_no_tokens(scorer):
    figures = Summary(scorer, end=False)
    sentences = Sentences.of("\n\n")
    figures.add(sentences, scorer.log10(sentences.lines, False))
    with pytest.raises(DataError, match="no tokens, so no perplexity"):
        figures.told()
    assert scorer.log10(sentences.lines, False).tolist() == [0, 0]


def test_an_empty_text_has_no_sentences(scorer):
    sentences = Sentences.of("")
    assert (sentences.lines, sentences.words.tolist()) == ([], [])
    assert scorer.per_token("").tolist() == []


def test_two_models_differ_token_by_token(path, tmp_path):
    other = saved(estimated(["a b", "b a", "w1"], 2, "witten-bell"), tmp_path / "other.arpa")
    records = tmp_path / "pool"
    records.write_text('{"s":"a b a"}\n{"s":"w1\\nw2"}\n{"s":""}\n')
    pipe = Pipe("test", [str(records)], output=str(tmp_path / "out"))
    (found,) = scored(pipe, "s", path, other)
    lines = ["a b a", "w1 w2", ""]  # an LF inside a text is a blank
    expected = [(loaded(path).score(line) - loaded(other).score(line)) / (len(line.split()) + 1) for line in lines]
    assert found.scores == pytest.approx(expected, abs=1e-5)
    (alone,) = scored(Pipe("test", [str(records)], output=str(tmp_path / "out")), "s", path, None)
    assert alone.scores == pytest.approx([loaded(path).score(line) / (len(line.split()) + 1) for line in lines])


# -- models that cannot be read --------------------------------------------------------------------------------

ARPA = """\\data\\
ngram 1=3
ngram 2=1

\\1-grams:
-1\t<unk>
-99\t<s>\t0
-1\t</s>

\\2-grams:
-1\t<s> </s>

\\end\\
"""
NOT_MODELS = {
    "nothing": b"",
    "text": b"hello\n",
    "bytes": bytes(range(256)) * 20,
    "records": b'{"text":"a"}\n',
    "no unigrams": ARPA.split("\\1-grams")[0].encode(),
    "cut short": ARPA[:-25].encode(),
    "a bad number": ARPA.replace("-1\t<s> </s>", "x\t<s> </s>").encode(),
    "an unknown word": ARPA.replace("<s> </s>", "<s> a").encode(),
}


@pytest.mark.parametrize("name", NOT_MODELS)
def test_what_is_not_a_model_is_named(name, tmp_path, capfd):
    path = tmp_path / "file"
    path.write_bytes(NOT_MODELS[name])
    with pytest.raises(ModelError, match="file:") as caught:
        Scorer(str(path))
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@needs_kenlm
@pytest.mark.parametrize("kind", ["trie", "probing"])
def test_a_truncated_binary_is_named(kind, path, tmp_path):
    made = tmp_path / "binary"
    subprocess.run([KENLM / "build_binary", "-T", f"{tmp_path}/", kind, path, made], capture_output=True, check=True)
    whole = Scorer(str(made))
    assert whole.per_token("a b a\n") == pytest.approx(Scorer(path).per_token("a b a\n"), abs=1e-5)
    content = made.read_bytes()
    for size in (5, 50, 100, 200, len(content) // 2):
        made.write_bytes(content[:size])
        with pytest.raises(ModelError, match="binary: a binary of KenLM that is damaged"):
            Scorer(str(made))


def test_a_missing_model_and_a_folder_are_named(tmp_path):
    with pytest.raises(ModelError, match="nowhere: No such file or directory"):
        Scorer(str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match=f"{tmp_path}: Is a directory"):
        Scorer(str(tmp_path))


def test_loading_says_nothing(path, capfd):
    Scorer(path)
    assert capfd.readouterr() == ("", "")


def test_numbers_are_numbers(scorer):
    """However long the text."""
    long = " ".join(["w1", "never-heard"] * 20_000)
    assert math.isfinite(scorer.per_token(long + "\n")[0])
    assert np.isfinite(scorer.log10([b"w1 " * 50_000])).all()


def test_no_sentences_under_a_model_that_kenlm_does_not_take(tmp_path):
    path = saved(estimated(["a b c d e f g h"] * 3, 7), tmp_path / "seven.arpa")
    assert Scorer(path).log10([]).tolist() == []


def test_long_lines_are_added_up_as_exactly_as_short_ones(lm, scorer):
    text = " ".join(["a b a never w1"] * 2_000)
    wanted = sum(each for each, _ in asked(lm, words_of(text)))
    assert scorer.log10([text.encode()])[0] == pytest.approx(wanted, rel=1e-12)
    assert scorer.log10([text.encode()], end=False)[0] == pytest.approx(
        sum(each for each, _ in asked(lm, words_of(text), end=False)), rel=1e-12
    )

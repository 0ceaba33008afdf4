"""One reading of ARPA files: what KenLM scores, what arrays score and what a rewritten file says are the same."""

import gzip
import re

import numpy as np
import pytest
import zstandard
from language_models import estimated, generated, saved

from datasel.errors import ModelError
from datasel.lm import arpa_reader
from datasel.lm.array_scorer import ArrayScorer
from datasel.lm.mixture import mixed, over_union
from datasel.lm.opening import readable
from datasel.lm.query import Scorer, Sentences, Summary

LINES = [*generated(80, seed=4), "a w1 a"]
ASKED = "a w1\n\nw1 never heard\nw2 w4 a w5\nnever\n"


@pytest.fixture(scope="module", params=[2, 3])
def plain(request, tmp_path_factory):
    """The text of a model."""
    path = saved(estimated(LINES, request.param), tmp_path_factory.mktemp("models") / "plain")
    with open(path) as file:
        return file.read()


def with_line(text, word, change):
    """The unigram of a word changed."""
    return re.sub(rf"(?m)^(.*)\t{re.escape(word)}\t(.*)$", change, text, count=1)


SAME = {
    "as it is": str.encode,
    "gzip": lambda text: gzip.compress(text.encode()),
    "zstd": lambda text: zstandard.compress(text.encode()),
    "byte order mark": lambda text: ("\ufeff" + text).encode(),
    "both": lambda text: gzip.compress(("\ufeff" + text).encode()),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "<UNK>": lambda text: text.replace("<unk>", "<UNK>").encode(),
    "text before it": lambda text: ("a model\nof mine\n\n" + text).encode(),
    "text after it": lambda text: (text + "\nmade by hand\n").encode(),
    "no back-off weight of 0": lambda text: re.sub(r"(?m)^(-[\d.]+\t\S+)\t0\.0$", r"\1", text).encode(),
    "blanks for tabs": lambda text: text.replace("\t", " ").encode(),
}


@pytest.mark.parametrize("name", SAME)
def test_forms_of_one_model_are_one_model(name, plain, tmp_path, capfd):
    path = tmp_path / "model"
    path.write_bytes(plain.encode())
    usual, own = Scorer(str(path)), arpa_reader.read(str(path))
    other = tmp_path / "other"
    other.write_bytes(SAME[name](plain))
    found = Scorer(str(other))
    assert found.per_token(ASKED) == pytest.approx(usual.per_token(ASKED), abs=1e-6)
    assert found.unknown(ASKED.encode().splitlines()) == pytest.approx(usual.unknown(ASKED.encode().splitlines()))
    assert found.knows("w1")
    assert not found.knows("<unk>")
    read = arpa_reader.read(str(other))
    assert read.words == own.words
    mixture = mixed(over_union([read, own]), [0.25, 0.75])
    for level, same in zip(mixture.levels, own.levels, strict=True):
        assert np.allclose(level.logp, same.logp, atol=1e-6)
    again = Scorer(saved(mixture, tmp_path / "mixed"))
    assert again.per_token(ASKED) == pytest.approx(usual.per_token(ASKED), abs=2e-6)
    assert capfd.readouterr() == ("", "")


def test_never_is_never_in_both_readings(plain, tmp_path):
    for value in ("-inf", "-99", "-99.0"):
        path = tmp_path / value
        path.write_text(with_line(plain, "w1", rf"{value}\tw1\t\2"))
        scores = Scorer(str(path)).log10([b"never w1", b"w1", b"a"])
        own = ArrayScorer(arpa_reader.read(str(path))).log10([b"never w1", b"w1", b"a"])
        assert np.isfinite(scores).all()
        assert own == pytest.approx(scores, abs=1e-4)
        if value == "-inf":
            first = scores
        assert scores == pytest.approx(first, abs=1e-4)


def test_a_model_without_unk_finds_unknown_words_impossible(plain, tmp_path, capfd):
    path = tmp_path / "model"
    size = int(re.search(r"ngram 1=(\d+)", plain)[1])
    without = re.sub(r"(?m)^.*<unk>.*\n", "", plain)
    path.write_text(without.replace(f"ngram 1={size}", f"ngram 1={size - 1}"))
    found = Scorer(str(path))
    assert found.log10([b"never"])[0] < -99
    own = ArrayScorer(arpa_reader.read(str(path)))
    assert own.log10([b"never"]) == pytest.approx(found.log10([b"never"]), abs=1e-4)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("odd", ["go\vnow", "go\fnow", "go\u00a0now", "go\u2028now", "go\x85", "\ufeff"])
def test_odd_characters_are_part_of_a_word(odd, plain, tmp_path):
    path = tmp_path / "model"
    path.write_text(re.sub(r"(?<=[\t ])w1(?=[\t\n ])", odd, plain), newline="\n")
    model = arpa_reader.read(str(path))
    assert odd.encode() in model.words
    again = arpa_reader.read(saved(mixed([model, model], [0.5, 0.5]), tmp_path / "again"))
    assert again.words == model.words
    scored = Scorer(str(path))
    assert scored.knows(odd)
    if odd.split() == [odd] or not set("\v\f") & set(odd):  # between these a text has two words
        assert scored.log10([odd.encode()]) == pytest.approx(ArrayScorer(model).log10([odd.encode()]), abs=1e-4)


def of_order(order):
    """A model of that order, by hand: each n-gram of a and b that is listed ends in b."""
    listed = {1: ["-1\t<unk>\t0", "-99\t<s>\t-0.2", "-0.7\t</s>\t0", "-0.5\ta\t-0.1", "-0.6\tb\t-0.1"]}
    for n in range(2, order + 1):
        listed[n] = [f"{-0.1 * n:.1f}\t" + " ".join(["<s>", *"a" * (n - 2), "b"]) + ("\t-0.05" if n < order else "")]
        if n > 2:
            listed[n].append(f"{-0.05 * n:.2f}\t" + " ".join("a" * (n - 1)) + " b" + ("\t-0.3" if n < order else ""))
        if n < order:
            listed[n].append(f"{-0.2 * n:.1f}\t" + " ".join(["<s>", *"a" * (n - 1)]) + "\t-0.01")
            listed[n].append(f"{-0.3 * n:.1f}\t" + " ".join("a" * n) + "\t-0.02")
    if order == 1:
        listed = {1: [line.rpartition("\t")[0] for line in listed[1]]}
    counts = "".join(f"ngram {n}={len(lines)}\n" for n, lines in listed.items())
    return f"\\data\\\n{counts}" + "".join(
        f"\n\\{n}-grams:\n" + "".join(line + "\n" for line in lines) for n, lines in listed.items()
    ) + "\n\\end\\\n"  # fmt: skip


@pytest.mark.parametrize("order", range(1, 9))
def test_models_of_any_order_are_scored(order, tmp_path):
    path = tmp_path / "model"
    path.write_text(of_order(order))
    lines = [b"a a a a a a b", b"b", b"", b"a b zebra b", b"a a a a a a a a b b", b"zebra"]
    found, own = Scorer(str(path)), ArrayScorer(arpa_reader.read(str(path)))
    for end in (True, False):
        assert found.log10(lines, end) == pytest.approx(own.log10(lines, end), abs=1e-5)
    assert found.unknown(lines) == pytest.approx(own.unknown(lines), abs=1e-5)
    assert found.knows("a")
    assert not found.knows("zebra")
    figures = Summary(found)
    figures.add(Sentences.of("a b zebra\n"), found.log10([b"a b zebra"]))
    assert figures.told()["oov"] == 1
    if order > 1:  # the whole history counts
        long = " ".join("a" * (order - 1)) + " b"
        assert found.log10([long.encode()], False)[0] > found.log10([("zebra " + long[2:]).encode()], False)[0] - 9
    mixture = mixed(over_union([arpa_reader.read(str(path))] * 2), [0.5, 0.5])
    assert Scorer(saved(mixture, tmp_path / "mixed")).log10(lines) == pytest.approx(found.log10(lines), abs=1e-5)


def test_probabilities_of_kenlm_and_of_arrays_agree_on_orders_that_both_have(tmp_path):
    path = saved(estimated(LINES, 4), tmp_path / "model")
    assert readable(path) == path
    asked = ASKED.encode().splitlines()
    assert ArrayScorer(arpa_reader.read(path)).log10(asked) == pytest.approx(Scorer(path).log10(asked), abs=1e-4)


def test_errors_are_in_our_words_with_a_line(tmp_path, capfd):
    for text, reason in (
        (of_order(3).replace("-0.6\tb", "0.25\tb"), "model:11: a log10 probability of 0.25, which is above 0"),
        (of_order(3).replace("-0.7\t</s>\t0\n", "").replace("1=5", "1=4"), "model: the unigrams have no </s>"),
        (of_order(3).replace("-99\t<s>\t-0.2\n", "").replace("1=5", "1=4"), "model: the unigrams have no <s>"),
        (of_order(7).replace("-0.5\ta", "half\ta"), "model:14: not a log10 probability, 1 word"),
    ):
        for content in (text.encode(), gzip.compress(text.encode())):
            path = tmp_path / f"{len(list(tmp_path.iterdir()))}-model"
            path.write_bytes(content)
            with pytest.raises(ModelError, match=reason):
                Scorer(str(path))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("end", [True, False])
def test_a_text_may_hold_what_stands_for_its_edges(tmp_path, end):
    path = saved(estimated(["a b", "b a a"], 3), tmp_path / "lm")
    asked = [b"a <s> b", b"</s> a", b"", b"a </s>"]
    found = ArrayScorer(arpa_reader.read(path)).log10(asked, end)
    alone = [ArrayScorer(arpa_reader.read(path)).log10([line], end)[0] for line in asked]
    assert found.tolist() == alone and len(found) == 4
    assert found[[2]] == pytest.approx(Scorer(path).log10([b""], end), abs=1e-4)

"""ARPA files: written as others write them, read as others read them, and refused with a line where they are bad."""

import bz2
import gzip
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_models import (
    KENLM,
    SENTENCES,
    check_sums,
    estimated,
    generated,
    listed,
    loaded,
    log10_of,
    models,
    needs_kenlm,
    saved,
    text,
)

from datasel.errors import DataError, ModelError
from datasel.lm import arpa, arpa_reader
from datasel.lm.arpa import binary, written
from datasel.lm.arpa_reader import read
from datasel.lm.counting import Vocabulary
from datasel.records.streams import blocks as in_blocks

TINY = """\\data\\
ngram 1=5
ngram 2=3

\\1-grams:
-99\t<s>\t-0.30103
-0.60206\t</s>
-0.60206\ta\t-0.2
-0.60206\tगाना\t0.1
-0.60206\t<unk>

\\2-grams:
-0.1\t<s> a
-0.3\ta गाना
-0.5\tगाना </s>

\\end\\
"""
TINY_GRAMS = {
    ("<s>",): (-99, -0.30103), ("</s>",): (-0.60206, 0), ("a",): (-0.60206, -0.2), ("गाना",): (-0.60206, 0.1),
    ("<unk>",): (-0.60206, 0), ("<s>", "a"): (-0.1, 0), ("a", "गाना"): (-0.3, 0), ("गाना", "</s>"): (-0.5, 0),
}  # fmt: skip


def put(tmp_path, content, name="model"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def entries(path):
    """What a file lists, as its text says, order by order."""
    found, order = {}, 0
    for line in open(path, encoding="utf-8", newline="\n").read().split("\n"):
        if heading := re.fullmatch(r"\\(\d)-grams:", line):
            order = int(heading[1])
        elif order and line and not line.startswith("\\"):
            logp, gram, *bow = line.split("\t")
            found[tuple(gram.split(" "))] = (float(logp), float(bow[0]) if bow else 0.0)
    return found


def test_a_file_is_read(tmp_path):
    model = read(put(tmp_path, TINY))
    assert model.words == [b"<unk>", b"<s>", b"</s>", b"a", "गाना".encode()]
    assert listed(model) == TINY_GRAMS


@given(models())
@settings(max_examples=40)
def test_what_is_written_lists_the_model(tmp_path_factory, model):
    path = saved(model, tmp_path_factory.getbasetemp() / "written.arpa")
    content = open(path, "rb").read()
    assert content.startswith(b"# a test\n\\data\\\nngram 1=%d\n" % len(model.words))
    assert content.endswith(b"\n\\end\\\n")
    found, grams = entries(path), listed(model)
    assert list(found) == list(grams)  # sorted by identifiers
    assert [values[0] for values in found.values()] == pytest.approx([values[0] for values in grams.values()], abs=6e-7)
    assert [values[1] for values in found.values()] == pytest.approx([values[1] for values in grams.values()], abs=6e-7)


@pytest.mark.parametrize("rows", [1, 7, 64])
def test_rows_are_written_in_parts(rows, monkeypatch):
    model = estimated(generated(60, seed=1), 3, "witten-bell")
    whole = b"".join(written(model, "a test"))
    monkeypatch.setattr(arpa, "_ROWS", rows)
    assert b"".join(written(model, "a test")) == whole


VARIANTS = {
    "text before the data": "made by\nsomebody\n\n" + TINY,
    "spaces in place of tabs": TINY.replace("\t", " "),
    "more white space": TINY.replace("\t", " \t ").replace("ngram 1=5", "ngram  1 = 5"),
    "carriage returns": TINY.replace("\n", "\r\n"),
    "no blank lines": re.sub(r"\n+", "\n", TINY),
    "blank lines": TINY.replace("\n", "\n\n"),
    "every weight": re.sub(r"(?m)^(-0.60206\t\S+)$", r"\1\t0", TINY),
    "exponents": TINY.replace("-0.1\t", "-1e-1\t").replace("0.1\n", "1.0E-01\n"),
    "nothing after the end": TINY.rstrip("\n"),
    "text after the end": TINY + "and more\n",
    "unknown words first": TINY.replace("-0.60206\t<unk>\n", "").replace("-99\t<s>", "-0.60206\t<unk>\n-99\t<s>"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_of_the_format(name, tmp_path):
    model = read(put(tmp_path, VARIANTS[name]))
    assert listed(model) == TINY_GRAMS
    assert model.words[:3] == [b"<unk>", b"<s>", b"</s>"]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_compressed_files(compress, tmp_path):
    assert listed(read(put(tmp_path, compress(TINY.encode())))) == TINY_GRAMS


@pytest.mark.parametrize("size", [1, 7, 40, 100])
def test_files_of_any_blocks(size, tmp_path, monkeypatch):
    monkeypatch.setattr(arpa_reader, "blocks", lambda paths: in_blocks(paths, size=size))
    assert listed(read(put(tmp_path, TINY))) == TINY_GRAMS
    with pytest.raises(ModelError, match=r"model:14: a word that is not in the unigrams"):
        read(put(tmp_path, TINY.replace("a गाना", "b गाना")))


def test_without_unk_it_never_comes(tmp_path):
    content = TINY.replace("-0.60206\t<unk>\n", "").replace("ngram 1=5", "ngram 1=4")
    model = read(put(tmp_path, content))
    assert listed(model) == {**TINY_GRAMS, ("<unk>",): (-99, 0)}
    with open(saved(model, tmp_path / "again"), "rb") as file:
        assert b"\n-99.0\t<unk>\t0.0\n" in file.read()


@given(models(smoothings=("kneser-ney", "witten-bell"), orders=(3, 5)), st.data())
@settings(max_examples=40)
def test_missing_suffixes_and_contexts_have_what_backing_off_gives(tmp_path_factory, model, data):
    """n-grams whose absence SRILM and others leave in a file after pruning: the model is the same with them."""
    folder = tmp_path_factory.getbasetemp()
    whole = entries(saved(model, folder / "whole.arpa"))
    inner = sorted(gram for gram in whole if 1 < len(gram) < len(model.levels))
    longest = sorted(gram for gram in whole if len(gram) == len(model.levels))
    gone = set(data.draw(st.lists(st.sampled_from(inner), max_size=8))) if inner else set()
    if longest:  # all that is inside one of them
        gram = data.draw(st.sampled_from(longest))
        gone |= {gram[a:b] for a in range(len(gram)) for b in range(a + 2, len(gram) + 1) if b - a < len(gram)}
    left = {gram: values for gram, values in whole.items() if gram not in gone}
    with open(folder / "left.arpa", "w", encoding="utf-8", newline="\n") as file:
        print("\\data\\", file=file)
        for order in range(1, len(model.levels) + 1):
            print(f"ngram {order}={sum(len(gram) == order for gram in left)}", file=file)
        for order in range(1, len(model.levels) + 1):
            print(f"\n\\{order}-grams:", file=file)
            for gram, (logp, bow) in left.items():
                if len(gram) == order:
                    print(f"{logp}\t{' '.join(gram)}\t{bow}", file=file)
        print("\n\\end\\", file=file)
    filled = read(str(folder / "left.arpa"))
    listing = listed(filled)
    needed = {part for gram in left for part in (gram[:-1], gram[1:]) if len(part) > 1}
    needed |= {part for gram in needed for part in (gram[:-1], gram[1:]) if len(part) > 1}
    needed |= {part for gram in needed for part in (gram[:-1], gram[1:]) if len(part) > 1}
    assert set(listing) == set(left) | needed
    for line in data.draw(st.lists(SENTENCES, min_size=1, max_size=4)):
        tokens = Vocabulary(filled.words).identifiers(text([line]))
        words = [filled.words[token].decode() for token in tokens]
        spans = [words[max(at + 1 - len(model.levels), 0) : at + 1] for at in range(1, len(words))]
        assert filled.log10(tokens)[1:] == pytest.approx([log10_of(left, *span) for span in spans])


def replaced(old, new):
    assert TINY.count(old) == 1, old
    return TINY.replace(old, new)


BAD = {
    "nothing": ("", "model: not a whole ARPA file"),
    "another text": ("hello\nworld\n", "model: not a whole ARPA file"),
    "no end": (replaced("\\end\\\n", ""), "model: not a whole ARPA file"),
    "cut in the middle": (TINY[: TINY.index("-0.3\ta")], "model: not a whole ARPA file"),
    "no counts": ("\\data\\\n\n\\end\\\n", "model: no n-grams are announced"),
    "too few": (replaced("-0.3\ta गाना\n", ""), "model: 2 2-grams, but 3 are announced"),
    "too many": (replaced("ngram 2=3", "ngram 2=2"), "model: 3 2-grams, but 2 are announced"),
    "an order without n-grams": (replaced("ngram 2=3\n", "ngram 2=3\nngram 3=1\n"), "model: 0 3-grams, but 1 are"),
    "a count that is none": (replaced("ngram 2=3", "ngram 2=three"), "model:3: not 'ngram ORDER=COUNT'"),
    "an order left out": (replaced("ngram 2=3", "ngram 3=3"), "model:3: not 'ngram ORDER=COUNT'"),
    "a section too many": (replaced("ngram 2=3\n", ""), r"model:12: a section \\2-grams: that was not announced"),
    "a bad number": (replaced("-0.3\ta", "-0,3\ta"), "model:14: not a log10 probability, 2 words, perhaps a back"),
    "no number": (replaced("-0.3\ta", "a"), "model:14: not a log10"),
    "not a number": (replaced("-0.3\ta", "nan\ta"), "model:14: not a log10"),
    "a probability above one": (replaced("-0.3\ta", "0.3\ta"), "model:14: a log10 probability of 0.3, which"),
    "a bad weight": (replaced("\t0.1", "\tx"), "model:9: not a log10 probability, 1 word, perhaps a back-off weight"),
    "an infinite weight": (replaced("\t0.1", "\tinf"), "model:9: not a log10 probability"),
    "a word too many": (replaced("-0.3\ta गाना", "-0.3\ta गाना a a"), "model:14: not a log10"),
    "an unknown word": (replaced("-0.3\ta गाना", "-0.3\tb गाना"), "model:14: a word that is not in the unigrams"),
    "no <s>": (TINY.replace("-99\t<s>\t-0.30103\n", "").replace("=5", "=4").replace("-0.1\t<s> a\n", "")
               .replace("2=3", "2=2"), "model: the unigrams have no <s>"),
    "no </s>": (TINY.replace("-0.60206\t</s>\n", "").replace("=5", "=4").replace("-0.5\tगाना </s>\n", "")
                .replace("2=3", "2=2"), "model: the unigrams have no </s>"),
    "a unigram twice": (replaced("-0.60206\ta\t-0.2\n", "-0.60206\ta\t-0.2\n-0.7\ta\n").replace("=5", "=6"),
                        "model: one of the 1-grams is listed twice"),
    "a bigram twice": (replaced("-0.1\t<s> a\n", "-0.1\t<s> a\n-0.2\t<s> a\n").replace("2=3", "2=4"),
                       "model: one of the 2-grams is listed twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_named(name, tmp_path):
    content, reason = BAD[name]
    with pytest.raises(ModelError, match=reason) as caught:
        read(put(tmp_path, content))
    assert str(caught.value).startswith(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("length", range(0, len(TINY.encode()) - 6, 5))
def test_every_truncated_file_is_refused(length, tmp_path):
    with pytest.raises(ModelError):
        read(put(tmp_path, TINY.encode()[:length]))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere: No such file"):
        read(str(tmp_path / "nowhere"))


# -- KenLM's binary format -------------------------------------------------------------------------------------


def test_binary_needs_its_program(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="needs KenLM's build_binary"):
        list(binary(iter([TINY.encode()])))


@needs_kenlm
def test_a_binary_scores_as_its_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(KENLM))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    lines = generated(200, seed=8)
    model = estimated(lines, 3)
    path = put(tmp_path, b"".join(binary(written(model, "a test"))), "binary")
    lm, other = loaded(path), loaded(saved(model, tmp_path / "arpa"))
    check_sums(model, lm)
    assert [lm.score(line) for line in lines[:50]] == pytest.approx([other.score(line) for line in lines[:50]])


@needs_kenlm
def test_a_binary_that_cannot_be_made_says_why(monkeypatch):
    monkeypatch.setenv("PATH", str(KENLM))
    with pytest.raises(DataError, match="build_binary failed: .*") as caught:
        list(binary(iter([b"not an ARPA file\n"])))
    assert "\n" not in str(caught.value)


def test_a_program_that_only_fails(tmp_path, monkeypatch):
    program = tmp_path / "build_binary"
    program.write_text("#!/bin/sh\necho 'no room' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(DataError, match="build_binary failed: .*no room"):
        list(binary(iter([TINY.encode()])))

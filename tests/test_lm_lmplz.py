"""Modified Kneser-Ney against KenLM's lmplz, live where it is built, and by numbers recorded from it everywhere."""

import re
import subprocess
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from language_models import (
    KENLM,
    SENTENCES,
    counted,
    estimated,
    generated,
    listed,
    loaded,
    needs_kenlm,
    saved,
    text,
)

from datasel.lm.interpolated import FALLBACK, discounts
from datasel.lm.occupancy import how_many

LINES, HELDOUT = generated(600, seed=1, vocabulary=200), generated(100, seed=2, vocabulary=220)


class Made(NamedTuple):
    grams: dict[tuple[str, ...], tuple[float, float]]  # log10 p, log10 of the back-off weight
    discounts: list[tuple[float, float, float]]
    path: str


def lmplz(path, lines, order, *options) -> Made:
    command = [KENLM / "lmplz", "-o", str(order), "-S", "100M", "-T", f"{path}.", *options]
    run = subprocess.run(command, input=text(lines), capture_output=True, check=True)
    path.write_bytes(run.stdout)
    grams = {}
    for line in run.stdout.decode().split("\n"):
        if re.match(r"-?\d", line):
            logp, gram, *bow = line.split("\t")
            grams[tuple(gram.split(" "))] = (float(logp), float(bow[0]) if bow else 0.0)
    found = re.findall(r"(?m)^\d+ \S+ D1=(\S+) D2=(\S+) D3\+=(\S+)$", run.stderr.decode())
    return Made(grams, [tuple(map(float, each)) for each in found], str(path))


def our_discounts(lines, order):
    found = [discounts(how_many(level.continuations, 4)) for level in counted(lines, order).levels]
    return [FALLBACK if each is None else each for each in found]


def check_same(ours, theirs, tolerance=2e-6):
    assert set(ours) == set(theirs)
    for gram, (logp, bow) in ours.items():
        if gram != ("<s>",):  # never predicted; lmplz says 0, we say -99
            assert logp == pytest.approx(theirs[gram][0], abs=tolerance), gram
        assert bow == pytest.approx(theirs[gram][1], abs=tolerance), gram


def perplexity(path, lines):
    lm = loaded(path)
    return 10 ** (-sum(map(lm.score, lines)) / sum(len(line.split()) + 1 for line in lines))


@needs_kenlm
@pytest.mark.parametrize("order", range(2, 7))
def test_the_model_is_that_of_lmplz(order, tmp_path):
    theirs, warnings = lmplz(tmp_path / "theirs", LINES, order), []
    assert np.array(our_discounts(LINES, order)) == pytest.approx(np.array(theirs.discounts), rel=1e-5)
    model = estimated(LINES, order, warn=warnings)
    assert warnings == []
    check_same(listed(model), theirs.grams)
    ours = perplexity(saved(model, tmp_path / "ours"), HELDOUT)
    assert ours == pytest.approx(perplexity(theirs.path, HELDOUT), rel=1e-3)


@needs_kenlm
@pytest.mark.parametrize("cuts", [(0, 1), (0, 0, 1), (0, 0, 1, 2), (0, 1, 1, 5), (0, 2, 3, 4, 4)])
def test_cut_offs_are_those_of_lmplz(cuts, tmp_path):
    order = max(len(cuts), 3)
    theirs = lmplz(tmp_path / "theirs", LINES, order, "--prune", *map(str, cuts))
    model = estimated(LINES, order, cuts=cuts)
    assert len(theirs.grams) < len(listed(estimated(LINES, order)))
    check_same(listed(model), theirs.grams)
    ours = perplexity(saved(model, tmp_path / "ours"), HELDOUT)
    assert ours == pytest.approx(perplexity(theirs.path, HELDOUT), rel=1e-3)


@needs_kenlm
@given(st.lists(SENTENCES, min_size=1, max_size=30), st.integers(2, 5), st.sampled_from([(0,), (0, 1), (0, 0, 1)]))
@settings(max_examples=50)
def test_small_texts_are_as_lmplz_has_them_with_its_fall_back(tmp_path_factory, lines, order, cuts):
    # lmplz needs n-grams of every order.  And it takes the last n-gram of each order, by last words, for its counts of
    # counts with its own count, not that of words before it (the end of its adjust_counts.cc): here both are 1.
    lines = [*lines, "a b c d wake last"]
    cuts = cuts[:order]
    options = ["--discount_fallback", "--prune", *map(str, cuts)]
    theirs = lmplz(tmp_path_factory.getbasetemp() / "theirs", lines, order, *options)
    assume(np.array(theirs.discounts).all())  # with a discount of 0 it can have nothing left: -inf; we fall back
    check_same(listed(estimated(lines, order, cuts=cuts)), theirs.grams)
    assert np.array(our_discounts(lines, order)) == pytest.approx(np.array(theirs.discounts), rel=1e-5)


# What lmplz of KenLM 0.3.0 (PyPI's source, built by tools/need-lmplz) makes of LINES, for machines without it:
#     lmplz -o 4 -S 100M < LINES
# discounts as it prints them on standard error, log10 p and back-off weights as in its ARPA file, and the perplexity of
# HELDOUT by KenLM's query, sentence ends included.
RECORDED_DISCOUNTS = [
    (0.0952381, 1.59398, 2.49206),
    (0.71214, 1.10828, 2.02081),
    (0.858167, 1.42146, 1.79857),
    (0.920031, 1.40469, 1.32722),
]
RECORDED = {
    ("<unk>",): (-2.8248193, 0.0),
    ("<s>",): (0.0, -0.82890284),
    ("</s>",): (-0.99708766, 0.0),
    ("w37",): (-2.1214442, -0.23063958),
    ("w181",): (-2.6093204, -0.16176976),
    ("शब्द0", "w35"): (-2.5357382, -0.06642802),
    ("w5", "w1"): (-1.7396368, -0.06642802),
    ("<s>", "w1"): (-0.5408726, -0.54644215),
    ("शब्द66", "w23", "</s>"): (-0.594505, 0.0),
    ("w16", "w113", "w29"): (-1.3827008, -0.036197368),
    ("<s>", "w1", "</s>"): (-0.9285619, 0.0),
    ("शब्द36", "w25", "शब्द177"): (-0.7162946, -0.036197368),
    ("w1", "w8", "w59", "w16"): (-1.1109455, 0.0),
    ("w62", "शब्द36", "w53", "</s>"): (-0.52623916, 0.0),
    ("शब्द90", "शब्द0", "w2", "शब्द3"): (-0.957823, 0.0),
}
RECORDED_PERPLEXITY = 58.386082


@needs_kenlm
def test_the_numbers_recorded_are_those_of_lmplz(tmp_path):
    theirs = lmplz(tmp_path / "theirs", LINES, 4)
    assert theirs.discounts == RECORDED_DISCOUNTS
    assert {gram: theirs.grams[gram] for gram in RECORDED} == RECORDED
    assert perplexity(theirs.path, HELDOUT) == pytest.approx(RECORDED_PERPLEXITY, rel=1e-6)
    run = subprocess.run(
        [KENLM / "query", "-v", "summary", theirs.path], input=text(HELDOUT), capture_output=True, check=True
    )
    said = re.search(r"Perplexity including OOVs:\s+(\S+)", run.stdout.decode())
    assert float(said[1]) == pytest.approx(RECORDED_PERPLEXITY, rel=1e-5)


def test_the_model_is_that_recorded_of_lmplz(tmp_path):
    assert np.array(our_discounts(LINES, 4)) == pytest.approx(np.array(RECORDED_DISCOUNTS), rel=1e-5)
    model = estimated(LINES, 4)
    grams = listed(model)
    check_same({gram: grams[gram] for gram in RECORDED}, RECORDED)
    assert [len(level.word) for level in model.levels] == [202, 1568, 2416, 2491]
    ours = perplexity(saved(model, tmp_path / "ours"), HELDOUT)
    assert ours == pytest.approx(RECORDED_PERPLEXITY, rel=1e-3)

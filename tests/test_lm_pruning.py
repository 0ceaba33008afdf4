"""Entropy pruning against kaldingram's, and against the definition of what a removal costs."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaldingram.prune import ArpaParser
from kaldingram.prune import prune as kaldi_prune
from language_models import check_sums, estimated, generated, listed, loaded, log10_of, models, saved

from datasel.lm import arpa_reader
from datasel.lm.backoff import Backoff, Grams, normalised, unigrams
from datasel.lm.pruning import _divergence, _histories, pruned

LINES, HELDOUT = generated(250, seed=6), generated(60, seed=7)


def closure(grams):
    """With all contexts and suffixes."""
    found, fresh = set(), set(grams)
    while fresh:
        found |= fresh
        fresh = {part for gram in fresh for part in (gram[:-1], gram[1:]) if part} - found
    return found


def kaldis(path, threshold):
    """What kaldingram keeps, with log10 p and back-off weights.

    It is given </s>'s probability for <s>: for the share of the history <s>, SRILM takes that of </s>, and kaldingram
    does so too, except where <s> is the whole history.
    """
    model = ArpaParser().loadf(path, encoding="utf-8")[0]
    model._ngrams[0][()]["<s>"] = model._ngrams[0][()]["</s>"]
    kaldi_prune(model, threshold, 1)
    grams = [(*history, word) for level in model._ngrams.values() for history in level for word in level[history]]
    return {gram: (model._log_p(gram), model._log_bo(gram) or 0.0) for gram in grams}


def perplexity(grams):
    total, tokens = 0.0, 0
    for line in HELDOUT:
        words = ["<s>", *(word if (word,) in grams else "<unk>" for word in line.split()), "</s>"]
        total += sum(log10_of(grams, *words[max(at - 3, 0) : at + 1]) for at in range(1, len(words)))
        tokens += len(words) - 1
    return 10 ** (-total / tokens)


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell"])
@pytest.mark.parametrize("order", [2, 3, 4])
@pytest.mark.parametrize("threshold", [1e-7, 1e-5, 1e-4, 1e-3])
def test_it_keeps_what_kaldingram_keeps_and_suffixes(smoothing, order, threshold, tmp_path):
    path = saved(estimated(LINES, order, smoothing), tmp_path / "whole")
    ours = pruned(arpa_reader.read(path), threshold)
    theirs = kaldis(path, threshold)
    assert set(listed(ours)) == closure(theirs)
    check_sums(ours, loaded(saved(ours, tmp_path / "ours")))
    near = 1e-5 if closure(theirs) == set(theirs) else 0.02
    assert perplexity(listed(ours)) == pytest.approx(perplexity(theirs), rel=near)
    assert order > 2 or near == 1e-5


def test_thresholds_prune_something_and_not_everything():
    whole = estimated(LINES, 4)
    sizes = [sum(len(level.word) for level in pruned(whole, x).levels[1:]) for x in (1e-7, 1e-5, 1e-4, 1e-3)]
    assert sum(len(level.word) for level in whole.levels[1:]) > sizes[0] > sizes[1] > sizes[2] > sizes[3] > 0


@given(models(), st.lists(st.floats(1e-9, 1), min_size=2, max_size=4).map(sorted))
@settings(max_examples=40)
def test_higher_thresholds_keep_less(tmp_path_factory, model, thresholds):
    whole = listed(model)
    held = set(whole)
    for threshold in thresholds:
        found = pruned(model, threshold)
        grams = listed(found)
        assert set(grams) <= held
        assert closure(grams) == set(grams) | {("<s>",)}
        assert len(found.levels[0].word) == len(model.levels[0].word)
        held = set(grams)
    check_sums(found, loaded(saved(found, tmp_path_factory.getbasetemp() / "pruned.arpa")))


@given(models())
@settings(max_examples=40)
def test_a_threshold_of_zero_keeps_all_that_says_something(model):
    """A removal costs nothing where backing off gives the same probability."""
    kept, whole = listed(pruned(model, 0.0)), listed(model)
    for gram in set(whole) - set(kept):
        backed = whole[gram[:-1]][1] + log10_of(whole, *gram[1:])
        assert whole[gram][0] == pytest.approx(backed, abs=1e-9), gram


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", "katz"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_cost_is_that_of_removing_one(smoothing, seed):
    """The relative entropy between the model and the model with that n-gram out and its history's back-off weight
    worked out anew, by summing over all words: p(h) sum p(w | h) ln p(w | h) / p'(w | h)."""
    model = estimated(generated(15, seed, vocabulary=9), 3, smoothing)
    grams = listed(model)
    words = [word.decode() for word in model.words if word != b"<s>"]
    for number in (1, 2):
        lower, level = model.levels[number - 1 : number + 1]
        p, q = 10.0**level.logp, 10.0 ** lower.logp[level.suffix]
        costs = _divergence(p, q, level.context, _histories(model)[number - 1])
        names = [gram for gram in grams if len(gram) == number + 1]
        for gram, cost in zip(names, costs):
            history = gram[:-1]
            after = {other[-1] for other in names if other[:-1] == history} - {gram[-1]}
            p = {word: 10 ** log10_of(grams, *history, word) for word in words}
            q = {word: 10 ** log10_of(grams, *history[1:], word) for word in words}
            left, free = 1 - sum(p[word] for word in after), 1 - sum(q[word] for word in after)
            if free < 1e-6:  # nothing to back off to but this word
                continue
            new = {word: p[word] if word in after else left / free * q[word] for word in words}
            share = 10 ** sum(
                log10_of(grams, *history[:at], "</s>" if (at, word) == (0, "<s>") else word)
                for at, word in enumerate(history)
            )
            relative = sum(p[word] * log(p[word] / new[word]) for word in words if p[word] > 1e-90)
            assert cost == pytest.approx(share * relative, rel=1e-6, abs=1e-12), gram


def test_a_removal_by_hand():
    """After a come b (0.5) and c (0.3); 0.2 is left for the other words, which have 0.7 of the unigrams.

    Without "a b" it is 0.7 for 0.8, so that b (0.1) has 0.0875, and the others 0.7/0.8 in place of 0.2/0.7 of theirs:
    p(a) (0.5 ln(0.5 / 0.0875) + 0.2 ln((2/7) / (7/8))) = 0.06476 nats, a perplexity 6.691 % higher.  Likewise "a c":
    p(a) (0.3 ln(0.3 / 0.1111) + 0.2 ln((2/7) / (5/9))) = 0.01650 nats, 1.663 %.
    """
    words = [b"<unk>", b"<s>", b"</s>", b"a", b"b", b"c"]
    low = unigrams(6, np.array([0.3, 0, 0.3, 0.1, 0.1, 0.2]))
    high = Grams(np.array([3, 3]), np.array([4, 5]), np.array([4, 5]), np.log10([0.5, 0.3]), np.zeros(2))
    model = normalised(Backoff(words, [low, high]))
    assert 10 ** model.levels[0].bow[3] == pytest.approx(0.2 / 0.7)

    def left(threshold):
        return {gram for gram in listed(pruned(model, threshold)) if len(gram) == 2}

    assert left(0.01663) == {("a", "b"), ("a", "c")}
    assert left(0.01664) == left(0.06690) == {("a", "b")}
    assert left(0.06692) == set()
    assert 10 ** pruned(model, 0.02).levels[0].bow[3] == pytest.approx(0.5 / 0.9)

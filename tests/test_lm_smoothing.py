"""Every model is a distribution that KenLM reads as we do; Witten-Bell and Katz by their definitions."""

from collections import Counter as Bag
from collections import defaultdict
from fractions import Fraction
from math import log10

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_models import (
    SENTENCES,
    SMOOTHINGS,
    check_sums,
    estimated,
    generated,
    in_parts,
    listed,
    loaded,
    log10_of,
    models,
    saved,
    text,
)
from nltk.lm import WittenBellInterpolated

from datasel.lm import arpa_reader
from datasel.lm.arpa import written
from datasel.lm.counting import Vocabulary
from datasel.lm.interpolated import discounts
from datasel.lm.katz import good_turing
from datasel.lm.pruning import pruned

UNKNOWN = SENTENCES.map(lambda line: line + " never-heard कभी a never-heard")


@given(models(), st.lists(SENTENCES | UNKNOWN | st.builds(" ".join, st.lists(SENTENCES)), min_size=1, max_size=5))
@settings(max_examples=120)
def test_kenlm_reads_every_model_as_we_do_and_every_history_sums_to_one(tmp_path_factory, model, lines):
    path = saved(model, tmp_path_factory.getbasetemp() / "any.arpa")
    lm = loaded(path)
    assert lm.order == len(model.levels)
    check_sums(model, lm)
    closed = Vocabulary(model.words)
    grams = listed(model)
    for line in lines:
        tokens = closed.identifiers(text([line]))
        ours = model.log10(tokens)
        assert ours[1:] == pytest.approx([each[0] for each in lm.full_scores(line)], abs=1e-4)
        assert ours.sum() == pytest.approx(lm.score(line), abs=1e-4 * len(tokens))
        words = [model.words[token].decode() for token in tokens]
        spans = [words[max(at + 1 - len(model.levels), 0) : at + 1] for at in range(1, len(words))]
        assert ours[1:] == pytest.approx([log10_of(grams, *span) for span in spans])


@given(models())
@settings(max_examples=60)
def test_what_is_written_is_read(tmp_path_factory, model):
    again = arpa_reader.read(saved(model, tmp_path_factory.getbasetemp() / "again.arpa"))
    assert again.words == model.words
    assert len(again.levels) == len(model.levels)
    for one, other in zip(again.levels, model.levels):
        for name in ("context", "word", "suffix"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert one.logp == pytest.approx(other.logp, abs=6e-7)
        assert one.bow == pytest.approx(other.bow, abs=6e-7)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("order", range(2, 7))
@pytest.mark.parametrize("lines", [[""], ["", ""], ["a"], ["a"] * 9, ["a a a a a a a a"], ["क ख"]], ids=repr)
def test_the_smallest_texts_make_models(smoothing, order, lines, tmp_path):
    warnings = []
    model = estimated(lines, order, smoothing, warn=warnings)
    lm = loaded(saved(model, tmp_path / "arpa"))
    check_sums(model, lm)
    if smoothing != "witten-bell":
        assert len(warnings) == order  # what falls back says so
    tokens = Vocabulary(model.words).identifiers(text([*lines, "b"]))
    assert model.log10(tokens).sum() == pytest.approx(sum(map(lm.score, [*lines, "b"])), abs=1e-4)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_cut_offs_are_by_count_and_leave_the_others_as_they_are(smoothing):
    lines = generated(150, seed=2)
    times = [Bag() for _ in range(4)]
    for line in lines:
        words = ("<s>", *line.split(), "</s>")
        for length, bag in enumerate(times, 1):
            bag.update(words[at : at + length] for at in range(len(words) - length + 1))
    whole, cut = listed(estimated(lines, 4, smoothing)), listed(estimated(lines, 4, smoothing, (0, 1, 1, 3)))
    least = (0, 0, 2, 2, 4)
    assert {gram for gram in cut if len(gram) > 1} == {
        gram for bag in times[1:] for gram, count in bag.items() if count >= least[len(gram)]
    }
    assert [gram for gram in cut if len(gram) == 1] == [gram for gram in whole if len(gram) == 1]
    if smoothing == "katz":  # what is kept keeps its probability; an interpolated one has more to back off to
        assert {gram: cut[gram][0] for gram in cut} == {gram: whole[gram][0] for gram in cut}


@given(
    st.lists(SENTENCES, min_size=1, max_size=15), st.sampled_from(SMOOTHINGS), st.integers(2, 5), st.booleans(),
    st.sampled_from([0, 1e-3]), st.integers(1, 9),
)  # fmt: skip
@settings(max_examples=60)
def test_a_model_made_in_parts_is_the_same(lines, smoothing, order, cut, threshold, rows):
    def made(**counting):
        model = estimated(lines, order, smoothing, (0, 1) if cut else (0,), **counting)
        return b"".join(written(pruned(model, threshold) if threshold else model, "a test"))

    whole = made()
    with in_parts(rows):
        assert made() == made(memory=400, batch=2) == whole


# -- Witten-Bell -----------------------------------------------------------------------------------------------


def test_witten_bell_by_hand():
    """Two sentences, "a b" and "a".  Of 5 tokens there are 3 types (a, b, </s>) and 4 words that can come, <unk> too.

    p(a) = (2 + 3/4) / 8; p(b | a) = (1 + 2 p(b)) / (2 + 2): after a come b and </s>, once each.
    """
    grams = listed(estimated(["a b", "a"], 2, "witten-bell"))
    unigram = {"<unk>": 0.75 / 8, "a": 2.75 / 8, "b": 1.75 / 8, "</s>": 2.75 / 8}
    bigram = {("<s>", "a"): (2 + unigram["a"]) / 3, ("a", "b"): (1 + 2 * unigram["b"]) / 4,
              ("a", "</s>"): (1 + 2 * unigram["</s>"]) / 4, ("b", "</s>"): (1 + unigram["</s>"]) / 2}  # fmt: skip
    assert {gram: 10 ** values[0] for gram, values in grams.items() if gram != ("<s>",)} == pytest.approx(
        {**{(word,): p for word, p in unigram.items()}, **bigram}
    )
    assert [10 ** grams[word,][1] for word in ("<s>", "a", "b")] == pytest.approx([1 / 3, 1 / 2, 1 / 2])


class Lowest(WittenBellInterpolated):
    """nltk's model, which has relative frequencies at the lowest level, with that level interpolated with the uniform
    distribution as the others are with it: the same recursion carried one step further."""

    def __init__(self, order):
        super().__init__(order)
        self.estimator.unigram_score = self._unigram

    def _unigram(self, word):
        counts = self.counts.unigrams
        types = len(counts)
        return (counts[word] + types / (types + 1)) / (counts.N() + types)  # <unk> is a word, too


@pytest.mark.parametrize("order", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", [1, 2])
def test_witten_bell_against_nltk(order, seed):
    """nltk's padding has several <s> and </s> a sentence and predicts <s>, so it is given the n-grams themselves: those
    between one <s> and one </s>, of unigrams all but <s>."""
    lines = generated(60, seed)
    grams = []
    for line in lines:
        words = ("<s>", *line.split(), "</s>")
        spans = [words[at : at + n] for n in range(1, order + 1) for at in range(len(words) - n + 1)]
        grams.append([span for span in spans if span != ("<s>",)])
    theirs = Lowest(order)
    theirs.fit(grams, vocabulary_text=sorted({word for line in grams for gram in line for word in gram}))
    ours = listed(estimated(lines, order, "witten-bell"))
    assert {gram for line in grams for gram in line} == set(ours) - {("<s>",), ("<unk>",)}
    for gram, (logp, _) in ours.items():
        if gram not in (("<s>",), ("<unk>",)):
            assert theirs.score(gram[-1], gram[:-1]) == pytest.approx(10**logp), gram
    rare = [gram[:-1] for gram in ours if len(gram) == order][::5]
    for history in rare:  # backed off
        for word in ("w1", "शब्द0", "</s>"):
            assert theirs.score(word, history) == pytest.approx(10 ** log10_of(ours, *history, word))


# -- Katz ------------------------------------------------------------------------------------------------------

AP_BIGRAMS = np.array([2018046, 449721, 188933, 105668, 68379, 48190])


def test_good_turing_by_published_numbers():
    """Counts of counts of 22 million words of AP news and r* as Church & Gale (1991) print them, to two decimals;
    Katz's discounts from these by equation 12, by hand: (r*/r - x) / (1 - x) with x = 6 n6 / n1 = 0.14328."""
    ratios = good_turing(AP_BIGRAMS.astype(float), 5)
    good_turing_counts = (0.446, 1.26, 2.24, 3.24, 4.22)
    by_hand = [(star / r - 0.14328) / (1 - 0.14328) for r, star in enumerate(good_turing_counts, 1)]
    assert ratios[1:] == pytest.approx(by_hand, abs=2e-3)
    assert ratios[1:] == pytest.approx([0.3530, 0.5683, 0.7032, 0.7769, 0.8199], abs=2e-3)


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6), st.integers(1, 5))
def test_good_turing_discounts_free_the_share_of_what_occurred_once(n, reliable):
    """The condition that Katz's discounts are derived from: they take n1 counts in all."""
    n = np.array(n, float)
    ratios = good_turing(n, reliable)
    if ratios is None:
        with np.errstate(all="ignore"):
            r = np.arange(1, reliable + 1)
            star, most = (r + 1) * n[1 : reliable + 1] / n[:reliable], (reliable + 1) * n[reliable] / n[0]
            sound = (n[: reliable + 1] > 0).all() and most < 1 and ((star / r < 1) & (star / r > most)).all()
        assert not sound
        return
    r = np.arange(1, reliable + 1)
    assert ((ratios[1:] > 0) & (ratios[1:] < 1)).all()
    assert (n[:reliable] * r * (1 - ratios[1:])).sum() == pytest.approx(n[0])
    taken = r * (1 - ratios[1:])  # ... and are in proportion to Good-Turing's own
    star = (r + 1) * n[1 : reliable + 1] / n[:reliable]
    assert taken * (1 - (reliable + 1) * n[reliable] / n[0]) == pytest.approx(r - star)


class Katz:
    """Katz's model straight from its definition, in exact fractions and dictionaries."""

    def __init__(self, lines, order, reliable):
        """``reliable``: the highest count that is discounted, for each order."""
        self.order, self.counts = order, [Bag() for _ in range(order)]
        for line in lines:
            words = ("<s>", *line.split(), "</s>")
            for length, bag in enumerate(self.counts, 1):
                bag.update(words[at : at + length] for at in range(len(words) - length + 1))
        del self.counts[0]["<s>",]
        self.words = sorted(word for (word,) in self.counts[0])
        self.ratio = [self.ratios(bag, most) for bag, most in zip(self.counts, reliable)]
        self.after = defaultdict(dict)
        for bag in self.counts:
            for gram, count in bag.items():
                self.after[gram[:-1]][gram[-1]] = count

    @staticmethod
    def ratios(bag, k):
        n = Bag(bag.values())
        most = Fraction((k + 1) * n[k + 1], n[1])
        return {r: (Fraction((r + 1) * n[r + 1], r * n[r]) - most) / (1 - most) for r in range(1, k + 1)}

    def p(self, *words):
        *history, word = words
        history = tuple(history)
        if not history and word == "<unk>":  # what the discounts leave, for it is all that does not occur
            return 1 - sum(self.p(each) for each in self.words)
        after = self.after[history]
        if not after:
            return self.p(*words[1:])
        if word in after:
            count = after[word]
            return self.ratio[len(history)].get(count, 1) * Fraction(count, self.total(history))
        return self.bow(history) * self.p(*words[1:])

    def total(self, history):
        """The count of the history, or one more where no count is low enough to be discounted."""
        after = self.after[history]
        return sum(after.values()) + all(count not in self.ratio[len(history)] for count in after.values())

    def bow(self, history):
        after = self.after[history]
        return (1 - sum(self.p(*history, word) for word in after)) / (
            1 - sum(self.p(*history[1:], word) for word in after)
        )


@pytest.mark.parametrize(("seed", "reliable"), [(1, (5, 3, 5)), (2, (5, 5, 2))])
def test_katz_against_its_definition(seed, reliable):
    # after x comes y alone and too often to be discounted
    lines, said = [*generated(200, seed, vocabulary=1000), *["x y"] * 9], []
    ours = listed(estimated(lines, 3, "katz", warn=said))
    assert said == [
        f"order {order}: Good-Turing discounts are sound for counts up to {most} only, not 5"
        for order, most in enumerate(reliable, 1)
        if most < 5
    ]
    theirs = Katz(lines, 3, reliable)
    assert set(ours) == {gram for bag in theirs.counts for gram in bag} | {("<unk>",), ("<s>",)}
    for gram, (logp, bow) in list(ours.items())[::3]:
        if gram != ("<s>",):
            assert logp == pytest.approx(log10(theirs.p(*gram)), abs=1e-9), gram
        if len(gram) < 3 and theirs.after[gram]:
            assert bow == pytest.approx(log10(theirs.bow(gram)), abs=1e-7), gram
    assert ours["x", "y"][0] == pytest.approx(log10(9 / 10))
    for gram in [gram for gram in ours if len(gram) == 2][::7]:
        assert log10_of(ours, *gram, "w1") == pytest.approx(log10(theirs.p(*gram, "w1")), abs=1e-7)


def numbered(*counts):
    """Sentences of one word: the n-th occurs ``counts[n]`` times."""
    return [f"word{n}" for n, count in enumerate(counts) for _ in range(count)]


@pytest.mark.parametrize(("lines", "said"), [
    (numbered(1), "too few n-grams for Good-Turing discounts; taking 0.5 from every count"),
    (numbered(1, 1, 2), "too few n-grams for Good-Turing discounts; taking 0.5 from every count"),  # 2 n2 / n1 = 1
    (numbered(*[1] * 4, 3, 3), "too few n-grams for Good-Turing discounts; taking 0.5 from every count"),
    (numbered(*[1] * 6, 2, 2, 3), "Good-Turing discounts are sound for counts up to 2 only, not 5"),
])  # fmt: skip
def test_katz_says_what_falls_back(lines, said):
    warnings = []
    estimated(lines, 2, "katz", warn=warnings)
    assert f"order 1: {said}" in warnings


def test_katz_by_absolute_discounts_by_hand():
    """Counts 1, 1, 2 and </s> 4 times: n1 / (n1 + 2 n2) = 2/4; what is left of 8 goes to <unk>, the one unseen word."""
    grams = listed(estimated(numbered(1, 1, 2), 2, "katz"))
    p = {gram: 10**logp for gram, (logp, _) in grams.items() if gram != ("<s>",)}
    assert p["word0",] == p["word1",] == pytest.approx(0.5 / 8)
    assert p["word2",] == pytest.approx(1.5 / 8)
    assert p["</s>",] == pytest.approx(3.5 / 8)
    assert p["<unk>",] == pytest.approx(2 / 8)


@pytest.mark.parametrize("absolute", [False, True])
def test_katz_on_fractional_weights_by_all_outcomes(absolute):
    """Unigrams: the discounts of expected numbers of counts, and the expectation of what each count is worth then."""
    words = [f"w{rank}" for rank in range(1, 3 if absolute else 201) for _ in range(200 // rank if not absolute else 3)]
    weights = [(0.5, 0.75, 1.25, 0.3, 0.25, 1.0)[number % 6] for number in range(len(words))]
    grams = listed(estimated(words, 2, "katz", weights=weights))
    # an end follows every word, and occurs too often to be discounted, or less one absolute discount
    chances = {word: distribution([x for x, each in zip(weights, words) if each == word]) for word in {*words}}
    n = [sum(chance.get(count, 0.0) for chance in chances.values()) for count in range(1, 7)]
    end = distribution(weights)
    n = [x + end.get(count, 0.0) for count, x in enumerate(n, 1)]
    found = next((d for most in (5, 4, 3, 2) if (d := good_turing(np.array(n), most)) is not None), None)
    assert (found is None) == absolute

    def worth(count):
        if absolute:
            return max(count - n[0] / (n[0] + 2 * n[1]), 0) if count else 0
        return count * (found[count] if count < len(found) else 1)

    for word, chance in chances.items():
        wanted = sum(p * worth(count) for count, p in chance.items()) / (2 * sum(weights))
        assert 10 ** grams[word,][0] == pytest.approx(wanted, rel=1e-9)


def distribution(weights):
    """How probable each count is: of weight 2.75, two certain occurrences and one with probability 0.75."""
    chance = {0: 1.0}
    for weight in weights:
        grown = {}
        for count, p in chance.items():
            for more, q in ((int(weight), 1 - weight % 1), (int(weight) + 1, weight % 1)):
                grown[count + more] = grown.get(count + more, 0.0) + p * q
        chance = grown
    return chance


# -- Kneser-Ney ------------------------------------------------------------------------------------------------


def test_discounts_by_hand():
    """Chen & Goodman, equation 17, of n = 8, 4, 2, 1: Y = 8/16, D1 = 1 - 2Y 4/8, D2 = 2 - 3Y 2/4, D3+ = 3 - 4Y 1/2.

    Without an n-gram that occurs four times D3+ is 3, as in lmplz.
    """
    assert discounts(np.array([8.0, 4, 2, 0])) == pytest.approx((0.5, 1.25, 3.0))
    assert discounts(np.array([8.0, 4, 2, 1])) == pytest.approx((0.5, 1.25, 2.0))


@pytest.mark.parametrize("n", [(0, 4, 2, 1), (8, 0, 2, 1), (8, 4, 0, 1), (4, 1, 1, 0), (2, 1, 30, 1), (3, 1, 1, 40)])
def test_no_discounts_but_the_fall_back_where_they_are_not_sound(n):
    assert discounts(np.array(n, float)) is None


def test_kneser_ney_by_hand():
    """ "a b", "a b", "c b".

    Words after distinct others: a 1 (<s>), c 1, b 2, </s> 1, of 5 in all.  The discounts fall back to 0.5, 1 and 1.5,
    so they take 0.5 + 0.5 + 1 + 0.5, half of all, spread over five words (<unk> too).  Of bigrams there are n = 2, 2, 1
    with counts 1 to 3: Y = 2/6, D1 = 1/3, D2 = 3/2, D3+ = 3.
    """
    warnings = []
    grams = listed(estimated(["a b", "a b", "c b"], 2, warn=warnings))
    p = {gram: 10**logp for gram, (logp, _) in grams.items()}
    assert p["a",] == p["c",] == p["</s>",] == pytest.approx(0.5 / 5 + 0.5 / 5)
    assert p["b",] == pytest.approx(1 / 5 + 0.5 / 5)
    assert p["<unk>",] == pytest.approx(0.1)
    assert p["a", "b"] == pytest.approx((0.5 + 1.5 * p["b",]) / 2)
    assert p["c", "b"] == pytest.approx(2 / 3 + p["b",] / 3)
    assert p["b", "</s>"] == pytest.approx(p["</s>",])
    assert p["<s>", "a"] == pytest.approx((0.5 + (1 / 3 + 1.5) * p["a",]) / 3)
    assert warnings == ["order 1: too few n-grams to estimate Kneser-Ney discounts; using 0.5, 1 and 1.5"]

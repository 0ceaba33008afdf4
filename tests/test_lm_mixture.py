"""Mixtures: the weights against other optimisers, the model against the mean of KenLM's probabilities."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_models import SENTENCES, check_sums, estimated, generated, listed, loaded, log10_of, models, saved, text
from scipy.optimize import minimize

from datasel.lm import arpa_reader
from datasel.lm.counting import Vocabulary
from datasel.lm.levels import BOS, RESERVED, UNK
from datasel.lm.mixture import _above, mixed, over_union, tuned, with_words

# Three models of different orders and kinds, whose words differ in part
TEXTS = [generated(120, 1, vocabulary=30), generated(200, 2, vocabulary=50), ["a गाना b", "a", "w1 शब्द3 a", ""] * 3]
KINDS = [(3, "kneser-ney"), (2, "witten-bell"), (4, "katz")]
HELDOUT = [*generated(40, 3, vocabulary=55), "a गाना w1 never-heard", "a गाना", "w2 w14 w48"]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The models, and their files as KenLM has them."""
    folder = tmp_path_factory.mktemp("parts")
    paths = [
        saved(estimated(lines, *kind), folder / str(number)) for number, (lines, kind) in enumerate(zip(TEXTS, KINDS))
    ]
    return [arpa_reader.read(path) for path in paths], [loaded(path) for path in paths]


def probabilities(alone, lms, lines):
    """p of each token for each model by KenLM, and whether a model knows it: <unk> is one of the words, of all models
    together, that a model does not know, and shares its probability with them evenly."""
    words = {word for model in alone for word in model.words}
    shares = [1 + len(words - set(model.words)) for model in alone]
    rows, known = [], []
    for line in lines:
        for number, (lm, share) in enumerate(zip(lms, shares)):
            scores = list(lm.full_scores(line))
            if not number:
                rows += [[] for _ in scores]
                known += [False for _ in scores]
            for at, (logp, _, unknown) in enumerate(scores, len(rows) - len(scores)):
                rows[at].append(10**logp / (share if unknown else 1))
                known[at] |= not unknown
    return np.array(rows), np.array(known)


def identifiers(model, lines):
    return Vocabulary(model.words).identifiers(text(lines))


def test_over_a_union_of_words_a_model_gives_what_its_unk_shares(parts):
    alone, lms = parts
    union = over_union(alone)
    assert all(model.words == union[0].words for model in union)
    assert set(union[0].words) == {word for model in alone for word in model.words}
    assert union[0].words[:3] == list(RESERVED)
    p, known = probabilities(alone, lms, HELDOUT)
    for number, model in enumerate(union):
        tokens = identifiers(model, HELDOUT)
        assert 10 ** model.log10(tokens)[tokens != BOS] == pytest.approx(p[:, number], rel=1e-4)
    assert not known.all()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_more_words_leave_every_history_summing_to_one(number, parts, tmp_path):
    model = with_words(parts[0][number], over_union(parts[0])[0].words)
    check_sums(model, loaded(saved(model, tmp_path / "arpa")))


def test_unk_inside_n_grams_shares_too(tmp_path):
    """A closed vocabulary has <unk> in longer n-grams; these stay, and back-off weights make up for the rest."""
    model = estimated(generated(60, 1), 3, "witten-bell", vocabulary=[b"w1", b"w2", b"w4"])
    assert ("<unk>", "<unk>") in listed(model)
    wide = with_words(model, [*model.words, b"new", "नया".encode()])
    check_sums(wide, loaded(saved(wide, tmp_path / "arpa")))
    for gram, (logp, _) in listed(model).items():
        if gram != ("<unk>",):
            assert listed(wide)[gram][0] == logp
    for word in ("<unk>", "new", "नया"):
        assert listed(wide)[word,][0] == pytest.approx(listed(model)["<unk>",][0] - np.log10(3))


# -- weights ---------------------------------------------------------------------------------------------------


def likelihood(weights, p):
    return np.log(p @ weights).mean()


def best_by_scipy(p, floors):
    size = p.shape[1]
    start = np.array(floors) + (1 - sum(floors)) / size
    found = minimize(
        lambda w: -likelihood(w, p), start, jac=lambda w: -(p / (p @ w)[:, None]).mean(0), method="SLSQP",
        bounds=[(max(floor, 1e-12), 1) for floor in floors], options={"ftol": 1e-13, "maxiter": 500},
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(size)},
    )  # fmt: skip
    assert found.success
    return found.x


@pytest.mark.parametrize("floors", [(0, 0, 0), (0.2, 0, 0), (0, 0.7, 0.1), (0.4, 0.3, 0.25), (0, 0, 0.9)])
def test_weights_are_the_best_on_kenlms_probabilities(floors, parts):
    alone, lms = parts
    union = over_union(alone)
    found = tuned(union, identifiers(union[0], HELDOUT), floors)
    p, known = probabilities(alone, lms, HELDOUT)
    p = p[known]
    assert (found.tokens, found.unknown) == (known.sum(), (~known).sum())
    assert (found.weights >= floors).all()
    assert found.weights.sum() == pytest.approx(1)
    assert found.perplexity == pytest.approx(np.exp(-likelihood(found.weights, p)), rel=1e-5)
    assert found.each == pytest.approx(np.exp(-np.log(p).mean(0)).tolist(), rel=1e-5)
    best = best_by_scipy(p, floors)
    assert likelihood(found.weights, p) > likelihood(best, p) - 1e-6
    assert found.weights == pytest.approx(best, abs=5e-3)
    gradient = (p / (p @ found.weights)[:, None]).mean(0)  # Karush, Kuhn, Tucker
    free = found.weights > np.array(floors) + 1e-3
    assert np.ptp(gradient[free]) < 1e-3
    assert (gradient[~free] < gradient[free].max() + 1e-3).all()


def test_weights_of_two_against_a_grid(parts):
    alone, lms = parts[0][:2], parts[1][:2]
    union = over_union(alone)
    lines = generated(40, 3, vocabulary=55)
    found = tuned(union, identifiers(union[0], lines), (0, 0))
    p, known = probabilities(alone, lms, lines)
    grid = [likelihood(np.array([w, 1 - w]), p[known]) for w in np.arange(1001) / 1000]
    assert found.weights[0] == pytest.approx(np.argmax(grid) / 1000, abs=1e-3)
    assert 0.05 < found.weights[0] < 0.95
    assert np.log(found.perplexity) == pytest.approx(-max(grid), abs=1e-5)


SHARES = st.lists(st.integers(0, 20), min_size=2, max_size=5).filter(any).map(lambda x: np.array(x) / sum(x))


@given(SHARES, st.data())
def test_floors_hold_and_are_the_best(shares, data):
    floors = np.array(data.draw(st.lists(st.integers(0, 10), min_size=len(shares), max_size=len(shares)))) / 10
    floors *= 0.97 / max(floors.sum(), 0.97)
    weights = _above(shares, floors)
    assert (weights >= floors).all()
    assert weights.sum() == pytest.approx(1)
    # the stationary points of sum(shares log weights): the same price for all above their floors, none lower
    free = weights > floors + 1e-12
    price = (shares[free] / weights[free]).mean()
    assert shares[free] == pytest.approx(price * weights[free])
    assert (shares[~free] <= price * weights[~free] + 1e-12).all()


def test_one_model_can_win_all(parts):
    """On its own text a model needs no other, but for what its floor gives that."""
    union = over_union(parts[0][:2])
    lines = TEXTS[0]
    found = tuned(union, identifiers(union[0], lines), (0, 0))
    assert found.weights[0] > 0.95
    assert tuned(union, identifiers(union[0], lines), (0, 0.25)).weights == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("lines", [["never-heard"], [""]])
def test_tuning_on_next_to_nothing(lines, parts):
    union = over_union(parts[0][:2])
    tokens = Vocabulary([]).identifiers(text(lines))
    found = tuned(union, tokens, (0, 0))  # only the sentence's end
    assert (found.tokens, found.unknown) == (1, int(lines[0] != ""))
    assert found.perplexity == pytest.approx(min(found.each), rel=1e-3)


# -- the model -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weights", [(0.5, 0.3, 0.2), (0.05, 0.05, 0.9), (1 / 3, 1 / 3, 1 / 3)])
def test_listed_n_grams_have_the_mean_of_kenlms_probabilities(weights, parts, tmp_path):
    alone, lms = parts
    union = over_union(alone)
    model = mixed(union, weights)
    grams = listed(model)
    assert set(grams) == {gram for each in alone for gram in listed(each)}
    lists = [listed(each) for each in union]
    for gram, (logp, _) in grams.items():
        if gram != ("<s>",):
            mean = sum(w * 10 ** log10_of(each, *gram) for w, each in zip(weights, lists))
            assert 10**logp == pytest.approx(mean, rel=1e-9), gram
    path = saved(model, tmp_path / "mixed")
    lm = loaded(path)
    check_sums(model, lm)
    # by KenLM alone: where every prefix of a sentence is listed, each word has the weighted mean of the three
    p, _ = probabilities(alone, lms, HELDOUT)
    scores = [score for line in HELDOUT for score in lm.full_scores(line)]
    words = [["<s>", *line.split(), "</s>"] for line in HELDOUT]
    spans = [tuple(line[max(at - 3, 0) : at + 1]) for line in words for at in range(1, len(line))]
    exact = [number for number, span in enumerate(spans) if span in grams]
    assert len(exact) > 20
    assert [10 ** scores[n][0] for n in exact] == pytest.approx([p[n] @ weights for n in exact], rel=1e-4)
    # and elsewhere it is not far
    assert np.log([10 ** score[0] for score in scores]).mean() == pytest.approx(np.log(p @ weights).mean(), abs=0.1)


@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_all_weight_gives_a_model_back(chosen, parts):
    union = over_union(parts[0])
    model = mixed(union, [float(number == chosen) for number in range(3)])
    tokens = identifiers(model, HELDOUT)
    assert model.log10(tokens) == pytest.approx(union[chosen].log10(tokens), abs=1e-5)


@given(
    st.lists(models(), min_size=2, max_size=3), st.lists(st.integers(0, 4), min_size=3, max_size=3).filter(any),
    st.lists(SENTENCES, min_size=1, max_size=4),
)  # fmt: skip
@settings(max_examples=40)
def test_mixtures_of_any_models_are_models(tmp_path_factory, alone, numbers, lines):
    union = over_union(alone)
    numbers = numbers[: len(alone)] if any(numbers[: len(alone)]) else [1] * len(alone)
    weights = [number / sum(numbers) for number in numbers]
    model = mixed(union, weights)
    path = saved(model, tmp_path_factory.getbasetemp() / "mixed.arpa")
    lm = loaded(path)
    check_sums(model, lm)
    lists, grams = [listed(each) for each in union], listed(model)
    for gram in list(grams)[:: max(len(grams) // 100, 1)]:
        mean = sum(w * 10 ** log10_of(each, *gram) for w, each in zip(weights, lists))
        assert 10 ** grams[gram][0] == pytest.approx(mean, abs=1e-6), gram
    tokens = identifiers(model, lines)
    assert model.log10(tokens).sum() == pytest.approx(sum(map(lm.score, lines)), abs=1e-4 * len(tokens))
    # EM ends after 1000 rounds; for a model that is better by a share of x at each token it has then won all but
    # exp(-1000 x) of the weight, and what is missing costs x exp(-1000 x), 0.0004 at most
    found = tuned(union, tokens, [0.0] * len(alone))
    p = np.stack([10 ** each.log10(tokens) for each in union], 1)[(tokens != BOS) & (tokens != UNK)]
    tried = [np.array(w) / sum(w) for w in product(range(6), repeat=len(alone)) if any(w)]
    assert -np.log(found.perplexity) == pytest.approx(likelihood(found.weights, p))
    assert -np.log(found.perplexity) >= max(likelihood(w, p) for w in tried) - 4e-4

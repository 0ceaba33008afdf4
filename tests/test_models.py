"""Relevance model and recogniser: what they learn, and that files carry them whole."""

import zipfile

import numpy as np
import pytest

from datasel.errors import ModelError
from datasel.ngrams import relevance
from datasel.ngrams.linear import LinearModel
from datasel.ngrams.logistic import fit_binary, fit_multinomial
from datasel.ngrams.relevance import auc
from datasel.nlu.recogniser import Recogniser, Utterance
from datasel.nlu.slots import Slot
from datasel.records import modelfile
from datasel.records.jsonl import joined

MUSIC = [
    f"play {verb} by {who}" for verb in ("songs", "a tune", "the album") for who in ("adele", "seal", "abba", "nena")
]
OTHER = [f"{what} {when}" for what in ("wake me up", "what is the weather", "add milk to the list", "call mum")
         for when in ("today", "tomorrow", "at nine", "on monday")]  # fmt: skip


@pytest.fixture(params=["logistic", "importance"])
def model(request):
    return relevance.fit(joined(MUSIC), joined(OTHER), request.param, 3, 16, 1e-4)


def test_the_wanted_score_higher(model):
    assert model.score(joined(MUSIC)).min() > model.score(joined(OTHER)).max()
    assert model.score("play something by queen\n") > model.score("what is the time\n")


def test_the_score_is_the_sum_of_what_is_explained(model):
    for text in ("play a tune by adele", "wake up, Queen!", "", "नमस्ते दुनिया"):
        parts = sum(weight for _, weight in model.explain(text))
        assert model.score(text + "\n")[0] == pytest.approx(parts + model.bias, abs=1e-4)
        weights = [weight for _, weight in model.explain(text)] or [0]
        assert model.score(text + "\n", "mean")[0] == pytest.approx(np.mean(weights), abs=1e-5)
        assert model.score(text + "\n", "max")[0] == pytest.approx(max(weights), abs=1e-5)


def test_a_score_depends_on_its_text_alone(model):
    texts = (MUSIC + OTHER) * 300
    together = model.score(joined(texts))
    assert (together[:50] == np.concatenate([model.score(joined([text])) for text in texts[:50]])).all()
    assert (together == np.tile(together[: len(MUSIC + OTHER)], 300)).all()


def test_importance_is_the_log_ratio_of_bucket_shares():
    model = relevance.fit("a a b\n", "a b b c\n", "importance", 1, 16, 1e-4)
    weights = dict(model.explain("a b c d"))
    assert weights["a"] == pytest.approx(np.log((2 / 3) / (1 / 4)), abs=1e-5)
    assert weights["b"] == pytest.approx(np.log((1 / 3) / (2 / 4)), abs=1e-5)
    assert weights["c"] == pytest.approx(np.log(1e-8 / (1 / 4)), abs=1e-3)
    assert weights["d"] == 0


def test_binary_fit_is_at_its_minimum():
    from scipy.sparse import csr_matrix

    draw = np.random.default_rng(0)
    rows = csr_matrix(draw.poisson(0.5, (80, 12)).astype(float))
    truth, weight = draw.random(80) < 0.4, draw.random(80)
    columns, found, bias = fit_binary(rows, truth, weight, 0.01)
    probability = 1 / (1 + np.exp(-(rows[:, columns] @ found + bias)))
    slope = weight / weight.sum() * (probability - truth)
    assert np.abs(rows[:, columns].T @ slope + 0.01 * found).max() < 1e-4
    assert abs(slope.sum()) < 1e-4


def test_multinomial_of_two_classes_is_binary_with_twice_the_penalty():
    from scipy.sparse import csr_matrix

    draw = np.random.default_rng(1)
    rows = csr_matrix(draw.poisson(0.5, (60, 8)).astype(float))
    truth = draw.random(60) < 0.5
    _, binary, bias = fit_binary(rows, truth, np.ones(60), 0.01)
    _, weights, biases = fit_multinomial(rows, truth.astype(int), 2, np.ones(60), 0.02)
    assert weights[:, 1] - weights[:, 0] == pytest.approx(binary, abs=2e-3)
    assert biases[1] - biases[0] == pytest.approx(bias, abs=2e-3)


def test_auc():
    assert auc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1.0
    assert auc(np.array([1.0]), np.array([1.0])) == 0.5
    assert auc(np.array([1.0, 3.0]), np.array([2.0, 0.0])) == 0.75


def test_relevance_file_round_trip(model, tmp_path):
    path = tmp_path / "m.npz"
    path.write_bytes(model.to_bytes("made|by:test", {"positives": 12}))
    again = LinearModel.load(str(path))
    assert (again.score(joined(MUSIC)) == model.score(joined(MUSIC))).all()
    assert modelfile.unpack(str(path), "ngram-linear")[0]["positives"] == 12
    assert model.to_bytes("s", {}) == model.to_bytes("s", {})


def annotated():
    for text in MUSIC:
        who = text.rpartition(" ")[2]
        yield Utterance(text, "Music", "Play", [Slot("artist", who, len(text) - len(who), len(text))])
    for text in OTHER:
        yield Utterance(text, "Home", "Other", [])


SETTINGS = {"order": 3, "bits": 16, "l2": 1e-4, "c1": 0.1, "c2": 0.01, "iterations": 50}


@pytest.mark.parametrize("per_intent", [True, False])
def test_recogniser_learns_and_travels(per_intent, tmp_path):
    recogniser = Recogniser.fit(list(annotated()), per_intent=per_intent, **SETTINGS)
    path = tmp_path / "m.nlu"
    path.write_bytes(recogniser.to_bytes("made|by:test", {}))
    for made in (recogniser, Recogniser.load(str(path))):
        play, other = made.label(["play the album by madonna", "call mum on monday"])
        assert play[:3] == ("Music", "Play", [Slot("artist", "madonna", 18, 25)])
        assert other[:3] == ("Home", "Other", [])
        assert 0 < play.confidence <= 1
        assert made.label([]) == []


def test_a_label_depends_on_its_text_alone():
    recogniser = Recogniser.fit(list(annotated()), per_intent=True, **SETTINGS)
    texts = [item.text for item in annotated()]
    assert recogniser.label(texts) == [recogniser.label([text])[0] for text in texts]


def test_a_weight_counts_like_repetition():
    data = list(annotated())
    heavy = Recogniser.fit([data[0]._replace(weight=3), *data[1:]], per_intent=False, **SETTINGS)
    repeated = Recogniser.fit([data[0], data[0], data[0], *data[1:]], per_intent=False, **SETTINGS)
    for one, other in zip(heavy.label(OTHER), repeated.label(OTHER)):
        assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_model_files_that_are_not_sound_are_refused(tmp_path):
    path = tmp_path / "m.npz"
    good = modelfile.pack("kind", "sig", {"a": 1}, {"x": np.arange(1000)})
    path.write_bytes(good)
    settings, arrays = modelfile.unpack(str(path), "kind")
    assert settings == {"a": 1}
    assert (arrays["x"] == np.arange(1000)).all()
    for broken in (b"", good[:-30], good[:100], b"something else", good.replace(b"PK\x05\x06", b"XX\x05\x06")):
        path.write_bytes(broken)
        with pytest.raises(ModelError, match="m.npz"):
            modelfile.unpack(str(path), "kind")
    path.write_bytes(good)
    with pytest.raises(ModelError, match="kind 'kind', but 'other' is needed"):
        modelfile.unpack(str(path), "other")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datasel.json", b'{"kind":"kind","format":99,"datasel":"9.0","settings":{}}')
    with pytest.raises(ModelError, match="newer"):
        modelfile.unpack(str(path), "kind")


def test_a_pickle_in_a_model_is_never_opened(tmp_path):
    import io

    path = tmp_path / "m.npz"
    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([{"a": 1}], object), allow_pickle=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datasel.json", b'{"kind":"kind","format":1,"settings":{}}')
        archive.writestr("x.npy", content.getvalue())
    with pytest.raises(ModelError):
        modelfile.unpack(str(path), "kind")


def changed(path, kind, settings=(), **arrays):
    """The model with other settings and arrays, whole all the same."""
    facts, found = modelfile.unpack(str(path), kind)
    made = path.with_name("changed")
    made.write_bytes(modelfile.pack(kind, "s", {**facts, **dict(settings)}, {**found, **arrays}))
    return str(made)


@pytest.mark.parametrize("change", [
    {"weight": 1e30}, {"weight": "bytes"}, {"bucket": -1}, {"settings": {"order": True}}, {"settings": {"bits": -1}},
    {"settings": {"order": 10**9}}, {"settings": {"bias": 1e308}}, {"settings": {"bias": None}},
])  # fmt: skip
def test_relevance_models_whose_numbers_cannot_be_are_refused(model, change, tmp_path):
    path = tmp_path / "whole.npz"
    path.write_bytes(model.to_bytes("s", {}))
    assert LinearModel.load(changed(path, "ngram-linear")).order == model.order
    arrays = {"weight": np.flatnonzero(model.weights) * 0.5, "bucket": np.flatnonzero(model.weights)}
    for name in change.keys() & arrays.keys():
        value = arrays[name]
        value = value.astype("S3") if change[name] == "bytes" else np.append(value[:-1], change[name])
        change = {name: value}
    with pytest.raises(ModelError, match="parts of the model are missing or do not fit"):
        LinearModel.load(changed(path, "ngram-linear", **change))


@pytest.mark.parametrize("change", [
    {"settings": {"order": 0}}, {"settings": {"bits": "18"}}, {"columns": "bool"}, {"columns": "negative"},
    {"weights": "large"}, {"bias": "large"}, {"settings": {"crfs": -1}}, {"settings": {"classes": 5}},
    {"crf0": "damaged"},
])  # fmt: skip
def test_recognisers_whose_numbers_cannot_be_are_refused(change, tmp_path):
    path = tmp_path / "whole.nlu"
    path.write_bytes(Recogniser.fit(list(annotated()), per_intent=True, **SETTINGS).to_bytes("s", {}))
    _, found = modelfile.unpack(str(path), "nlu-recogniser")
    Recogniser.load(changed(path, "nlu-recogniser"))
    ((name, how),) = change.items()
    if name != "settings":
        value = found[name].copy()
        if how == "bool":
            value = value.astype(bool)
        elif how == "negative":
            value = -1 - value.astype(np.int64)
        elif how == "large":
            value.flat[0] = 1e30
        else:
            value[40:44] = 255
        change = {name: value}
    with pytest.raises(ModelError, match="parts of the model are missing or do not fit"):
        Recogniser.load(changed(path, "nlu-recogniser", **change))

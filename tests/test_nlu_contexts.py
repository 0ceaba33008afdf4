"""Words in context and lists of values as features of the recogniser."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from datasel.embedding.encoder import Encoder
from datasel.errors import ModelError
from datasel.nlu import contexts, knowledge
from datasel.nlu.contexts import CUTS, DIMENSIONS, Axes, Contexts
from datasel.nlu.gazetteer import Gazetteer
from datasel.nlu.recogniser import Recogniser, Utterance
from datasel.nlu.slots import Knowledge, Slot, features
from datasel.text.words import form, tokens

SAMPLES = Path(__file__).parents[1] / "examples" / "samples"
FIT = {"per_intent": True, "order": 2, "bits": 10, "l2": 0.01, "c1": 0.1, "c2": 0.01, "iterations": 30}


class Told:
    """An encoder whose vectors are made of words' hashes and their neighbours."""

    digest, dim = "told", 60

    def __init__(self):
        self.table = {}

    def _vector(self, word):
        draw = np.random.default_rng(int.from_bytes(word.encode()[:8].ljust(8, b"."), "big"))
        return self.table.setdefault(word, draw.normal(size=self.dim))

    def words(self, texts, spans):
        made = []
        for text, each in zip(texts, spans):
            rows = [self._vector(text[a:b].lower()) for a, b in each] or [np.zeros(self.dim)]
            mean = np.mean(rows, axis=0)
            made.append(np.array([mean, *(row + mean / 2 for row in rows[: len(each)])], np.float32))
        return made


GENRES = ("jazz", "blues", "fado", "polka", "rumba")
TEXTS = [*(f"play {which} {genre}" for which in ("some", "the", "more", "my") for genre in GENRES), "", "?"]


def of(contexts, texts):
    return contexts.of(contexts.encoder.words(texts, [tokens(text) for text in texts]))


def test_axes_are_the_principal_components():
    from sklearn.decomposition import PCA

    rows = (np.random.default_rng(1).normal(size=(300, 80)) @ np.diag(0.5 + np.arange(80) / 80)).astype(np.float32)
    made, oracle = Axes.of(rows).project(rows), PCA(DIMENSIONS, svd_solver="full").fit_transform(rows)
    oracle /= oracle[:, 0].std(ddof=1)
    assert made.shape == (300, DIMENSIONS)
    assert np.abs(np.abs(made) - np.abs(oracle)).max() < 0.03  # steps of 1/1024, 80 of them


def test_what_is_said_of_a_text_depends_on_it_alone():
    contexts = Contexts.learn(Told(), TEXTS * 3)
    for text, made in zip(TEXTS, of(contexts, TEXTS)):
        (alone,) = of(contexts, [text])
        assert all((a == b).all() for a, b in zip(alone, made))
        assert made.dense.shape[0] == made.clusters.shape[0] == len(tokens(text))


def test_a_words_clusters_are_the_nearest_of_each_size():
    contexts = Contexts.learn(Told(), TEXTS)
    assert len(contexts.centres) == len(CUTS)
    for made in of(contexts, TEXTS):
        for row, clusters in zip(made.dense, made.clusters):
            for centres, found in zip(contexts.centres, clusters):
                distances = np.linalg.norm(centres - row, axis=1)
                assert distances[found] == pytest.approx(distances.min())


def test_the_same_texts_make_the_same_axes_and_centres():
    one, two = (Contexts.learn(Told(), texts).arrays() for texts in (TEXTS, TEXTS * 2))
    assert one.keys() == two.keys() and all((one[name] == two[name]).all() for name in one)


def test_too_little_text():
    assert Contexts.learn(Told(), ["", "one"]) is None
    assert of(Contexts.learn(Told(), ["one two"]), [""])[0].dense.shape[0] == 0


def test_learning_in_parts_is_learning_and_says_how_far_it_is(monkeypatch):
    whole = Contexts.learn(Told(), TEXTS).arrays()
    monkeypatch.setattr(contexts, "_TOLD", 2)
    said: list[str] = []
    parts = Contexts.learn(Told(), TEXTS, said.append).arrays()
    assert all((parts[name] == whole[name]).all() for name in whole)
    total = len(set(TEXTS))
    assert said[0].startswith(f"2 of {total} texts encoded, ")
    assert said[-2].startswith(f"{total} of {total} texts encoded, 0 s")


# -- values ------------------------------------------------------------------------------------------------------


def test_the_longest_value_counts_from_left_to_right():
    known = Gazetteer([("city", "New York"), ("city", "york"), ("team", "new york giants"), ("city", "?!"), ("x", " ")])
    assert known.of(["in", "new", "york", "and", "york"]) == [[], ["B-city"], ["I-city"], [], ["B-city"]]
    assert known.of(["new", "york", "giants", "york"]) == [["B-team"], ["I-team"], ["I-team"], ["B-city"]]
    assert known.of(["new", "new", "york"]) == [[], ["B-city"], ["I-city"]]
    assert known.of([]) == []


def test_a_value_of_two_lists_is_of_both():
    known = Gazetteer([("artist", "Madonna"), ("album", "madonna"), ("artist", "Madonna")])
    assert known.of(["madonna"]) == [["B-album", "B-artist"]] and len(known.entries) == 2


def test_features_name_values_of_neighbours_too():
    known = Knowledge(gazetteer=Gazetteer([("city", "New York")]))
    rows = features("to new york", tokens("to new york"), known)
    assert "g+1=B-city" in rows[0] and {"g=B-city", "g+1=I-city"} <= set(rows[1])
    assert {"g=I-city", "g-1=B-city"} <= set(rows[2])


# -- the recogniser ------------------------------------------------------------------------------------------------


def utterances():
    made = []
    for text in TEXTS:
        word = text.split()[-1] if text.startswith("play") else ""
        slots = [Slot("genre", word, len(text) - len(word), len(text))] if word else []
        made.append(Utterance(text, None, "Play" if word else "None", slots))
    return made


def test_a_model_with_an_encoder_is_saved_and_loaded(tmp_path):
    encoder = Told()
    known = Knowledge(None, Contexts.learn(encoder, TEXTS), Gazetteer([("genre", "samba")]))
    made = Recogniser.fit(utterances(), **FIT, known=known)
    (tmp_path / "it.nlu").write_bytes(made.to_bytes("me", {}))
    again = Recogniser.load(str(tmp_path / "it.nlu"), encoder)
    assert again.label([*TEXTS, "play some samba"]) == made.label([*TEXTS, "play some samba"])
    assert made.label(["play some samba"])[0].slots[0].value == "samba"
    assert [again.label([text])[0] for text in TEXTS] == again.label(TEXTS)


def test_another_encoder_or_none_is_refused(tmp_path):
    made = Recogniser.fit(utterances(), **FIT, known=Knowledge(contexts=Contexts.learn(Told(), TEXTS)))
    (tmp_path / "it.nlu").write_bytes(made.to_bytes("me", {}))
    other = Told()
    other.digest = "other"
    for given, said in ((None, "give it with --encoder"), (other, "not other")):
        with pytest.raises(ModelError, match=f"encoder told; {said}"):
            Recogniser.load(str(tmp_path / "it.nlu"), given)
    plain = Recogniser.fit(utterances(), **FIT)
    (tmp_path / "plain.nlu").write_bytes(plain.to_bytes("me", {}))
    assert Recogniser.load(str(tmp_path / "plain.nlu"), other).label(TEXTS) == plain.label(TEXTS)


def test_the_commands_do_the_same(tmp_path):
    def run(name, *words):
        command = [Path(sys.executable).with_name(name), *words, "-o", tmp_path / "out"]
        subprocess.run(command, check=True, cwd=SAMPLES)
        return (tmp_path / "out").read_bytes()

    encoder, model = tmp_path / "encoder.onnx", tmp_path / "it.nlu"
    encoder.write_bytes(run("datasel", "encoder", "--network", "network.onnx", "--tokenizer", "pieces.model"))
    (tmp_path / "genre.txt").write_text("bossa nova\nklezmer\n")
    options = ("--encoder", encoder, "--unlabelled", "pool.jsonl", "--gazetteer", tmp_path / "genre.txt")
    model.write_bytes(run("nlu-fit", *options, "seed.jsonl"))
    assert model.read_bytes() == run("nlu-fit", *options, "seed.jsonl")
    labelled = [run("nlu-label", "--model", model, "--encoder", encoder, "-j", jobs, "test.jsonl") for jobs in "12"]
    assert labelled[0] == labelled[1]
    texts = [json.loads(line)["text"] for line in (SAMPLES / "test.jsonl").open(encoding="utf-8")]
    made = Recogniser.load(str(model), Encoder.load(str(encoder))).label(texts)
    assert [json.loads(line)["confidence"] for line in labelled[0].splitlines()] == [each.confidence for each in made]


def test_what_a_list_of_values_is_is_said_by_its_beginning(tmp_path):
    path = tmp_path / "artist.txt"
    path.write_text("".join(f"artist {number}\n" for number in range(60_000)) + "{ } (band)\n" * 60_000)
    entries = list(knowledge._entries(str(path)))
    assert entries[0] == ("artist", "artist 0") and entries[-1] == ("artist", "{ } (band)") and len(entries) == 120_000


def test_values_are_found_however_their_letters_are_composed():
    assert Gazetteer([("a", "Mötley Crüe")]).of([form(w) for w in ("Mo\u0308tley", "Cru\u0308e")]) == [["B-a"], ["I-a"]]

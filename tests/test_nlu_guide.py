"""Slots of another recogniser as features."""

import numpy as np
import pytest
from test_nlu_contexts import FIT, Told

from datasel.errors import ModelError
from datasel.nlu.contexts import Contexts
from datasel.nlu.knowledge import learn
from datasel.nlu.recogniser import Recogniser, Utterance, seen_of
from datasel.nlu.slots import NOTHING, Knowledge, Seen, Slot, features
from datasel.text.words import tokens

JOINT = {**FIT, "per_intent": False}
DAYS = ("monday", "tuesday", "friday", "sunday", "today", "tomorrow")
NEW = ("next week", "easter day", "may first")
SOME = (*DAYS[:3], "new year")
NAMES = ("bob", "old ann", "the cat", "tom cruise")


def utterances(intent, pattern, values):
    made = []
    for value in values:
        text = pattern.format(value)
        start = text.index(value)
        made.append(Utterance(text, None, intent, [Slot("date", value, start, start + len(value))]))
    return made


def saved(made, path):
    path.write_bytes(made.to_bytes("me", {}))
    return str(path)


@pytest.fixture
def assistant(tmp_path):
    values = (*DAYS, *NEW, "new year")
    data = utterances("Weather", "weather on {}", values) + utterances("Alarm", "wake me {}", values)
    data += [Utterance("wake me " + name, None, "Alarm", []) for name in NAMES]
    return saved(Recogniser.fit([*data, Utterance("hello", None, "Hi", [])], **JOINT), tmp_path / "assistant.nlu")


def test_features_name_the_guides_labels_of_neighbours_too():
    rows = features("on may first", tokens("on may first"), NOTHING, Seen(guided=("O", "B-date", "I-date")))
    assert {"o=O", "on=", "o-1=<s>", "o+1=B-date", "o01=O B-date"} <= set(rows[0])
    assert {"o=B-date", "on=date", "o-1=O", "o+1=I-date"} <= set(rows[1])
    assert {"o=I-date", "on=date", "o-1=B-date", "o+1=</s>", "o01=I-date </s>"} <= set(rows[2])


def test_a_guide_tells_of_values_that_the_annotated_data_does_not_hold(assistant):
    seed = utterances("Remind", "remind me {}", SOME)
    seed += [Utterance("remind me " + name, None, "Remind", []) for name in NAMES]
    guided = Recogniser.fit(seed, **FIT, known=Knowledge(guide=Recogniser.load_guide(assistant, None)))
    plain = Recogniser.fit(seed, **FIT)
    wanted = [item.slots for item in utterances("Remind", "remind me {}", NEW)]
    texts = ["remind me " + value for value in NEW]
    assert [each.slots for each in guided.label(texts)] == wanted
    assert [each.slots for each in plain.label(texts)] != wanted
    assert guided.label([""])[0].slots == []


def test_a_guided_model_is_saved_with_its_guide_and_loaded(assistant, tmp_path):
    known = Knowledge(guide=Recogniser.load_guide(assistant, None))
    made = Recogniser.fit(utterances("Remind", "remind me {}", SOME), **FIT, known=known)
    path = saved(made, tmp_path / "guided.nlu")
    texts = [*("remind me " + value for value in NEW), "", "weather on may first"]
    again = Recogniser.load(path)
    assert again.label(texts) == made.label(texts)
    assert again.to_bytes("me", {}) == made.to_bytes("me", {})
    with pytest.raises(ModelError, match="guided.nlu: the guide has a guide itself"):
        Recogniser.load_guide(path, None)


def test_a_guide_in_a_guide_within_a_model_is_refused(assistant, tmp_path):
    known = Knowledge(guide=Recogniser.load_guide(assistant, None))
    seed = utterances("Remind", "remind me {}", SOME)
    nested = Recogniser.load(saved(Recogniser.fit(seed, **FIT, known=known), tmp_path / "guided.nlu"))
    path = saved(Recogniser.fit(seed, **FIT, known=Knowledge(guide=nested)), tmp_path / "nested.nlu")
    with pytest.raises(ModelError, match="nested.nlu: the guide has a guide itself"):
        Recogniser.load(path)


def test_a_damaged_guide_is_refused(tmp_path):
    seed = utterances("Remind", "remind me {}", SOME)
    broken = Recogniser.fit(seed, **FIT)
    broken.file = b"no model"
    path = saved(Recogniser.fit(seed, **FIT, known=Knowledge(guide=broken)), tmp_path / "it.nlu")
    with pytest.raises(ModelError, match="it.nlu: truncated, or not a datasel model"):
        Recogniser.load(path)


def test_texts_are_encoded_once_for_a_recogniser_and_its_guide(tmp_path):
    class Counting(Told):
        calls = 0

        def words(self, texts, spans):
            self.calls += 1
            return super().words(texts, spans)

    encoder = Counting()
    days = utterances("Weather", "weather on {}", DAYS)
    contexts = Contexts.learn(encoder, [item.text for item in days])
    guide = saved(Recogniser.fit(days, **JOINT, known=Knowledge(contexts=contexts)), tmp_path / "guide.nlu")
    known = Knowledge(contexts=contexts, guide=Recogniser.load_guide(guide, encoder))
    texts = [f"remind me {value}" for value in DAYS]
    encoder.calls = 0
    seen, vectors = seen_of(known, texts)
    assert encoder.calls == 1 and vectors.shape == (len(texts), 48)
    alone = [seen_of(Knowledge(guide=known.guide), [text])[0][0].guided for text in texts]
    assert [one.guided for one in seen] == alone
    assert all((one.context.dense == contexts.of(encoder.words([text], [tokens(text)]))[0].dense).all()
               for one, text in zip(seen, texts))  # fmt: skip


def test_a_guide_needs_its_encoder(tmp_path):
    encoder = Told()
    days = utterances("Weather", "weather on {}", DAYS)
    known = Knowledge(contexts=Contexts.learn(encoder, [item.text for item in days]))
    path = saved(Recogniser.fit(days, **JOINT, known=known), tmp_path / "guide.nlu")
    with pytest.raises(ModelError, match="trained with the encoder told; give it with --encoder"):
        learn([], [], None, [], path, print, print)
    made = Recogniser.fit(days, **FIT, known=Knowledge(guide=Recogniser.load_guide(path, encoder)))
    guided = saved(made, tmp_path / "guided.nlu")
    with pytest.raises(ModelError, match="guided.nlu: was trained with the encoder told; give it with --encoder"):
        Recogniser.load(guided)
    assert Recogniser.load(guided, encoder).label(["weather on today"]) == made.label(["weather on today"])
    assert np.isfinite([each.confidence for each in made.label(["weather on today", "x"])]).all()

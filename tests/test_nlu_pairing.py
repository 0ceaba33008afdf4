"""Hypotheses beside references: nothing is left out of a score."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.errors import DataError
from datasel.nlu.annotations import check
from datasel.nlu.pairing import load, of_other_texts, pair
from datasel.nlu.report import evaluate, to_json, to_text
from datasel.nlu.slots import Slot


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return [str(path)]


def record(key, intent="A", **more):
    return {**({"id": key} if key is not None else {}), "text": "t", "intent": intent, "slots": [], **more}


def test_by_id_whatever_the_order(tmp_path):
    references = load(write(tmp_path / "r", record(1, "A"), record(2, "B")))
    hypotheses = load(write(tmp_path / "h", record(2, "B"), record(1, "A")))
    assert [frame.intent for frame in pair(references, hypotheses)] == ["A", "B"]


def test_line_by_line_without_ids(tmp_path):
    references = load(write(tmp_path / "r", record(None, "A"), record(None, "B")))
    hypotheses = load(write(tmp_path / "h", record(None, "A"), record(7, "B")))
    assert [frame.intent for frame in pair(references, hypotheses)] == ["A", "B"]


@pytest.mark.parametrize(
    ("references", "hypotheses", "reason"),
    [
        ([record(1), record(2)], [record(1)], "r:2: no hypothesis for the id 2"),
        ([record(1)], [record(1), record("x")], 'h:2: no reference has the id "x"'),
        ([record(1)], [record(1), record(1)], "h:2: the id 1 again"),
        ([record(1), record(1)], [record(1)], "r:2: the id 1 again"),
        ([record(1)], [record(None)], "h:1: no id"),
        ([record(None)], [], "0 hypotheses for 1 references"),
    ],
)
def test_what_does_not_pair_is_an_error(references, hypotheses, reason, tmp_path):
    with pytest.raises(DataError) as caught:
        pair(load(write(tmp_path / "r", *references)), load(write(tmp_path / "h", *hypotheses)))
    assert reason in str(caught.value)


def test_report(tmp_path):
    references = load(write(tmp_path / "r", *(record(n, "A" if n % 2 else "B", who=n // 4) for n in range(40))), "who")
    right = pair(references, load(write(tmp_path / "h", *(record(n, "A" if n % 2 else "B") for n in range(40)))))
    wrong = pair(references, load(write(tmp_path / "w", *(record(n, "A") for n in range(40)))))
    report = evaluate(references, right, wrong, seed=1)
    text = to_text(report, "sig").decode()
    assert "relative reduction +100.0%" in text
    assert "signature sig" in text
    found = json.loads(to_json(report, "sig"))
    assert found["all"]["SemER"] == 0
    assert found["comparison"]["probability_of_improvement"] == 1
    assert found["intents"]["B"]["utterances"] == 20
    perfect = evaluate(references, wrong, right, seed=1)
    assert "no error to reduce" in to_text(perfect, "sig").decode()


def test_a_block_field_that_is_missing_is_named(tmp_path):
    with pytest.raises(DataError, match="no field 'who'"):
        load(write(tmp_path / "r", record(1)), "who")


# -- slots of references and hypotheses ----------------------------------------------------------------------


def slotted(text, value, start, end):
    return record(1, text=text, slots=[{"name": "s", "value": value, "start": start, "end": end}])


BAD_SLOTS = {
    "another value": (slotted("call ada", "bob", 5, 8), "the text at 5-8 is 'ada'"),
    "beyond the end": (slotted("call ada", "ada", 5, 9), "no part of the text, which has 8 characters"),
    "before the start": (slotted("call ada", "ada", -3, 8), "no part of the text"),
    "empty": (slotted("call ada", "", 5, 5), "no part of the text"),
    "turned round": (slotted("call ada", "", 8, 5), "no part of the text"),
    "white space": (slotted("call ada now", "ada ", 5, 9), "white space at an edge"),
    "a no-break space": (slotted("call ada\u00a0now", "ada\u00a0", 5, 9), "white space at an edge"),
    "bytes": (slotted("ça: ada", "ada", 5, 8), "the offsets count bytes"),
    "UTF-16": (slotted("🎵: ada x", "ada", 4, 7), "the offsets count UTF-16 units"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SLOTS)
def test_slots_are_parts_of_their_text(name, tmp_path):
    bad, reason = BAD_SLOTS[name]
    with pytest.raises(DataError, match=f"r:2: slot 's'.*{reason}"):
        load(write(tmp_path / "r", record(0), bad))
    with pytest.raises(ValueError, match=reason):
        check(bad["text"], [Slot(**bad["slots"][0])])
    without = {key: value for key, value in bad.items() if key != "text"}
    if 0 <= bad["slots"][0]["start"] < bad["slots"][0]["end"] and "white" not in reason:
        load(write(tmp_path / "r", without))
    else:
        with pytest.raises(DataError, match="r:1: slot 's'"):
            load(write(tmp_path / "r", without))


@given(st.text(min_size=1), st.data())
def test_every_true_slot_is_one(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    slot = Slot("s", text[start:end], start, end)
    if slot.value.strip() == slot.value:
        check(text, [slot])
    else:
        with pytest.raises(ValueError, match="white space"):
            check(text, [slot])


def test_hypotheses_of_other_texts_are_told_of(tmp_path):
    references = load(write(tmp_path / "r", record(1), record(2), {**record(3), "text": None}))
    assert of_other_texts(references, load(write(tmp_path / "h", record(2), record(1), record(3)))) is None
    hypotheses = load(write(tmp_path / "h", record(3, text="x"), record(1), record(2, text="u")))
    assert of_other_texts(references, hypotheses).startswith("1 of 3 hypotheses are of another text than")
    assert of_other_texts(references, hypotheses).endswith("h:3")


def test_ids_under_another_name(tmp_path):
    def named(file, *keys):
        return write(tmp_path / file, *({**record(None, intent), "utt": key} for key, intent in keys))

    paths = named("r", ("x", "A"), ("y", "B")), named("h", ("y", "B"), ("x", "A"))
    assert [frame.intent for frame in pair(*(load(path, None, "utt") for path in paths))] == ["A", "B"]
    with pytest.raises(DataError, match="h:1: 'utt' is \"y\" here.*--id utt"):
        pair(*map(load, paths))

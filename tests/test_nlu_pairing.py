"""Hypotheses beside references: nothing is left out of a score."""

import json

import pytest

from datasel.errors import DataError
from datasel.nlu.pairing import load, pair
from datasel.nlu.report import evaluate, to_json, to_text


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
        ([record(1)], [record(None)], "h:1: no field 'id'"),
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

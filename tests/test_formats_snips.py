"""Snips' JSON as records."""

import json

import pytest
from converting import Read, file
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.errors import DataError

PIECES = [
    {"text": "play "}, {"text": "जैज़ 🎷", "entity": "genre"}, {"text": " by "}, {"text": " Nina ", "entity": "artist"},
]  # fmt: skip


def test_pieces_become_slots(tmp_path):
    (found,) = Read("snips", file(tmp_path, json.dumps({"PlayMusic": [{"data": PIECES}]}))).records
    assert found == {
        "text": "play जैज़ 🎷 by  Nina ", "intent": "PlayMusic",
        "slots": [{"name": "genre", "value": "जैज़ 🎷", "start": 5, "end": 11},
                  {"name": "artist", "value": "Nina", "start": 16, "end": 20}],
    }  # fmt: skip
    assert all(found["text"][slot["start"] : slot["end"]] == slot["value"] for slot in found["slots"])


def test_the_form_of_snips_nlu(tmp_path):
    data = [{"text": "light in the "}, {"text": "hall", "entity": "room", "slot_name": "place"}]
    content = {"language": "en", "intents": {"TurnOn": {"utterances": [{"data": data}]}, "Off": {"utterances": []}},
               "entities": {"room": {"data": []}}}  # fmt: skip
    (found,) = Read("snips", file(tmp_path, json.dumps(content))).records
    assert found["slots"] == [{"name": "place", "value": "hall", "start": 13, "end": 17, "entity": "room"}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"A": [\n{"data": []},\n{"data": [{"text": 1}]}]}', ":3: a part of 'data' is no object with a 'text'"),
        ('{"A": [\n{"text": "a"}]}', ":2: no utterance: it has no list 'data'"),
        ('{"A": [\n{"data": [{"text": " ", "entity": "b"}]}]}', ":2: slot 'b' has no text"),
        ('{"A": [\n{"data": [{"text": "a"]}]}', ":2: not valid JSON: Expecting ',' delimiter"),
        ('{"A": [\n{"data": []}\n', ":3: not valid JSON: ',' was expected"),
        ('{"A": []} x', ":1: not valid JSON: text after the object"),
        ("[]", ":1: not valid JSON: '{' was expected"),
        ('{"A": [{"data": [{"text": NaN}]}]}', ":1: not valid JSON: NaN is no number"),
        ('{"A": [{"data": ' + "[" * 100_000, ":1: not valid JSON: "),
        (b'{"A": [\n\n{"data": [{"text": "caf\xe9"}]}]}', ":3: not valid UTF-8"),
        ('{"A": [{"data": [{"text": "\\ud800"}]}]}', ":1: not valid UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, content, reason):
    path = file(tmp_path, content)
    with pytest.raises(DataError) as found:
        Read("snips", path)
    assert str(found.value).startswith(f"{path}{reason}")


def test_nothing_has_no_records(tmp_path):
    assert Read("snips", file(tmp_path, "")).records == Read("snips", file(tmp_path, "{}\n")).records == []


def test_bad_utterances_are_set_aside(tmp_path):
    path = file(tmp_path, b'{"A": [\n{"data": [\n{"text": "caf\xe9"}\n]},\n{"data": [{"text": "a"}]}]}')
    found = Read("snips", path, lenient=True)
    assert [each["text"] for each in found.records] == ["a"]
    assert found.rejected == [(str(path), 2, "not valid UTF-8", b'{"data": [ {"text": "caf\xe9"} ]}')]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(texts=st.lists(TEXT, max_size=20), size=st.integers(1, 50), indent=st.sampled_from([None, 1]))
@settings(max_examples=100)
def test_however_the_blocks_fall(tmp_path_factory, texts, size, indent):
    from datasel.records.streams import blocks

    content = json.dumps({"A": [{"data": [{"text": text}]} for text in texts]}, indent=indent)
    path = file(tmp_path_factory.getbasetemp(), content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasel.formats.source.blocks", lambda files, eager: blocks(files, eager=eager, size=size))
        assert [each["text"] for each in Read("snips", path).records] == texts

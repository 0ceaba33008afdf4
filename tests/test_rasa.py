"""Rasa's NLU files, both ways."""

import pytest
from converting import Read, again, annotated, file, written
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.errors import DataError

EVERYTHING = """\
version: "3.1"
intents:
- book
nlu:
- intent: book
  examples: |
    - from [Łódź]{"entity": "city", "role": "departure"} to [NYC]{"entity": "city", "value": "New York", "group": "1"}
    - to [Paris](city) at [7](time:seven)

    - [x][{"entity": "a"}, {"entity": "b"}] twice
- intent: no
  examples:
  - text: |
      - never mind
    metadata:
      sentiment: bad
  - text: no [way](way)
- synonym: credit
  examples: |
    - card
- intent: faq/ask
  examples: |
    - - is this a list
"""


def test_all_forms_of_entities_and_examples(tmp_path):
    found = Read("rasa", file(tmp_path, EVERYTHING)).records
    assert [each["text"] for each in found] == [
        "from Łódź to NYC", "to Paris at 7", "x twice", "never mind", "no way", "- is this a list",
    ]  # fmt: skip
    assert [each["intent"] for each in found] == ["book", "book", "book", "no", "no", "faq/ask"]
    assert found[0]["slots"] == [
        {"name": "city", "value": "Łódź", "start": 5, "end": 9, "role": "departure"},
        {"name": "city", "value": "NYC", "start": 13, "end": 16, "canonical": "New York", "group": "1"},
    ]
    assert found[1]["slots"][1] == {"name": "time", "value": "7", "start": 12, "end": 13, "canonical": "seven"}
    assert [slot["name"] for slot in found[2]["slots"]] == ["a", "b"]
    assert found[3]["metadata"] == {"sentiment": "bad"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("nlu:\n- intent: a\n  examples: |\n    - b\n    c\n", ":5: an example does not start with '-'"),
        ("nlu:\n- intent: a\n", ":2: an intent without examples"),
        ("nlu:\n- name: a\n", ":2: no intent, synonym, regex or lookup"),
        ("nlu: a\n", ":1: a list was expected"),
        ('nlu:\n- intent: a\n  examples: |\n    - b\n    - [c]{"entity" 1}\n', ':5: {"entity" 1} is not valid JSON'),
        ('nlu:\n- intent: a\n  examples: |\n    - [c]{"role": "b"}\n', ":4: an entity without a name"),
        ("nlu:\n- intent: a\n  examples: |\n    - [ ](b)\n", ":4: slot 'b' has no text"),
        ("nlu:\n\t- intent: a\n", ":2: not valid YAML: "),
        (b"nlu:\n- intent: \xff\n", ":2: not valid UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, content, reason):
    path = file(tmp_path, content)
    with pytest.raises(DataError) as found:
        Read("rasa", path)
    assert str(found.value).startswith(f"{path}{reason}")


def test_bad_examples_are_set_aside(tmp_path):
    path = file(tmp_path, "nlu:\n- intent: a\n  examples: |\n    - [ ](b)\n    - c\n")
    found = Read("rasa", path, lenient=True)
    assert [each["text"] for each in found.records] == ["c"]
    assert [(line, raw) for _, line, _, raw in found.rejected] == [(4, b"[ ](b)")]


def test_intents_in_a_row_are_one_list(tmp_path):
    records = [annotated("a", intent="x"), annotated("b", intent="x"), annotated("c", intent="y: z")]
    assert written("rasa", tmp_path, records).decode() == (
        'version: "3.1"\nnlu:\n- intent: x\n  examples: |\n    - a\n    - b\n- intent: "y: z"\n  examples: |\n    - c\n'
    )


@pytest.mark.parametrize("text", ["", " a", "a\n", "a [b](c)", "[a][{}]", "a\x85", "\x07a"])
def test_what_cannot_be_an_example(tmp_path, text):
    with pytest.raises(DataError, match="records.jsonl:1: "):
        written("rasa", tmp_path, [{"text": text, "intent": "a"}])


LETTERS = st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="[](){}")
WORDS = st.text(LETTERS, min_size=1, max_size=9)
VALUES = WORDS.filter(lambda text: text == text.strip())
NAMES = st.one_of(st.text("abc_é -", min_size=1, max_size=4).filter(str.strip), st.just("a:b"))
PIECES = st.lists(st.one_of(WORDS, st.tuples(VALUES, NAMES)), min_size=1, max_size=5)
EXTRAS = st.dictionaries(st.sampled_from(["role", "group", "canonical"]), VALUES, max_size=2)


@given(st.lists(st.tuples(PIECES, st.text("abYesno:# '", min_size=1, max_size=5), EXTRAS), max_size=6))
@settings(max_examples=150)
def test_what_is_written_is_read(tmp_path_factory, made):
    records = [annotated(*pieces, intent=intent) for pieces, intent, _ in made]
    for record, (_, _, extras) in zip(records, made):
        for slot in record["slots"][:1]:
            slot |= {name: extras[name] for name in ("canonical", "role", "group") if name in extras}
    records = [each for each in records if each["text"] and each["text"] == each["text"].strip()]
    assert again("rasa", tmp_path_factory.getbasetemp(), records) == records

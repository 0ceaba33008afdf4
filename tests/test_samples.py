"""The sample data: sound records, exact offsets, nothing of the test set anywhere else."""

import json
import re
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "examples" / "samples"
ANNOTATED = ("seed.jsonl", "test.jsonl")
TEXTS = ("wanted.txt", "general.txt")


def records(name):
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


def texts(name):
    if name in TEXTS:
        return (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    return [record["text"] for record in records(name)]


def key(text):
    return " ".join(re.findall(r"[^\W_]+", text.lower())) or text


@pytest.mark.parametrize("name", ANNOTATED)
def test_slots_are_what_stands_at_their_offsets(name):
    for record in records(name):
        assert list(record) == ["id", "text", "intent", "slots"]
        assert record["intent"] == "PlayMusic"
        end = 0
        for slot in record["slots"]:
            assert list(slot) == ["name", "value", "start", "end"]
            assert slot["value"] and slot["value"] == record["text"][slot["start"] : slot["end"]]
            assert slot["value"] == slot["value"].strip() and slot["start"] >= end
            end = slot["end"]


def test_the_pool_is_unlabelled():
    assert all(list(record) == ["id", "text"] for record in records("pool.jsonl"))


@pytest.mark.parametrize("name", [*ANNOTATED, "pool.jsonl"])
def test_ids_are_unique(name):
    ids = [record["id"] for record in records(name)]
    assert len(set(ids)) == len(ids)


def test_no_text_stands_twice():
    found = {}
    for name in (*ANNOTATED, "pool.jsonl", *TEXTS):
        for text in texts(name):
            assert key(text) not in found, (text, found[key(text)])
            found[key(text)] = name


def test_there_is_more_than_ascii():
    everything = "".join("".join(texts(name)) for name in (*ANNOTATED, "pool.jsonl"))
    assert re.search("[\u0900-\u097f]", everything)  # Devanagari
    assert re.search("[\U00010000-\U0010ffff]", everything)  # where code points and UTF-16 units part


def test_the_samples_are_all_there_is():
    names = {path.name for path in SAMPLES.iterdir()}
    assert names == {*ANNOTATED, "pool.jsonl", *TEXTS}

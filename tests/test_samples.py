"""The sample data: sound records, exact offsets, nothing of the test set anywhere else."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from datasel.samples import FILES, STEPS

SAMPLES = FILES
ANNOTATED = ("seed.jsonl", "test.jsonl")
DOMAINS = "annotated.jsonl"  # of many domains
RECOGNISED = "recognised.jsonl"  # speech: what was said and what was heard
HEARD = ("second.jsonl", "text.ref", "text.hyp")  # derived of it
TRANSLATED = "nbest.jsonl"  # hypotheses of a translator; the same lists in Moses' format, and what was meant
MOSES, REFERENCES = "nbest.moses", "references.txt"
SOURCES = "translated.jsonl"  # English with slots, Hindi with alignments; and what post-editing them takes
POSTEDITING = ("catalogue.jsonl", "requests.hi.txt", "spellings.tsv", "particles.txt")
TONES = ("tones.jsonl", "tones-dev.jsonl")  # recordings of words that are tones
TEXTS = ("wanted.txt", "general.txt", "corpus.txt", "heldout.txt")


def records(name):
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


def texts(name):
    if name in (*TEXTS, REFERENCES):
        return (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    return [record["text"] for record in records(name)]


def key(text):
    return " ".join(re.findall(r"[^\W_]+", text.lower())) or text


@pytest.mark.parametrize("name", [*ANNOTATED, DOMAINS])
def test_slots_are_what_stands_at_their_offsets(name):
    for record in records(name):
        end = 0
        for slot in record["slots"]:
            assert list(slot) == ["name", "value", "start", "end"]
            assert slot["value"] and slot["value"] == record["text"][slot["start"] : slot["end"]]
            assert slot["value"] == slot["value"].strip() and slot["start"] >= end
            end = slot["end"]


@pytest.mark.parametrize("name", ANNOTATED)
def test_seed_and_test_set_are_of_one_intent(name):
    for record in records(name):
        assert list(record) == ["id", "text", "intent", "slots"]
        assert record["intent"] == "PlayMusic"


def test_every_domain_has_two_intents_and_every_intent_templates_that_say_the_same():
    intents = {}
    for record in records(DOMAINS):
        assert list(record) == ["text", "domain", "intent", "slots"]
        slots = tuple(sorted(slot["name"] for slot in record["slots"]))
        intents.setdefault((record["domain"], record["intent"]), []).append(slots)
    domains = Counter(domain for domain, _ in intents)
    assert len(domains) == 5 and set(domains.values()) == {2}
    for found in intents.values():
        assert () in found
        assert sum(times > 3 for slots, times in Counter(found).items() if slots) > 1


def test_the_pool_is_unlabelled():
    assert all(list(record) == ["id", "text"] for record in records("pool.jsonl"))


@pytest.mark.parametrize("name", [*ANNOTATED, "pool.jsonl", RECOGNISED, TRANSLATED, SOURCES, *TONES])
def test_ids_are_unique(name):
    ids = [record["id"] for record in records(name)]
    assert len(set(ids)) == len(ids)


def test_what_was_heard_is_the_best_of_its_list():
    for record in records(RECOGNISED):
        assert list(record) == ["id", "speaker", "scenario", "reference", "hypothesis", "nbest"]
        assert record["hypothesis"] == record["nbest"][0]["text"]
        scores = [hypothesis["am_score"] for hypothesis in record["nbest"]]
        assert scores == sorted(scores, reverse=True) and len(set(scores)) > 1


def test_what_is_derived_of_the_recognised_is_so():
    """second.jsonl: the second of each list, as of another recogniser; text.ref and text.hyp: in Kaldi's form."""
    found = records(RECOGNISED)
    assert records("second.jsonl") == [record | {"hypothesis": record["nbest"][1]["text"]} for record in found]
    for name, field in (("text.ref", "reference"), ("text.hyp", "hypothesis")):
        lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines()
        assert lines == [f"{record['id']} {record[field]}" for record in found]


def test_what_is_made_has_a_name_of_its_own():
    made = [step.makes for step in STEPS]
    assert len(set(made)) == len(made)
    assert not {path.name for path in SAMPLES.iterdir()} & set(made)


def test_lists_of_translations_have_another_first_than_best_and_a_reference_each():
    found = records(TRANSLATED)
    for record in found:
        assert list(record) == ["id", "source", "nbest"]
        scores = [hypothesis["mt_score"] for hypothesis in record["nbest"]]
        assert scores == sorted(scores, reverse=True) and len(set(scores)) > 1
    references = texts(REFERENCES)
    best = [record["nbest"][0]["text"] == meant for record, meant in zip(found, references, strict=True)]
    assert {True, False} == set(best)


def test_lists_in_the_format_of_moses_are_the_same():
    listed = [line.split(" ||| ") for line in (SAMPLES / MOSES).read_text(encoding="utf-8").splitlines()]
    assert [(int(number), text, float(score)) for number, text, _, score in listed] == [
        (number, hypothesis["text"], hypothesis["mt_score"])
        for number, record in enumerate(records(TRANSLATED))
        for hypothesis in record["nbest"]
    ]


def test_translated_sources_have_slots_and_every_target_word_is_aligned_to_one_of_theirs():
    for record in records(SOURCES):
        assert list(record) == ["id", "source", "slots", "nbest"]
        for slot in record["slots"]:
            assert slot["value"] == record["source"][slot["start"] : slot["end"]]
        for hypothesis in record["nbest"]:
            assert list(hypothesis) == ["text", "mt_score", "mt_tokens", "mt_score_per_token", "alignment"]
            assert all(0 <= source < len(record["source"].split()) for source, _ in hypothesis["alignment"])
            targets = [target for _, target in hypothesis["alignment"]]
            assert targets == sorted(set(targets))
            assert set(targets) <= set(range(len(hypothesis["text"].split())))


def test_every_recording_is_there_and_short_and_its_words_are_in_the_lexicon():
    words = {line.split("\t")[0] for line in (SAMPLES / "tones.lexicon").read_text().splitlines()}
    found = [record for name in TONES for record in records(name)]
    assert sorted(record["audio"] for record in found) == sorted(
        f"tones/{path.name}" for path in SAMPLES.glob("tones/*")
    )
    for record in found:
        assert list(record) == ["id", "audio", "text"]
        assert set(record["text"].split()) <= words
        assert (SAMPLES / record["audio"]).stat().st_size < 10000


def test_no_text_stands_twice():
    found = {}
    for name in (*ANNOTATED, DOMAINS, "pool.jsonl", *TEXTS):
        for text in texts(name):
            assert key(text) not in found, (text, found[key(text)])
            found[key(text)] = name


def test_there_is_more_than_ascii():
    everything = "".join("".join(texts(name)) for name in (*ANNOTATED, "pool.jsonl"))
    assert re.search("[\u0900-\u097f]", everything)  # Devanagari
    assert re.search("[\U00010000-\U0010ffff]", everything)  # where code points and UTF-16 units part


def test_the_samples_are_all_there_is():
    names = {path.name for path in SAMPLES.iterdir()}
    assert {path.name for path in (Path(__file__).parents[1] / "examples/samples").iterdir()} == names
    lists = {RECOGNISED, *HEARD, TRANSLATED, MOSES, REFERENCES}
    pairs = {"sentences.jsonl", "sentences-dev.jsonl"}
    assert names == {
        *pairs,
        *TONES,
        "tones",
        "formats",  # a few lines of each
        "tones.lexicon",
        "tones-map.tsv",
        "letters-hi.tsv",
        "spoken.jsonl",  # emissions, which tests/test_decoding.py makes again
        "spoken.lexicon",
        "network.onnx",  # as tests/encoders.py makes it, and its tokenizer
        "pieces.model",
        *ANNOTATED,
        DOMAINS,
        "pool.jsonl",
        "hindi.jsonl",
        *lists,
        *TEXTS,
        SOURCES,
        *POSTEDITING,
    }

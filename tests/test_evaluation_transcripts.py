"""Transcripts in each format, and hypotheses beside references: nothing is left out of a score."""

import itertools
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance.Levenshtein import distance

from datasel.errors import DataError
from datasel.evaluation.alternatives import nearest
from datasel.evaluation.asr_report import evaluate
from datasel.evaluation.pairing import pair
from datasel.evaluation.transcripts import TEXT, group, label, load, nbest
from datasel.evaluation.word_error import COUNTS, words

WORD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \t\n\v\f\r"), min_size=1, max_size=5)
KEY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \t\n\v\f\r()"), min_size=1, max_size=5)


def write(path, *lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return [str(path)]


def records(path, *items):
    return write(path, *(json.dumps(item) for item in items))


def lines(path, form, *found):
    return load(write(path, *found), form, {})[0]


def said(found):
    return [(item.id, words(item.texts[0])) for item in found]


# trn has marks of its own: {, }, (a word that may be left out), and ;; that begins a comment
PLAIN = st.lists(WORD.filter(lambda word: not re.fullmatch(r"[{}]|\([^()]+\)", word)), max_size=4)
PLAIN = PLAIN.filter(lambda found: not (found and found[0].startswith(";;")))


@given(st.lists(st.tuples(KEY, PLAIN), max_size=5))
def test_kaldi_trn_and_text_say_the_same(tmp_path_factory, items):
    folder = tmp_path_factory.mktemp("formats")
    texts = [" ".join(each) for _, each in items]
    kaldi = lines(folder / "kaldi", "kaldi", *(f"{key} {text}" for (key, _), text in zip(items, texts)))
    trn = lines(folder / "trn", "trn", *(f"{text} ({key})" for (key, _), text in zip(items, texts)))
    plain = lines(folder / "text", "text", *texts)
    (found,) = load(records(folder / "jsonl", *({"id": key, "t": text} for (key, _), text in zip(items, texts))),
                    "jsonl", {"t": TEXT})  # fmt: skip
    assert said(kaldi) == said(trn) == said(found)
    assert [wanted for _, wanted in items] == [heard for _, heard in said(plain)] == [w for _, w in said(kaldi)]
    assert [json.loads(item.id) for item in kaldi] == [key for key, _ in items]
    assert all(item.id is None for item in plain)
    assert [item.place for item in kaldi] == [(str(folder / "kaldi"), n + 1) for n in range(len(items))]


def test_an_id_alone_is_an_empty_text(tmp_path):
    assert said(lines(tmp_path / "k", "kaldi", "u1", "\tu2 \t\r")) == [(b'"u1"', []), (b'"u2"', [])]
    assert said(lines(tmp_path / "t", "trn", "(u1)", " (u2) \r")) == [(b'"u1"', []), (b'"u2"', [])]
    assert said(lines(tmp_path / "p", "text", "", "a")) == [(None, []), (None, ["a"])]


def test_the_last_brackets_hold_the_id(tmp_path):
    assert said(lines(tmp_path / "t", "trn", "oh (laughs) yes(u1)")) == [(b'"u1"', ["oh", "laughs", "yes"])]
    kaldi = lines(tmp_path / "k", "kaldi", "u1 oh (laughs) { a / b }")
    assert said(kaldi) == [(b'"u1"', ["oh", "(laughs)", "{", "a", "/", "b", "}"])]



@pytest.mark.parametrize(
    ("form", "line"),
    [("kaldi", ""), ("kaldi", " \t"), ("trn", "no id"), ("trn", "a (u1) b"), ("trn", "a ()"), ("trn", "")],
)
def test_a_line_without_an_id_is_named(form, line, tmp_path):
    good = {"kaldi": "u1 a", "trn": "a (u1)"}[form]
    with pytest.raises(DataError, match=r"bad:2: no \(?id\)? at its (start|end)"):
        lines(tmp_path / "bad", form, good, line)


def test_lists_and_references_of_one_record(tmp_path):
    path = records(
        tmp_path / "r",
        {"id": 1, "nbest": [{"text": "a", "score": 1}, {"text": "b"}], "said": "c", "who": "x"},
        {"id": 2, "nbest": [], "said": "", "who": None},
    )
    lists, references = load(path, "jsonl", {"nbest": nbest(), "said": TEXT}, ["who"])
    assert [list(item.texts) for item in lists] == [["a", "b"], []]
    assert [list(item.texts) for item in references] == [["c"], [""]]
    assert [item.fields for item in references] == [{"who": b'"x"'}, {"who": None}]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"id": 1}, "r:1: no field 'nbest'"),
        ({"nbest": "a"}, "r:1: field 'nbest'"),
        ({"nbest": ["a"]}, "r:1: field 'nbest"),
        ({"nbest": [{"text": 1}]}, "r:1: field 'nbest"),
        ({"nbest": [{"text": "a"}]}, "r:1: no field 's'"),
        ({"nbest": [{"text": "a", "s": True}]}, "r:1: field 'nbest"),
    ],
)
def test_what_is_no_list_is_named(record, reason, tmp_path):
    with pytest.raises(DataError) as caught:
        load(records(tmp_path / "r", record), "jsonl", {"nbest": nbest("s")})
    assert reason in str(caught.value)


def test_scores_by_their_name(tmp_path):
    path = records(tmp_path / "r", {"nbest": [{"text": "a", "score": "x", "s": -1}, {"text": "b", "s": 2.5}]})
    ((found,),) = load(path, "jsonl", {"nbest": nbest("s")})
    assert (list(found.texts), list(found.scores)) == (["a", "b"], [-1, 2.5])
    ((found,),) = load(path, "jsonl", {"nbest": nbest()})
    assert list(found.texts) == ["a", "b"]


def paired(tmp_path, references, hypotheses):
    made = (lines(tmp_path / name, "kaldi", *each) for name, each in (("r", references), ("h", hypotheses)))
    return [each and each.texts[0] for each in pair(*made)]


def test_by_id_in_the_order_of_references(tmp_path):
    assert paired(tmp_path, ["u1 a", "u2 b"], ["u2 c", "u1 d"]) == [" d", " c"]


def test_a_reference_without_a_hypothesis_has_none(tmp_path):
    assert paired(tmp_path, ["u1 a", "u2 b", "u3"], ["u2 c"]) == [None, " c", None]


@pytest.mark.parametrize(
    ("references", "hypotheses", "reason"),
    [
        (["u1 a"], ["u1 a", "u2 b"], 'h:2: no reference has the id "u2"'),
        (["u1 a"], ["u1 a", "u1 a"], 'h:2: the id "u1" again'),
        (["u1 a", "u1 a"], ["u1 a"], 'r:2: the id "u1" again'),
    ],
)
def test_an_extra_and_a_repeated_id_are_errors(references, hypotheses, reason, tmp_path):
    with pytest.raises(DataError) as caught:
        paired(tmp_path, references, hypotheses)
    assert reason in str(caught.value)


def test_line_by_line_wants_as_many(tmp_path):
    references, same, fewer = (lines(tmp_path / "t", "text", *each) for each in (["a", ""], ["", "b"], ["a"]))
    assert [item.texts[0] for item in pair(references, same)] == ["", "b"]
    with pytest.raises(DataError, match="1 hypotheses for 2 references"):
        pair(references, fewer)
    with pytest.raises(DataError, match="h:1: no id"):
        pair(lines(tmp_path / "k", "kaldi", "u1 a"), lines(tmp_path / "h", "text", "a"))


def test_a_group_is_the_reference_s_or_else_the_hypothesis_s(tmp_path):
    (references,) = load(
        records(tmp_path / "r", {"t": "", "who": "a"}, {"t": ""}, {"t": "", "who": None}), "jsonl", {"t": TEXT}, ["who"]
    )
    (hypotheses,) = load(
        records(tmp_path / "h", {"t": "", "who": "x"}, {"t": "", "who": "b"}, {"t": "", "who": 7}), "jsonl",
        {"t": TEXT}, ["who"],
    )  # fmt: skip
    assert group("who", references, hypotheses) == ["a", "b", "7"]
    with pytest.raises(DataError, match="r:2: no field 'who'"):
        group("who", references, [None, None, None])
    for value in ({}, ["a"]):
        odd = records(tmp_path / "o", {"t": "", "who": value})
        with pytest.raises(DataError, match="o:1: field 'who'"):
            group("who", *load(odd, "jsonl", {"t": TEXT}, ["who"]), [None])


def test_labels():
    shown = {b'"u1"': "u1", '"हिन्दी"'.encode(): "हिन्दी", b"7": "7", b'""': '""', b'"a\\nb"': '"a\\nb"', b"[1]": "[1]"}
    assert {value: label(value) for value in shown} == shown


# -- alternatives ------------------------------------------------------------------------------------------------

TRN = """\
;; a comment, with a brace { and no id
turn on the { lamp / light / lights } (A-1)
play (uh) { some / @ } music { by / from } { queen / the queen } (B_2)
{ one / { two / @ } three } (C-3)
(um) (D-4)
"""


@pytest.mark.parametrize(
    ("heard", "errors", "words"),
    [
        (["turn on the light", "play music from the queen", "three", ""], 0, 4 + 5 + 1 + 0),
        (["turn on the lamp", "play uh some music by queen", "two three", "um"], 0, 4 + 6 + 2 + 1),
        (["turn on the lamb", "play some uh music by queen", "one three", "um um"], 1 + 1 + 1 + 1, None),
        (["", "", "", ""], 4 + 4 + 1 + 0, 4 + 4 + 1 + 0),
    ],
)
def test_alternatives_count_as_what_is_nearest(heard, errors, words, tmp_path):
    (tmp_path / "r").write_text(TRN)
    references = load([str(tmp_path / "r")], "trn", {})[0]
    ids = ["A-1", "B_2", "C-3", "D-4"]
    assert [json.loads(item.id) for item in references] == ids
    assert [item.place[1] for item in references] == [2, 3, 4, 5]
    hypotheses = lines(tmp_path / "h", "trn", *(f"{text} ({key})" for text, key in zip(heard, ids)))
    report = evaluate(references, hypotheses, None, (), None, 1)
    found = dict(zip(COUNTS, report.total.tolist()))
    assert found["substituted"] + found["deleted"] + found["inserted"] == errors
    assert words is None or found["words"] == words


@given(st.data())
def test_the_nearest_way_is_the_nearest_of_all(data):
    word = st.sampled_from("abc")
    said = st.lists(word, max_size=2).map(tuple)
    places = data.draw(st.lists(st.lists(said, min_size=1, max_size=3, unique=True), max_size=5))
    heard = data.draw(st.lists(word, max_size=6))
    ways = [[w for some in way for w in some] for way in itertools.product(*places)]
    found = nearest(places, heard)
    assert found in ways
    assert distance(found, heard) == min(distance(way, heard) for way in ways)


@pytest.mark.parametrize("line", ["{ a / b (u2)", "a } (u2)", "{ { a } (u2)"])
def test_braces_without_partners_are_named(line, tmp_path):
    with pytest.raises(DataError, match="t:2: a [{}] without its [{}]"):
        lines(tmp_path / "t", "trn", "a (u1)", line)


def test_too_many_alternatives_are_named(tmp_path):
    inner = "{ a / b / c / d }"
    with pytest.raises(DataError, match="t:1: more than 1,000 alternatives"):
        lines(tmp_path / "t", "trn", f"{{ {' '.join([inner] * 9)} }} (u1)")


def test_braces_in_braces_without_end_are_named(tmp_path):
    with pytest.raises(DataError, match="t:1: more than 100 braces in each other"):
        lines(tmp_path / "t", "trn", "{ " * 5000 + "a (u1)")


# -- other names of records --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["utt_id", "audio", "audio_filepath", "key", "uid"])
def test_names_that_differ_line_by_line_are_an_error(name, tmp_path):
    def loaded(file, keys, key="id"):
        items = [{name: each, "t": each} for each in keys]
        return load(records(tmp_path / file, *items), "jsonl", {"t": TEXT}, (), key)[0]

    references = loaded("r", ["a/1.wav", "a/2.wav"])
    pair(references, loaded("same", ["a/1.wav", "a/2.wav"]))
    with pytest.raises(DataError, match=f"h:1: '{name}' is .*--id {name} pairs by it"):
        pair(references, loaded("h", ["a/2.wav", "a/1.wav"]))
    found = pair(loaded("r", ["1", "2"], name), loaded("h", ["2", "1"], name))
    assert [each.texts[0] for each in found] == ["1", "2"]
    if name.startswith("audio"):  # the same recording elsewhere, in another format
        pair(references, loaded("flac", ["b/1.flac", "b/2.flac"]))


def test_names_that_only_one_side_has_say_nothing(tmp_path):
    one = load(records(tmp_path / "r", {"t": "a"}, {"t": "b"}), "jsonl", {"t": TEXT})[0]
    other = load(records(tmp_path / "h", {"t": "a", "id": 7}, {"t": "b", "utt": 8}), "jsonl", {"t": TEXT})[0]
    assert [each.texts[0] for each in pair(one, other)] == ["a", "b"]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ([{"utt_id": 1}, {"utt_id": 2}], [{"utt_id": 2, "id": "a"}, {"utt_id": 1, "id": "b"}]),
        ([{"id": 1}, {}], [{"id": 2}, {"id": 9}]),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_whatever_names_both_must_agree_line_by_line(wanted, given, listed, tmp_path):
    references = load(records(tmp_path / "r", *({**each, "t": "a"} for each in wanted)), "jsonl", {"t": TEXT})[0]
    said, kind = ([{"text": "a"}], nbest()) if listed else ("a", TEXT)
    path = records(tmp_path / "h", *({**each, "t": said} for each in given))
    (hypotheses,) = load(path, "jsonl", {"t": kind}, named=True)
    with pytest.raises(DataError, match="here, and .* in the reference that stands in its line"):
        pair(references, hypotheses)

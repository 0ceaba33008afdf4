"""The report on a recogniser: rates by hand, what is undefined, the matched-pairs test, the views for people."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import stats

from datasel.errors import DataError
from datasel.evaluation.asr_page import to_html
from datasel.evaluation.asr_report import between, evaluate, to_json, to_text
from datasel.evaluation.matched_pairs import matched_pairs
from datasel.evaluation.transcripts import Transcript
from datasel.records.jsonl import encode

REFERENCES = ["turn on the light", "संगीत चलाओ ज़रा", "", "play <b>jazz</b> now"]
HYPOTHESES = ["turn on a light", "संगीत ज़रा", "uh huh", "play some <b>jazz</b> now"]


def transcripts(texts, **fields):
    """Utterances; a text of None is missing."""
    values = [dict(zip(fields, map(encode, each))) for each in zip(*fields.values())] if fields else [{}] * len(texts)
    return [
        Transcript([text], b'"u%d"' % n, ("f", n + 1), found)
        for n, (text, found) in enumerate(zip(texts, values))
        if text is not None
    ]


def report(references=REFERENCES, hypotheses=HYPOTHESES, baseline=None, groups=None, blocks=None, seed=1):
    groups = groups or {}
    said = transcripts(references, **groups, **({"block": blocks} if blocks else {}))
    other = None if baseline is None else transcripts(baseline)
    return evaluate(said, transcripts(hypotheses), other, list(groups), "block" if blocks else None, seed)


def figures(*arguments, **options):
    return json.loads(to_json(report(*arguments, **options), "sig"))


def test_by_hand():
    groups = {"kind": ["x", "y", "noise", "y"]}
    found = figures(groups=groups)
    wanted = {"substituted": 1, "deleted": 1, "inserted": 3, "words": 10, "utterances": 4, "WER": 0.5}
    assert {name: found["all"][name] for name in wanted} == wanted
    assert "oracle_WER" not in found["all"]
    assert found["all"]["CER"] == pytest.approx((3 + 5 + 6 + 5) / (17 + 14 + 21), abs=1e-6)
    low, high = found["all"]["WER_interval"]
    assert low < 0.5 < high
    assert {name: group.get("WER") for name, group in found["by"]["kind"].items()} == {
        "noise": None, "x": 0.25, "y": pytest.approx(2 / 6, abs=1e-6),
    }  # fmt: skip
    assert found["by"]["kind"]["noise"]["inserted"] == 2
    assert (found["missing"], found["missing_baseline"]) == (0, 0)
    assert found["comparison"] is found["matched_pairs"] is None
    assert found["signature"] == "sig"


def test_the_table_says_the_same():
    text = to_text(report(groups={"kind": ["x", "y", "noise", "y"], "who": ["b", "b", "a", "a"]}), "sig").decode()
    rows = [line.split() for line in text.splitlines()]
    assert ["kind", "n", "words", "S", "D", "I", "WER", "CER"] in rows
    assert ["noise", "1", "0", "0", "0", "2", "-", "-"] in rows
    assert ["x", "1", "4", "1", "0", "0", "0.2500", "0.1765"] in rows
    assert sum(row[:6] == ["all", "4", "10", "1", "1", "3"] for row in rows) == 2
    assert "\nWER 0.5000, 95 % interval " in text
    assert "no hypothesis" not in text
    assert text.endswith("\nsignature sig\n")


def test_a_missing_hypothesis_is_deleted_and_counted():
    missing, empty = (report(hypotheses=[*HYPOTHESES[:3], last]) for last in (None, ""))
    assert json.loads(to_json(missing, "")) == {**json.loads(to_json(empty, "")), "missing": 1}
    assert missing.total[1] == 1 + 3
    assert b"\nno hypothesis for 1 of 4 references, u3 the first: " in to_text(missing, "")
    found = report(baseline=[None, "a", None, "b"])
    assert json.loads(to_json(found, ""))["missing_baseline"] == 2
    assert b"\nno baseline for 2 of 4 references, u0 the first: " in to_text(found, "")


def test_without_words_there_is_no_rate():
    with pytest.raises(DataError, match="f: no words in the references"):
        report(["", ""], ["a", ""])


def test_a_perfect_and_a_useless_recogniser():
    assert figures(hypotheses=REFERENCES)["all"]["WER_interval"] == [0, 0]
    assert figures(["a"], [""])["all"]["WER"] == 1
    assert figures(["a"], ["b c d"])["all"]["WER"] == 3


def test_comparison():
    baseline = ["", "", "", ""]
    found = figures(baseline=baseline)
    assert found["comparison"]["baseline"] == 1
    assert found["comparison"]["relative_reduction"] == 0.5
    assert found["matched_pairs"]["difference"] == pytest.approx((4 + 3 + 0 + 3 - 5) / 4)
    assert found["matched_pairs"]["segments"] == 4
    text = to_text(report(baseline=baseline), "").decode()
    assert "baseline 1.0000: relative reduction +50.0%" in text
    assert "matched pairs: mean difference +1.2500 errors (baseline - new) over 4, z " in text
    assert "no error to reduce" in to_text(report(baseline=REFERENCES), "").decode()
    assert figures(baseline=REFERENCES)["matched_pairs"]["difference"] == -1.25


def test_a_system_against_itself():
    found = figures(baseline=HYPOTHESES)
    assert found["comparison"]["relative_reduction"] == 0
    assert found["comparison"]["probability_of_improvement"] == 0.5
    assert found["matched_pairs"] == {"difference": 0, "z": 0, "p": 1, "segments": 4}


def test_where_a_replicate_has_nothing_to_reduce_the_json_is_strict_and_no_warning_is_given():
    references = ["a"] * 12
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = figures(references, ["a", "b", *references[2:]], ["b", *references[1:]])
    assert found["comparison"]["interval"] == [None, 1]


def test_blocks_are_the_segments():
    references, blocks = ["a b", "c", "d"], ["x", "x", "y"]
    found = figures(references, ["a b", "", "d"], ["a", "", ""], blocks=blocks)
    assert found["matched_pairs"]["segments"] == 2
    assert found["matched_pairs"]["difference"] == 1
    assert found["matched_pairs"]["z"] is None  # both blocks differ by 1
    assert found["matched_pairs"]["p"] == 0
    low, high = found["all"]["WER_interval"]
    assert (low, high) == (0, pytest.approx(1 / 3, abs=1e-6))  # of x alone: 1 of 3 words


def test_the_seed_decides():
    texts = [f"w{n}" for n in range(40)]
    heard = [text if n % 3 else "" for n, text in enumerate(texts)]
    base = [text if n % 2 else "" for n, text in enumerate(texts)]
    once, again, other = (figures(texts, heard, base, seed=seed)["comparison"] for seed in (1, 1, 2))
    assert once == again != other


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=30))
def test_matched_pairs_against_scipy(counts):
    baseline, new = np.array(counts).T
    found = matched_pairs(baseline, new)
    assert found.difference == pytest.approx(np.mean(baseline - new))
    if len(set((baseline - new).tolist())) > 1:
        assert found.z == pytest.approx(stats.ttest_1samp(baseline - new, 0).statistic)
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(found.z)))
    turned = matched_pairs(new, baseline)
    assert (turned.difference, turned.z, turned.p) == (-found.difference, -found.z, found.p)


def test_matched_pairs_by_hand():
    found = matched_pairs(np.array([2, 1, 0, 3]), np.array([1, 1, 0, 1]))
    assert found.difference == 0.75
    assert found.z == pytest.approx(1.5667, abs=1e-4)
    assert found.p == pytest.approx(0.1172, abs=1e-4)
    assert matched_pairs(np.array([2]), np.array([1])) is None


def test_the_alignment_stands_in_columns():
    shown = to_text(report(), "sig", show=True).decode().partition("signature sig\n")[2]
    assert shown == (
        "\nu0  S 1  D 0  I 0\n"
        "REF  turn  on  the  light\n"
        "HYP  turn  on  a    light\n"
        "               S\n"
        "\nu1  S 0  D 1  I 0\n"
        "REF  संगीत  चलाओ  ज़रा\n"
        "HYP  संगीत  ****  ज़रा\n"
        "           D\n"
        "\nu2  S 0  D 0  I 2\n"
        "REF  **  ***\n"
        "HYP  uh  huh\n"
        "     I   I\n"
        "\nu3  S 0  D 0  I 1\n"
        "REF  play  ****  <b>jazz</b>  now\n"
        "HYP  play  some  <b>jazz</b>  now\n"
        "           I\n"
    )
    assert "REF" not in to_text(report(hypotheses=REFERENCES), "sig", show=True).decode()


def test_a_wide_letter_takes_two_columns():
    shown = to_text(report(["東京 a"], ["b a"]), "", show=True).decode()
    assert "REF  東京  a\nHYP  b     a\n" in shown


def test_the_page_is_whole_and_escaped():
    page = to_html(report(groups={"<i>": ["<x>", "y", "&", "y"]}, baseline=[""] * 4), "sig|<s>").decode()
    assert page.startswith("<!DOCTYPE html>\n") and page.endswith("</html>\n")
    assert "turn on <del>the</del> <ins>a</ins> light" in page
    assert "संगीत <del>चलाओ</del> ज़रा" in page
    assert "play <ins>some</ins> &lt;b&gt;jazz&lt;/b&gt; now" in page
    for raw in ("<b>", "<i>", "<x>", "<s>"):
        assert raw not in page
    assert "<td>&amp;</td>" in page
    assert "relative reduction +50.0%" in page
    assert "sig|&lt;s&gt;" in page
    assert "http" not in page and "src=" not in page


def test_the_oracle_is_in_every_row_of_lists():
    lists = [replace(item, texts=texts) for item, texts in zip(transcripts("abc"), (["x", "a b"], ["d", "c"], []))]
    made = evaluate(transcripts(["a b", "c", "e"], who=["x", "y", "y"]), lists, None, ["who"], None, 1, True)
    found = json.loads(to_json(made, ""))
    assert (found["all"]["WER"], found["all"]["oracle_WER"]) == (1, 0.25)
    assert found["by"]["who"]["x"]["oracle_WER"] == 0
    assert "oracle" in to_text(made, "").decode().splitlines()[0]
    assert b"<th>oracle</th>" in to_html(made, "")


def test_two_systems_are_compared_by_blocks_that_only_the_hypotheses_have():
    said = transcripts(["a b", "c d", "e f"])
    who = [["x", "y", "y"]]
    one, two = (transcripts(texts, who=who[0]) for texts in (["a b", "c x", "e f"], ["a x", "c x", "x f"]))
    reports = {name: evaluate(said, found, None, [], "who", 1) for name, found in (("one", one), ("two", two))}
    assert between("one", "two", reports, 1).comparison == evaluate(said, one, two, [], "who", 1).comparison

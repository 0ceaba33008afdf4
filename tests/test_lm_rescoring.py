"""N-best lists ranked by hand, tuned by trying everything, and Moses' format."""

import json
from functools import partial
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_models import SENTENCES, estimated, generated, loaded, saved

from datasel.errors import DataError
from datasel.lm import moses, nbest
from datasel.lm.query import Scorer
from datasel.lm.rescoring import WEIGHTS, Lists, best_weight, reason_against
from datasel.records import pipe as pipes
from datasel.records.pipe import Pipe
from datasel.records.streams import blocks

LINES = [*generated(80, seed=12), "a b c", "wake a", "गाना wake"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return saved(estimated(LINES, 3), tmp_path_factory.mktemp("rescoring") / "model.arpa")


@pytest.fixture(scope="module")
def scorer(path):
    return Scorer(path)


@pytest.fixture(scope="module")
def lm(path):
    return loaded(path)


HYPOTHESES = st.lists(
    st.builds(lambda text, score: {"text": text, "own": score}, SENTENCES, st.integers(-8, 0) | st.floats(-50, 0)),
    min_size=1, max_size=6,
)  # fmt: skip
LISTS = st.lists(HYPOTHESES, min_size=1, max_size=4)


def combined(lm, hypothesis, weight, per_token):
    """(1 - w) own + w ln p, by definition."""
    tokens = len(hypothesis["text"].split()) + 1
    score = (1 - weight) * hypothesis["own"] + weight * lm.score(hypothesis["text"]) * log(10)
    return score / tokens if per_token else score


@given(LISTS, st.integers(0, 20).map(lambda number: number / 20), st.booleans())
def test_lists_are_ranked_by_the_combined_score(scorer, lm, lists, weight, per_token):
    found = Lists(scorer, lists, "own", per_token).ranked(weight)
    assert len(found) == len(lists)
    for hypotheses, ranked in zip(lists, found):
        scores = [combined(lm, each, weight, per_token) for each in hypotheses]
        assert ranked.combined == pytest.approx(scores, abs=1e-4)
        per = [lm.score(each["text"]) / (len(each["text"].split()) + 1) for each in hypotheses]
        assert ranked.lm == pytest.approx(per, abs=1e-5)
        # best first, of equal ones the earlier
        exact = ranked.combined.tolist()
        assert ranked.order.tolist() == sorted(range(len(exact)), key=lambda n: (-exact[n], n))


def test_the_weight_says_who_decides(scorer, lm):
    lists = [[{"text": "zz zz zz", "own": -1.0}, {"text": "a b c", "own": -2.0}, {"text": "a", "own": -1.0}]]
    assert lm.score("a b c") > lm.score("zz zz zz")
    assert Lists(scorer, lists, "own", False).ranked(0.0)[0].order.tolist() == [0, 2, 1]  # the tie to the earlier
    by_lm = sorted(range(3), key=lambda n: -lm.score(lists[0][n]["text"]))
    assert Lists(scorer, lists, "own", False).ranked(1.0)[0].order.tolist() == by_lm
    # by token a long text is not worse for being long: -2 / 4 is more than -1 / 2
    assert Lists(scorer, lists, "own", True).ranked(0.0)[0].order.tolist() == [0, 1, 2]


@given(LISTS, st.booleans(), st.data())
@settings(max_examples=50)
def test_errors_are_those_of_every_weight_tried(scorer, lists, per_token, data):
    sizes = [len(each) for each in lists]
    costs = [data.draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)) for size in sizes]
    prepared = Lists(scorer, lists, "own", per_token)
    expected = [
        sum(cost[ranked.order[0]] for cost, ranked in zip(costs, prepared.ranked(weight))) for weight in WEIGHTS
    ]
    found = prepared.errors(sum(costs, []))
    assert found.tolist() == expected
    weight = best_weight(found)
    assert expected[round(weight * 100)] == min(expected)


def test_weights_that_are_tried():
    assert WEIGHTS.tolist() == [number / 100 for number in range(101)]


@pytest.mark.parametrize(("errors", "weight"), [
    ([0] * 101, 0.5), ([1] * 20 + [0] + [1] * 80, 0.2), ([1] * 10 + [0] * 3 + [1] * 88, 0.11),
    ([0] + [1] * 100, 0.0), ([1] * 99 + [0, 0], 0.99),
])  # fmt: skip
def test_of_the_best_weights_the_middle_one(errors, weight):
    assert best_weight(np.array(errors)) == weight


GOOD = {"text": "a", "mt_score": -1}


@pytest.mark.parametrize(("hypotheses", "reason"), [
    (None, "not a list"), ([], "not a list"), ({"text": "a"}, "not a list"), ("a", "not a list"),
    ([GOOD, "a"], "without a text"), ([{"mt_score": 1}], "without a text"), ([{**GOOD, "text": 1}], "without a text"),
    ([{"text": "a"}], "without a number 'mt_score'"), ([GOOD, {**GOOD, "mt_score": "1"}], "without a number"),
    ([{**GOOD, "mt_score": None}], "without a number"), ([{**GOOD, "mt_score": True}], "without a number"),
    ([{**GOOD, "mt_score": float("inf")}], "without a number"), ([{**GOOD, "mt_score": 10**400}], "without a number"),
])  # fmt: skip
def test_what_is_no_list_of_hypotheses(hypotheses, reason):
    assert reason in reason_against(hypotheses, "mt_score")


@pytest.mark.parametrize("score", [0, -1, -1.5, 2, 10**30])
def test_what_is_one(score):
    assert reason_against([GOOD, {**GOOD, "mt_score": score, "alignment": [[0, 0]]}], "mt_score") is None


# -- records ---------------------------------------------------------------------------------------------------


def run(tmp_path, lines, work, **settings):
    """The records written, and the rejects."""
    path, out, rejects = tmp_path / "input", tmp_path / "out", tmp_path / "rejects"
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
    pipe = Pipe("test", [str(path)], output=str(out), rejects=str(rejects), **settings)
    work(pipe)
    pipe.close()
    return [json.loads(line) for line in out.read_text().splitlines()], rejects.read_text().splitlines()


RECORD = {"id": 7, "text": "source", "nbest": [
    {"text": "zz zz", "mt_score": -1.0, "alignment": [[0, 1]]}, {"text": "गाना wake", "mt_score": -1.5, "n": None},
    {"text": "zz zz", "mt_score": -1.0},
], "last": "क्ष"}  # fmt: skip


def test_the_best_becomes_the_record(tmp_path, scorer, lm):
    def write(keep_all, weight=0.5):
        work = partial(nbest.rescored, scorer=scorer, weight=weight, own="mt_score", per_token=False,
                       keep_all=keep_all, moses=False)  # fmt: skip
        return run(tmp_path, [json.dumps(RECORD)], work)[0][0]

    best = write(False)
    lm_score = lm.score("गाना wake") / 3
    scores = {"lm_score": pytest.approx(lm_score, abs=1e-6),
              "rescore": pytest.approx(0.5 * -1.5 + 0.5 * lm_score * 3 * log(10), abs=1e-5)}  # fmt: skip
    hypothesis = {"text": "गाना wake", "mt_score": -1.5, "n": None, **scores}
    assert best == {"id": 7, "nbest": [hypothesis], "last": "क्ष", **hypothesis}
    assert list(best) == ["id", "text", "nbest", "last", "mt_score", "n", "lm_score", "rescore"]
    everything = write(True)
    assert everything == {**best, "nbest": everything["nbest"]}
    assert [each["text"] for each in everything["nbest"]] == ["गाना wake", "zz zz", "zz zz"]
    assert everything["nbest"][1]["alignment"] == [[0, 1]]  # the earlier of two that are equal
    assert everything["nbest"][1]["rescore"] == everything["nbest"][2]["rescore"]
    assert write(False, weight=0.0)["text"] == "zz zz"


def test_bad_lists_are_set_aside(tmp_path, scorer):
    work = partial(nbest.rescored, scorer=scorer, weight=0.5, own="mt_score", per_token=False, keep_all=False,
                   moses=False)  # fmt: skip
    lines = ['{"nbest":[]}', json.dumps(RECORD), '{"nbest":[{"text":"a"}]}', '{"text":"a"}', json.dumps(RECORD)]
    found, rejected = run(tmp_path, lines, work)
    assert [record["id"] for record in found] == [7, 7]
    assert [line.split("\t")[1] for line in rejected] == ["1", "3", "4"]
    assert "not a list of one hypothesis or more" in rejected[0]
    assert [line.split("\t", 3)[3] for line in rejected] == [lines[0], lines[2], lines[3]]
    with pytest.raises(DataError, match="a hypothesis without a number 'mt_score'") as caught:
        (tmp_path / "input").write_text(lines[2] + "\n")
        work(Pipe("test", [str(tmp_path / "input")], output=str(tmp_path / "out")))
    assert caught.value.line == 1


def edit_distance(one, other):
    row = list(range(len(other) + 1))
    for place, word in enumerate(one, 1):
        previous, row = row, [place]
        for at, each in enumerate(other):
            row.append(min(previous[at] + (word != each), previous[at + 1] + 1, row[-1] + 1))
    return row[-1]


@given(st.lists(st.tuples(SENTENCES, HYPOTHESES), min_size=1, max_size=5), st.booleans(), st.integers(1, 200))
@settings(max_examples=40)
def test_tuning_against_trying_every_weight(tmp_path_factory, scorer, pairs, per_token, size):
    folder = tmp_path_factory.getbasetemp()
    references = folder / "references"
    references.write_text("".join(reference + "\n" for reference, _ in pairs), encoding="utf-8")
    (folder / "lists").write_text("".join(json.dumps({"nbest": lists}) + "\n" for _, lists in pairs))
    total = sum(len(reference.split()) for reference, _ in pairs)

    def tuned():
        pipe = Pipe("test", [str(folder / "lists")], output=str(folder / "out"))
        return nbest.tuned(pipe, scorer, str(references), "own", per_token, False)

    if not total:
        with pytest.raises(DataError, match="references: no words in the references"):
            tuned()
        return
    costs = [[edit_distance(reference.split(), each["text"].split()) for each in lists] for reference, lists in pairs]
    ranked = Lists(scorer, [lists for _, lists in pairs], "own", per_token)
    wrong = [sum(c[r.order[0]] for c, r in zip(costs, ranked.ranked(weight))) for weight in WEIGHTS]
    best = [weight for weight, errors in zip(WEIGHTS, wrong) if errors == min(wrong)]
    expected = {
        "weight": best[(len(best) - 1) // 2],
        "wer": pytest.approx(min(wrong) / total, abs=1e-6),
        "wer_first": pytest.approx(sum(cost[0] for cost in costs) / total, abs=1e-6),
        "wer_oracle": pytest.approx(sum(map(min, costs)) / total, abs=1e-6),
        "words": total,
    }
    assert tuned() == expected
    with pytest.MonkeyPatch.context() as patch:  # lists in more than one block
        patch.setattr(pipes, "blocks", partial(blocks, size=size))
        assert tuned() == expected


@pytest.mark.parametrize(("references", "reason"), [
    ("a\n", "references: fewer references than records"), ("a\nb\nc\n", "references: more references than records"),
    ("\n \n", "references: no words in the references"), ("", "references: fewer references than records"),
])  # fmt: skip
def test_references_that_do_not_fit(references, reason, tmp_path, scorer):
    (tmp_path / "references").write_text(references)
    work = partial(nbest.tuned, scorer=scorer, references=str(tmp_path / "references"), own="mt_score",
                   per_token=False, moses=False)  # fmt: skip
    with pytest.raises(DataError, match=reason):
        run(tmp_path, [json.dumps(RECORD)] * 2, work)


# -- Moses -----------------------------------------------------------------------------------------------------

MOSES = """0 ||| एक गाना ||| LM= -3.1 WordPenalty0= -2 ||| -4.25
0 ||| \u00a0गाना ||| LM= -4 ||| -5
1 |||  |||  ||| 0
तीन ||| a b ||| f= 1 ||| -1e-1 ||| 0-0 1-1 2-1
तीन ||| b a |||  ||| -2 ||| \n"""
PARSED = [
    {"id": "0", "nbest": [{"text": "एक गाना", "mt_score": -4.25, "features": "LM= -3.1 WordPenalty0= -2"},
                          {"text": "\u00a0गाना", "mt_score": -5.0, "features": "LM= -4"}]},
    {"id": "1", "nbest": [{"text": "", "mt_score": 0.0, "features": ""}]},
    {"id": "तीन", "nbest": [{"text": "a b", "mt_score": -0.1, "features": "f= 1",
                             "alignment": [[0, 0], [1, 1], [2, 1]]},
                            {"text": "b a", "mt_score": -2.0, "features": "", "alignment": []}]},
]  # fmt: skip


def moses_lists(path, **settings):
    pipe = Pipe("test", [str(path)], output=str(path) + ".out", **settings)
    found = [each for some in moses.lists(pipe) for each in some]
    pipe.close()
    return found


@pytest.mark.parametrize("size", [1, 30, 60, 100, 1 << 19])
def test_moses_lists_whatever_the_blocks(size, tmp_path, monkeypatch):
    path = tmp_path / "input"
    path.write_text(MOSES, encoding="utf-8")
    monkeypatch.setattr(pipes, "blocks", partial(blocks, size=size))
    assert moses_lists(path) == PARSED


def test_an_identifier_that_comes_back_is_another_list(tmp_path):
    path = tmp_path / "input"
    path.write_text("0 ||| a ||| ||| 1\n1 ||| b ||| ||| 1\n0 ||| c ||| ||| 1\n")
    assert [each["id"] for each in moses_lists(path)] == ["0", "1", "0"]


@pytest.mark.parametrize("line", [
    "", "0 ||| a ||| f", "0 ||| a ||| f ||| x", "0 ||| a ||| f ||| nan", "0 ||| a ||| f ||| inf",
    "0 ||| a ||| f ||| ", "0 ||| a ||| f ||| 1 ||| x", '{"nbest":[]}',
])  # fmt: skip
def test_lines_that_are_not_moses(line, tmp_path):
    path = tmp_path / "input"
    path.write_text(f"0 ||| a ||| ||| 1\n{line}\n0 ||| b ||| ||| 1\n")
    with pytest.raises(DataError, match="not 'id ||| text") as caught:
        moses_lists(path)
    assert caught.value.line == 2
    (found,) = moses_lists(path, rejects=str(tmp_path / "rejects"))
    assert [each["text"] for each in found["nbest"]] == ["a", "b"]
    rejected = (tmp_path / "rejects").read_text().rstrip("\n").split("\t", 3)
    assert rejected[1:2] == ["2"]
    assert rejected[3] == line


def test_moses_lists_are_rescored_as_records_are(tmp_path, scorer):
    work = partial(nbest.rescored, scorer=scorer, weight=0.3, own="mt_score", per_token=True, keep_all=True)
    by_moses, _ = run(tmp_path, MOSES.split("\n")[:-1], partial(work, moses=True))
    by_records, _ = run(tmp_path, map(json.dumps, PARSED), partial(work, moses=False))
    assert by_moses == by_records
    assert [record["id"] for record in by_moses] == ["0", "1", "तीन"]

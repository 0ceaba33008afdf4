"""Word and character errors against hand counts, the textbook recursion and jiwer's own measures."""

import jiwer
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.evaluation import word_error
from datasel.evaluation.word_error import COUNTS, Alignment, measures, rate, word_counts, words

WORDS = st.sampled_from(
    ["a", "b", "turn", "on", "संगीत", "चलाओ", "ज़रा", "की", "कि", "no\u00a0break", "\x1c", "\0", "👩\u200d👧"]
)
TEXTS = st.lists(WORDS, max_size=7).map(" ".join)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12)


def counted(*pairs):
    return Alignment([ref for ref, _ in pairs], [(hyp,) for _, hyp in pairs]).rows


def figures(row):
    return dict(zip(COUNTS, row.tolist()))


def edits(wanted, given):
    """The recursion that defines the distance."""
    above = list(range(len(given) + 1))
    for i, item in enumerate(wanted, 1):
        row = [i]
        for j, other in enumerate(given, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (item != other)))
        above = row
    return above[-1]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors", "characters"),
    [
        ("turn on the light", "turn on the light", (0, 0, 0), 0),
        ("turn on the light", "turn on a light", (1, 0, 0), 3),
        ("turn on the light", "turn the light", (0, 1, 0), 3),
        ("turn on the light", "turn on the big light", (0, 0, 1), 4),
        ("turn on", "", (0, 2, 0), 7),
        ("", "uh huh", (0, 0, 2), 6),
        ("", "", (0, 0, 0), 0),
        ("संगीत चलाओ", "संगीत जलाओ", (1, 0, 0), 1),
        ("आवाज़", "आवाज", (1, 0, 0), 1),  # the nukta is a code point of its own
        ("caf\u00e9", "cafe\u0301", (1, 0, 0), 2),  # no Unicode normalisation: NFC and NFD differ
        ("a b", "ab", (1, 1, 0), 1),
        (" a\t b\n", "a b", (0, 0, 0), 0),
        ("a\u00a0b", "a b", (1, 0, 1), 1),  # a no-break space is part of a word
    ],
)
def test_by_hand(reference, hypothesis, errors, characters):
    row = figures(counted((reference, hypothesis))[0])
    assert (row["substituted"], row["deleted"], row["inserted"]) == errors
    assert row["character_errors"] == characters
    assert row["words"] == len(words(reference))
    assert row["characters"] == len(" ".join(words(reference)))


@given(PAIRS)
def test_each_utterance_has_as_few_errors_as_can_be(pairs):
    for (reference, hypothesis), row in zip(pairs, counted(*pairs)):
        wanted, given_ = (text.split(" ") if text else [] for text in (reference, hypothesis))
        assert row[:3].sum() == edits(wanted, given_)
        assert figures(row)["character_errors"] == edits(reference, hypothesis)
        # what is said, less what is deleted, and what is inserted make up what is heard
        assert len(wanted) - row[1] + row[2] == len(given_)


@given(PAIRS)
def test_chunks_are_not_seen(pairs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_error, "_CHUNK", 2)
        in_chunks = counted(*pairs)
    assert in_chunks.tolist() == counted(*pairs).tolist()


@given(PAIRS)
def test_the_alignment_shown_has_the_errors_counted(pairs):
    alignment = Alignment([ref for ref, _ in pairs], [(hyp,) for _, hyp in pairs])
    for index, row in enumerate(alignment.rows):
        shown = {"equal": 0, "substitute": 0, "delete": 0, "insert": 0}
        for kind, reference, hypothesis in alignment.steps(index):
            shown[kind] += len(reference) or len(hypothesis)
        assert [shown["substitute"], shown["delete"], shown["insert"]] == row[:3].tolist()


@given(PAIRS)
def test_the_corpus_is_what_jiwer_says(pairs):
    plain = [tuple(" ".join(f"w{ord(word[0])}{len(word)}" for word in text.split(" ") if word) for text in pair)
             for pair in pairs]  # fmt: skip
    total = counted(*plain).sum(0)
    if any(reference for reference, _ in plain):
        found = jiwer.process_words([ref for ref, _ in plain], [hyp for _, hyp in plain])
        assert total[:3].tolist() == [found.substitutions, found.deletions, found.insertions]
        assert measures(total)["WER"] == pytest.approx(found.wer)
        assert measures(total)["CER"] == pytest.approx(jiwer.cer([ref for ref, _ in plain], [hyp for _, hyp in plain]))
    else:
        assert measures(total) == {}


@given(PAIRS)
def test_the_steps_are_the_texts_and_their_counts(pairs):
    alignment = Alignment([ref for ref, _ in pairs], [(hyp,) for _, hyp in pairs])
    for index, (reference, hypothesis) in enumerate(pairs):
        steps = alignment.steps(index)
        assert [word for step in steps for word in step.reference] == words(reference)
        assert [word for step in steps for word in step.hypothesis] == words(hypothesis)
        for column, kind in enumerate(("substitute", "delete", "insert")):
            long = [max(len(step.reference), len(step.hypothesis)) for step in steps if step.kind == kind]
            assert sum(long) == alignment.rows[index, column]
        assert all(step.reference == step.hypothesis for step in steps if step.kind == "equal")


@given(TEXTS, st.lists(TEXTS, max_size=5))
def test_the_oracle_is_the_best_of_the_list(reference, texts):
    row = figures(Alignment([reference], [texts]).rows[0])
    assert row["oracle_errors"] == min(edits(words(reference), words(text)) for text in texts or [""])
    assert row["substituted"] + row["deleted"] + row["inserted"] == edits(words(reference), words((texts or [""])[0]))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_words_stand_between_ascii_white_space(text):
    assert [word.encode() for word in words(text)] == text.encode().split()


def test_the_rate_of_no_words_is_the_number_of_errors():
    rows = counted(("", "a b"), ("c d", "c"))
    assert word_counts(rows).tolist() == [[2, 0], [1, 2]]
    assert rate(word_counts(rows)).tolist() == [2, 0.5]
    assert rate(word_counts(rows).sum(0)) == 1.5
    assert measures(rows.sum(0))["WER"] == 1.5
    assert np.isfinite(rate(np.zeros((3, 2)))).all()

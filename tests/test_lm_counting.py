"""N-gram counts against dictionaries, and expected counts against all outcomes written out."""

import errno
import gzip
import json
import os
from collections import Counter as Bag
from itertools import product
from math import prod
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_models import WORDS, counted, estimated, generated, in_parts, listed, text

from datasel.errors import DataError
from datasel.lm import corpus, counting
from datasel.lm.columns import groups
from datasel.lm.counting import Counter, Vocabulary, reserved_word
from datasel.lm.levels import Counts
from datasel.lm.occupancy import combine, expectation, expected, how_many, none, occurrences, seen
from datasel.lm.sorting import Packed, sorted_order, starts_of
from datasel.records.pipe import Pipe

BLANKS = st.sampled_from([" ", "  ", "\t", " \0", "\r", "\v\f", "\0"])
# U+00A0, U+2028 and U+0085 are white space to Python's str, and part of a word here
ODD = [*WORDS, "non\u00a0breaking", "\u2028", "next\u0085line"]
LINES = st.lists(
    st.lists(st.sampled_from(ODD) | BLANKS, max_size=12).map(" ".join) | st.sampled_from(["", " ", "a\0b", "\0\0"]),
    max_size=12,
)


def parted(line):
    """The words of a line."""
    for blank in "\0\t\v\f\r":
        line = line.replace(blank, " ")
    return [word for word in line.split(" ") if word]


def tallied(lines, order, known=None):
    """The n-grams of each order and their counts; words that are not ``known`` are <unk>."""
    tallies = [Bag() for _ in range(order)]
    for line in lines:
        words = [word if known is None or word in known else "<unk>" for word in parted(line)]
        words = ["<s>", *words, "</s>"]
        for length, tally in enumerate(tallies, 1):
            tally.update(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
    return tallies


def unpacked(counts):
    """Each level as dictionaries by n-gram: counts, continuations; that suffixes are right and all is sorted."""
    words = [word.decode() for word in counts.words]
    below = [()]
    found = []
    for level in counts.levels:
        grams = [(*below[context], words[word]) for context, word in zip(level.context, level.word)]
        pairs = list(zip(level.context.tolist(), level.word.tolist()))
        assert pairs == sorted(set(pairs))
        assert [below[suffix] for suffix in level.suffix] == [gram[1:] for gram in grams]
        found.append((dict(zip(grams, level.count)), dict(zip(grams, level.continuations))))
        below = grams
    return found


def check_against_dictionaries(counts, tallies):
    for number, (count, continuations) in enumerate(unpacked(counts)):
        tally = tallies[number]
        assert {gram: value for gram, value in count.items() if value} == tally
        if number + 1 == len(tallies):
            assert continuations == count
            continue
        assert number == 0 or set(count) == set(tally)
        before = Bag(gram[1:] for gram in tallies[number + 1])
        assert continuations == {
            gram: tally[gram] if gram[0] == "<s>" and number else before[gram] for gram in continuations
        }


def same(one, other):
    assert one.words == other.words
    for a, b in zip(one.levels, other.levels, strict=True):
        for left, right in zip(a, b):
            assert left.shape == right.shape
            assert np.array_equal(left, right)


wide = patch.object(counting, "Packed", lambda columns, bound: Packed(columns, 1 << 40))  # through tables of pairs


@given(LINES.filter(bool), st.integers(2, 6), st.integers(1, 5), st.sampled_from([1, 40 * 5, 40 * 30, 1 << 30]))
def test_it_counts_as_a_dictionary_does_whatever_the_memory(lines, order, batch, memory):
    counts = counted(lines, order, batch=batch, memory=memory)
    check_against_dictionaries(counts, tallied(lines, order))
    same(counts, counted(lines, order))
    with wide:
        same(counts, counted(lines, order, batch=batch, memory=memory))


@given(LINES.filter(bool), st.integers(2, 6), st.sampled_from([1, 1 << 30]))
@settings(max_examples=50)
def test_a_closed_vocabulary(lines, order, memory):
    known = {"a", "गाना", "unseen"}
    counts = counted(lines, order, vocabulary=[word.encode() for word in sorted(known)], memory=memory, batch=3)
    check_against_dictionaries(counts, tallied(lines, order, known))
    assert counts.words == [b"<unk>", b"<s>", b"</s>", b"a", b"unseen", "गाना".encode()]


@given(LINES.filter(bool), st.integers(2, 6), st.integers(2, 4), st.sampled_from([1, 1 << 30]))
@settings(max_examples=50)
def test_rare_words_are_unknown(lines, order, least, memory):
    times = Bag(word for line in lines for word in parted(line))
    known = [word for word, count in times.items() if count >= least]
    counts = counted(lines, order, least=least, memory=memory, batch=3)
    check_against_dictionaries(counts, tallied(lines, order, known))
    assert counts.words == [b"<unk>", b"<s>", b"</s>", *(word.encode() for word in known)]


def test_rare_is_by_weight():
    def kept(weights, least):
        return counted(["a", "b", "c"], 2, weights=weights, least=least).words[3:]

    assert kept([0.25, 0.5, 3], 0) == [b"a", b"b", b"c"]
    assert kept([0.25, 0.5, 3], 0.5) == [b"b", b"c"]
    assert kept([0.25, 0.5, 3], 2) == [b"c"]


@pytest.mark.parametrize("memory", [1, 1 << 30])
def test_sums_of_weights_are_compared_without_their_rounding(memory):
    """0.7 + 0.1 is a little less than 0.8, and 0.1 + 0.1 + 0.1 a little more than 0.3."""
    assert 0.7 + 0.1 < 0.8
    assert 0.1 + 0.1 + 0.1 > 0.3
    counts = counted(["a", "a", "b"], 2, weights=[0.7, 0.1, 0.79], least=0.8, memory=memory, batch=1)
    assert counts.words[3:] == [b"a"]
    for cut, there in ((0.29, True), (0.3, False)):
        how = {"weights": [0.1, 0.1, 0.1, 1], "memory": memory, "batch": 1}
        model = listed(estimated(["a a", "a a", "a a", "a"], 2, "witten-bell", (0, cut), **how))
        assert (("a", "a") in model) is there


def test_what_is_spilled_is_told():
    words = Vocabulary()
    counter = Counter(3, words, 48 * 20)
    counter.add(words.identifiers(b"a b c\n" * 3))
    assert counter.spilled == 0
    counter.add(words.identifiers(b"a b c\n" * 3))
    assert counter.spilled > 0
    assert unpacked(counter.counts())[2][0][("a", "b", "c")] == 6


def test_a_large_text_counts_the_same_in_parts():
    lines = generated(3000, seed=5, vocabulary=500)
    whole = counted(lines, 4)
    check_against_dictionaries(whole, tallied(lines, 4))
    same(whole, counted(lines, 4, batch=100, memory=48 * 2000))


@given(st.text(st.sampled_from("ab\0 \t\r\n\v\f\x1c\u00a0")))
def test_identifiers_are_by_words(lines):
    words = Vocabulary()
    found = words.identifiers((lines + "\n").encode())
    names = list(words)
    expected_words = [["<s>", *parted(line), "</s>"] for line in (lines + "\n").split("\n")[:-1]]
    assert [names[number].decode() for number in found] == sum(expected_words, [])


@pytest.mark.parametrize(("line", "found"), [
    (b"a <s> b", b"<s>"), (b"</s>", b"</s>"), (b"x\0<unk>", b"<unk>"), (b"<s>x </s>. < s >", None), (b"", None),
])  # fmt: skip
def test_reserved_words(line, found):
    assert reserved_word(line) == found


@given(LINES.filter(bool), st.integers(2, 6), st.integers(1, 4), st.sampled_from([40, 400, 1 << 30]))
@settings(max_examples=60)
def test_levels_are_the_same_in_parts_of_any_size(lines, order, rows, memory):
    whole = counted(lines, order)
    with in_parts(rows):
        same(whole, counted(lines, order, batch=3, memory=memory))
        weighted = counted(lines, order, weights=[1.0, 2.0, 3.0] * len(lines), batch=3, memory=memory)
    check_against_dictionaries(
        Counts(weighted.words, [level._replace(count=expected(level.count), continuations=expected(level.continuations))
                                for level in weighted.levels]),
        tallied([line for line, times in zip(lines, (1, 2, 3) * len(lines)) for _ in range(times)], order),
    )  # fmt: skip


def test_a_full_disk_is_an_error_before_anything_is_written(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space left"):
        counted(["a b c"], 3)


@given(
    st.lists(st.integers(0, 5).map(lambda n: 3 * n), max_size=40).map(sorted), st.integers(1, 7), st.integers(16, 20)
)
def test_groups_hold_whole_contexts(contexts, rows, size):
    contexts = np.array(contexts, np.int32)
    with in_parts(rows):
        found = list(groups(contexts, size))
    assert [at for some, _ in found for at in range(some.start, some.stop)] == list(range(size))
    assert [at for _, some in found for at in range(some.start, some.stop)] == list(range(len(contexts)))
    for some, those in found:
        assert ((contexts[those] >= some.start) & (contexts[those] < some.stop)).all()


# -- sorting ---------------------------------------------------------------------------------------------------

ROWS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=40)
)


@given(ROWS, st.sampled_from([10, 1 << 11, 1 << 22, 1 << 31, 1 << 40]))
def test_packed_rows_sort_as_rows_and_come_back(rows, bound):
    packed = Packed([np.array(column, np.int32) for column in zip(*rows)], bound)
    order = np.argsort(packed.keys, kind="stable").tolist()
    assert order == sorted(range(len(rows)), key=lambda n: rows[n])
    some = np.append(packed.keys[::2], packed.keys)
    back = packed.columns(some)
    assert [list(row) for row in zip(*back)] == rows[::2] + rows


def test_packed_rows_of_the_largest_identifiers():
    rows = np.random.default_rng(1).integers(0, 2**31 - 1, (6, 300)).astype(np.int32)
    rows[:, ::3] = rows[:, :1]
    rows[0] = 2**31 - 2
    packed = Packed(list(rows), 2**31 - 1)
    assert np.array_equal(np.stack(packed.columns(packed.keys)), rows)
    order = np.argsort(packed.keys, kind="stable")
    assert np.array_equal(order, np.lexsort(rows[::-1]))


@given(st.lists(st.integers(0, 50), max_size=40), st.sampled_from([51, 1 << 58, 1 << 62]))
def test_sorted_order_is_stable(values, bound):
    order, keys = sorted_order(np.array(values, np.int64), bound)
    assert order.tolist() == sorted(range(len(values)), key=lambda n: values[n])
    assert keys.tolist() == sorted(values)
    starts = [n for n, key in enumerate(sorted(values)) if n == 0 or key != sorted(values)[n - 1]]
    assert starts_of(keys).tolist() == starts


# -- expected counts -------------------------------------------------------------------------------------------

WEIGHTS = st.lists(st.integers(0, 14).map(lambda number: number / 4) | st.floats(0.01, 7), min_size=1, max_size=6)


def outcomes(weights):
    """Every outcome of independent occurrences with these weights: how often each occurs, and the probability."""
    for more in product((0, 1), repeat=len(weights)):
        yield (
            [int(weight) + one for weight, one in zip(weights, more)],
            prod(weight % 1 if one else 1 - weight % 1 for weight, one in zip(weights, more)),
        )


@given(st.lists(WEIGHTS, min_size=1, max_size=4), st.integers(3, 7))
@settings(max_examples=60)
def test_sums_are_those_over_all_outcomes(groups, most):
    starts = np.cumsum([0, *map(len, groups)])[:-1]
    rows = combine(occurrences(np.array(sum(groups, [])), most), starts)
    values = (0.4, 1.1, 1.3)
    for row, weights in zip(rows, groups, strict=True):
        by_count, drop = np.zeros(most + 1), 0.0
        for times, p in outcomes(weights):
            by_count[min(sum(times), most)] += p
            drop += p * (0, *values)[min(sum(times), 3)]
        assert row[0] == pytest.approx(sum(weights))
        assert row[1:] == pytest.approx(by_count, abs=1e-12)
        assert expectation(row[None], values)[0] == pytest.approx(drop)
        assert seen(row[None])[0, 0] == pytest.approx(1 - by_count[0])
    assert expected(rows) == pytest.approx([sum(weights) for weights in groups])
    assert how_many(rows, most - 1) == pytest.approx(rows[:, 2:-1].sum(0))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_whole_numbers_are_the_same_as_certain_weights(numbers):
    whole, rows = np.array(numbers), occurrences(np.array(numbers, float), 5)
    values = (0.5, 1.0, 1.5)
    assert expectation(whole, values) == pytest.approx(expectation(rows, values))
    assert how_many(whole, 4) == pytest.approx(how_many(rows, 4))
    assert how_many(whole, 4).tolist() == [numbers.count(count) for count in (1, 2, 3, 4)]
    assert expected(whole).tolist() == expected(rows).tolist() == numbers
    assert none(2, whole).tolist() == [0, 0]
    assert none(1, rows).tolist() == [[0, 1, 0, 0, 0, 0, 0]]


def test_counts_and_continuations_of_weighted_sentences_over_all_outcomes():
    """Zhang & Chiang: every n-gram's occurrences are independent, and so are the words before it."""
    lines, weights = ["a b", "b b", "a b a", "b"], [0.5, 1.25, 0.75, 0.1]
    counts = counted(lines, 3, weights=weights)
    occurrence = [{}, {}, {}]  # the weights of every occurrence
    for line, weight in zip(lines, weights):
        words = ("<s>", *line.split(), "</s>")
        for length, places in enumerate(occurrence, 1):
            for at in range(len(words) - length + 1):
                places.setdefault(words[at : at + length], []).append(weight)
    for number, (count, continuations) in enumerate(unpacked(counts)):
        for gram, row in count.items():
            assert row[1:] == pytest.approx(distribution(occurrence[number].get(gram, [])))
        for gram, row in continuations.items():
            if number == 2 or gram[0] == "<s>" and number:
                assert row == pytest.approx(count[gram])
                continue
            above = [each for longer, each in occurrence[number + 1].items() if longer[1:] == gram]
            seen_at_all = [1 - distribution(each)[0] for each in above]
            assert row[0] == pytest.approx(sum(seen_at_all))
            assert row[1:] == pytest.approx(distribution(seen_at_all))


def distribution(weights):
    by_count = np.zeros(6)
    for times, p in outcomes(weights):
        by_count[min(sum(times), 5)] += p
    return by_count


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", "katz"])
@pytest.mark.parametrize("order", [2, 4])
def test_a_weight_of_two_is_the_line_twice(smoothing, order):
    lines, weights = generated(120, seed=3), [1 + number % 4 for number in range(120)]
    repeated = [line for line, weight in zip(lines, weights) for _ in range(weight)]
    for memory in (1, 1 << 30):
        one = listed(estimated(lines, order, smoothing, weights=weights, memory=memory, batch=50))
        other = listed(estimated(repeated, order, smoothing))
        assert list(one) == list(other)
        for gram, values in one.items():
            assert values == pytest.approx(other[gram], abs=1e-9), gram


@pytest.mark.parametrize("smoothing", ["kneser-ney", "katz"])
def test_weights_below_one_change_the_discounts(smoothing):
    """What certain counts would have for discounts is not what halves have."""
    lines = generated(200, seed=4)
    full, half = estimated(lines, 2, smoothing), estimated(lines, 2, smoothing, weights=[0.5] * len(lines))
    assert not np.allclose(full.levels[1].logp, half.levels[1].logp, atol=1e-3)


# -- sentences of records --------------------------------------------------------------------------------------


def counts_of(tmp_path, content, *, weight=None, text=False, order=2, words=None, **how):
    path = tmp_path / "corpus"
    path.write_bytes(content)
    pipe = Pipe("test", [str(path)], output=str(tmp_path / "out"), text=text, rejects=how.pop("rejects", None))
    counts = corpus.count(pipe, "text", weight, 5, order, words or Vocabulary(), 1 << 30, **how).counts()
    pipe.close()
    return counts


RECORDS = [("a b", 2), ("गाना\nb", None), ("c", 0), ("", 1.5)]


def test_records_plain_text_and_compressed_text_count_the_same(tmp_path):
    texts = ["a b", "गाना b", "", " a"]
    plain = counts_of(tmp_path, text(texts), text=True)
    check_against_dictionaries(plain, tallied(texts, 2))
    same(plain, counts_of(tmp_path, gzip.compress(text(texts)), text=True))
    records = [json.dumps({"text": each}) for each in texts]
    same(plain, counts_of(tmp_path, text(records)))


def test_weights_of_records_and_of_lines(tmp_path):
    records = [json.dumps({"text": each, **({} if x is None else {"n": x})}) for each, x in RECORDS]
    by_field = counts_of(tmp_path, text(records), weight="n")
    lines = ["a b\t2", "गाना b\t1", "c\t0", "\t1.5"]
    by_tab = counts_of(tmp_path, text(lines), weight="n", text=True)
    same(by_field, by_tab)
    assert b"c" not in by_field.words  # it never occurs
    assert expected(by_field.levels[0].count).tolist() == [0, 4.5, 4.5, 2, 3, 1]
    whole = counts_of(tmp_path, text(["a\tb\t2"]), weight="n", text=True)  # the last tab counts
    assert expected(whole.levels[0].count).tolist() == [0, 2, 2, 2, 2]


BAD = [
    (["a\t1", "a b"], "no weight after a tab", {"text": True}),
    (["a\t1", "a\tx"], "no weight after a tab", {"text": True}),
    (["a\t1", "a\t-1"], "a weight of -1", {"text": True}),
    (["a\t1", "a\tnan"], "a weight of nan", {"text": True}),
    (["a\t1", "a\tinf"], "a weight of inf", {"text": True}),
    (['{"text":"a","n":1}', '{"text":"a","n":-0.5}'], "a weight of -0.5", {}),
    (['{"text":"a","n":1}', '{"text":"a","n":"1"}'], "field 'n'", {}),
    (['{"text":"a","n":1}', '{"text":"a </s>","n":1}'], "the text holds </s>", {}),
]


@pytest.mark.parametrize(("lines", "reason", "options"), BAD, ids=[reason for _, reason, _ in BAD])
def test_bad_sentences_are_named(lines, reason, options, tmp_path):
    with pytest.raises(DataError, match=reason) as caught:
        counts_of(tmp_path, text(lines), weight="n", **options)
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "corpus"), 2)


@pytest.mark.parametrize("weight", [None, "n"])
def test_bad_sentences_are_set_aside(weight, tmp_path):
    bad = {2: "a </s>\t1", 4: "<unk>\t2", 6: "b\t-1", 7: "b"} if weight else {2: "a </s>", 4: "x <s> y"}
    good = ["a b\t2", "a <s>x\t1", "c\t0", "b\t1"] if weight else ["a b", "a <s>x", "c"]
    rest = iter(good)
    lines = [bad.get(number) or next(rest) for number in range(1, len(bad) + len(good) + 1)]
    aside = tmp_path / "aside"
    counts = counts_of(tmp_path, text(lines), weight=weight, text=True, rejects=str(aside))
    same(counts, counts_of(tmp_path, text(good), weight=weight, text=True))
    found = [line.split("\t", 3) for line in aside.read_text().splitlines()]
    assert [(int(line), record) for _, line, _, record in found] == list(bad.items())
    assert found[0][:3] == [str(tmp_path / "corpus"), "2", "the text holds </s>, which the model uses itself"]


def test_symbols_are_white_space_where_they_are_skipped(tmp_path):
    lines = ["a <s> b", "<s> a</s> </s>", "<unk><s>\tb <unk> <unk> c", "<s>", "x\0</s>\0y"]
    counts = counts_of(tmp_path, text(lines), text=True, skips=True)
    same(counts, counts_of(tmp_path, text(["a b", "a</s>", "<unk><s> b c", "", "x y"]), text=True))
    weighed = counts_of(tmp_path, text(["a </s> b\t2", "<s>\t1"]), weight="n", text=True, skips=True)
    same(weighed, counts_of(tmp_path, text(["a b\t2", "\t1"]), weight="n", text=True))


@pytest.mark.parametrize("content", [b"", b"a\t0\n"])
def test_without_a_sentence_there_is_no_model(content, tmp_path):
    with pytest.raises(DataError, match="no sentences"):
        counts_of(tmp_path, content, weight="n", text=True)


def test_a_vocabulary_file(tmp_path):
    path = tmp_path / "words"
    path.write_bytes("b\n  a \nगाना\n<s>\nb\n".encode())
    words = corpus.vocabulary_of(str(path))
    assert list(words) == [b"<unk>", b"<s>", b"</s>", b"b", b"a", "गाना".encode()]
    assert words[b"c"] == 0
    path.write_bytes(b"a\nb c\n")
    with pytest.raises(DataError, match="not one word") as caught:
        corpus.vocabulary_of(str(path))
    assert caught.value.line == 2
    path.write_bytes(b"a\n\n")
    with pytest.raises(DataError, match="not one word"):
        corpus.vocabulary_of(str(path))


def test_sentences_by_identifiers(tmp_path):
    path = tmp_path / "text"
    path.write_bytes("a ग\n\nx a\n".encode())
    names = [b"<unk>", b"<s>", b"</s>", b"a", "ग".encode()]
    assert corpus.sentences(str(path), names).tolist() == [1, 3, 4, 2, 1, 2, 1, 0, 3, 2]
    path.write_bytes(b"")
    assert corpus.sentences(str(path), names).tolist() == []

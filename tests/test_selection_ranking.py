"""Shares and thresholds of streams from several files: what is kept, and what is set aside with its place."""

import json
import re
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasel.cli import Number
from datasel.errors import DataError
from datasel.records import pipe as pipes
from datasel.records.jsonl import parse
from datasel.records.pipe import Pipe
from datasel.records.streams import Block, blocks
from datasel.selection import ranking, spool
from datasel.selection.choosing import percentiles
from datasel.selection.exact import exact, rankable
from datasel.selection.spool import Spool

# files of lines; None stands for a line that is no record
FILES = st.lists(st.lists(st.integers(0, 6) | st.none(), max_size=12), min_size=1, max_size=3)


def line_of(value, place):
    """A record; its length depends on its place, and there is text in it that a line of plain text could not hold."""
    return json.dumps({"x": value, "n": place, "pad": "क" * (place % 5)}) if value is not None else '{"x": "none"}'


def run(folder, files, work, size=1 << 19, **settings):
    """Lines kept, rejects as (file number, line, reason, record), and the pipe."""
    paths = []
    for number, lines in enumerate(files):
        paths.append(folder / f"input{number}")
        paths[-1].write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    pipe = Pipe("test", list(map(str, paths)), output=str(folder / "out"), rejects=str(folder / "rejects"), **settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipes, "blocks", partial(blocks, size=size))
        work(pipe)
    pipe.close()
    rejected = []
    for line in (folder / "rejects").read_text(encoding="utf-8").splitlines():
        file, number, reason, record = line.split("\t", 3)
        rejected.append((list(map(str, paths)).index(file), int(number), reason, record))
    return (folder / "out").read_text(encoding="utf-8").splitlines(), rejected, pipe


def check(files, values, found, wanted):
    """The lines ``wanted`` (pairs of file and line number) are kept, all others rejected with their place."""
    kept, rejected, pipe = found
    assert kept == [files[file][line - 1] for file, line in wanted]
    places = [(file, line) for file, lines in enumerate(files) for line in range(1, len(lines) + 1)]
    dropped = [place for place in places if place not in wanted]
    assert sorted(place[:2] for place in rejected) == dropped
    for file, line, reason, record in rejected:
        assert record == files[file][line - 1]
        assert (reason == "too low") == (values[file][line - 1] is not None)
    low = [place[:2] for place in rejected if place[2] == "too low"]
    assert low == sorted(low)
    assert (pipe.read, pipe.kept, pipe.rejected) == (len(places), len(wanted), len(dropped))


@given(FILES, st.fractions(0, 1), st.sampled_from([1, 50, 300, 1 << 19]))
def test_the_best_share_is_kept_and_the_rest_set_aside(tmp_path_factory, values, share, size):
    files = [[line_of(value, place) for place, value in enumerate(each)] for each in values]
    ranked = sorted(
        (-value, file, line)
        for file, each in enumerate(values)
        for line, value in enumerate(each, 1)
        if value is not None
    )
    exact = share * len(ranked)
    count = int(exact + Fraction(1, 2))  # rounded half up
    wanted = sorted((file, line) for _, file, line in ranked[:count])

    def work(pipe):
        ranking.top_share(pipe, ranking.scored(pipe, "x"), share, reason="too low")

    check(files, values, run(tmp_path_factory.getbasetemp(), files, work, size), wanted)


@given(FILES, st.integers(0, 7), st.sampled_from([1, 50, 300, 1 << 19]))
def test_what_is_above_is_kept_and_the_rest_set_aside(tmp_path_factory, values, bar, size):
    files = [[line_of(value, place) for place, value in enumerate(each)] for each in values]
    wanted = [
        (file, line)
        for file, each in enumerate(values)
        for line, value in enumerate(each, 1)
        if value is not None and value >= bar
    ]

    def work(pipe):
        ranking.above(pipe, ranking.scored(pipe, "x"), bar, reason="too low")

    check(files, values, run(tmp_path_factory.getbasetemp(), files, work, size), wanted)


@pytest.mark.parametrize("way", [
    lambda pipe, stream: ranking.top_share(pipe, stream, Fraction(1, 2)),
    lambda pipe, stream: ranking.above(pipe, stream, 3),
], ids=["share", "above"])  # fmt: skip
def test_without_a_reason_nothing_is_rejected_but_what_is_bad(way, tmp_path):
    files = [[line_of(value, 0) for value in (1, 5, None, 4, 2)]]
    kept, rejected, pipe = run(tmp_path, files, lambda pipe: way(pipe, ranking.scored(pipe, "x")))
    assert kept == [files[0][1], files[0][3]]
    assert [place[:2] for place in rejected] == [(0, 3)]
    assert (pipe.read, pipe.kept, pipe.rejected) == (5, 2, 1)


def test_a_share_of_each_group_first_come_first_kept_and_best_first(tmp_path):
    rows = [("b", 1), ("a", 5), ("b", 3), ("a", 4), ("b", 3), ("a", 9), ("b", 0), ("c", 1)]
    files = [[json.dumps({"g": group, "x": value, "n": n}) for n, (group, value) in enumerate(rows)]]

    def work(pipe, ranked):
        stream = ranking.scored(pipe, "x", per="g")
        ranking.top_share(pipe, stream, Fraction(1, 2), ranked=ranked, reason="too low")

    def best(pipe):
        ranking.top_k(pipe, ranking.scored(pipe, "x", per="g"), 1, ranked=True)

    kept, rejected, _ = run(tmp_path, files, partial(work, ranked=False))
    # of four b two, of three a (1.5, half up) two, of one c one
    assert [json.loads(line)["n"] for line in kept] == [1, 2, 4, 5, 7]
    assert [line - 1 for _, line, _, _ in rejected] == [0, 3, 6]
    for size in (1, 60, 1 << 19):  # groups come as they first appeared, whatever the blocks
        kept, rejected, _ = run(tmp_path, files, partial(work, ranked=True), size)
        assert [json.loads(line)["n"] for line in kept] == [2, 4, 5, 1, 7]
        assert [line - 1 for _, line, _, _ in rejected] == [0, 3, 6]
        kept, *_ = run(tmp_path, files, best, size)
        assert [json.loads(line)["n"] for line in kept] == [2, 5, 7]


def test_lines_of_plain_text_are_set_aside_as_they_are(tmp_path):
    files = [["c", "a\u2028", ""], ["b\rc", "ग"]]

    def stream(pipe):
        for records in pipe.records({"text": str}):
            yield ranking.Scored(records, np.array([float(len(text)) for text in records.column("text")]))

    def work(pipe):
        ranking.top_share(pipe, stream(pipe), Fraction(2, 5), reason="short")

    run(tmp_path, files, work, text=True)
    assert [json.loads(line)["text"] for line in (tmp_path / "out").read_bytes().decode().split("\n")[:-1]] == [
        "a\u2028",
        "b\rc",
    ]
    rejected = [line.split("\t") for line in (tmp_path / "rejects").read_bytes().decode().split("\n")[:-1]]
    assert [(file[-1], *rest) for file, *rest in rejected] == [
        ("0", "1", "short", "c"), ("0", "3", "short", ""), ("1", "2", "short", "ग"),
    ]  # fmt: skip


# -- spool -----------------------------------------------------------------------------------------------------


def records(name, first, lines):
    return parse(Block(name, first, b"".join(line + b"\n" for line in lines), text=True), {"text": str})


SOME = st.lists(st.sampled_from([b"", b"x", b"long" * 99]), max_size=6)
PARTS = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 99), SOME), min_size=1, max_size=5)


@given(PARTS, st.data(), st.sampled_from([1, 3, 4096]), st.sampled_from([0, 1, 8, 1 << 30]))
def test_lines_come_back_in_any_order(parts, data, together, span):
    """Near and far apart, one by one (``span`` 0) and in one read."""
    lines = [line + b"%d" % n for n, line in enumerate(line for *_, part in parts for line in part)]
    places = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=12)) if lines else []
    left = iter(lines)
    with Spool() as held, pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "_LINES", together)
        patch.setattr(spool, "_SPAN", span)
        origins = []
        for name, first, part in parts:
            held.add(records(name, first, [next(left) for _ in part]))
            origins += [(name, first + n) for n in range(len(part))]
        assert list(held.lines(places)) == [lines[place] for place in places]
        assert list(held.lines(range(len(lines)))) == lines
        assert [held.origin(place) for place in range(len(lines))] == origins


def test_far_lines_are_fetched_alone_and_near_ones_together():
    """What is read for a few lines of a large file is little more than they are."""
    with Spool() as held:
        held.add(records("a", 1, [b"%05d" % n for n in range(10_000)]))
        seeks = []
        file = held._file
        held._file = type("Counted", (), {
            "seek": lambda self, place: file.seek(place),
            "read": lambda self, size: (seeks.append(size), file.read(size))[1],
            "close": lambda self: file.close(),
        })()  # fmt: skip
        assert list(held.lines([0, 5000, 9999])) == [b"00000", b"05000", b"09999"]
        assert seeks == [5, 5, 5]
        seeks.clear()
        assert list(held.lines(range(100, 400, 3))) == [b"%05d" % n for n in range(100, 400, 3)]
        assert seeks == [298 * 6]


# -- whole numbers above 2^53 ----------------------------------------------------------------------------------

NEAR = [2**53 + n for n in (1, 0, 3, 2)] + [-(2**53) - 1, -(2**53), 17, 2**63 + 1, 2**63]


@given(st.permutations(NEAR), st.integers(1, len(NEAR)), st.booleans())
def test_large_whole_numbers_rank_as_they_are(tmp_path_factory, values, k, lowest):
    folder = tmp_path_factory.mktemp("large")
    lines = [f'{{"x": {value}, "n": {n}}}' for n, value in enumerate(values)]
    wanted = sorted(values, reverse=not lowest)[:k]
    bar = Number().convert(str(wanted[-1]), None, None)
    for choose in (
        lambda pipe, stream: ranking.top_k(pipe, stream, k, False),
        lambda pipe, stream: ranking.top_share(pipe, stream, Fraction(k, len(NEAR))),
        lambda pipe, stream: ranking.above(pipe, stream, -bar if lowest else bar),
    ):
        kept, _, _ = run(
            folder, [lines], lambda pipe, choose=choose: choose(pipe, ranking.scored(pipe, "x", lowest=lowest)), size=99
        )  # fmt: skip
        assert kept == [line for line, value in zip(lines, values) if value in wanted]


def test_a_whole_number_that_no_float_has_is_refused(tmp_path):
    lines = ['{"x": 1}', f'{{"x": {10**30 + 1}}}']
    reason = r"field 'x': 10+1 is too large a whole number to rank by"
    kept, rejected, _ = run(tmp_path, [lines], lambda pipe: ranking.top_k(pipe, ranking.scored(pipe, "x"), 1, False))
    assert kept == lines[:1] and [each[:2] for each in rejected] == [(0, 2)] and re.fullmatch(reason, rejected[0][2])
    (records,) = [parse(Block("b", 1, "".join(line + "\n" for line in lines).encode()), {"x": float})]
    with pytest.raises(DataError, match="b:2: " + reason):
        rankable(records, "x")


def test_floors_and_percentiles_of_large_whole_numbers(tmp_path):
    lines = [f'{{"x": {2**60 + n}, "text": "t"}}' for n in (0, 1, 2)]
    (records,) = [parse(Block("b", 1, "".join(line + "\n" for line in lines).encode()), {"x": float})]
    column = exact(records, "x")
    assert (column >= Number().convert(str(2**60 + 1), None, None)).tolist() == [False, True, True]
    assert percentiles(column).tolist() == [0, 0.5, 1]

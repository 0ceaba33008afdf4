"""Records in, records out: order, bytes, line ends, odd characters, long lines, empty input, rejects."""

from __future__ import annotations

import io
import json
from functools import cache

import numpy as np
import pytest

from .calls import lines
from .cases import every, filters, has, passes, probes
from .material import ODD, assert_all_kept, mixed, rejected
from .running import complaint, succeeded

# -- order and bytes ---------------------------------------------------------------------------------------------


@pytest.mark.behaviour(34)
@probes(passes)
def test_unknown_fields_pass_through_as_they_are_written(case, rig):
    odd = [
        rb'"zeta" : 1.10', rb'"alpha":[1, 2,{"b":null , "a":{}}]', rb'"big":123456789012345678901234567890',
        rb'"esc":"\u00e9\/\ud83d\ude00\u2028"', '"é":"é\u2028\x7f"'.encode(), rb'"":""', rb'"minus":-0.0',
        rb'"nul":null', rb'"tiny":1e-400', rb'"exp":1E+2',
    ]  # fmt: skip
    given = b"".join(
        b"{ %s ,%s}  \n" % (b" , ".join(odd[n:] + odd[:n]), line[1:-1])
        for n, line in enumerate(case.lines(len(odd)).splitlines())
    )
    assert_all_kept(given, succeeded(rig.run(case, feed=given)), rig.written(case))


@pytest.mark.behaviour(34)
@every(lambda case: passes(case) and not case.has("into"))
def test_what_comes_out_again_goes_in_again(case, rig):
    once = rig.usual(case)
    assert succeeded(rig.run(case, feed=once.out)).out == once.out


@pytest.mark.behaviour(34)
@probes(has("into"))
def test_a_field_written_again_stays_in_its_place(case, rig):
    fresh = rig.usual(case)
    name = case.into
    assert succeeded(rig.run(case, feed=fresh.out)).out == fresh.out
    for key in (f'"{name}"', f'"\\u{ord(name[0]):04x}{name[1:]}"'):
        for old in ("null", "7", '"}"', '[{"a":"]"}]', json.dumps({name: 1})):
            given = b"".join(
                b"{%s : %s , %s\n" % (key.encode(), old.encode(), line[1:]) for line in case.lines(12).splitlines()
            )
            result = succeeded(rig.run(case, feed=given))
            for before, after, wanted in zip(given.splitlines(), result.lines, fresh.records, strict=True):
                value = json.dumps(wanted[name]).encode()
                assert json.loads(after)[name] == wanted[name]
                start = len(key) + 4
                assert after[:start] == before[:start]
                assert after.endswith(before[start + len(old) :]), f"{before}\n{after}\n{value}"


@pytest.mark.behaviour(34)
@probes(has("into"))
def test_a_value_that_looks_like_the_field_is_left_alone(case, rig):
    name = case.into
    more = {"note": f'"{name}": 1', "list": [name], "inner": {name: 5}, "note2": name}
    result = succeeded(rig.run(case, feed=case.lines(12, **more)))
    for line, plain in zip(result.records, rig.usual(case).records, strict=True):
        assert line == {**plain, **more}


@pytest.mark.behaviour(21, 22)
@every(has("by", "k", "lowest"))
def test_of_equals_the_first(case, rig):
    """Ties go to the earlier record, and equals stay in the order they came in."""
    argv = [case.name, "--by", "score", "-k", "3"]
    feed = case.lines(40, score=0.5)
    for words in ([], ["--lowest"], ["--sorted"], ["--lowest", "--sorted"]):
        assert succeeded(rig.call([*argv, *words], feed)).lines == feed.splitlines()[:3]


# -- line ends ---------------------------------------------------------------------------------------------------


@pytest.mark.behaviour(28, 33)
@probes()
@pytest.mark.parametrize("ascii_only", [False, True])
def test_odd_characters_are_content(case, ascii_only, rig):
    """In a text and in another field; as they are where JSON allows that, or as escapes."""
    records, name = [case.call.record(number) for number in range(len(ODD))], case.field
    records = [{**item, name: f"{item[name]} a{char}b {char}", "note": char} for item, char in zip(records, ODD)]
    feed = b"".join(case.call.encode(item, ascii_only) for item in records)
    result = succeeded(rig.run(case, feed=feed, twin=feed))
    if passes(case):
        assert_all_kept(feed, result, rig.written(case))


@pytest.mark.behaviour(28, 33)
@probes(has("text"))
def test_odd_characters_in_plain_text_are_content(case, rig):
    texts = [text for char in ODD for text in (f"play {char} jazz", char)]
    result = succeeded(rig.run(case, "--text", feed="\n".join(texts).encode() + b"\n"))
    if case.writes == "records":
        assert [record["text"] for record in result.records] == [text.removesuffix("\r") for text in texts]


@pytest.mark.behaviour(28)
@probes()
def test_crlf_is_white_space_before_the_end_of_the_line(case, rig):
    feed = case.lines(12).replace(b"\n", b"\r\n")
    result = succeeded(rig.run(case, feed=feed))
    plain = rig.usual(case)
    if passes(case):
        assert result.out == plain.out.replace(b"\n", b"\r\n")
    else:
        assert result.out == plain.out


@pytest.mark.behaviour(28)
@probes(has("text"))
def test_crlf_ends_a_line_of_plain_text(case, rig):
    result = succeeded(rig.run(case, "--text", feed=b"one\r\ntwo\r\n"))
    if case.writes == "records":
        assert [record["text"] for record in result.records] == ["one", "two"]


@pytest.mark.behaviour(29)
@probes()
def test_an_unterminated_last_line_counts(case, rig):
    for files in ([], [rig.file(case.lines(12)[:-1])]):
        result = succeeded(rig.run(case, feed=case.lines(12)[:-1], files=files))
        assert result.out == rig.usual(case).out
    if case.reads:
        parts = [rig.file(case.lines(6, first=first)[:-1], f"part{first}") for first in (0, 6)]
        assert succeeded(rig.run(case, files=parts)).out == rig.usual(case).out


@pytest.mark.behaviour(29)
@probes(has("text"))
def test_an_unterminated_last_line_of_plain_text_counts(case, rig):
    whole = succeeded(rig.run(case, "--text", feed=case.texts(12)))
    assert succeeded(rig.run(case, "--text", feed=case.texts(12)[:-1])).out == whole.out
    assert whole.out.endswith(b"\n") or case.binary


@pytest.mark.behaviour(29)
@probes(lambda case: not case.binary)
def test_output_ends_in_a_line_feed(case, rig):
    assert rig.usual(case).lines
    if passes(case):
        assert succeeded(rig.run(case, "--print", "id", feed=case.lines(12)[:-1])).lines[-1] == b"u11"
    elif case.has("print_field"):
        last = rig.usual(case).records[-1]["text"].encode()
        assert succeeded(rig.run(case, "--print", "text", feed=case.lines(12)[:-1])).lines[-1] == last


# -- empty and blank ---------------------------------------------------------------------------------------------


@pytest.mark.behaviour(30)
@probes(filters)
def test_no_records_make_no_records(case, rig, tmp_path):
    empty = rig.file(b"", "empty")
    calls = [[], ["--print", "id"]] + [["--text"]] * case.has("text") + [["--jobs", "2"]] * case.has("jobs")
    for words in calls:
        for files in ([], [empty], [empty, empty], ["/dev/null"]):
            assert succeeded(rig.run(case, *words, feed=b"", files=files)).out == b""
    succeeded(rig.run(case, "-o", str(tmp_path / "made"), "--rejects", str(tmp_path / "rejects"), feed=b""))
    assert (tmp_path / "made").read_bytes() == (tmp_path / "rejects").read_bytes() == b""


@pytest.mark.behaviour(30)
@every(lambda case: case.call.rows)
def test_no_records_make_no_rows(case, rig, tmp_path):
    made = tmp_path / "made"
    succeeded(rig.run(case, "-o", str(made), feed=b""))
    usual, none = np.load(io.BytesIO(rig.usual(case).out)), np.load(made)
    assert len(usual) == 12
    assert none.shape == (0, *usual.shape[1:])
    assert none.dtype == usual.dtype


@pytest.mark.behaviour(30)
@every(lambda case: case.writes not in ("records", "text") and not case.call.rows)
def test_a_result_of_nothing_is_an_error(case, rig, tmp_path):
    made = tmp_path / "made"
    for words in ([], ["-o", str(made)]):
        result = rig.run(case, *words, feed=b"", twin=b"")
        complaint(result)
        assert result.out == b""
        assert not list(tmp_path.iterdir())


@pytest.mark.behaviour(30, 3)
@probes(filters)
def test_empty_files_between_others(case, rig):
    empty, first, last = rig.file(b"", "empty"), rig.file(case.lines(5), "a"), rig.file(case.lines(7, 5), "b")
    assert succeeded(rig.run(case, files=[empty, first, empty, empty, last, empty])).out == rig.usual(case).out


@pytest.mark.behaviour(31)
@probes(has("text"))
def test_a_blank_line_of_text_is_a_record(case, rig):
    result = succeeded(rig.run(case, "--text", feed=b"\none\n\n  \n\t\n\n"))
    if case.writes == "records":
        assert [record["text"] for record in result.records] == ["", "one", "", "  ", "\t", ""]


@pytest.mark.behaviour(31)
@probes(lambda case: not case.plain)
def test_a_blank_line_of_json_lines_is_an_error_wherever_it_is(case, rig):
    good = case.lines(12)
    for feed, number in ((b"\n" + good, 1), (good + b"\n", 13), (good + b" \t\r\n", 13), (good + b" ", 13), (b"\n", 1)):
        assert complaint(rig.run(case, feed=feed)).startswith(f"stdin:{number}: blank line")


@pytest.mark.behaviour(31)
@every()
def test_an_empty_text_is_a_text(case, rig):
    feed = case.lines(11) + case.lines(1, first=11, **{case.field: "", "slots": []})
    result = succeeded(rig.run(case, feed=feed, twin=feed))
    if passes(case):
        assert result.records[-1]["text"] == ""
        assert len(result.records) == 12


# -- size --------------------------------------------------------------------------------------------------------

LONG = b"x" * (50 << 20)


@cache
def long_line(rig, record, encode) -> str:
    """A file of records, one with 50 MB in a field."""
    long = encode({"note": "0long0", **record(5)}).replace(b"0long0", LONG, 1)
    parts = lines(5, record, 0, encode), long, lines(6, record, 6, encode)
    return rig.file(b"".join(parts), f"long-{record.__name__}-{encode.__name__}.jsonl")


@pytest.mark.behaviour(32)
@every(at_length=True)
def test_a_line_of_50_megabytes(case, rig):
    path = long_line(rig, case.call.record, case.call.encode)
    result = succeeded(rig.installed(rig.argv(case, files=[path])))
    short = case.lines(5) + case.call.encode({"note": "x", **case.call.record(5)}) + case.lines(6, first=6)
    if passes(case):
        assert result.out.count(LONG) == 1
        assert_all_kept(short, result._replace(out=result.out.replace(LONG, b"x")), rig.written(case))
    else:
        assert result.out.replace(LONG, b"x") == succeeded(rig.run(case, feed=short)).out


@pytest.mark.behaviour(32)
@probes(has("text"))
def test_a_long_line_of_plain_text(case, rig):
    texts = [b"a", b"b" * (4 << 20), "हिन्दी".encode() * 1000, b"jazz " * 2000, b"c"]
    result = succeeded(rig.run(case, "--text", feed=b"\n".join(texts) + b"\n"))
    if case.writes == "records":
        assert [record["text"].encode() for record in result.records] == texts


@pytest.mark.behaviour(32)
@probes(filters)
def test_records_that_lie_across_blocks(case, rig):
    """Whatever their length, none is cut or lost."""
    feed = b"".join(case.lines(1, first=n, note="é" * (n * 37 % 5000)) for n in range(400))
    result = succeeded(rig.run(case, feed=feed))
    if passes(case):
        assert_all_kept(feed, result, rig.written(case))
    else:
        wanted = succeeded(rig.run(case, feed=case.lines(400, note=""))).out
        assert result.out.replace("é".encode(), b"") == wanted


# -- rejects -----------------------------------------------------------------------------------------------------

@pytest.mark.behaviour(20, 21)
@probes(has("rejects"))
@pytest.mark.parametrize("jobs", [1, 2])
def test_kept_and_rejected_are_the_input(case, jobs, rig, tmp_path):
    if jobs > 1 and not case.has("jobs"):
        pytest.skip("has no --jobs")
    words = ["--jobs", str(jobs)] if case.has("jobs") else []
    feed, bad, good = mixed(case, 90)
    aside = tmp_path / "rejects"
    result = rig.run(case, "-v", "--rejects", str(aside), *words, feed=feed)
    assert result.status == 0, f"{result}"
    if passes(case):
        assert len(result.lines) == len(good)
        assert_all_kept(b"\n".join(good) + b"\n", result, rig.written(case))
    assert result.out == succeeded(rig.run(case, feed=b"\n".join(good) + b"\n")).out
    found = rejected(aside.read_bytes())
    assert [(line, record) for _, line, _, record in found] == bad
    assert {file for file, *_ in found} == {b"stdin"}
    assert all(reason for _, _, reason, _ in found)
    said = result.err.decode().splitlines()
    assert f"{case.name}: kept {len(good)} / {len(good) + len(bad)}, rejected {len(bad)}" in said


@pytest.mark.behaviour(20)
@probes(has("rejects"))
@pytest.mark.parametrize("name", ["a.jsonl", "tab\there", "line\nfeed", "naïve", "\udcff"])
def test_rejects_say_which_file_and_line(case, name, rig, tmp_path):
    files = [rig.file(case.lines(6), "first", tmp_path), rig.file(case.lines(6, 6) + b"{\tx\n", name, tmp_path)]
    succeeded(rig.run(case, "--rejects", str(tmp_path / "rejects"), files=files))
    ((file, line, _, record),) = rejected((tmp_path / "rejects").read_bytes())
    assert (line, record) == (7, b"{\tx")
    if name.isprintable():
        assert file.decode() == files[1]


@pytest.mark.behaviour(20, 27)
@probes(has("rejects", "text"))
def test_rejects_of_plain_text(case, rig, tmp_path):
    result = succeeded(rig.run(case, "--text", "--rejects", str(tmp_path / "r"), feed=b"one\n\xff\ttwo\nthree\xe9"))
    assert [record["text"] for record in result.records] == ["one"]
    found = rejected((tmp_path / "r").read_bytes())
    assert [(line, record) for _, line, _, record in found] == [(2, b"\xff\ttwo"), (3, b"three\xe9")]


@pytest.mark.behaviour(20)
@probes(has("rejects"))
def test_all_are_rejected(case, rig, tmp_path):
    result = succeeded(rig.run(case, "--rejects", str(tmp_path / "r"), feed=b"{\n\n}\n"))
    assert result.out == b""
    assert [record for *_, record in rejected((tmp_path / "r").read_bytes())] == [b"{", b"", b"}"]


@pytest.mark.behaviour(20)
@every(lambda case: case.call.drops)
@pytest.mark.parametrize("plain", [False, True])
def test_what_is_dropped_goes_to_the_rejects_with_a_reason(case, plain, rig, tmp_path):
    words = case.call.drops.split()
    if plain and case.has("text") and "--min" not in words:  # of a field, which plain text has not
        words.append("--text")
    feed = case.texts(30) if "--text" in words else case.lines(30)
    result = succeeded(rig.run(case, *words, "--rejects", str(tmp_path / "r"), feed=feed))
    found = rejected((tmp_path / "r").read_bytes())
    assert found
    given, kept = feed.split(b"\n")[:-1], result.lines
    assert len(kept) + len(found) == len(given)
    assert all(given[line - 1] == record and reason for _, line, reason, record in found)
    dropped = {line - 1 for _, line, *_ in found}
    for before, after in zip((line for n, line in enumerate(given) if n not in dropped), kept, strict=True):
        assert json.loads(after)["text"] == (before.decode() if "--text" in words else json.loads(before)["text"])
    assert succeeded(rig.run(case, *words, feed=feed)).out == result.out


@pytest.mark.behaviour(20)
@probes(has("rejects"))
def test_two_outputs_never_go_to_one_place(case, rig, tmp_path):
    """One would be lost in the other."""
    both, link = str(tmp_path / "both"), tmp_path / "link"
    link.symlink_to("both")
    outputs = [flag for flag in ("--rejects", "--report") if case.has(flag[2:])]
    for flag in outputs:
        for other in ["-o", *outputs[: outputs.index(flag)]]:
            assert flag in complaint(rig.run(case, flag, both, other, both), 2)
            assert flag in complaint(rig.run(case, flag, str(link), other, both), 2)
        assert flag in complaint(rig.run(case, flag, "-"), 2)
        assert flag in complaint(rig.run(case, flag, "-", "-o", both), 2)
    assert list(tmp_path.iterdir()) == [link]


# -- as they come ------------------------------------------------------------------------------------------------


@pytest.mark.behaviour(13)
@every(lambda case: filters(case) and case.streams)
def test_line_buffered_passes_on_each_line_at_once(case, rig):
    process = rig.start(rig.argv(case, "--line-buffered"), bufsize=0)
    try:
        for number, line in enumerate(case.lines(3).splitlines(keepends=True)):
            process.stdin.write(line[:10])
            process.stdin.write(line[10:])
            assert json.loads(process.stdout.readline())["id"] == case.call.record(number)["id"]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.behaviour(13)
@probes(has("line_buffered"))
def test_line_buffered_changes_nothing_else(case, rig):
    for feed in (case.lines(12), case.lines(12)[:-1], case.bulk(1, each=30_000), b""):
        plain = succeeded(rig.run(case, feed=feed))
        assert succeeded(rig.run(case, "--line-buffered", feed=feed)).out == plain.out

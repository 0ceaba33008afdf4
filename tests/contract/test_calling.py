"""How a command is called: FILEs, standard input, options and how they are spelled."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import click
import pytest

from datasel.cli import FieldName
from datasel.registry import BY_NAME, COMMANDS

from .cases import DataFile, cases, every, filters, has, passes, probes, reads
from .running import complaint, executable, succeeded


@pytest.mark.behaviour(1)
@probes()
def test_the_same_from_a_file_and_from_standard_input(case, rig):
    path = rig.file(case.lines(12))
    from_file = succeeded(rig.run(case, files=[path]))
    from_stdin = succeeded(rig.run(case, feed=case.lines(12)))
    assert from_file.out == from_stdin.out != b""


@pytest.mark.behaviour(1)
@probes(reads)
def test_in_a_shell_pipe(case, rig):
    path = rig.file(case.lines(12))
    words = " ".join([executable(case.name), *rig.options(case)])
    done = subprocess.run(f"cat {path} | {words} | cat", shell=True, capture_output=True, timeout=60)
    assert done.stdout == rig.usual(case).out
    assert done.stderr == b""


@pytest.mark.behaviour(2)
@probes(reads)
def test_a_dash_is_standard_input(case, rig):
    assert succeeded(rig.run(case, files=["-"], feed=case.lines(12))).out == rig.usual(case).out


@pytest.mark.behaviour(2, 3)
@probes(reads)
def test_a_dash_among_files(case, rig):
    files = [rig.file(case.lines(3), "a"), "-", rig.file(case.lines(4, first=8), "b")]
    mixed = succeeded(rig.run(case, files=files, feed=case.lines(5, first=3)))
    assert mixed.out == rig.usual(case).out


@pytest.mark.behaviour(2, 15)
@probes(reads)
def test_standard_input_is_read_once(case, rig):
    """Twice would be a silent nothing the second time."""
    complaint(rig.run(case, files=["-", "-"]), 2)


@pytest.mark.behaviour(2)
@probes()
def test_a_dash_is_standard_output(case, rig, tmp_path):
    result = succeeded(rig.run(case, "-o", "-", cwd=tmp_path))
    assert result.out == rig.usual(case).out
    assert not list(tmp_path.iterdir())


@pytest.mark.behaviour(2)
@probes()
def test_a_file_named_dash_has_a_path(case, rig, tmp_path):
    rig.file(case.lines(12), "-", tmp_path)
    assert succeeded(rig.run(case, files=["./-"], cwd=tmp_path)).out == rig.usual(case).out


FLOATS = (click.FloatRange, click.types.FloatParamType)


@pytest.mark.behaviour(15)
@every(lambda case: any(isinstance(option.type, FLOATS) for option in case.options), once=True)
@pytest.mark.parametrize("number", ["nan", "inf"])
def test_what_is_no_number_is_a_wrong_call(case, rig, number):
    for option in case.options:
        if isinstance(option.type, FLOATS):
            complaint(rig.run(case, option.opts[-1], number, feed=case.lines(3)), 2)


@pytest.mark.behaviour(3, 21)
@probes(reads)
def test_several_files_are_read_in_order(case, rig):
    files = [rig.file(case.lines(4, first=first), f"part{first}") for first in (0, 4, 8)]
    assert succeeded(rig.run(case, files=files)).out == rig.usual(case).out


@pytest.mark.behaviour(3)
@probes(passes)
def test_files_swapped_is_output_swapped(case, rig):
    files = [rig.file(case.lines(4, first=first), f"part{first}") for first in (4, 0)]
    result = succeeded(rig.run(case, files=files))
    assert [record["id"] for record in result.records] == [f"u{n}" for n in (4, 5, 6, 7, 0, 1, 2, 3)]


@pytest.mark.behaviour(3, 10, 15)
@probes()
@pytest.mark.parametrize("place", [0, 1])
def test_a_missing_file_is_named(case, place, rig, tmp_path):
    good, missing = rig.file(case.lines(12)), str(tmp_path / "missing.jsonl")
    files = [[missing, good], [good, missing]][place] if case.reads else [missing]
    result = rig.run(case, files=files)
    assert complaint(result) == f"{missing}: No such file or directory"
    assert result.out == b""


@pytest.mark.behaviour(3, 10, 15)
@probes()
def test_a_folder_is_not_a_file(case, rig, tmp_path):
    result = rig.run(case, files=[str(tmp_path)])
    assert complaint(result) == f"{tmp_path}: Is a directory"
    assert result.out == b""


@pytest.mark.behaviour(3, 10, 15)
@every(lambda case: case.paths(DataFile) + case.models, once=True)
def test_a_missing_file_of_an_option_is_named(case, rig, tmp_path):
    missing = str(tmp_path / "missing")
    argv = rig.argv(case)
    data = [argv[argv.index(flag) + 1] for flag in case.paths(DataFile)]
    for path in data + [rig.files[name] for name in case.models]:
        result = rig.call([missing if word == path else word for word in argv], case.lines(12))
        assert complaint(result) == f"{missing}: No such file or directory"
        assert result.out == b""


@pytest.mark.behaviour(4)
@probes(reads)
def test_two_dashes_end_the_options(case, rig, tmp_path):
    rig.file(case.lines(12), "--quiet", tmp_path)
    argv = [*rig.argv(case), "--", "--quiet"]
    assert succeeded(rig.call(argv, cwd=tmp_path)).out == rig.usual(case).out


@pytest.mark.behaviour(4, 15)
@every(lambda case: not any(isinstance(param, click.Argument) for param in case.command.params))
def test_a_command_without_files_takes_none(case, rig):
    complaint(rig.run(case, "--", "surplus"), 2)


@pytest.mark.behaviour(5)
@probes()
def test_values_after_an_equals_sign(case, rig):
    spaced = rig.argv(case, "--output", "-")
    joined, words = [], iter(spaced)
    for word in words:
        joined.append(f"{word}={next(words)}" if word.startswith("--") and not case.option(word).is_flag else word)
    assert len(joined) < len(spaced)
    assert succeeded(rig.call(joined, case.lines(12))).out == succeeded(rig.call(spaced, case.lines(12))).out


@pytest.mark.behaviour(5)
@probes()
def test_options_after_files(case, rig):
    path = rig.file(case.lines(12))
    argv = [*rig.argv(case, files=[path]), "--quiet"]
    assert succeeded(rig.call(argv)).out == rig.usual(case).out


@pytest.mark.behaviour(5)
@probes()
def test_short_options_in_a_group(case, rig, tmp_path):
    apart = rig.run(case, "-q", "-v", "-o", str(tmp_path / "apart"))
    group = rig.run(case, "-qvo", str(tmp_path / "group"))
    assert (apart.status, apart.err) == (group.status, group.err)
    assert apart.status == 0
    assert (tmp_path / "apart").read_bytes() == (tmp_path / "group").read_bytes() != b""


@pytest.mark.behaviour(5, 15)
@probes()
def test_did_you_mean(case, rig):
    for option in case.options:
        for flag in option.opts:
            if flag.startswith("--") and len(flag) > 5:
                swapped = flag[:-2] + flag[-1] + flag[-2]
                said = complaint(rig.run(case, swapped if swapped != flag else flag + flag[-1]), 2)
                assert "did you mean" in said.lower(), said
                assert flag in said, said


@pytest.mark.behaviour(5, 15)
def test_did_you_mean_this_command(rig):
    for entry in COMMANDS:
        said = complaint(rig.call(["datasel", entry.name[:-2] + entry.name[-1] + entry.name[-2]]), 2)
        assert entry.name in said
    complaint(rig.call(["datasel", "zzzzzz"]), 2)


@pytest.mark.behaviour(5)
@probes()
def test_the_same_command_behind_the_one_name(case, rig):
    alone = rig.argv(case)
    good, bad = case.lines(12), case.bad
    assert succeeded(rig.call(["datasel", *alone], good)).out == succeeded(rig.call(alone, good)).out
    assert rig.call(["datasel", *alone], bad).err == rig.call(alone, bad).err
    assert rig.call(["datasel", case.name, "--outptu"]).err == rig.call([case.name, "--outptu"]).err
    assert rig.installed(["datasel", case.name, "--help"]).out == rig.call([case.name, "--help"]).out


@pytest.mark.behaviour(6)
def test_the_one_name_alone_lists_the_commands(rig):
    for words in ([], ["--help"], ["-h"]):
        listing = succeeded(rig.call(["datasel", *words])).out.decode()
        for entry in BY_NAME.values():
            assert entry.name in listing
            assert entry.summary in " ".join(listing.split())


@pytest.mark.behaviour(35)
def test_one_spelling_of_every_flag():
    """The same idea has the same flags in every command, and the same flag the same idea."""
    flags, owners, kinds = defaultdict(set), defaultdict(set), defaultdict(set)
    for case in cases():
        for option in case.options:
            flags[option.name].add(tuple(sorted(option.opts)))
            kinds[option.name].add((type(option.type), option.metavar, option.is_flag))
            for flag in option.opts:
                owners[flag].add(option.name)
    assert {name: found for name, found in flags.items() if len(found) > 1} == {}
    owners["--count"].discard("times")  # dedup's names a field that counts, and no command has both
    assert {flag: found for flag, found in owners.items() if len(found) > 1} == {}
    for name in ("field", "into", "by", "print_field", "model", "jobs", "seed", "output", "rejects", "text"):
        assert len(kinds[name]) == 1, (name, kinds[name])


@pytest.mark.behaviour(35)
def test_the_field_flags_are_those_of_the_house():
    house = {
        "field": ["-f", "--field"], "into": ["--into"], "by": ["--by"], "print_field": ["--print"], "text": ["--text"],
        "model": ["-m", "--model"], "output": ["-o", "--output"], "rejects": ["--rejects"], "jobs": ["-j", "--jobs"],
        "seed": ["--seed"], "quiet": ["-q", "--quiet"], "verbose": ["-v", "--verbose"], "version": ["--version"],
        "signature": ["--signature"], "line_buffered": ["--line-buffered"],
    }  # fmt: skip
    for case in cases():
        for option in case.options:
            assert option.opts == house.get(option.name, option.opts), case.id
        assert case.has("output", "signature", "quiet", "verbose", "version"), case.id
        assert case.writes != "records" or case.has("print_field"), case.id
        assert not filters(case) or case.has("rejects", "line_buffered"), case.id
        assert not case.has("text", "into") or case.has("field"), case.id
        fields = [option for option in case.options if option.name in ("field", "into", "by", "print_field")]
        assert all(isinstance(option.type, FieldName) for option in fields), case.id


@pytest.mark.behaviour(35)
@every(has("into"))
def test_into_names_the_field_written(case, rig):
    plain, renamed = (succeeded(rig.run(case, *words)).records for words in ([], ["--into", "Größe x"]))
    name = case.into
    assert [record.pop(name) for record in plain] == [record.pop("Größe x") for record in renamed]
    assert plain == renamed


@pytest.mark.behaviour(35)
@every(has("field"))
def test_field_names_the_text_field(case, rig):
    name, expected = case.field, rig.usual(case)
    result = succeeded(rig.call(*renamed(rig, case, "said")))
    if passes(case):
        for made, wanted in zip(result.records, expected.records, strict=True):
            assert made.pop("said") == wanted.pop(name)
            assert made == wanted
    elif case.writes in ("records", "picture"):  # what it makes of the text; the others bear their signature
        assert result.out == expected.out
    said = complaint(rig.call(renamed(rig, case, "nowhere")[0], case.lines(12)))
    assert said.startswith("stdin:1: ")
    assert "nowhere" in said


def renamed(rig, case, name: str) -> tuple[list[str], bytes]:
    """The call, for input with another name for its text, and that input; so in the data of its options, too."""
    flag, old = case.call.field
    argv = rig.argv(case, flag, name)

    def called_so(content: bytes) -> bytes:
        return content.replace(f'"{old}":'.encode(), f'"{name}":'.encode())

    for place in (argv.index(flag) + 1 for flag in case.paths(DataFile)):
        if argv[place] != "-":
            argv[place] = rig.file(called_so(Path(argv[place]).read_bytes()), f"renamed{place}")
    return argv, called_so(case.lines(12))


@pytest.mark.behaviour(35)
@every(has("print_field"))
def test_print_gives_one_field_as_plain_text(case, rig):
    result = succeeded(rig.run(case, "--print", "text"))
    assert result.lines == [record["text"].encode() for record in rig.usual(case).records]
    complaint(rig.run(case, "--print", "nowhere"))


@pytest.mark.behaviour(35)
@every(has("print_field", "into"))
def test_print_gives_the_field_written(case, rig):
    name = case.into
    result = succeeded(rig.run(case, "--print", name))
    values = [record[name] for record in rig.usual(case).records]
    for line, value in zip(result.lines, values, strict=True):
        assert (line.decode() if isinstance(value, str) else json.loads(line)) == value


@pytest.mark.behaviour(15)
@every(once=True)
def test_a_required_option_is_asked_for(case, rig):
    for option in case.options:
        if option.required:
            argv = rig.argv(case)
            place = next(n for n, word in enumerate(argv) if word in option.opts)
            said = complaint(rig.call(argv[:place] + argv[place + 2 :], case.lines(12)), 2)
            assert option.opts[-1] in said


@pytest.mark.behaviour(15)
@probes()
def test_a_value_of_another_kind_is_a_wrong_call(case, rig):
    for option in case.options:
        if isinstance(option.type, (click.Choice, click.types.IntParamType, click.types.FloatParamType)):
            said = complaint(rig.run(case, f"{option.opts[-1]}=?") if option.opts[-1].startswith("--")
                             else rig.run(case, option.opts[-1], "?"), 2)  # fmt: skip
            assert option.opts[-1] in said
            assert "'?'" in said


@pytest.mark.behaviour(15)
@probes()
def test_an_unknown_option_is_a_wrong_call(case, rig):
    result = rig.run(case, "--zzzzzz")
    assert "--zzzzzz" in complaint(result, 2)
    assert result.out == b""

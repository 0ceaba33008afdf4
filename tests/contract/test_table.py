"""The contract's own books: every command has its calls, every behaviour its tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from datasel.registry import BY_NAME, COMMANDS

from .calls import CALLS, MODELS, Call
from .cases import cases, every, filters, passes, probes
from .running import NUMBER, complaint, succeeded

TESTS = Path(__file__).parents[1]


def test_every_command_has_a_call_and_no_call_is_stale():
    assert sorted(CALLS) == sorted(BY_NAME)
    assert all(CALLS.values())
    assert {made_by.split()[0] for made_by in MODELS.values()} <= {*BY_NAME, "datasel"}


def test_every_behaviour_has_a_test():
    held = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.behaviour"):
                held |= {argument.value for argument in node.args}
    assert held == set(range(1, 41))


def test_every_kind_of_command_is_there():
    """What no case applies to would go untested unnoticed."""
    assert {case.writes for case in cases()} == {"records", "model", "report", "picture", "text"}
    assert {case.streams for case in cases()} == {True, False}
    assert {passes(case) for case in cases() if filters(case)} == {True, False}
    assert {case.call.threads for case in cases() if case.has("jobs")} == {True, False}
    for names in (["text"], ["jobs"], ["seed"], ["rejects"], ["into"], ["print_field"], ["by", "k"], ["report"]):
        assert any(case.has(*names) for case in cases()), names


def test_a_command_that_drops_records_says_how():
    for case in cases():
        if case.has("rejects") and "dropped" in case.option("--rejects").help and not case.call.makes:
            assert case.call.drops, case.id


@every()
def test_the_call_works(case, rig):
    assert rig.usual(case).out


@every(passes)
def test_the_call_keeps_all_records(case, rig):
    given = [case.call.record(number)["id"] for number in range(NUMBER)]
    assert [record["id"] for record in rig.usual(case).records] == given


@every(lambda case: filters(case) and not passes(case))
def test_what_passes_no_records_on_makes_others(case, rig):
    """What it would be let off from, it does not do (or cannot, since what it reads is not JSON)."""
    assert set(rig.usual(case).lines).isdisjoint(case.lines(NUMBER).splitlines())
    assert case.plain or all("id" not in record for record in rig.usual(case).records)


@every(lambda case: case.call.field != Call("").field)
def test_a_field_of_its_own_is_the_one_it_reads(case, rig):
    assert rig.run(case, case.call.field[0], "nowhere").status == 1
    assert case.option(case.call.field[0]).default == case.field


@probes()
def test_the_warm_interpreter_and_the_executable_agree(case, rig):
    argv = rig.argv(case)
    good, bad = case.lines(12), case.lines(2) + case.bad
    assert rig.installed(argv, good) == succeeded(rig.call(argv, good))
    failed = rig.call(argv, bad)
    complaint(failed)
    assert rig.installed(argv, bad) == failed


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_the_registry_says_how_a_command_uses_memory(entry):
    assert entry.memory in ("streams", "buffers")

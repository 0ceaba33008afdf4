"""Memory: constant where the registry says that a command streams, else the manual says what is held."""

from __future__ import annotations

import os
import subprocess

import pytest

from datasel import manual

from .cases import every
from .running import executable

MIB = 1 << 20


def peak(argv: list[str]) -> int:
    """The most memory that a run held, in bytes."""
    name, *words = argv
    process = subprocess.Popen([executable(name), *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


@pytest.mark.behaviour(14)
@every(lambda case: case.streams)
def test_memory_does_not_grow_with_the_input(case, rig):
    short, long = (rig.file(case.bulk(size, each=8000), f"bulk{size}.jsonl") for size in (4, 40))
    assert peak(rig.argv(case, files=[long])) < peak(rig.argv(case, files=[short])) + 16 * MIB


@pytest.mark.behaviour(14)
@every(lambda case: case.entry.memory == "buffers", once=True)
def test_the_manual_says_what_is_held(case):
    sections = {section.heading: section.body for section in manual.sections(case.command.docstring)[2]}
    assert "old" in sections["Memory"]  # hold, holds, Holds

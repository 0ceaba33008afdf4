"""Memory: constant where the registry says that a command streams, else the manual says what is held."""

from __future__ import annotations

import subprocess
import sys

import pytest

from datasel import manual

from .calls import encoded
from .cases import every
from .running import SECONDS, executable, succeeded

MIB = 1 << 20


# A process counts as its own what the one held that started it, so a small one has to.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(argv: list[str]) -> int:
    """The most memory that a run held, in bytes."""
    name, *words = argv
    words = [sys.executable, "-S", "-c", MEASURE, executable(name), *words]
    return int(subprocess.run(words, check=True, capture_output=True, timeout=SECONDS).stdout) * 1024


@pytest.mark.behaviour(14)
@every(lambda case: case.streams and not case.call.slow, at_length=True)
def test_memory_does_not_grow_with_the_input(case, rig):
    """The allowance is what the allocator takes until it has seen blocks of every size; then it levels off."""
    short, long = (rig.file(case.bulk(size, each=8000), f"bulk{size}.jsonl") for size in (8, 64))
    assert peak(rig.argv(case, files=[long])) < peak(rig.argv(case, files=[short])) + 28 * MIB


@pytest.mark.behaviour(14)
@pytest.mark.slow
@every(lambda case: case.streams and case.has("field") and not case.call.slow)
def test_memory_does_not_grow_with_the_words_of_the_input(case, rig):
    """None of which comes twice."""
    short, long = (rig.file(new_words(case, count), f"words{count}.jsonl") for count in (250_000, 750_000))
    assert peak(rig.argv(case, files=[long])) < peak(rig.argv(case, files=[short])) + 28 * MIB


@pytest.mark.behaviour(14)
@every(lambda case: case.streams and not case.call.slow, once=True)
def test_memory_grows_by_less_than_the_input(case, rig):
    """The light form of the above: one run short, one long, by the warm interpreter."""
    peaks = []
    for size in (6, 40):
        succeeded(rig.run(case, files=[rig.file(case.bulk(size, each=8000), "bulk.jsonl")]))
        peaks.append(rig.peak)
    assert peaks[1] < peaks[0] + 28 * MIB


def new_words(case, count: int, each: int = 20) -> bytes:
    """Records with that many words in all, so many of them in each."""
    made = []
    for number in range(count // each):
        record = case.call.record(number)
        record[case.field] += "".join(f" {place:x}w" for place in range(number * each, (number + 1) * each))
        made.append(encoded(record))
    return b"".join(made)


@pytest.mark.behaviour(14)
@every(lambda case: case.entry.memory == "buffers", once=True)
def test_the_manual_says_what_is_held(case):
    sections = {section.heading: section.body for section in manual.sections(case.command.docstring)[2]}
    assert "old" in sections["Memory"]  # hold, holds, Holds

"""Memory: constant where the registry says that a command streams, else the manual says what is held."""

from __future__ import annotations

import pytest
from peaks import peak

from datasel import manual

from .calls import encoded
from .cases import every
from .running import SECONDS, succeeded

MIB = 1 << 20


def held(rig, case, file: str) -> int:
    return peak(*rig.argv(case, files=[file]), seconds=SECONDS)


@pytest.mark.behaviour(14)
@every(lambda case: case.streams and not case.call.slow, at_length=True)
def test_memory_does_not_grow_with_the_input(case, rig):
    """The allowance is what the allocator takes until it has seen blocks of every size; then it levels off."""
    short, long = (rig.file(case.bulk(size, each=8000), f"bulk{size}.jsonl") for size in (8, 64))
    assert held(rig, case, long) < held(rig, case, short) + 28 * MIB


@pytest.mark.behaviour(14)
@pytest.mark.slow
@every(lambda case: case.streams and case.has("field") and not case.call.slow)
def test_memory_does_not_grow_with_the_words_of_the_input(case, rig):
    """None of which comes twice."""
    short, long = (rig.file(new_words(case, count), f"words{count}.jsonl") for count in (250_000, 750_000))
    assert held(rig, case, long) < held(rig, case, short) + 28 * MIB


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

"""NIST's stm, what was said in segments of time, and ctm, what was recognised word by word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, NamedTuple

from datasel.errors import DataError
from datasel.formats.source import Batch, Source
from datasel.formats.target import Target, on_one_line, seconds
from datasel.formats.trn import single
from datasel.records.jsonl import optional
from datasel.records.streams import lines

_SEGMENT = re.compile(
    r"\s*(?P<audio>\S+)\s+(?P<channel>\S+)\s+(?P<speaker>\S+)\s+(?P<start>\S+)\s+(?P<end>\S+)"
    r"(?:\s+<(?P<label>[^<>]*)>)?(?:\s+(?P<text>.*?))?\s*"
)
_NOT_SCORED = "IGNORE_TIME_SEGMENT_IN_SCORING"


class _Word(NamedTuple):
    middle: float
    text: str
    place: tuple[str, int]  # file and line
    line: str


def read(source: Source) -> Iterator[Batch]:
    """Batches of segments, comments (;;) left out; with ctm files the words whose middles lie in them.

    A word in no segment is a bad record, and so is one in several.  Segments that are not scored are left out, as their
    words are; a warning says how many there are.
    """
    words = _words(source)
    used: set[tuple[str, int]] = set()
    twice = source.batch()
    left = 0

    def record(line: str) -> dict[str, Any] | None:
        nonlocal left
        if not line.strip() or line.startswith(";;"):
            return None
        found = _SEGMENT.fullmatch(line)
        if not found:
            raise ValueError("not a file, a channel, a speaker, two times and words")
        start, end = _seconds(found["start"]), _seconds(found["end"])
        if end < start:
            raise ValueError("the segment ends before it starts")
        heard = _heard(words.get((found["audio"], found["channel"].lower()), []), start, end)
        for word in heard:
            if word.place in used:
                twice.refuse(*word.place, f"'{word.text}' lies in several segments", word.line.encode())
            used.add(word.place)
        text = found["text"] or ""
        if text.upper() == _NOT_SCORED:
            left += 1
            return None
        made = {
            "id": "-".join(found[part] for part in ("audio", "channel", "start", "end")),
            "audio": found["audio"], "channel": found["channel"], "speaker": found["speaker"],
            "start": start, "end": end, "reference": single(text),
        }  # fmt: skip
        if source.ctm:
            made["hypothesis"] = " ".join(word.text for word in heard)
        return {**made, "label": found["label"]} if found["label"] is not None else made

    yield from source.lines(record)
    for each in words.values():
        for word in each:
            if word.place not in used:
                twice.refuse(*word.place, f"'{word.text}' lies in no segment", word.line.encode())
    yield twice
    if left:
        source.warn(f"{left} segment{'s' * (left > 1)} not to be scored, left out")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:
        raise ValueError(f"'{text}' is no time in seconds")
    return seconds


def _words(source: Source) -> dict[tuple[str, str], list[_Word]]:
    """The words of each file and channel, in the order of their middles."""
    found: dict[tuple[str, str], list[_Word]] = {}
    for file in source.ctm:
        for number, line in lines(file):
            if not line.strip() or line.startswith(";;"):
                continue
            parts = line.split()
            try:
                if len(parts) < 5:
                    raise ValueError("not a file, a channel, a start, a duration and a word")
                if parts[4] in ("<ALT_BEGIN>", "<ALT>", "<ALT_END>"):
                    raise ValueError("alternatives, which a text cannot have")
                middle = _seconds(parts[2]) + _seconds(parts[3]) / 2
            except ValueError as error:
                raise DataError(str(error), file, number) from None
            key = (parts[0], parts[1].lower())
            found.setdefault(key, []).append(_Word(middle, parts[4], (file, number), line))
    return {key: sorted(each, key=lambda word: word.middle) for key, each in found.items()}


def _heard(words: list[_Word], start: float, end: float) -> list[_Word]:
    first, last = (bisect_left(words, time, key=lambda word: word.middle) for time in (start, end))
    return words[first:last]


def write(target: Target) -> None:
    """A segment for each record: audio, channel (1 where there is none), speaker, start, end, label, reference."""

    def line(audio, channel, speaker, start, end, label, text) -> str:
        parts = {"audio": audio, "channel": channel or "1", "speaker": speaker}
        for name, value in parts.items():
            if not value or value.split() != [value] or value.startswith(";;"):
                raise ValueError(f"field '{name}' is '{value}', which is no word")
        if not 0 <= start <= end:
            raise ValueError(f"no segment from {start} to {end} seconds")
        shown = [] if label is None else [f"<{on_one_line('label', label, '<>')}>"]
        words = single(" ".join(on_one_line("reference", text).split()))
        if not shown and words.startswith("<"):
            raise ValueError("the reference begins with '<', as a label does")
        return " ".join([*parts.values(), seconds(start), seconds(end), *shown, words]).rstrip() + "\n"

    target.each({
        "audio": str, "channel": optional(str), "speaker": str, "start": float, "end": float, "label": optional(str),
        "reference": str,
    }, line)  # fmt: skip

"""CoNLL columns: a word a line, its tag last, a blank line after each utterance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasel.formats.source import Batch, Source
from datasel.formats.spans import parted
from datasel.formats.tags import BadTag, spans, tagged
from datasel.formats.target import SLOTS, Annotated, Target, checked, on_one_line
from datasel.records.jsonl import optional

_COMMENT = re.compile(r"# ?(\w+) ?[=:] (.*)")
_NAMES = {"sent_id": "id"}


def read(source: Source) -> Iterator[Batch]:
    """Batches of utterances: their words with one space between them, or the text that a comment gives."""
    for file in source.files or ["-"]:
        utterance = _Utterance(1)
        batch = source.batch()
        for block in source.blocks([file]):
            for number, raw in enumerate(block.data.split(b"\n")[:-1], block.first):
                if raw.strip(b" \t\r"):
                    utterance.lines.append(raw)
                    continue
                _finish(utterance, source, batch, block.name)
                utterance = _Utterance(number + 1)
            if batch.rows or batch.rejected:
                yield batch
                batch = source.batch()
        if utterance.lines:
            _finish(utterance, source, batch, block.name)
        yield batch


class _Utterance:
    def __init__(self, first: int):
        self.first, self.lines = first, []


def _finish(utterance: _Utterance, source: Source, batch: Batch, name: str) -> None:
    raw = b"\n".join(utterance.lines)
    if not raw or raw.startswith(b"-DOCSTART-") and len(utterance.lines) == 1:
        return
    try:
        batch.rows.append(_record(raw.decode(), source.scheme))
    except UnicodeDecodeError as error:
        batch.refuse(name, utterance.first, "not valid UTF-8", raw, utterance.first + raw.count(b"\n", 0, error.start))
    except BadTag as error:
        batch.refuse(name, utterance.first, str(error), raw, utterance.first + error.place)


def _record(raw: str, scheme: str) -> dict[str, Any]:
    """The utterance of these lines; BadTag with the line that is wrong, counted from 0."""
    fields: dict[str, Any] = {}
    words, tags, comments = [], [], 0
    for place, line in enumerate(raw.split("\n")):
        line = line.removesuffix("\r")
        if not words and (found := _COMMENT.fullmatch(line)):
            fields[_NAMES.get(found[1], found[1])] = found[2]
            comments += 1
            continue
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) < 2 or not columns[0]:
            raise BadTag(place, "no word and tag")
        words.append(columns[0])
        tags.append(columns[-1])
    try:
        found_spans = spans(tags, scheme)
    except BadTag as error:
        raise BadTag(comments + error.place, str(error)) from None
    text = fields.pop("text", None)
    starts, made = [], " ".join(words) if text is None else text
    end = 0
    for place, word in enumerate(words):
        start = made.find(word, end)
        if start < 0 or made[end:start].strip():
            raise BadTag(comments + place, f"'{word}' is not the next word of the text")
        starts.append(start)
        end = start + len(word)
    if made[end:].strip():
        raise BadTag(max(comments - 1, 0), f"the text goes on after its last word: '{made[end:]}'")
    slots = []
    for label, first, last in found_spans:
        begin, stop = starts[first], starts[last - 1] + len(words[last - 1])
        slots.append({"name": label, "value": made[begin:stop], "start": begin, "end": stop})
    head = {name: fields.pop(name) for name in ("id",) if name in fields}
    return {**head, "text": made, **fields, "slots": slots}


def write(target: Target) -> None:
    """A line for each word, with its tag, and a blank line after each utterance.

    Words stand between white space, and are parted where a slot begins or ends.
    """
    keys = ("id", "domain", "intent")

    def block(text: str, slots: list[Annotated] | None, *values: str | None) -> str:
        words: list[str] = []
        found = []
        for piece, slot in parted(text, checked(text, slots)):
            first = len(words)
            words += piece.split()
            if slot is not None:
                if not slot.name or slot.name.split() != [slot.name]:
                    raise ValueError(f"'{slot.name}' cannot be the name of a tag: it is empty or holds white space")
                found.append((slot.name, first, len(words)))
        lines = []
        if target.comments:
            known = {name: value for name, value in zip(keys, values) if value is not None}
            lines = [f"# {name} = {on_one_line(name, value)}\n" for name, value in {**known, "text": text}.items()]
            on_one_line("text", text)
        elif not words:
            raise ValueError("a text without words has no lines")
        elif _COMMENT.fullmatch(f"{words[0]}\tO") or words[0] == "-DOCSTART-":
            raise ValueError(f"the text begins with '{words[0]}', which readers take for something else")
        tags = tagged(len(words), found, target.scheme)
        return "".join([*lines, *(f"{word}\t{tag}\n" for word, tag in zip(words, tags)), "\n"])

    more = dict.fromkeys(keys, optional(str)) if target.comments else {}
    target.each({"text": str, "slots": SLOTS, **more}, block, unread=() if target.comments else keys)

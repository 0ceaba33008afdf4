"""Snips' JSON: {INTENT: [{"data": [{"text": ...}, {"text": ..., "entity": SLOT}]}]}, and what Snips NLU makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from datasel.errors import DataError
from datasel.formats.source import Batch, Source
from datasel.formats.spans import Piece, joined, parted
from datasel.formats.target import SLOTS, Annotated, Target, checked, made_of
from datasel.records.jsonl import encode
from datasel.records.streams import Block, display_name

_SPACE = " \t\r\n"
_ROWS = 1000  # in a batch


def read(source: Source) -> Iterator[Batch]:
    """Batches of utterances, in the order of the files; a part of a file is held at a time."""
    for file in source.files or ["-"]:
        batch = source.batch()
        for intent, utterance, document in _utterances(_Document(source.blocks([file]), display_name(file))):
            try:
                batch.rows.append(_record(intent, utterance))
            except ValueError as error:
                reason = "not valid UTF-8" if isinstance(error, UnicodeError) else str(error)
                batch.refuse(document.name, document.line, reason, document.last())
            if len(batch.rows) >= _ROWS or source.eager:
                yield batch
                batch = source.batch()
        yield batch


def _record(intent: str, utterance: Any) -> dict[str, Any]:
    data = utterance.get("data") if isinstance(utterance, dict) else None
    if not isinstance(data, list):
        raise ValueError("no utterance: it has no list 'data'")
    text, slots = joined(map(_piece, data))
    (text + intent + "".join(slot["name"] for slot in slots)).encode()  # surrogates stand for bytes that are no UTF-8
    return {"text": text, "intent": intent, "slots": slots}


def _piece(piece: Any) -> Piece:
    text = piece.get("text") if isinstance(piece, dict) else None
    entity, name = (piece.get("entity"), piece.get("slot_name")) if isinstance(piece, dict) else (None, None)
    if not isinstance(text, str) or not all(isinstance(each, (str, type(None))) for each in (entity, name)):
        raise ValueError("a part of 'data' is no object with a 'text'")
    if entity is None and name is None:
        return text, ()
    more = {} if name in (None, entity) or entity is None else {"entity": entity}
    return text, [{"name": name or entity, **more}]


def _utterances(document: _Document) -> Iterator[tuple[str, Any, _Document]]:
    for key in document.members() if document.peek() else ():  # nothing at all has no records
        if document.peek() == "[":
            yield from ((key, each, document) for each in document.elements())
        elif key == "intents" and document.peek() == "{":
            for intent in document.members():
                for part in document.members():
                    if part == "utterances" and document.peek() == "[":
                        yield from ((intent, each, document) for each in document.elements())
                    else:
                        document.value()
        else:
            document.value()  # the language, the entities' other values
    document.end()


class _Document:
    """A JSON text read from its start, as much of it at a time as the next value needs."""

    def __init__(self, blocks: Iterator[Block], name: str):
        self._blocks, self._text, self._place = blocks, "", 0
        self._counted, self._line = 0, 1  # the line of a place
        self._decode = json.JSONDecoder(parse_constant=_no_number).raw_decode
        self._last = ("", 1)
        self.name = name

    @property
    def line(self) -> int:
        """The line that the last value began in."""
        return self._last[1]

    def last(self) -> bytes:
        """The last value, on one line."""
        return " ".join(self._last[0].split("\n")).encode("utf-8", "surrogateescape")

    def peek(self) -> str:
        """The next character that is no white space; nothing at the end."""
        while True:
            while self._place < len(self._text) and self._text[self._place] in _SPACE:
                self._place += 1
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._place)
                if end < len(self._text) or not self._more():
                    break
            except json.JSONDecodeError as error:
                if not self._grow():
                    self._error(f"not valid JSON: {error.msg}", error.pos)
            except (ValueError, RecursionError) as error:
                self._error(f"not valid JSON: {error or 'nested too deeply'}", self._place)
        self._last = (self._text[self._place : end], self._line_at(self._place))
        self._place = end
        return value

    def members(self) -> Iterator[str]:
        """The names of the members of the object that is next; the caller takes the value of each."""
        self._take("{")
        while self.peek() != "}":
            name = self.value()
            if not isinstance(name, str):
                self._error("not valid JSON: a name was expected", self._place)
            self._take(":")
            self.peek()
            yield name
            self._between("}")
        self._take("}")

    def elements(self) -> Iterator[Any]:
        """The elements of the array that is next."""
        self._take("[")
        while self.peek() != "]":
            yield self.value()
            self._between("]")
        self._take("]")

    def end(self) -> None:
        if self.peek():
            self._error("not valid JSON: text after the object", self._place)

    def _between(self, closing: str) -> None:
        if self.peek() != closing:
            self._take(",")
            if self.peek() == closing:
                self._error(f"not valid JSON: a comma before '{closing}'", self._place)

    def _take(self, character: str) -> None:
        if self.peek() != character:
            self._error(f"not valid JSON: '{character}' was expected", self._place)
        self._place += 1

    def _more(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        self._line_at(self._place)
        self._text = self._text[self._place :] + block.data.decode("utf-8", "surrogateescape")
        self._place = self._counted = 0
        return True

    def _grow(self) -> bool:
        """Twice as much of it, so that a long value is not read again and again."""
        size = 2 * (len(self._text) - self._place)
        found = self._more()
        while found and len(self._text) < size and self._more():
            pass
        return found

    def _line_at(self, place: int) -> int:
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line

    def _error(self, reason: str, place: int) -> None:
        raise DataError(reason, self.name, self._line_at(min(place, len(self._text))))


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def write(target: Target) -> None:
    """The benchmark's form: utterances by intent, in the order in which intents come first; all are held till then."""
    intents: dict[str, list[bytes]] = {}

    def keep(text: str, intent: str, slots: list[Annotated] | None) -> bytes:
        data = []
        for piece, slot in parted(text, checked(text, slots)):
            more = {}
            if slot is not None:
                more = {"entity": slot.entity, "slot_name": slot.name} if slot.entity else {"entity": slot.name}
            data.append({"text": piece, **more})
        intents.setdefault(intent, []).append(encode({"data": data}))
        return b""

    schema = {"text": str, "intent": str, "slots": SLOTS}
    for records in target.records(schema):
        made_of(records, [records.column(name) for name in schema], keep)
    listed = [encode(intent) + b": [\n" + b",\n".join(each) + b"\n]" for intent, each in intents.items()]
    target.pipe.sink.write(b"{" + b",\n".join(listed) + b"}\n" if listed else b"")

"""The members of one JSON object as they are written: found, replaced, and what is wrong with one of them.

Numbers are not turned into any of Python's: where nobody asks for it, a number of any size is text like all else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from json.decoder import scanstring

import msgspec

UNTAKEN = re.compile(r'["`\\\x00-\x1f]')  # in names of fields: msgspec does not take these, or tells of them
_HALF = re.compile("[\ud800-\udfff]")


def members(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, start and end of the value of each member of the object in ``text`` (known to be valid)."""
    position = _skip(text, text.index("{") + 1)
    while text[position] != "}":
        name, position = scanstring(text, position + 1)
        start = _skip(text, _skip(text, position) + 1)
        _, end = _DECODER.raw_decode(text, start)
        yield name, start, end
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def names(line: bytes) -> set[str]:
    """The names of an object's members."""
    return {name for name, _, _ in members(line.decode())}


def set_members(line: bytes, values: Mapping[str, bytes]) -> bytes:
    """One JSON object with members replaced where they stand, or added at its end; the rest stays as it is."""
    if not values:
        return line
    made = _set_quickly(line, values)
    if made is not None:
        return made
    text = line.decode()
    spans = {name: span for name, *span in members(text)}
    left = {name: value.decode() for name, value in values.items()}
    for name, (start, end) in sorted(spans.items(), key=lambda item: item[1], reverse=True):
        if name in left:
            text = text[:start] + left.pop(name) + text[end:]
    close = text.rstrip().rfind("}")
    comma = "," if spans and left else ""
    new = ",".join(msgspec.json.encode(name).decode() + ":" + left[name] for name in values if name in left)
    return (text[:close] + comma + new + text[close:]).encode()


def _set_quickly(line: bytes, values: Mapping[str, bytes]) -> bytes | None:
    """The same for a line with no more white space than a space after a comma or colon and with no name twice; None for
    others, which is found out by putting the line together again of what was read."""
    try:
        found = _RAW_MEMBERS(line)
    except (msgspec.MsgspecError, RecursionError):
        return None
    pieces, place = [], 1
    for name, raw in found.items():
        key, between = _quoted(name), b""
        if pieces:
            between = b", " if line.startswith(b", ", place) else b","
        colon = b": " if line.startswith(b": ", place + len(between) + len(key)) else b":"
        pieces += (between + key + colon, bytes(raw))
        place += len(pieces[-2]) + len(pieces[-1])
    if line != b"{%b}" % b"".join(pieces):
        return None
    for number, name in enumerate(found):
        if name in values:
            pieces[2 * number + 1] = values[name]
    for name, value in values.items():
        if name not in found:
            pieces += (b"," if pieces else b"", _quoted(name), b":", value)
    return b"{%b}" % b"".join(pieces)


def fault(line: bytes) -> str | None:
    """What is wrong with a line that is no JSON, in terms of its members, where that can be told."""
    text = line.decode()
    if text.startswith("\ufeff"):
        return "a byte order mark, and not at the start of the input"
    try:
        for name, start, _ in members(text):
            constants: list[str] = []
            value = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=constants.append)
            found = value.raw_decode(text, start)[0]
            if constants:
                return f"field '{name}': {constants[0]} is no number of JSON"
            if _HALF.search(name) or _HALF.search(json.dumps(found, ensure_ascii=False)):
                return f"field '{name}': half of a surrogate pair"
    except (ValueError, IndexError, RecursionError):
        pass
    return None


@lru_cache(1 << 10)
def _quoted(name: str) -> bytes:
    """A name as it stands before its colon."""
    return msgspec.json.encode(name)


def _skip(text: str, position: int) -> int:
    while text[position] in " \t\r\n":
        position += 1
    return position


_RAW_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len)


def taker(fields: Sequence[str], strict: bool) -> Callable[[bytes], Sequence[bytes]]:
    """What takes the values of these fields as they are written out of an object; empty where there is none.

    ``strict``: KeyError for an object with another field.
    """
    plain = not any(map(UNTAKEN.search, fields))
    if plain:
        named = [(f"f{n}", msgspec.Raw, msgspec.field(name=name, default=_NONE)) for n, name in enumerate(fields)]
        kind = msgspec.defstruct("Known", named, forbid_unknown_fields=strict, gc=False)
    decode = msgspec.json.Decoder(kind if plain else dict[str, msgspec.Raw]).decode

    def take(line: bytes) -> Sequence[bytes]:
        try:
            found = decode(line)
        except msgspec.ValidationError:
            raise KeyError(next(name for name, *_ in members(line.decode()) if name not in fields)) from None
        if plain:
            return list(map(bytes, msgspec.structs.astuple(found)))
        if strict and not found.keys() <= set(fields):
            raise KeyError(next(name for name in found if name not in fields))
        return [bytes(found.get(name, _NONE)) for name in fields]

    return take


_NONE = msgspec.Raw(b"")


class ByName:
    """What a msgspec decoder of records does, for fields whose names it does not take: with quotes, backslashes or
    control characters."""

    def __init__(self, fields: list[tuple[str, str, type, bool]]):
        """``fields``: attribute, name, type and whether it may be missing, of each."""
        self._fields = [(each, name, msgspec.json.Decoder(kind), may) for each, name, kind, may in fields]
        self._record = msgspec.defstruct("Record", [each for each, *_ in fields], gc=False)
        self._object = msgspec.json.Decoder(dict[str, msgspec.Raw])

    def decode(self, line: bytes):
        """A record; raises msgspec's errors."""
        found = self._object.decode(line)
        values = {}
        for each, name, decoder, may_miss in self._fields:
            if name not in found and not may_miss:
                raise msgspec.ValidationError(f"no field '{name}'")
            try:
                values[each] = decoder.decode(found[name]) if name in found else None
            except msgspec.ValidationError as error:
                what = str(error).partition(" - at ")[0]
                raise msgspec.ValidationError(f"field '{name}': {what[0].lower()}{what[1:]}") from None
        return self._record(**values)

    def decode_lines(self, data: bytes) -> list:
        """The records of lines, each with its LF."""
        return [self.decode(line) for line in data.split(b"\n")[:-1]]

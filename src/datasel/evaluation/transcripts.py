"""What was said and what was recognised, out of JSON Lines, Kaldi's ``text``, NIST's ``trn`` and plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any

import msgspec

from datasel.errors import DataError, UsageError
from datasel.evaluation import pairing
from datasel.evaluation.alternatives import Choice, choices
from datasel.records.jsonl import Records, encode, read
from datasel.records.members import UNTAKEN


class Transcript(msgspec.Struct, frozen=True, gc=False):
    """One utterance: its texts (the one that counts first), its id (JSON, or None) and where it stands."""

    texts: Sequence[str]
    id: bytes | None
    place: tuple[str, int]
    fields: Mapping[str, bytes | None]  # the values (JSON) of those asked for
    scores: Sequence[float] = ()  # of the texts, where they are asked for
    names: Mapping[str, Any] = pairing.NO_NAMES  # of what else may name it
    places: Sequence[Choice] | None = None  # where there are alternatives

    @property
    def name(self) -> str:
        """What people call it: its id, or where it stands."""
        return label(self.id) if self.id else ":".join(map(str, self.place))


_NONE: Mapping[str, bytes | None] = MappingProxyType({})

# What a field of JSON Lines may hold: a text, or as nbest() says.
TEXT = str


def nbest(score: str | None = None) -> Any:
    """The type of a field that holds a list of hypotheses, best first: ``text``, and a number by the name ``score``.

    UsageError for a name that msgspec does not take.
    """
    if score and UNTAKEN.search(score):
        raise UsageError("the name of a score has no quotes, backslashes or control characters")
    scores = [("score", float, msgspec.field(name=score))] if score else []
    return list[msgspec.defstruct("Hypothesis", [("text", str), *scores], gc=False)]


def load(
    paths: Sequence[str], form: str, texts: Mapping[str, Any], fields: Iterable[str] = (), key: str = "id",
    named: bool | None = None,
) -> list:  # fmt: skip
    """All utterances of ``paths``, a list for each of ``texts``: fields of JSON Lines, TEXT or nbest() by name.

    ``key`` is the field of the id; ``named``: see :func:`of_records`.  ``form`` is "jsonl"; or "kaldi" (id, words),
    "trn" (words, id in brackets) or "text", of which there is one list.
    """
    if form != "jsonl":
        return [list(_lines(paths, form))]
    fields = list(fields)
    found: dict[str, list[Transcript]] = {name: [] for name in texts}
    for records in read(paths, {**schema(fields, key), **texts}):
        for name, kind in texts.items():
            found[name] += of_records(records, records.column(name), kind is TEXT, fields, key, named)
    return list(found.values())


def schema(fields: Iterable[str], key: str) -> dict[str, Any]:
    """What :func:`of_records` reads of a record besides its text, for parse()."""
    return dict.fromkeys((*fields, *pairing.NAMES, key), Any)


def of_records(
    records: Records, column: list, plain: bool, fields: Sequence[str], key: str = "id", named: bool | None = None
) -> list[Transcript]:
    """Those of a block, ``column`` being their texts, or with ``plain`` false their n-best lists.

    ``named``: whether what else may name them is wanted; by default where one of them has no id.
    """
    name, keys = records.block.name, map(_json, records.column(key))
    named = None in records.column(key) if named is None else named
    names = pairing.names(records, key) if named else repeat(pairing.NO_NAMES)
    places = zip(repeat(name), records.numbers)
    values: Iterable[Mapping[str, bytes | None]] = repeat(_NONE)
    if fields:
        columns = (map(_json, records.column(field)) for field in fields)
        values = (dict(zip(fields, found)) for found in zip(*columns))
    if plain:
        return list(map(Transcript, zip(column), keys, places, values, repeat(()), names))
    texts = ([each.text for each in said] for said in column)
    scores = ([getattr(each, "score", 0.0) for each in said] for said in column)
    return list(map(Transcript, texts, keys, places, values, scores, names))


def _json(value: Any) -> bytes | None:
    return None if value is None else encode(value)


_SPACE = r"[ \t\v\f\r]*"
_PATTERNS = {
    "kaldi": re.compile(rf"{_SPACE}(?P<id>[^ \t\v\f\r]+)(?P<text>.*)", re.DOTALL),
    "trn": re.compile(rf"(?P<text>.*)\((?P<id>[^() \t\v\f\r]+)\){_SPACE}", re.DOTALL),
}
_MISSING = {"kaldi": "no id at its start", "trn": "no (id) at its end"}


def _lines(paths: Sequence[str], form: str) -> Iterator[Transcript]:
    for records in read(paths, {"text": str}, text=True, tabs=form == "kaldi"):
        if form == "text":
            name = records.block.name
            yield from [
                Transcript((line,), None, (name, number), _NONE)
                for number, line in zip(records.numbers, records.column("text"))
            ]
            continue
        for index, line in enumerate(records.column("text")):
            if form == "trn" and line.startswith(";;"):  # a comment of NIST's tools
                continue
            found = _PATTERNS[form].fullmatch(line)
            if not found:
                raise records.error(index, _MISSING[form])
            try:
                places = choices(found["text"]) if form == "trn" else None
            except ValueError as error:
                raise records.error(index, str(error)) from None
            text = found["text"] if places is None else " ".join(word for place in places for word in place[0])
            place = (records.block.name, records.numbers[index])
            yield Transcript((text,), _json(found["id"]), place, _NONE, places=places)


def group(field: str, references: Sequence[Transcript], hypotheses: Sequence[Transcript | None]) -> list[str]:
    """The value of a field that each reference has, or else its hypothesis; DataError where neither has one."""
    found = []
    for reference, hypothesis in zip(references, hypotheses):
        value = reference.fields.get(field)
        if value is None and hypothesis:
            value = hypothesis.fields.get(field)
        if value is None:
            raise DataError(f"no field '{field}'", *reference.place)
        if value[:1] in (b"[", b"{"):
            raise DataError(f"field '{field}': a list or an object names no group", *reference.place)
        found.append(label(value))
    return found


def label(value: bytes) -> str:
    """An id or a group for people: a string as it is unless that would not be seen, anything else as JSON."""
    text = msgspec.json.decode(value)
    return text if isinstance(text, str) and text and text.isprintable() else value.decode()

"""What a writer of a format is given, and the loop that writers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from datasel.errors import UsageError
from datasel.records.jsonl import Records, optional
from datasel.records.members import members, taker
from datasel.records.paths import folder_of, relative
from datasel.records.pipe import Pipe


@dataclass
class Target:
    """Where records come from and go to, and what the call says: options of the formats by their names."""

    pipe: Pipe
    rename: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] | None = None
    delimiter: str = ","
    languages: Sequence[str] | None = None
    scheme: str = "iob2"
    comments: bool = False
    file: Sequence[tuple[str, str]] = ()

    def records(
        self, schema: Mapping[str, Any], passed_over: bool = True, unread: Sequence[str] = ()
    ) -> Iterator[Records]:
        """The parsed input, its columns under the format's names, those of ``schema``.

        ``unread`` are others that the format has; UsageError for a new name that it has not.  A warning at the end
        says which fields the records have besides, unless they are not ``passed_over``.
        """
        own = {new: old for old, new in self.rename.items()}
        for name in own:
            if name not in (*schema, *unread):
                raise UsageError(f"--rename: the format has no '{name}', but {', '.join((*schema, *unread))}")
        names = {name: own.get(name, name) for name in schema}
        others = _Others(names.values())
        for records in self.pipe.records({names[name]: kind for name, kind in schema.items()}):
            if passed_over:
                others.look(records.lines)
            records.put({name: records.column(old) for name, old in names.items()})
            yield records
        if others.found:
            self.pipe.warn(f"the format has no place for {', '.join(others.found)}")

    def each(
        self, schema: Mapping[str, Any], make: Callable[..., str], head: str = "", tail: str = "",
        unread: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Write what ``make`` makes of every record's values, those of ``schema`` in its order.

        ``make`` raises ValueError with the reason where the format cannot hold a record.
        """
        started = not head
        for records in self.records(schema, unread=unread):
            if not started:
                self.pipe.sink.write(head.encode())
                started = True
            made = made_of(records, [records.column(name) for name in schema], make)
            self.pipe.sink.write("".join(made).encode())
        if not started:
            self.pipe.sink.write(head.encode())
        self.pipe.sink.write(tail.encode())

    def path(self, path: str, records: Records, place: str | None = None) -> str:
        """A record's path, relative to its file's folder, as it is from ``place``, else from the output's."""
        return relative(path, folder_of(records.block.name), place or self.pipe.sink.place)


def made_of(records: Records, columns: Sequence[Sequence[Any]], make: Callable[..., Any]) -> list[Any]:
    """What ``make`` makes of each record's values; those it raises ValueError for are refused."""
    made = []
    for index, values in enumerate(zip(*columns)):
        try:
            made.append(make(*values))
        except ValueError as error:
            records.refuse(index, str(error))
    records.block.kept += len(made)
    return made


class _Others:
    """Looks for fields that are not among the known ones: fast where there are none."""

    def __init__(self, known: Any):
        self._known, self.found = set(known), []
        self._take = taker(sorted(self._known), strict=True)

    def look(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            try:
                self._take(line)
            except KeyError:
                new = [name for name, *_ in members(line.decode()) if name not in self._known]
                self.found += dict.fromkeys(new)
                self._known.update(new)
                self._take = taker(sorted(self._known), strict=True)


class Annotated(msgspec.Struct, gc=False):
    """A slot as records have it, with what other tools know of one besides."""

    name: str
    value: str
    start: int
    end: int
    entity: str | None = None  # Snips: the type, where the slot has a name of its own
    canonical: str | None = None  # Rasa: the value
    role: str | None = None
    group: str | None = None


SLOTS = optional(list[Annotated])


def checked(text: str, slots: Sequence[Annotated] | None) -> Sequence[Annotated]:
    """The slots in the order of the text; ValueError where one is not what the text has at its offsets."""
    from datasel.nlu.annotations import check

    check(text, slots or ())
    return sorted(slots or (), key=lambda slot: (slot.start, slot.end))


def on_one_line(name: str, text: str, but: str = "\n") -> str:
    """The text; ValueError where it holds a character that the format takes for something else."""
    for character in but:
        if character in text:
            told = {"\n": "a line feed", "\t": "a tab", "\r": "a carriage return"}.get(character, f"'{character}'")
            raise ValueError(f"field '{name}' holds {told}, which has no place in this format")
    if text.endswith("\r"):
        raise ValueError(f"field '{name}' ends in a carriage return, which would be part of the line's end")
    return text


def seconds(time: float) -> str:
    """A time as NIST and Kaldi write them: milliseconds, or more digits where it has them."""
    shown = f"{time:.3f}"
    return shown if float(shown) == time else repr(float(time))


def not_for_terminals(target: Target) -> None:
    """UsageError for a format that is no text, where it would go to a terminal."""
    if target.pipe.sink.isatty():
        raise UsageError("this format is not for the terminal; give -o FILE")



"""TMX, the exchange format of translation memories, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from datasel import __version__
from datasel.errors import DataError, UsageError
from datasel.formats.source import Batch, Source
from datasel.formats.target import Target
from datasel.records.jsonl import encode, optional
from datasel.records.streams import chunks, display_name

_CODES = {"bpt", "ept", "ph", "it", "ut", "sub"}  # formatting of the translator's tool; <hi> holds words
_LANG = "xml:lang"


def read(source: Source) -> Iterator[Batch]:
    """Batches of pairs of segments; the languages are those asked for, or the header's and the only other one."""
    if source.languages is not None and len(source.languages) != 2:
        raise UsageError("tmx takes --languages A,B: those of source and target")
    for file in source.files or ["-"]:
        yield from _Units(source, display_name(file)).batches(chunks(file))


class _Units:
    """What expat tells of a file, kept until a unit is whole."""

    def __init__(self, source: Source, name: str):
        self._source, self._name, self._batch = source, name, source.batch()
        self._languages = source.languages
        self._header = ""  # the language that its header says texts are translated from
        self._unit: list[tuple[str, list[str]]] = []
        self._fields: dict[str, Any] = {}
        self._line = 0
        self._texts: list[str] | None = None  # of the segment that is open
        self._codes = 0  # how deep in codes
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters

    def batches(self, pieces: Iterator[bytes]) -> Iterator[Batch]:
        """The records as the bytes come; XML says itself how it is encoded."""
        some = False
        try:
            for piece in pieces:
                some = True
                self._parser.Parse(piece, False)
                yield self._batch
                self._batch = self._source.batch()
            if some:
                self._parser.Parse(b"", True)
                yield self._batch
        except expat.ExpatError as error:
            reason = f"not valid XML: {expat.errors.messages[error.code]}"
            raise DataError(reason, self._name, error.lineno) from None
        except (ValueError, LookupError):  # of expat, for an encoding that it does not know
            reason = "an encoding that cannot be read here; iconv makes UTF-8 of it (and change the first line)"
            raise DataError(reason, self._name, 1) from None

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name == "header":
            self._header = given.get("srclang", "")
        elif name == "tu":
            self._unit, self._line = [], self._parser.CurrentLineNumber
            self._fields = {"id": given["tuid"]} if "tuid" in given else {}
        elif name == "tuv":
            self._unit.append((given.get(_LANG) or given.get("lang", ""), []))
        elif name == "seg" and self._unit:
            self._texts, self._codes = self._unit[-1][1], 0
        elif name in _CODES and self._texts is not None:
            self._codes += 1

    def _characters(self, text: str) -> None:
        if self._texts is not None and not self._codes:
            self._texts.append(text)

    def _end(self, name: str) -> None:
        if name == "seg":
            self._texts = None
        elif name in _CODES and self._texts is not None:
            self._codes -= 1
        elif name == "tu":
            try:
                source, target = self._pair()
                self._batch.rows.append({**self._fields, "source": source, "target": target})
            except ValueError as error:
                raw = encode({**self._fields, **{language: "".join(texts) for language, texts in self._unit}})
                self._batch.refuse(self._name, self._line, str(error), raw)

    def _pair(self) -> tuple[str, str]:
        wanted = self._languages
        if wanted is None:
            if not self._header or self._header == "*all*":
                raise ValueError("the header names no srclang; --languages says which two languages are wanted")
            others = {language for language, _ in self._unit if not _same(self._header, language)}
            if len(others) != 1:
                told = ", ".join(sorted(others)) or "none"
                raise ValueError(f"languages beside '{self._header}': {told}; --languages says which two are wanted")
            wanted = (self._header, *others)
        return self._segment(wanted[0]), self._segment(wanted[1])

    def _segment(self, wanted: str) -> str:
        exact = [texts for language, texts in self._unit if language.lower() == wanted.lower()]
        found = exact or [texts for language, texts in self._unit if _same(wanted, language)]
        if len(found) != 1:
            raise ValueError(f"{len(found) or 'no'} segment{'s' * (len(found) > 1)} in '{wanted}'")
        return "".join(found[0])


def _same(wanted: str, language: str) -> bool:
    """Whether a language is the one that is wanted, or one of its regions: 'en' is what 'en-GB' is."""
    wanted, language = (each.lower().replace("_", "-") for each in (wanted, language))
    return language == wanted or language.startswith(wanted + "-")


def write(target: Target) -> None:
    """A unit for each record: source and target in the two languages, and an id if it has one."""
    if not target.languages or len(target.languages) != 2:
        raise UsageError("tmx takes --languages A,B: those of source and target")
    first, second = (quoteattr(language) for language in target.languages)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header creationtool="datasel"'
        f' creationtoolversion={quoteattr(__version__)} segtype="sentence" o-tmf="datasel" adminlang="en"'
        f' srclang={first} datatype="plaintext"/>\n<body>\n'
    )

    def unit(key: str | None, source: str, translation: str) -> str:
        name = "" if key is None else f" tuid={quoteattr(_allowed(key), _KEPT)}"
        return (
            f"<tu{name}><tuv xml:lang={first}><seg>{_escaped(source)}</seg></tuv>"
            f"<tuv xml:lang={second}><seg>{_escaped(translation)}</seg></tuv></tu>\n"
        )

    schema = {"id": optional(str), "source": str, "target": str}
    target.each(schema, unit, head, "</body>\n</tmx>\n")


# white space that a reader of XML would change
_KEPT = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _allowed(text: str) -> str:
    if found := _FORBIDDEN.search(text):
        raise ValueError(f"XML has no place for the character U+{ord(found.group()):04X}")
    return text


def _escaped(text: str) -> str:
    return escape(_allowed(text), {"\r": "&#13;"})

"""Rasa's NLU files: YAML whose examples mark entities as [value](entity) or [value]{"entity": ..., "role": ...}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from datasel.errors import DataError
from datasel.formats.source import Batch, Source
from datasel.formats.spans import Piece, joined
from datasel.records.streams import display_name

# [text] and then (entity), (entity:canonical), {...} or [{...}, {...}]
ENTITY = re.compile(
    r"\[(?P<text>[^\[\]]+)\](?:\((?P<name>[^():]+)(?::(?P<value>[^()]+))?\)|(?P<one>\{[^{}]*\})|(?P<many>\[\s*\{.*?\}\s*\]))"
)
CANONICAL = "canonical"  # the member of a slot that has what Rasa calls its value
_NOT_UTTERANCES = ("synonym", "regex", "lookup")


def read(source: Source) -> Iterator[Batch]:
    """Batches of the examples of each file, held whole.  Synonyms, regular expressions and lookup tables are none."""
    # scalars as they are written: an intent may be called "no"
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for file in source.files or ["-"]:
        name, data = display_name(file), b"".join(block.data for block in source.blocks([file]))
        try:
            root = yaml.compose(data.decode(), Loader=loader)
        except UnicodeDecodeError as error:
            raise DataError("not valid UTF-8", name, data.count(b"\n", 0, error.start) + 1) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise DataError(f"not valid YAML: {error.problem or error.context}", name, line) from None
        except yaml.YAMLError as error:
            raise DataError(f"not valid YAML: {getattr(error, 'reason', error)}", name) from None
        batch = source.batch()
        for intent, text, line, more in _examples(root, name) if root else ():
            try:
                text, slots = joined(_pieces(text))
            except ValueError as error:
                batch.refuse(name, line, str(error), text.encode())
            else:
                batch.rows.append({"text": text, "intent": intent, "slots": slots, **more})
        yield batch


def _examples(root: yaml.Node, name: str) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    for key, value in _members(root, name):
        if key.value != "nlu" or isinstance(value, yaml.ScalarNode) and not value.value:
            continue
        for item in _elements(value, name):
            members = {each.value: node for each, node in _members(item, name)}
            if "intent" not in members:
                if members.keys().isdisjoint(_NOT_UTTERANCES):
                    _wrong("no intent, synonym, regex or lookup", name, item)
                continue
            if "examples" not in members:
                _wrong("an intent without examples", name, item)
            intent, more = _scalar(members["intent"], name), _metadata(members)
            for text, line, own in _listed(members["examples"], name):
                yield intent, text, line, {**more, **own}


def _listed(node: yaml.Node, name: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Text, line and metadata of each example; they are lines of one text, or elements of a list."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            if isinstance(each, yaml.ScalarNode):
                yield each.value.strip(), each.start_mark.line + 1, {}
                continue
            members = {key.value: value for key, value in _members(each, name)}
            if "text" not in members:
                _wrong("an example without text", name, each)
            text = _scalar(members["text"], name).strip()
            yield text.removeprefix("- ").strip(), members["text"].start_mark.line + 1, _metadata(members)
        return
    first = node.start_mark.line + 1 + (node.style == "|")
    for number, line in enumerate(_scalar(node, name).split("\n")):
        text = line.strip(" \t\r")
        if text and text[0] != "-":
            raise DataError("an example does not start with '-'", name, first + number * (node.style == "|"))
        if text:
            yield text[1:].strip(" \t"), first + number * (node.style == "|"), {}


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for found in ENTITY.finditer(text):
        yield text[end : found.start()], ()
        if found["name"]:
            given = [{"entity": found["name"], **({"value": found["value"]} if found["value"] else {})}]
        else:
            given = _decoded(found["one"] or found["many"])
        yield found["text"], [_slot(each) for each in given]
        end = found.end()
    yield text[end:], ()


def _decoded(content: str) -> list[Any]:
    try:
        given = msgspec.json.decode(content)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{content} is not valid JSON: {error}") from None
    return given if isinstance(given, list) else [given]


def _slot(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not isinstance(given.get("entity"), str):
        raise ValueError(f"an entity without a name: {msgspec.json.encode(given).decode()}")
    names = {"entity": "name", "value": CANONICAL}
    made = {names.get(key, key): value for key, value in given.items()}
    if {"start", "end"} & made.keys() or len(made) < len(given):
        raise ValueError(f"an entity with members that are not Rasa's: {msgspec.json.encode(given).decode()}")
    return made


def _metadata(members: dict[str, yaml.Node]) -> dict[str, Any]:
    return {"metadata": _plain(members["metadata"])} if "metadata" in members else {}


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    return [_plain(each) for each in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def _members(node: yaml.Node, name: str) -> list[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode) or not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
        _wrong("names with values were expected", name, node)
    return node.value


def _elements(node: yaml.Node, name: str) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        _wrong("a list was expected", name, node)
    return node.value


def _scalar(node: yaml.Node, name: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        _wrong("a text was expected", name, node)
    return node.value


def _wrong(reason: str, name: str, node: yaml.Node) -> None:
    raise DataError(reason, name, node.start_mark.line + 1)

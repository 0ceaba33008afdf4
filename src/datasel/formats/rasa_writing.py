"""Records as Rasa's NLU files."""

from __future__ import annotations

import re
from typing import Any

from datasel.formats.rasa import ENTITY
from datasel.formats.spans import parted
from datasel.formats.target import SLOTS, Annotated, Target, checked, on_one_line
from datasel.records.jsonl import encode

_VALUES = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")  # what some readers take them for


def write(target: Target) -> None:
    """An example for each record; records of one intent in a row are one list."""
    before: list[str] = []

    def example(text: str, intent: str, slots: list[Annotated] | None) -> str:
        on_one_line("text", text)
        if not text or text != text.strip() or not text.isprintable() and not _allowed(text):
            raise ValueError("an example is not empty, has no white space at its edges and no control characters")
        made, marks = [], 0
        for piece, slot in parted(text, checked(text, slots)):
            made.append(piece if slot is None else _marked(piece, slot))
            marks += slot is not None
        line = "".join(made)
        if len(ENTITY.findall(line)) != marks:
            raise ValueError("brackets in the text would be read as an entity")
        head = "" if before == [intent] else f"- intent: {_scalar(intent)}\n  examples: |\n"
        before[:] = [intent]
        return f"{head}    - {line}\n"

    target.each({"text": str, "intent": str, "slots": SLOTS}, example, 'version: "3.1"\nnlu:\n')


def _allowed(text: str) -> bool:
    """Whether YAML can hold it as it is, on one line."""
    return not re.search("[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text)


def _marked(text: str, slot: Annotated) -> str:
    more: dict[str, Any] = {
        key: value
        for key, value in (("value", slot.canonical), ("role", slot.role), ("group", slot.group))
        if value is not None
    }
    plain = not more and slot.name and not set(slot.name) & set("():")
    made = f"[{text}]({slot.name})" if plain else f"[{text}]{encode({'entity': slot.name, **more}).decode()}"
    if not ENTITY.fullmatch(made):
        raise ValueError(f"brackets in slot '{slot.name}' or its value cannot be written")
    return made


def _scalar(text: str) -> str:
    """A text as every reader of YAML takes it for a text: in quotes unless it is a plain word."""
    word = re.fullmatch(r"[A-Za-z](?:[\w/ +-]*\w)?", text, re.ASCII)
    return text if word and text.lower() not in _VALUES else encode(text).decode()

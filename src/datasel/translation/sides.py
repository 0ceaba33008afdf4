"""The sentences and their translations that records hold, for alignment, and with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from datasel.records.jsonl import Records, optional
from datasel.translation import editing

_ELSE = "target"  # where there is no text


def schema(field: str | None, source: str) -> dict[str, Any]:
    """What :func:`translations` reads of a record, for parse()."""
    return {source: str, **dict.fromkeys(_names(field, source), optional(str)), "alignment": Any, "nbest": Any}


def translations(
    records: Records, index: int, field: str | None, source: str
) -> tuple[list[Mapping[str, Any]], str | None]:
    """``(hypotheses, translation)`` of a record: those of its list, and its own if it has no list or has an alignment.

    ``field`` None stands for text, or else target, whichever is not ``source``.  Raises ValueError where there is none
    of them.
    """
    listed, alignment = (records.column(name)[index] for name in ("nbest", "alignment"))
    if not (listed is None or isinstance(listed, list) and all(map(_hypothesis, listed))):
        raise ValueError("field 'nbest': not a list of hypotheses")
    own = None
    if listed is None or alignment is not None:
        names = _names(field, source)
        found = [text for name in names if (text := records.column(name)[index]) is not None]
        if not found and listed is None:
            raise ValueError("no field " + " or ".join(f"'{name}'" for name in names))
        own = found[0] if found else None
    return listed or [], own


def linked(
    stream: Iterable[Records], source: str, target: str
) -> tuple[list[tuple[str, str]], list[np.ndarray]]:
    """Pairs of texts, and in step with them the links of their words, uint32 (links, 2), by the field alignment.

    Records without it, or with one that does not fit their words, are refused.
    """
    pairs, aligned = [], []
    for records in stream:
        for index, (said, made, alignment) in enumerate(zip(*map(records.column, (source, target, "alignment")))):
            try:
                if alignment is None:
                    raise ValueError("no field 'alignment'")
                links = editing.links(alignment, len(editing.words(said)), len(editing.words(made)))
            except ValueError as error:
                records.refuse(index, str(error))
                continue
            pairs.append((said, made))
            aligned.append(np.array(list(links), np.uint32).reshape(-1, 2))
    return pairs, aligned


def _names(field: str | None, source: str) -> list[str]:
    return [name for name in ("text", _ELSE) if name != source] if field is None else [field]


def of(hypotheses: Sequence[Mapping[str, Any]], own: str | None) -> list[str]:
    """The texts of :func:`translations`."""
    return [each["text"] for each in hypotheses] + ([] if own is None else [own])


def _hypothesis(each: object) -> bool:
    return isinstance(each, dict) and isinstance(each.get("text"), str)

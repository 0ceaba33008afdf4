"""A minimal working call of every command: the one table a new command is entered in.

``options`` is what the command needs besides its FILEs, with these words in braces: ``{input}`` for a command that
takes its input by an option and not as FILEs; ``{twin}`` a clean copy of the input's records (references to compare
with); the names in MODELS and SAMPLES.  With it, a command that writes records keeps them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

_TEMPLATES = (
    ("music", "PlayMusic", "play some {} please", "genre", ("jazz", "blues", "हिन्दी", "fado")),
    ("weather", "GetWeather", "will it rain in {} today", "city", ("Paris", "İstanbul", "Münster", "दिल्ली")),
    ("alarm", "SetAlarm", "wake me at {} sharp", "time", ("seven", "half past six", "7:30", "नौ बजे")),
)


def utterance(number: int) -> dict[str, Any]:
    """An annotated utterance with a score: enough for most commands."""
    domain, intent, template, slot, values = _TEMPLATES[number % len(_TEMPLATES)]
    value = values[number // len(_TEMPLATES) % len(values)]
    start = template.index("{")
    return {
        "id": f"u{number}",
        "text": f"{template.format(value)} number {number}",
        "domain": domain,
        "intent": intent,
        "slots": [{"name": slot, "value": value, "start": start, "end": start + len(value)}],
        "score": number * 7 % 10 / 10,
    }


class Call(NamedTuple):
    options: str
    record: Callable[[int], dict[str, Any]] = utterance  # the n-th record of its input
    streams: bool | None = None  # where it differs from what the registry says
    drops: str = ""  # options under which it drops records for a reason


# Each with its first call as the ordinary one; further ones where options lead to other ways through the data.
CALLS: dict[str, tuple[Call, ...]] = {
    "ngram-fit": (Call("--positive {input} --negative {general} --bits 10 --l2 0.1"),),
    "ngram-score": (Call("--model {relevance}"),),
    "select-topk": (
        Call("-k 1000000 --by score"),
        Call("--keep 100% --by score"),
        Call("--threshold -1 --by score", streams=True),
    ),
    "nlu-fit": (Call("--bits 10 --iterations 5 --l2 0.1"),),
    "nlu-label": (Call("--model {recogniser}", drops="--min-confidence 1"),),
    "nlu-eval": (Call("--reference {twin}"),),
}

# Models that calls need, each made once: the command and its options.
MODELS = {
    "relevance": "ngram-fit --positive {music} --negative {general} --bits 10",
    "recogniser": "nlu-fit --bits 10 {annotated}",
}


def encoded(record: dict[str, Any]) -> bytes:
    """A record as a line."""
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def lines(count: int, record: Callable[[int], dict[str, Any]] = utterance, first: int = 0, **more: Any) -> bytes:
    """JSON Lines of ``count`` records, each with the fields ``more``."""
    return b"".join(encoded({**record(number), **more}) for number in range(first, first + count))


SAMPLES: dict[str, bytes] = {
    "annotated": lines(24),
    "general": lines(24, first=100),
    "music": lines(12, lambda number: utterance(len(_TEMPLATES) * number)),
}

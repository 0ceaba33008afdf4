"""Groups of options: what several commands share, or what a room takes together."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import click

from datasel.cli import DATA, FieldNumber, Percentage
from datasel.errors import UsageError


def choice_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of commands that choose among all records of a pool.

    The function gets them as ``choice``: the keyword arguments of :func:`datasel.selection.choosing.choose`.
    """

    @wraps(function)
    def chooser(pipe, *, held, k, keep, floors, preferred, ranked, **options):
        if (k is None) == (keep is None):
            raise UsageError("give one of -k and --keep")
        size = keep if k is None else k
        choice = {"held": held, "size": size, "floors": dict(floors), "preferred": dict(preferred), "ranked": ranked}
        function(pipe, choice=choice, **options)

    for names, settings in (
        (("--sorted", "ranked"), {"is_flag": True, "help": "First chosen first, not in input order."}),
        (("--prefer", "preferred"), {
            "multiple": True, "type": FieldNumber(), "metavar": "FIELD=X",
            "help": "Prefer what is high in this field, the more the higher X. May be repeated.",
        }),
        (("--min", "floors"), {
            "multiple": True, "type": FieldNumber(), "metavar": "FIELD=X",
            "help": "Leave records out with less in this field. May be repeated.",
        }),
        (("--keep",), {
            "type": Percentage(), "metavar": "P%", "help": "Keep this share of the input, rounded half up.",
        }),
        (("-k",), {"type": click.IntRange(0), "metavar": "N", "help": "Keep this many."}),
        (("--held",), {
            "multiple": True, "type": DATA, "help": "Utterances held already, JSON Lines. May be repeated.",
        }),
    ):  # fmt: skip
        click.option(*names, **settings)(chooser)
    return chooser


def search_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a recogniser's search.

    The function gets them as ``search``: a dictionary by the names of :class:`datasel.speech.decoding.Settings`, of
    those that were given.
    """
    names = {
        "lm_weight": (click.FloatRange(0, 1e6), "What the language model's ln p is multiplied by.  [default: 0.8]"),
        "word_score": (click.FloatRange(-1e6, 1e6), "Added for every word.  [default: 0]"),
        "silence_score": (click.FloatRange(-1e6, 1e6), "Added for every frame of silence.  [default: 0]"),
        "beam": (click.IntRange(1, 1_000_000), "Hypotheses kept after each frame.  [default: 100]"),
        "beam_tokens": (click.IntRange(1, 1_000_000), "Tokens that each of them goes on with.  [default: 15]"),
        "beam_threshold": (click.FloatRange(0, 1e6), "Drop hypotheses further below the best.  [default: 25]"),
    }  # fmt: skip

    @wraps(function)
    def searcher(pipe, **options):
        given = {name: options.pop(name) for name in names}
        function(pipe, search={name: value for name, value in given.items() if value is not None}, **options)

    for name, (kind, told) in reversed(names.items()):
        metavar = "N" if isinstance(kind, click.IntRange) else "X"
        click.option("--" + name.replace("_", "-"), type=kind, metavar=metavar, help=told)(searcher)
    return searcher

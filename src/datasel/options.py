"""Groups of options: what several commands share, or what a room takes together."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps

import click

from datasel.cli import DATA, MODEL, Columns, FieldFile, FieldNumber, FieldPair, Percentage
from datasel.errors import UsageError
from datasel.formats.table import FORMATS, READ, WRITTEN
from datasel.formats.tags import SCHEMES
from datasel.parameters import checked_utf8

_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def memory_option(told: str) -> Callable:
    """--memory SIZE: what a command may hold before it goes on in temporary files, in bytes."""
    return click.option("--memory", default="2G", show_default=True, metavar="SIZE", callback=_bytes, help=told)


def _bytes(_ctx, _param, value):
    number = value[:-1] if value[-1:] in _UNITS else value
    if not number.isdecimal() or not int(number):
        raise click.BadParameter(f"'{value}' is not a size such as 500M or 2G")
    return int(number) * _UNITS.get(value[-1:], 1)


def was_given(name: str) -> bool:
    """Whether a parameter of the command that runs was given, whatever its default is."""
    return click.get_current_context().get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def only_for(condition: object, needed: str, *names: str) -> None:
    """UsageError for options (by their parameters' names) that do nothing without what is ``needed``."""
    for name in names:
        if not condition and was_given(name):
            option = next(each for each in click.get_current_context().command.params if each.name == name)
            raise UsageError(f"{max(option.opts, key=len)} is for {needed}")


def fields_apart(*taken: str, **fields: str | None) -> None:
    """UsageError for a field (by its parameter's name) that is ``taken`` by something else, or by another of them."""
    named: dict[str, str] = {}
    for parameter, name in fields.items():
        if name in taken:
            raise UsageError(f"the field {name} is for something else")
        if name is not None and (other := named.setdefault(name, parameter)) != parameter:
            raise UsageError(f"--{other} and --{parameter} are both '{name}'")


def choice_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of commands that choose among all records of a pool.

    The function gets them as ``choice``: the keyword arguments of :func:`datasel.selection.choosing.choose`.
    """

    @wraps(function)
    def chooser(pipe, *, held, held_text, k, keep, floors, preferred, ranked, **options):
        if (k is not None) + (keep is not None) + (options.get("budget") is not None) != 1:
            raise UsageError("give one of -k" + (", --keep and --budget" if "budget" in options else " and --keep"))
        size = k if k is not None else Fraction(1) if keep is None else keep
        choice = {
            "held": held, "held_text": held_text, "size": size, "floors": dict(floors), "preferred": dict(preferred),
            "ranked": ranked,
        }  # fmt: skip
        function(pipe, choice=choice, **options)

    for names, settings in (
        (("--sorted", "ranked"), {"is_flag": True, "help": "First chosen first, not in input order."}),
        (("--prefer", "preferred"), {
            "multiple": True, "type": FieldNumber(), "metavar": "FIELD=X",
            "help": "Prefer what is high in this field, the more the higher X. May be repeated.",
        }),
        (("--min", "floors"), {
            "multiple": True, "type": FieldNumber(), "metavar": "FIELD=X",
            "help": "Leave records out (for --rejects) with less in this field. May be repeated.",
        }),
        (("--keep",), {
            "type": Percentage(), "metavar": "P%", "help": "Keep this share of the input, rounded half up.",
        }),
        (("-k",), {"type": click.IntRange(0), "metavar": "N", "help": "Keep this many."}),
    ):  # fmt: skip
        click.option(*names, **settings)(chooser)
    return held_options("Utterances held already")(chooser)


def held_options(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """--held and --held-text: what is there before the input, as records and as plain text."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option, form in (("--held-text", "plain text"), ("--held", "JSON Lines")):
            click.option(option, multiple=True, type=DATA, help=f"{what}, {form}. May be repeated.")(function)
        return function

    return decorate


def vector_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of commands that ask how alike utterances are: where their vectors come from.

    The function has :func:`held_options` as well, and gets ``given``: datasel.paraphrase.sources.Given, or None.
    """

    @wraps(function)
    def sourced(pipe, *, model, vectors, encoder, held_vectors, held, held_text, **options):
        from datasel.paraphrase.sources import Given

        found = Given(model, vectors, encoder, held_vectors)
        if sum(each is not None for each in found[:3]) > 1:
            raise UsageError("give one of --model, --vectors and --encoder")
        if (held_vectors is not None) != bool(vectors and (held or held_text)):
            raise UsageError("what is held takes --held-vectors where the input takes --vectors, and only there")
        function(pipe, given=found if any(found) else None, held=held, held_text=held_text, **options)

    for names, told in (
        (("--held-vectors",), "Vectors of what is held, .npy, a row for each line of its files."),
        (("--encoder",), "Take the vectors of this encoder, of datasel encoder."),
        (("--vectors",), "Take these vectors, .npy, a row for each line of the input."),
        (("-m", "--model"), "Take the vectors of this detector, of paraphrase-fit."),
    ):
        click.option(*names, type=MODEL, help=told)(sourced)
    return sourced


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
        "beam_threshold": (click.FloatRange(0, 1e6), "Drop hypotheses further below the best.  [default: 14]"),
    }  # fmt: skip

    @wraps(function)
    def searcher(pipe, **options):
        given = {name: options.pop(name) for name in names}
        function(pipe, search={name: value for name, value in given.items() if value is not None}, **options)

    for name, (kind, told) in reversed(names.items()):
        metavar = "N" if isinstance(kind, click.IntRange) else "X"
        click.option("--" + name.replace("_", "-"), type=kind, metavar=metavar, help=told)(searcher)
    return searcher


def format_options(reading: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of commands that read or write other tools' formats.

    The function gets the format's name as ``form`` and those of the options that are for it as ``given``.
    """
    names, done, direction = (READ, "read", "--from") if reading else (WRITTEN, "written", "--to")
    parameter = f"{direction[2:]}_format"
    mine = [option for option in _FORMAT_OPTIONS if any(option[0] in _taken(form, reading) for form in names)]

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def converter(pipe, *, rename, **options):
            form = options.pop(parameter)
            given = {name: options.pop(name) for name, *_ in mine}
            for name in [name for name, value in given.items() if value in (None, (), False)]:
                del given[name]
            for name in given:
                if name not in _taken(form, reading):
                    flag = "--" + name.replace("_", "-")
                    raise UsageError(f"{flag} is not for {form}, but for {' and '.join(_users(name, reading))}")
            old = [pair[0] for pair in rename]
            if len(set(old)) < len(old):
                raise UsageError("--rename names a field twice")
            function(pipe, form=form, given={**given, "rename": dict(rename)}, **options)

        click.option("--rename", multiple=True, type=FieldPair(), metavar="OLD=NEW",
                     help="Give the field OLD the name NEW. May be repeated.")(converter)  # fmt: skip
        for name, settings in reversed(mine):
            users = ", ".join(_users(name, reading))
            settings = {**settings, "help": f"{settings['help']} ({users})"}
            click.option("--" + name.replace("_", "-"), **settings)(converter)
        click.option(direction, parameter, required=True, type=click.Choice(names), metavar="FORMAT",
                     help=f"The format {done}: {', '.join(names)}.")(converter)  # fmt: skip
        return converter

    return decorate


def _taken(form: str, reading: bool) -> tuple[str, ...]:
    return FORMATS[form].reading if reading else FORMATS[form].writing


def _users(name: str, reading: bool) -> list[str]:
    return [form for form in FORMATS if name in _taken(form, reading)]


class _Delimiter(click.ParamType):
    """One character; \\t stands for a tab."""

    name = "character"

    def convert(self, value, param, ctx):
        value = "\t" if value == "\\t" else value
        if len(value) != 1 or value in '"\r\n':
            self.fail(f"'{value}' is not one character that can part columns", param, ctx)
        return checked_utf8(self, value, param, ctx)


_FORMAT_OPTIONS = (
    ("columns", {"type": Columns(), "metavar": "NAME,...", "help": "The columns' names, where no header has them."}),
    ("json_columns", {
        "type": Columns(), "metavar": "NAME,...", "help": "Columns that hold JSON, such as numbers, and not text.",
    }),
    ("languages", {
        "type": Columns(), "metavar": "A,B", "help": "Those of source and target, as the file calls them.",
    }),
    ("split", {"metavar": "NAME", "help": "The part that is read, such as train."}),
    ("scheme", {
        "type": click.Choice(SCHEMES), "help": "What tags begin and end spans with.  [default: iob2]",
    }),
    ("comments", {"is_flag": True, "help": "Also lines with the text, id, domain and intent."}),
    ("file", {
        "multiple": True, "type": FieldFile(), "metavar": "FIELD=FILE",
        "help": "Write this field to FILE. May be repeated.",
    }),
    ("ctm", {"multiple": True, "type": DATA, "help": "What was recognised, word by word. May be repeated."}),
    ("delimiter", {"type": _Delimiter(), "metavar": "C", "help": "What parts columns, in place of a comma."}),
)  # fmt: skip

"""The front door: what every command shares before and after its own few lines of work.

``@filter_command`` gives a command the shared options and opens its :class:`~datasel.records.pipe.Pipe`; the loop over
records is the pipe's, and how the process ends is :mod:`datasel.ending`.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from math import isfinite
from typing import Any, NoReturn

import click

from datasel import __version__, manual
from datasel.ending import Closed, run
from datasel.errors import DataWarning, Ended, UsageError, shown
from datasel.helping import SETTINGS, ManualCommand
from datasel.own import OWN
from datasel.parameters import (  # noqa: F401 (commands have them from here)
    DATA,
    FIELD,
    MODEL,
    Columns,
    DataFile,
    FieldFile,
    FieldName,
    FieldNumber,
    FieldPair,
    Layers,
    ModelFile,
    Number,
    Percentage,
    Symbols,
    Utf8,
)  # fmt: skip
from datasel.registry import BY_NAME, COMMANDS

# Parameters that name a place to write to.
_OUTPUTS = ("output", "rejects", "report", "save_centroids", "heard")

# Options that say where things are or how fast they go, never what the result is.
_NOT_IN_SIGNATURE = {
    "files", "output", "rejects", "line_buffered", "quiet", "verbose", "signature", "jobs", "text", "tsv",
    "memory", "print_field", "json_output", "html", "show", "out_dir", "checkpoints",
}  # fmt: skip


def filter_command(
    *,
    reads: bool = True,
    text: bool = False,
    tsv: bool = False,
    writes: str = "records",
    field: str | None = None,
    into: str | bool | None = None,
    drops: bool = False,
    rejects: bool = False,
    jobs: bool = False,
    seed: bool = False,
    folder: bool = False,
    folders: bool = False,
) -> Callable[[Callable[..., None]], FilterCommand]:
    """Make a function of ``(pipe, **options)`` a command.

    ``reads``: it takes records from FILEs or standard input; ``text``: plain text as well;
    ``tsv``: tab-separated columns as well.
    ``writes``: "records", "model", "picture", "report", or "text" for records in another form.
    ``field`` and ``into`` are the defaults of ``--field`` and ``--into``, which it has only then; ``into=True``: None,
    which stands for the text field itself.
    ``folder``: its model is of several files, a tar archive that -o NAME/ makes a folder of.
    ``folders``: its FILEs may be folders.
    ``drops``: it can leave records out for a reason (they too go to ``--rejects``).
    ``rejects``: it has ``--rejects`` although it writes no records.
    """

    def decorate(function: Callable[..., None]) -> FilterCommand:
        module = sys.modules[function.__module__]
        name = function.__module__.rpartition(".")[2].replace("_", "-")
        options = list(reversed(getattr(function, "__click_params__", [])))
        shared = _shared_options(reads, text, tsv, writes, field, into, drops, rejects, jobs, seed, folder)
        return FilterCommand(
            name, params=[*options, *shared], callback=_call(function, folder, folders, isinstance(into, str)),
            docstring=module.__doc__ or "", writes=writes,
        )  # fmt: skip

    return decorate


def _shared_options(reads, text, tsv, writes, field, into, drops, rejects, jobs, seed, folder) -> list[click.Parameter]:
    def option(*names, **settings):
        return click.Option(names, **settings)

    made = writes if writes in ("model", "picture") else "output"
    options: list[click.Parameter] = []
    if field:
        options.append(option("-f", "--field", default=field, type=FIELD, help="The text field.", show_default=True))
    if into:
        default = {"show_default": "the text field"} if into is True else {"default": into, "show_default": True}
        options.append(option("--into", type=FIELD, help="The field written.", **default))
    if text:
        options.append(option("--text", is_flag=True, help='Read plain text: each line becomes {"text": LINE}.'))
    if tsv:
        options.append(
            option("--tsv", type=Columns(), metavar="NAME,...",
                   help="Read tab-separated columns: each line becomes a record with these fields.")
        )  # fmt: skip
    if writes == "records":
        options.append(option("--print", "print_field", type=FIELD, help="Write this field alone, as plain text."))
    filters = reads and writes in ("records", "text")
    if filters or rejects:
        what = "bad and dropped" if drops else "bad"
        options.append(
            option(
                "--rejects", type=DATA,
                help=f"Put {what} records into FILE, one a line: file, line, reason, record (tab-separated). "
                "Without it a bad record ends the run.",
            )
        )  # fmt: skip
    if filters:
        options.append(option("--line-buffered", is_flag=True, help="Pass on each line as soon as it comes."))
    if jobs:
        options.append(
            option("-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", show_default=True,
                   help="Processors to use; changes speed only.")
        )  # fmt: skip
    if seed:
        options.append(
            option(
                "--seed",
                type=click.IntRange(0),
                default=1,
                metavar="N",
                help="Seed of the random choices.",
                show_default=True,
            )
        )
    place = "FILE, or to a folder NAME/" if folder else "FILE"
    options += [
        option(
            "-o", "--output", type=DATA, help=f"Write the {made} to {place}, whole or not at all (it may be an input)."
        ),
        option("--signature", is_flag=True, help="Say on standard error what made this result."),
        option("-q", "--quiet", is_flag=True, help="No progress, no warnings."),
        option("-v", "--verbose", is_flag=True, help="Say more on standard error."),
        option(
            "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version."
        ),
    ]
    if reads:
        options.append(click.Argument(["files"], nargs=-1, type=DATA, metavar="[FILE]..."))
    return options


def _call(function: Callable[..., None], folder: bool, folders: bool, adds: bool) -> Callable[..., None]:
    """The command's body between the opening of its pipe and the closing; ``adds``: --into is not the text field."""

    @click.pass_context
    def run(ctx: click.Context, **options: Any) -> None:
        _refuse_what_is_no_number(ctx)
        if adds and options.get("text") and options["into"] == "text":
            raise UsageError("plain text becomes the field text: give --into another name")
        if _reads_standard_input(ctx) and os.isatty(0) and not options["quiet"]:
            print(f"{ctx.command.name}: reading from the terminal; Ctrl-D ends it", file=sys.stderr, flush=True)
        from datasel.records.pipe import Pipe

        signed = options.pop("signature")
        pipe = Pipe(
            ctx.command.name,
            options.pop("files", ()),
            **{
                key: options.pop(key)
                for key in ("output", "text", "tsv", "print_field", "rejects", "report")
                if key in options
            },
            **{key: options.pop(key) for key in ("line_buffered", "quiet", "verbose") if key in options},
            folder=folder,
            folders=folders,
        )
        try:
            if ctx.command.writes in ("model", "picture") and pipe.sink.isatty():
                raise UsageError(f"a {ctx.command.writes} is not for the terminal; give -o FILE")
            pipe.signature = _Signature(ctx)
            with warnings.catch_warnings():
                warnings.simplefilter("always", DataWarning)
                warnings.showwarning = _showing(pipe.warn, warnings.showwarning)
                function(pipe, **options)
            Ended.check()
            pipe.close()
            if signed:
                print(shown(f"{ctx.command.name}: {pipe.signature}"), file=sys.stderr)
        except BrokenPipeError:
            pipe.abort()
            raise Closed from None
        except BaseException:
            pipe.abort()
            raise

    return run


def _showing(warn: Callable[[str], None], otherwise: Callable[..., None]) -> Callable[..., None]:
    """How warnings are shown: ours as the command's."""

    def show(message: Warning | str, category: type[Warning], *place: Any) -> None:
        if issubclass(category, DataWarning):
            warn(str(message))
        else:
            otherwise(message, category, *place)

    return show


def _refuse_what_is_no_number(ctx: click.Context) -> None:
    """click takes nan and inf for numbers of any range."""
    for param in ctx.command.params:
        value = ctx.params.get(param.name or "")
        if isinstance(value, float) and not isfinite(value):
            raise UsageError(f"{max(param.opts, key=len)} takes a number, not {value}")


def _reads_standard_input(ctx: click.Context) -> bool:
    """Whether it does; UsageError where it would have two readers, two outputs one place, or an input would be lost.

    Only the output itself may take the place of an input, and only a model that of a model.
    """
    outputs, inputs, models = _places(ctx)
    times = [*inputs, *models].count("-") + (ctx.params.get("files") == ())
    if times > 1:
        raise UsageError("standard input can be read only once")
    kept = {os.path.realpath(path) for path in models if os.path.exists(path)}
    output = os.path.realpath(ctx.params.get("output") or "-")
    if output in kept and ctx.command.writes != "model":
        raise UsageError("-o would take the place of a model")
    taken = {output, *(os.path.realpath(path) for path in inputs if os.path.isfile(path))}
    for name, path in outputs:
        if path == "-" or os.path.realpath(path) in (taken if name == "save_centroids" else taken | kept):
            raise UsageError(f"--{name.replace('_', '-')} needs a FILE of its own")
        taken.add(os.path.realpath(path))
    return times == 1


def _places(ctx: click.Context) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """The outputs but -o with their options' names, the data read, and the models read."""
    outputs, inputs, models = [], [], []
    for param in ctx.command.params:
        value, name = ctx.params.get(param.name or ""), param.name or ""
        values = [] if value is None else list(value) if isinstance(value, tuple) else [value]
        if isinstance(param.type, FieldFile):
            outputs += [(name, path) for _, path in values]
        elif isinstance(param.type, ModelFile):
            models += values
        elif isinstance(param.type, DataFile) and name in _OUTPUTS:
            outputs += [(name, path) for path in values if name != "output"]
        elif isinstance(param.type, DataFile):
            inputs += values
    return outputs, inputs, models


class _Signature:
    """Worked out only when somebody asks: a model's digest takes reading it."""

    def __init__(self, ctx: click.Context):
        self._ctx = ctx

    def __str__(self) -> str:
        from datasel.records.signature import digest, signature

        settings = {}
        for param in self._ctx.command.params:
            value = self._ctx.params.get(param.name)
            if param.name in _NOT_IN_SIGNATURE or isinstance(param.type, DataFile):
                continue
            if isinstance(param.type, ModelFile) and value is not None:
                value = tuple(map(digest, value)) if isinstance(value, tuple) else digest(value)
            if isinstance(value, tuple):
                value = ",".join("=".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in value)
            settings[(param.name or "").replace("_", "-")] = value
        return signature(self._ctx.command.name, settings)


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"{ctx.command.name} (datasel) {__version__}")
        ctx.exit()


class FilterCommand(ManualCommand):
    """A click command with our manual for help, our error lines and our way to end."""

    def __init__(self, name: str, *, docstring: str, writes: str, **settings: Any):
        self.writes = writes
        super().__init__(name, docstring, name, **settings)

    @property
    def reads(self) -> bool:
        """Whether it takes records from FILEs or standard input."""
        return any(param.name == "files" for param in self.params)

    def sections(self) -> list[manual.Section]:
        return manual.full_sections(self.docstring, self.reads)

    def main(self, args=None, **_ignored) -> NoReturn:
        run(lambda: super(FilterCommand, self).main(args, prog_name=self.name, standalone_mode=False), self.name)


class _Datasel(click.Group):
    """``datasel NAME`` is NAME; ``datasel`` alone lists the commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*(entry.name for entry in COMMANDS), *OWN]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return BY_NAME[name].load() if name in BY_NAME else OWN.get(name)

    def resolve_command(self, ctx: click.Context, args: list[str]):
        if args[0] not in {*BY_NAME, *OWN} and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], [*BY_NAME, *OWN])
            raise click.UsageError(
                f"no command '{args[0]}'" + (f"; did you mean {' or '.join(close)}?" if close else ""), ctx
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("datasel: coreutils for training-data selection\n\nUsage: datasel COMMAND [ARGS]...\n")
        with formatter.section("Commands (each is an executable of its own as well)"):
            formatter.write_dl([(entry.name, entry.summary) for entry in COMMANDS])
        with formatter.section("Of datasel itself"):
            formatter.write_dl([(f"datasel {name}", command.summary) for name, command in OWN.items()])
        with formatter.section("Options"):
            formatter.write_dl([("--version", "Show the version."), ("-h, --help", "Show this list.")])
        formatter.write("\n'COMMAND --help' tells more, 'man COMMAND' the same.\n")


def main() -> NoReturn:
    """The executable ``datasel``."""
    group = _Datasel(
        "datasel",
        params=[click.Option(["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_version)],
        invoke_without_command=True,
        callback=_list,
        context_settings=SETTINGS,
    )
    name = next((argument for argument in sys.argv[1:2] if argument in BY_NAME), "datasel")
    name = f"datasel {sys.argv[1]}" if sys.argv[1:2] and sys.argv[1] in OWN else name
    run(lambda: group.main(prog_name="datasel", standalone_mode=False), name)


@click.pass_context
def _list(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())

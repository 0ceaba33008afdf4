"""What the program datasel does itself, besides running commands: ``datasel doctor`` and ``datasel samples``."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import click

from datasel import manual


class OwnCommand(click.Command):
    """``datasel NAME``: its function's docstring is its manual."""

    def __init__(self, function: Any, *params: click.Parameter):
        self.docstring = inspect.cleandoc(function.__doc__)
        settings = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
        super().__init__(function.__name__, callback=function, params=list(params), context_settings=settings)

    @property
    def summary(self) -> str:
        summary = manual.sections(self.docstring)[0]
        return summary[0].lower() + summary[1:]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        summary, description, found = manual.sections(self.docstring)
        formatter.write_usage(f"datasel {self.name}", " ".join(self.collect_usage_pieces(ctx)))
        for paragraph in (summary + ".", *description.split("\n\n")):
            if paragraph:
                formatter.write_paragraph()
                formatter.write_text(paragraph)
        self.format_options(ctx, formatter)
        for heading, body in found:
            with formatter.section(heading):
                formatter.write("".join(f"  {line}\n" for line in body.splitlines()))


def doctor() -> None:
    """Say what is installed.

    One line each: datasel, Python, the packages it needs, the extras with what they are for and how to install those
    that are missing, and programs outside of Python. Exit status 1 where a package is missing that every
    installation has; an extra or a program may be missing.

    Examples:
        $ datasel doctor
    """
    from datasel import doctor as room

    click.echo(room.report(), nl=False)
    room.check()


def samples(folder: str, quiet: bool) -> None:
    """Make a folder of sample files, under the names that all manuals use.

    The examples of every manual run there as they stand. Texts and recordings are copied; models and what commands make
    of them are made, which takes some seconds. Small models that only training makes (paraphrase.onnx, en-hi/,
    tones.onnx, letters.onnx) are left out where the extra train is not installed, and standard error says so.

    The folder must be new or empty. It appears whole or not at all.

    Examples:
        $ datasel samples samples
    """
    from datasel import samples as room
    from datasel.extras import INSTALL

    terminal = sys.stderr.isatty() and not quiet

    def said(name: str, number: int, total: int) -> None:
        print(f"\r\033[Kdatasel samples: {number}/{total} {name}", end="", file=sys.stderr, flush=True)

    left_out = room.lay_out(folder, said if terminal else None)
    if terminal:
        print("\r\033[K", end="", file=sys.stderr)
    for extra, names in left_out.items():
        if not quiet:
            print(f"datasel samples: left out {', '.join(names)}: {INSTALL.format(extra)}", file=sys.stderr)


OWN = {
    command.name: command
    for command in (
        OwnCommand(doctor),
        OwnCommand(
            samples,
            click.Argument(["folder"], metavar="DIR"),
            click.Option(["-q", "--quiet"], is_flag=True, help="No progress, no warnings."),
        ),
    )
}

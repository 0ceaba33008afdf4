"""Commands of click whose --help is their manual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from datasel import manual

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Formatter(click.HelpFormatter):
    """Breaks no line at the hyphens of an option's name."""

    def write_text(self, text: str) -> None:
        start = len(self.buffer)
        super().write_text(text.replace("-", "\u2011"))
        self.buffer[start:] = [part.replace("\u2011", "-") for part in self.buffer[start:]]


class _Context(click.Context):
    formatter_class = _Formatter


class ManualCommand(click.Command):
    """Shows its ``docstring`` with its options; ``called``: its name as it is typed."""

    context_class = _Context

    def __init__(self, name: str, docstring: str, called: str, **settings: Any):
        self.docstring, self.called = docstring, called
        super().__init__(name, context_settings=SETTINGS, **settings)

    def sections(self) -> Sequence[manual.Section]:
        """What comes after the options."""
        return manual.sections(self.docstring)[2]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        summary, description, _ = manual.sections(self.docstring)
        formatter.write_usage(self.called, " ".join(self.collect_usage_pieces(ctx)))
        for paragraph in (summary + ".", *description.split("\n\n")):
            if paragraph:
                formatter.write_paragraph()
                formatter.write_text(paragraph)
        self.format_options(ctx, formatter)
        for heading, body in self.sections():
            with formatter.section(heading):
                if manual.is_verbatim(body):
                    formatter.write("".join(f"  {line}\n" if line else "\n" for line in body.splitlines()))
                else:
                    formatter.write_text(body)

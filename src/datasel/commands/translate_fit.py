"""Train a translator on sentence pairs.

Reads pairs (source and target, texts), learns a vocabulary of pieces of words (SentencePiece) and trains a Transformer
on them. --dev takes pairs that training must not see: after every epoch, or --every updates, its sources are translated
and compared with its targets. The chrF there (0 to 100, higher is better) chooses the weights that are kept, which are
means over the last updates, and ends the training when it has not risen for --patience looks. -v tells of each look,
and every minute how far the training is.

The learning rate rises for --warm-up updates and then falls along a line to the end of the last epoch.

--guide X uses the field alignment of the pairs, as align-words adds it: one head of the attention learns to look at the
words that a word translates, which makes better translators of few pairs (guided alignment: Chen et al., AMTA 2016;
Garg et al., EMNLP 2019). X is the weight of that part of the loss: 0.2 and 0.5 did equally well.

--symbols names words that are to be one piece each, never cut: masks for names ([e1], [e2], ...), or a tag in front of
the sources of some pairs. The translator learns to copy or heed them where the pairs have them.

--init MODEL goes on from a translator (tuning to a domain, self-training), with its vocabulary, shape and dropout,
whatever the options say of these.

Words are what stands between white space, as they are: bring texts into one form first (normalize-text). Pairs with an
empty side or more than --longest pieces on one are left out, and counted on standard error.

The model is a CTranslate2 model (weights in eight bits) with the vocabulary, the weights in full (weights.npz, for
--init) and a description with the signature and the looks at dev: a tar archive, or with -o NAME/ a folder, which
CTranslate2 itself reads as well. Using it takes no torch, training does: install the extra
train. The same pairs, options and seed make the same model on one kind of machine; --threads is one of the options.

Resuming:
    With --checkpoints FOLDER the state of the training is kept there after every look. The same call goes on
    from there after it was ended, and makes the same model as if it had not been.

Memory:
    Holds all pairs as numbers, about 100 bytes a pair (500 with alignments), and what training takes (1 GB).

Examples:
    $ translate-fit --dev sentences-dev.jsonl --epochs 2 --vocabulary 150 --layers 1,1 sentences.jsonl -o en-hi/
    $ align-words --model en-hi.align -f target sentences.jsonl \\
        | translate-fit --guide 0.2 --dev sentences-dev.jsonl --epochs 2 --vocabulary 150 --layers 1,1 -o guided/
    $ translate-fit --init en-hi/ --dev sentences-dev.jsonl --epochs 1 sentences.jsonl -o tuned/
    # columns of TSV files, and what dev is too
    $ jq -r '[.source, .target] | @tsv' sentences.jsonl | translate-fit --tsv source,target --epochs 1 \\
        --vocabulary 150 --dev <(jq -r '[.source, .target] | @tsv' sentences-dev.jsonl) -o of-columns/
"""

from __future__ import annotations

import os

import click

from datasel.cli import DATA, FIELD, MODEL, Layers, Symbols, filter_command
from datasel.errors import UsageError
from datasel.extras import missing
from datasel.options import fields_apart


@filter_command(tsv=True, writes="model", seed=True, folder=True)
@click.option("--dev", multiple=True, required=True, type=DATA,
              help="Pairs to choose by, in the form of the input. May be repeated.")  # fmt: skip
@click.option("--source", type=FIELD, default="source", show_default=True, help="The field of the source text.")
@click.option("--target", type=FIELD, default="target", show_default=True, help="The field of the target text.")
@click.option("--init", type=MODEL, help="A translator to go on from.")
@click.option("--checkpoints", type=click.Path(), metavar="FOLDER", help="Keep the state here, and go on from it.")
@click.option("--epochs", type=click.IntRange(1), default=10, show_default=True, metavar="N",
              help="Passes over the pairs, at most.")  # fmt: skip
@click.option("--updates", type=click.IntRange(1), metavar="N", help="Updates, at most.")
@click.option("--every", type=click.IntRange(1), metavar="N", help="Updates between looks at dev.",
              show_default="an epoch")  # fmt: skip
@click.option("--patience", type=click.IntRange(1), default=4, show_default=True, metavar="N",
              help="Looks without a rise that end the training.")  # fmt: skip
@click.option("--vocabulary", type=click.IntRange(16, 65000), default=6000, show_default=True, metavar="N",
              help="Pieces, at most.")  # fmt: skip
@click.option("--symbols", type=Symbols(), default=(), metavar="WORD,...", help="Words that are pieces of their own.")
@click.option("--dimensions", type=click.IntRange(8), default=256, show_default=True, metavar="N", help="Of a piece.")
@click.option("--feed-forward", type=click.IntRange(1), default=1024, show_default=True, metavar="N",
              help="Units between.")  # fmt: skip
@click.option("--heads", type=click.IntRange(1), default=4, show_default=True, metavar="N", help="Of the attention.")
@click.option("--layers", type=Layers(), default="4,2", show_default=True, metavar="N,M",
              help="Of the encoder and of the decoder.")  # fmt: skip
@click.option("--dropout", type=click.FloatRange(0, 0.9), default=0.1, show_default=True, metavar="X",
              help="Share of values left out while training.")  # fmt: skip
@click.option("--batch", type=click.IntRange(16), default=2048, show_default=True, metavar="N",
              help="Pieces an update, a side.")  # fmt: skip
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="X", help="The highest learning rate.",
              show_default="0.0015; with --init 0.0003")  # fmt: skip
@click.option("--warm-up", type=click.IntRange(0), default=300, show_default=True, metavar="N",
              help="Updates until it.")  # fmt: skip
@click.option("--smoothing", type=click.FloatRange(0, 0.9), default=0.1, show_default=True, metavar="X",
              help="Of the labels.")  # fmt: skip
@click.option("--guide", type=click.FloatRange(0), default=0.0, show_default=True, metavar="X",
              help="Weight of the alignments.")  # fmt: skip
@click.option("--longest", type=click.IntRange(1, 1000), default=128, show_default=True, metavar="N",
              help="Pieces of a text.")  # fmt: skip
@click.option("--precision", type=click.Choice(["auto", "bf16", "f32"]), default="auto", show_default=True,
              help="Of the products; auto: bf16 where the processor has instructions for it, else f32.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True, metavar="N",
              help="Of torch; sums depend on it.")  # fmt: skip
def command(pipe, dev, source, target, init, checkpoints, seed, **options):
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait must not keep others from a shared core
    try:
        import sacrebleu  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise missing("training", error.name or "torch", "train") from None
    if options["dimensions"] % (2 * options["heads"]):
        raise UsageError("--dimensions must be a multiple of twice the --heads")
    if options["guide"]:
        if pipe.tsv:
            raise UsageError("--guide reads alignments, which columns of --tsv do not hold")
        fields_apart("alignment", source=source, target=target)
    from typing import Any

    from datasel.records.jsonl import read
    from datasel.translation import sides
    from datasel.translation.fitting import fitted

    schema = {source: str, target: str}
    if options["guide"]:
        pairs, aligned = sides.linked(pipe.records(schema | {"alignment": Any}), source, target)
    else:
        pairs, aligned = _texts(pipe.records(schema), source, target), None
    held = _texts(read(dev, schema, tsv=pipe.tsv), source, target)
    pipe.write_whole(fitted(pipe, pairs, aligned, held, init, checkpoints, seed, options))


def _texts(stream, source, target):
    return [pair for records in stream for pair in zip(records.column(source), records.column(target))]

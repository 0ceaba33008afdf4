"""Train a paraphrase detector on pairs of utterances.

Reads pairs (text, other and label: 1 for paraphrases, else 0), such as paraphrase-pairs makes, and trains a siamese
encoder that sees the order of words: hashed words and character n-grams, a bidirectional GRU, and a unit vector for the
utterance. The probability that two utterances are paraphrases is a logistic function of the cosine of their vectors, so
a whole pool is scored against a set by one matrix product (paraphrase-diverse).

--dev takes pairs of domains that the training pairs do not have. Training ends when the AUC there has not risen for
an epoch, and the best epoch is kept; then the logistic function is fitted to one half of them (calibration)
and the quality on the other half goes into the model and with -v to standard error: AUC, accuracy, and expected
calibration error.

The model is an ONNX file with its settings in the metadata; using it takes no torch, training does: install
the extra train. The same pairs, options and seed make the same model on one kind of machine; --threads is one of the
options.

Memory:
    Holds all pairs as word numbers, about 300 bytes a pair, and what training the network takes (300 MB).

Examples:
    $ paraphrase-fit --dev dev-pairs.jsonl pairs.jsonl -o paraphrase.onnx
    $ paraphrase-fit --dev dev-pairs.jsonl --epochs 2 --hidden 16 --dimensions 16 pairs.jsonl -o small.onnx
"""

from __future__ import annotations

import os

import click

from datasel.cli import DATA, filter_command
from datasel.errors import DataError
from datasel.extras import missing


@filter_command(writes="model", seed=True)
@click.option("--dev", multiple=True, required=True, type=DATA,
              help="Pairs of held-out domains, JSON Lines. May be repeated.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=8, show_default=True, metavar="N",
              help="Passes over the pairs, at most.")  # fmt: skip
@click.option("--batch", type=click.IntRange(1), default=256, show_default=True, metavar="N", help="Pairs a step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=2e-3, show_default=True, metavar="X",
              help="Learning rate at the start; it falls to nearly 0.")  # fmt: skip
@click.option("--buckets", type=click.IntRange(1024), default=1 << 16, show_default=True, metavar="N",
              help="For hashed words and character n-grams.")  # fmt: skip
@click.option("--embedding", type=click.IntRange(1), default=96, show_default=True, metavar="N",
              help="Dimensions of a word.")  # fmt: skip
@click.option("--hidden", type=click.IntRange(1), default=128, show_default=True, metavar="N",
              help="Units of the GRU in each direction.")  # fmt: skip
@click.option("--dimensions", type=click.IntRange(2), default=128, show_default=True, metavar="N",
              help="Of an utterance's vector.")  # fmt: skip
@click.option("--dropout", type=click.FloatRange(0, 0.9), default=0.1, show_default=True, metavar="X",
              help="Share of values left out while training.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True, metavar="N",
              help="Of torch; sums depend on it.")  # fmt: skip
def command(pipe, dev, seed, **shape):
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait must not keep others from a shared core
    try:
        import onnx  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise missing("training", error.name or "torch", "train") from None
    from datasel.paraphrase.detector import KIND
    from datasel.paraphrase.network import to_onnx
    from datasel.paraphrase.training import SCHEMA, PairReader, Settings, Trainer
    from datasel.paraphrase.units import PIECES
    from datasel.records import onnxfile
    from datasel.records.jsonl import read

    settings = Settings(**shape, seed=seed)
    reader = PairReader(settings.buckets)
    train, held = reader.pairs(pipe.records(SCHEMA)), reader.pairs(read(dev, SCHEMA))
    for name, pairs in (("training", train), ("--dev", held)):
        if min(pairs.label.sum(), (1 - pairs.label).sum()) < 2:
            raise DataError(f"the {name} pairs must hold both paraphrases and others, two of each at least")
    pipe.say(f"{len(train):,} pairs to learn from, {len(held):,} held out")
    trainer = Trainer(reader.vocabulary, settings)
    trainer.fit(train, held, pipe.say, pipe.progress.show)
    scale, shift, found = trainer.calibrated(held)
    pipe.say(
        f"held-out domains: AUC {found.auc:.4f}, accuracy {found.accuracy:.4f}, calibration error {found.error:.4f}"
    )
    facts = {"pairs": len(train), "pieces": PIECES, "scale": scale, "shift": shift, "dev": found._asdict()}
    pipe.write_whole(onnxfile.pack(KIND, str(pipe.signature), {**settings._asdict(), **facts}, to_onnx(trainer)))

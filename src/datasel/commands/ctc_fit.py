"""Train a small acoustic model with a CTC output on recorded utterances.

Reads records with audio, the path of a recording (relative to the folder of the JSON Lines file), and the text that is
said in it, and trains a convolutional network whose output ctc-emit adds to other recordings: a probability of each
token in each of 50 frames a second. With --features it learns from the field emissions, another model's output, in
place of audio (its paths are relative to the same folder): so a recogniser of any language's phones, frozen, is fitted
to one language and its recordings with minutes of speech.

Tokens are those of --lexicon, a text lexicon: lines 'WORD<TAB>TOKEN TOKEN ...', of several for a word the first. A
word that it does not have is an error. Without one tokens are the characters of the text (NFC). Before, between and
after words stands the token sil, for silence; blank is '-'.

The network sees 80 numbers a frame, the log power in 40 mel bands twice, or the log-probabilities of the emissions; it
has --layers convolutions over --width frames, each further one over a stretch twice as long, up to eight times.
--dev takes utterances that are not learned from: the epoch with the lowest token error rate on them is kept (of the
best path, without silence); -v says that rate. Without --dev the last epoch is kept.

The model is an ONNX file with its settings, tokens, blank, silence, frame rate and what it reads in the metadata; using
it takes no torch, training does: install the extra train. The same utterances, options and seed make the same model on
one kind of machine; --threads is one of the options.

Memory:
    Holds the frames of all utterances, 16 KB a second of audio (with --features 4 bytes a token and frame), and what
    training the network takes (300 MB).

Examples:
    $ ctc-fit --lexicon tones.lexicon --epochs 5 --hidden 16 --layers 1 tones.jsonl -o small.onnx
    # a network on top of another model's output
    $ ctc-emit --model tones.onnx tones.jsonl | ctc-fit --features --epochs 2 --hidden 16 --layers 1 -o letters.onnx
    $ ctc-emit --model tones.onnx tones.jsonl | ctc-emit --model letters.onnx > emissions.jsonl
"""

from __future__ import annotations

import os

import click

from datasel.cli import DATA, filter_command
from datasel.errors import DataError
from datasel.extras import missing


@filter_command(writes="model", seed=True, field="text")
@click.option("--dev", multiple=True, type=DATA, help="Utterances held out, JSON Lines. May be repeated.")
@click.option("--lexicon", type=DATA, help="Words and their tokens.")
@click.option("--features", is_flag=True, help="Learn from emissions in place of audio.")
@click.option("--epochs", type=click.IntRange(1), default=60, show_default=True, metavar="N",
              help="Passes over the utterances.")  # fmt: skip
@click.option("--batch", type=click.IntRange(1), default=8, show_default=True, metavar="N", help="Utterances a step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=2e-3, show_default=True, metavar="X",
              help="Learning rate at its highest.")  # fmt: skip
@click.option("--hidden", type=click.IntRange(1), default=128, show_default=True, metavar="N",
              help="Units of a layer.")  # fmt: skip
@click.option("--layers", type=click.IntRange(1, 12), default=3, show_default=True, metavar="N", help="Convolutions.")
@click.option("--width", type=click.IntRange(1, 31), default=5, show_default=True, metavar="N",
              help="Frames a convolution sees; of an even number one more.")  # fmt: skip
@click.option("--dropout", type=click.FloatRange(0, 0.9), default=0.2, show_default=True, metavar="X",
              help="Share of values left out while training.")  # fmt: skip
@click.option("--longest", type=click.FloatRange(0, min_open=True), default=60, show_default=True, metavar="SECONDS",
              help="Of an utterance that is read.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, metavar="N",
              help="Of torch; sums depend on it.")  # fmt: skip
def command(pipe, dev, lexicon, features, longest, field, seed, **shape):
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait must not keep others from a shared core
    try:
        import onnx  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise missing("training", error.name or "torch", "train") from None
    from datasel.records import onnxfile
    from datasel.records.jsonl import read
    from datasel.speech.acoustic import KIND
    from datasel.speech.fitting import Examples, Settings, Trainer
    from datasel.speech.network import to_onnx
    from datasel.speech.spoken import SAMPLE_RATE, Reader, examples
    from datasel.speech.targets import Targets, characters, read_lexicon

    settings = Settings(**{**shape, "width": shape["width"] | 1}, seed=seed)
    spellings = read_lexicon(lexicon) if lexicon is not None else None
    reader = Reader("emissions" if features else "audio", field, longest)
    heard = reader.utterances(pipe.records(reader.schema))
    targets = Targets(spellings, characters(each.text for each in heard))
    train = examples(heard, targets)
    held = examples(reader.utterances(read(dev, reader.schema)), targets) if dev else Examples([], [])
    if dev and not any(token > 1 for said in held.said for token in said):  # blank and silence are 0 and 1
        raise DataError("nothing is said in the --dev utterances")
    pipe.say(f"{len(train):,} utterances to learn from, {len(held):,} held out; {len(targets.tokens)} tokens")
    trainer = Trainer(train, len(targets.tokens), 0, 1, settings)
    found = trainer.fit(held, pipe.say, pipe.progress.show)
    if found is not None:
        pipe.say(f"kept: dev token error rate {found:.4f}")
    facts = {
        "reads": reader.reads, "inputs": reader.inputs, "sample_rate": SAMPLE_RATE, "frame_rate": reader.frame_rate,
        "tokens": targets.tokens, "blank": targets.tokens[0], "silence": targets.tokens[1], "utterances": len(train),
        "dev_token_error_rate": found,
    }  # fmt: skip
    pipe.write_whole(onnxfile.pack(KIND, str(pipe.signature), {**settings._asdict(), **facts}, to_onnx(trainer)))

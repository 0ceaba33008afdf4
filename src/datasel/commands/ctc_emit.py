r"""Add what an acoustic model with a CTC output says of each frame of recorded utterances.

Adds the field emissions to records with the field audio, the path of a WAV, FLAC or OGG file (whatever libsndfile
reads); relative paths are relative to the folder of the JSON Lines file, on standard input to the current folder.
emissions is the path of an .npz file in --out-dir. The file is named after the record's id if that is a safe name of a
file: at most 200 bytes of letters, digits, '_', '-' and '.', not beginning with '-' or '.', without combining marks;
else after the number of the record in the input. Unless --out-dir is an absolute path, that path is relative to the
folder of -o FILE, else to the current one; what reads it takes it from the folder of the JSON Lines file. Without
--out-dir emissions is the file itself, as text ('npz;base64,' and its bytes in base64). Every other byte stays. What
becomes of an utterance does not depend on those beside it.

The .npz has log_probs, float16 (frames x tokens), natural logarithms, the probabilities of a frame summing to 1;
tokens, their names; blank and silence, indices of tokens, silence -1 where there is none; and frame_rate, frames a
second.

Models:
    --hama: the universal phone recogniser of the package hama 1.7 (the extra speech): 16 kHz, 50 frames a
    second, 191 tokens of the IPA, silence <wb>.

    --model: an ONNX file. One of ctc-fit says itself what it needs: it reads audio, or the emissions that another
    model made; then this command reads the field emissions in place of audio and writes it anew. Any other takes a
    waveform, float32 (1 x samples) of --sample-rate, as its first input and its length, int64, as the second if it has
    one, and gives logits or log probabilities (1 x frames x tokens); --tokens has a line for each, in the model's
    order, --blank and --silence are two of them.

    --token-map merges tokens: a file of lines 'TOKEN<TAB>CLASS' with every token of the model. The probabilities of
    tokens of one class are added; class '-' is no sound, and goes to blank, which is then named '-' too and stands
    first. Without --model and --hama it does so to the emissions that the records have.

Sound:
    The mean of the channels is taken, and brought to the model's rate by a polyphase filter. --noise-snr adds white
    Gaussian noise so many dB below the utterance's mean power, drawn for --seed and the value of audio; then --level
    brings the utterance to that root mean square, in dB of full scale. Both are off unless asked for.

Errors:
    A file that is missing, damaged, cut short, empty, or longer than --longest is an error that names the record; with
    --rejects the record goes there and the rest goes on. Files in --out-dir appear whole or not at all, and stay when a
    later record ends the run; two records that would share one are an error.

Examples:
    $ ctc-emit --model tones.onnx tones.jsonl > emissions.jsonl
    $ ctc-emit --model tones.onnx --out-dir emissions --noise-snr 10 --seed 3 tones.jsonl > noisy.jsonl
    $ ctc-emit --model tones.onnx --token-map tones-map.tsv tones.jsonl > merged.jsonl
"""

from __future__ import annotations

import os

import click

from datasel.cli import MODEL, filter_command
from datasel.errors import DataError, UsageError
from datasel.options import only_for


@filter_command(into="emissions", jobs=True, seed=True)
@click.option("-m", "--model", type=MODEL, help="An acoustic model, ONNX.")
@click.option("--hama", is_flag=True, help="The phone recogniser of the package hama.")
@click.option("--tokens", type=MODEL, help="The model's tokens, one a line, where it does not name them.")
@click.option("--token-map", type=MODEL, help="Classes that tokens are merged to, tab-separated.")
@click.option("--blank", metavar="TOKEN", help="The blank among --tokens.")
@click.option("--silence", metavar="TOKEN", help="The token for silence among --tokens, if there is one.")
@click.option(
    "--sample-rate", type=click.IntRange(1000), metavar="HZ", help="Of a model with --tokens.  [default: 16000]"
)
@click.option("--noise-snr", type=click.FloatRange(-50, 100), metavar="DB", help="Add white noise.")
@click.option("--level", type=click.FloatRange(-100, 0), metavar="DB", help="Bring each utterance to this level.")
@click.option("--longest", type=click.FloatRange(0, min_open=True), default=60, show_default=True, metavar="SECONDS",
              help="Of an utterance that is read.")  # fmt: skip
@click.option("--out-dir", type=click.Path(), metavar="FOLDER", help="Put emissions into files here.")
def command(
    pipe, model, hama, tokens, token_map, blank, silence, sample_rate, noise_snr, level, longest, out_dir, into, seed,
    jobs,
):  # fmt: skip
    if hama and model is not None or not hama and model is None and token_map is None:
        raise UsageError("give one of --model and --hama, or for records with emissions --token-map alone")
    if (tokens is None) != (blank is None):
        raise UsageError("--tokens and --blank need each other")
    if tokens is None and (silence, sample_rate) != (None, None):
        raise UsageError("--silence and --sample-rate are those of a model with --tokens")
    if hama and tokens is not None:
        raise UsageError("--hama has tokens of its own")
    if tokens is not None and model is None:
        raise UsageError("--tokens are those of a --model")
    from datasel.speech import acoustic
    from datasel.speech.emitting import Emitter, Sound

    if hama:
        source = acoustic.Hama(token_map)
    elif tokens is not None:
        source = acoustic.Foreign(model, tokens, blank, silence, sample_rate or 16000, token_map)
    elif model is not None:
        source = acoustic.Fitted(model, token_map)
    else:
        source = acoustic.Merging(token_map)
    only_for(source.reads == "audio", "audio, and emissions are read here", "noise_snr", "level", "longest")
    if out_dir is not None:
        try:
            os.makedirs(out_dir, exist_ok=True)
        except OSError as error:
            raise DataError(error.strerror or str(error), out_dir) from None
    sound = Sound(level, noise_snr, seed, longest)
    pipe.transform(Emitter(source, sound, out_dir, into, pipe.sink.place), jobs, 1 << 11)

"""Draw annotated and added utterances in two dimensions.

Reads the added utterances, and with --held the ones that were there before, and draws each as a point, like ones near
each other: annotated data in one colour, the data added to it in another over its density. Whether a selection
spreads over what the annotated data left open, or crowds around it, is seen at once.

Vectors are word n-grams (tf-idf, latent semantic analysis), or those of a paraphrase detector (--model), of an encoder
(--encoder, a file of datasel encoder), or of anything else (--vectors: an .npy file with a row of floats for each line
of the input, bad lines included; --held-vectors: the same for the lines of what is held), brought to length 1. tsne
keeps neighbours together; distances between far groups mean little in it. pca keeps large distances.

Of more than --sample utterances, added or annotated, that many are drawn, at random; standard error says so. HTML shows
an utterance under the pointer. Needs matplotlib and scikit-learn, the extra plot.

Memory:
    Holds all utterances and their vectors.

Examples:
    $ embed-plot --held seed.jsonl chosen.jsonl -o chosen.png
    $ embed-plot --held seed.jsonl --model paraphrase.onnx --format svg --title 'added' chosen.jsonl > chosen.svg
    $ embed-plot --held seed.jsonl --encoder encoder.onnx chosen.jsonl -o chosen.png
    $ embed-plot --vectors pool.npy --sample 50 pool.jsonl -o pool.png
    $ embed-plot --method pca --format html --sample 20 pool.jsonl -o pool.html
"""

from __future__ import annotations

import os
from importlib.util import find_spec

import click

from datasel.cli import filter_command
from datasel.errors import DataError
from datasel.extras import missing
from datasel.options import held_options, vector_options


@filter_command(text=True, writes="picture", field="text", seed=True)
@vector_options
@held_options("Annotated utterances")
@click.option("--method", type=click.Choice(["tsne", "pca"]), default="tsne", show_default=True,
              help="Projection on the plane.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["png", "svg", "html"]), default="png", show_default=True,
              help="Of the picture.")  # fmt: skip
@click.option("--sample", type=click.IntRange(1), default=5000, show_default=True, metavar="N",
              help="Utterances drawn at most, of either kind.")  # fmt: skip
@click.option("--title", default="", help="Above the picture.")
def command(pipe, held, held_text, given, method, form, sample, title, field, seed):
    for package in ("matplotlib", "sklearn"):
        if find_spec(package) is None:
            raise missing("drawing", package, "plot")
    import numpy as np

    from datasel.embedding import picture, projection
    from datasel.records.jsonl import read_texts
    from datasel.records.seeding import generator

    def utterances(blocks, source):
        """Their texts, and what their vectors are asked for by."""
        texts, keys = [], []
        for records, name in blocks:
            texts += records.column(name)
            keys += source.keys(records, name) if source else ()
        return texts, keys

    source, of_held = given.sources() if given else (None, None)
    before, keys_before = utterances(read_texts(held, held_text, field), of_held)
    added, keys = utterances(((records, field) for records in pipe.records({field: str})), source)
    for each in (of_held, source) if source else ():
        each.end()
    if not added:
        raise DataError("no utterances to draw")
    draw = generator(seed, "embed-plot")

    def drawn(texts, keys, kind):
        if len(texts) <= sample:
            return texts, keys
        pipe.warn(f"drawing {sample:,} of {len(texts):,} {kind} utterances")
        places = sorted(draw.permutation(len(texts))[:sample].tolist())
        return ([each[place] for place in places] if each else each for each in (texts, keys))

    added, keys = drawn(added, keys, "added")
    before, keys_before = drawn(before, keys_before, "annotated")
    texts = [*before, *added]
    if len(texts) < 3:
        raise DataError("a picture takes three utterances at least")
    if source:
        vectors = np.concatenate([of_held.vectors(keys_before), source.vectors(keys)])
    else:
        vectors = projection.ngram_vectors(texts, seed)
    pipe.progress.show(f"projecting {len(texts):,} utterances")
    points = projection.plane(vectors, method, seed)
    names, title = ("annotated", "added"), os.fsencode(title).decode("utf-8", "replace")  # whatever the locale is
    pipe.write_whole(picture.draw(points[: len(before)], points[len(before) :], names, title, form, texts))

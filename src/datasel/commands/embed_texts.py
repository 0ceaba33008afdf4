"""Write the vectors that an encoder makes of texts.

Writes an array of numpy (.npy): a row of float32 for each line of the input, in its order, of length 1; the mean of the
vectors of the text's pieces. embed-filter, paraphrase-diverse, ngram-diverse and embed-plot take it with --vectors.
--encoder is a file of datasel encoder.

Memory:
    Holds the encoder, and vectors go to a temporary file (in TMPDIR).

Examples:
    $ embed-texts --encoder encoder.onnx pool.jsonl -o pool.npy
    $ embed-texts --encoder encoder.onnx --text corpus.txt -o seed.npy
"""

from __future__ import annotations

import click

from datasel.cli import MODEL, filter_command


@filter_command(text=True, writes="model", field="text", jobs=True)
@click.option("--encoder", required=True, type=MODEL, help="The encoder, of datasel encoder.")
def command(pipe, encoder, field, jobs):
    from datasel.embedding.encoder import Encoder
    from datasel.embedding.filtering import Vectors

    source = Encoder.load(encoder, jobs)
    with Vectors(source.dim) as kept:
        for records in pipe.records({field: str}):
            kept.add(source.vectors(records.column(field)))
        pipe.write_whole(kept.head())
        for part in kept.parts():
            pipe.write_whole(part.tobytes())

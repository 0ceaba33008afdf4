"""Keep the texts whose vectors are nearest to those of a domain.

Each text is a vector v, and is kept or not by how much nearer that is to the mean of the in-domain vectors than to the
mean of the out-domain ones, which are the input's own unless --out-domain says otherwise (Punjabi et al., ASRU 2019):

    delta = |v - C_in| - |v - C_out|

Adds the field embed_distance: delta, Euclidean, rounded to six decimals, unbounded; lower is nearer to the domain.
--keep keeps that share of the input, the lowest (of equal ones the earlier); --threshold keeps what is not above it.
Other bytes of kept lines stay as they were, in input order. With --rejects the others go there with the reason.

Of sentence pairs, --field names the side that is measured.

Embeddings:
    mean: the mean of the text's word vectors (--model, of embed-fit), as they are; fastText's own
    print-sentence-vectors makes them of length 1 before.

    sif: each word weighted by a / (a + p), p its share among the words of the model's text (0 for one it does not
    have) and a --sif; then the projection on the first singular vector of the out-domain vectors, not centred, is
    taken from every vector and from both means (Arora et al., ICLR 2017).

    external: rows of --vectors, an .npy file with a row for each line of the input, and of --in-vectors (and
    --out-vectors); or what a sentence encoder makes (--encoder).

    Words are compared in lower case and NFC, without punctuation. A text without a word that has a vector is the zero
    vector: its delta is |C_in| - |C_out|, and it counts for no mean.

Centroids:
    --save-centroids keeps what both means and the singular vector come from: sums and counts. With --centroids in
    place of --in-domain nothing is measured again. Several are added up, exactly: parts of a pool measured apart are
    the pool. What --in-domain and --out-domain give is added too. The input itself stands for the out-domain only where
    neither gives one.

Memory:
    The model is mapped, not read: what it takes are the vectors of the words met. --keep holds sixteen bytes a record
    and copies its input to a temporary file (in TMPDIR). Where the input is its own out-domain, its vectors wait
    there too, 4 bytes a dimension for each record. --threshold with an out-domain given holds nothing.

Examples:
    $ embed-filter --model vectors.bin --in-domain corpus.txt --keep 25% pool.jsonl > near.jsonl
    $ embed-filter --model vectors.bin --in-domain corpus.txt --embedding mean --threshold 0 --text general.txt
    $ embed-filter --model vectors.bin --in-domain corpus.txt --save-centroids c.npz --keep 10% pool.jsonl > near.jsonl
    $ embed-filter --model vectors.bin --centroids c.npz --threshold -0.01 pool.jsonl > nearer.jsonl
    $ printf 'hello\\tनमस्ते\\n' | embed-filter --model vectors.bin --centroids c.npz --keep 100% --tsv en,hi --field hi
"""

from __future__ import annotations

import click

from datasel.cli import DATA, MODEL, Percentage, filter_command
from datasel.errors import UsageError


@filter_command(text=True, tsv=True, field="text", into="embed_distance", drops=True)
@click.option("-m", "--model", type=MODEL, help="Word vectors, of embed-fit or a .bin of fastText.")
@click.option("--in-domain", multiple=True, type=DATA, help="In-domain texts, plain text. May be repeated.")
@click.option("--in-domain-jsonl", multiple=True, type=DATA, help="In-domain texts, JSON Lines. May be repeated.")
@click.option("--out-domain", multiple=True, type=DATA, help="Other texts, plain text. May be repeated.")
@click.option("--out-domain-jsonl", multiple=True, type=DATA, help="Other texts, JSON Lines. May be repeated.")
@click.option("--embedding", type=click.Choice(["mean", "sif", "external"]), default="sif", show_default=True,
              help="How a text becomes a vector.")  # fmt: skip
@click.option("--sif", type=click.FloatRange(0, min_open=True), default=1e-3, show_default=True, metavar="A",
              help="The constant of SIF's weights.")  # fmt: skip
@click.option("--keep", type=Percentage(), metavar="P%", help="Keep this share, such as 25%, rounded half up.")
@click.option("--threshold", type=float, metavar="X", help="Keep the distances up to here.")
@click.option("--centroids", multiple=True, type=MODEL, help="Saved before. May be repeated: they are added up.")
@click.option("--save-centroids", type=DATA, help="Save sums and counts to FILE, whole or not at all.")
def command(pipe, field, into, keep, threshold, **given):
    if (keep is None) == (threshold is None):
        raise UsageError("give one of --keep and --threshold")
    from datasel.embedding import domains, filtering

    source, centroids = domains.gathered(field=field, **{name: given[name] for name in domains.NAMES})
    choice = filtering.Choice(keep, threshold, into)
    known = bool(centroids.outside.count)
    (filtering.by_centroids if known else filtering.by_itself)(pipe, field, source, centroids, choice)
    if given["save_centroids"]:
        pipe.aside(given["save_centroids"]).write(centroids.to_bytes(str(pipe.signature)))

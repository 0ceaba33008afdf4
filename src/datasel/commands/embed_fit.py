"""Learn word vectors and word frequencies from text.

Trains fastText (Bojanowski et al., TACL 2017) on the texts of its input: a vector for each word that comes --min-count
times, and one for each of --buckets of hashed character n-grams, of which words never seen are made. embed-filter
measures texts by them. Words are compared in lower case and NFC, without punctuation; a vowel sign or virama stays in
its word.

The model is a fastText .bin, which fastText itself loads, with a description behind it: the signature of this call
and a sum by which damage is noticed. How often each word came is in it; that is what SIF takes as its probability.

With --wrap nothing is trained: the vectors are those of FILE, a .bin or .vec of fastText such as those of Common Crawl,
and the input is counted for the word frequencies alone. (embed-filter also takes a plain .bin as it is, with its own
frequencies; nothing can say then whether its numbers are the ones that were written.) Of a .vec unknown words have no
vector. Its words are compared as those of texts are: of several spellings of a word (Mai, mai) the one in lower case
counts, else the first.

Training uses one thread: the same texts, options and seed make the same bytes on one kind of machine. The defaults suit
a few hundred thousand sentences; fastText's own are 2,000,000 buckets and a --min-count of 5.

Memory:
    Holds the model: 4 bytes by --dim for each word, twice, and for each bucket (100,000 buckets of 100 dimensions are
    40 MB). The text is copied to a temporary file (in TMPDIR).

Examples:
    $ embed-fit --text --dim 20 --buckets 1000 --min-count 1 general.txt -o vectors.bin
    $ embed-fit --field text --epochs 1 --dim 10 --buckets 1000 pool.jsonl -o small.bin
    # the same vectors with the word frequencies of another text
    $ embed-fit --wrap vectors.bin --text corpus.txt -o other.bin
"""

from __future__ import annotations

import click

from datasel.cli import MODEL, filter_command
from datasel.errors import UsageError
from datasel.options import only_for


@filter_command(text=True, tsv=True, writes="model", field="text", seed=True)
@click.option("--wrap", type=MODEL, help="Take the vectors of this .bin or .vec; count the input's words only.")
@click.option("--method", type=click.Choice(["skipgram", "cbow"]), default="skipgram", show_default=True,
              help="What predicts what: a word its neighbours, or these the word.")  # fmt: skip
@click.option("--dim", type=click.IntRange(1, 10_000), default=100, show_default=True, metavar="N",
              help="Dimensions of a vector.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=5, show_default=True, metavar="N",
              help="Passes over the text.")  # fmt: skip
@click.option("--rate", type=click.FloatRange(0, 1, min_open=True), default=0.05, show_default=True, metavar="X",
              help="Learning rate at the start; it falls to 0.")  # fmt: skip
@click.option("--window", type=click.IntRange(1), default=5, show_default=True, metavar="N",
              help="Neighbours on each side, at most.")  # fmt: skip
@click.option("--negatives", type=click.IntRange(1), default=5, show_default=True, metavar="N",
              help="Random words each right one is told from.")  # fmt: skip
@click.option("--min-count", type=click.IntRange(1), default=2, show_default=True, metavar="N",
              help="Rarer words have no vector of their own.")  # fmt: skip
@click.option("--min-n", type=click.IntRange(1), default=3, show_default=True, metavar="N",
              help="Shortest n-gram, in characters.")  # fmt: skip
@click.option("--max-n", type=click.IntRange(0, 20), default=6, show_default=True, metavar="N",
              help="Longest n-gram, in characters; 0: no n-grams.")  # fmt: skip
@click.option("--buckets", type=click.IntRange(1, 1 << 26), default=100_000, show_default=True, metavar="N",
              help="For hashed n-grams.")  # fmt: skip
def command(pipe, wrap, field, **settings):
    only_for(not wrap, "training, not for --wrap", *(name for name in settings if name != "seed"))
    if 0 < settings["max_n"] < settings["min_n"]:
        raise UsageError("--max-n is less than --min-n")
    from datasel.embedding import training, wrapping
    from datasel.text.words import normalised

    texts = (normalised(records.joined(field)) for records in pipe.records({field: str}))
    if wrap:
        pipe.write_whole(wrapping.wrapped(wrap, texts, str(pipe.signature)))
        return
    how = training.Settings(**settings)
    pipe.write_whole(wrapping.trained(training.train(texts, how), str(pipe.signature), how._asdict()))

"""Learn which word n-grams mark the wanted utterances.

Fits a linear model that gives every word n-gram a weight, from utterances that are wanted (--positive: the
annotated ones of a new intent) and general text (--negative: other intents, or simply an unlabelled pool).
ngram-score then ranks any amount of text by it.

Of the negatives a sample is used, at most --negative-ratio times as many as there are positives. A negative that
consists of the same words as a positive is left out.

Parts:
    With --counts-only the importance method writes what it has counted, of all negatives and not of a sample: some
    2^bits numbers, however many texts. --counts takes such files in place of positives and negatives. The positives
    have to be the same in all of them; the negatives are added up. So a pool counted in parts gives the weights, to the
    last bit, of the pool counted at once.

Methods:
    logistic: L2-regularised logistic regression on n-gram counts, each class weighted to the same total
    (the relevance model of Cho et al., ASRU 2019). The score is a log-odds.

    importance: the log ratio of the two hashed n-gram distributions (DSIR, Xie et al., NeurIPS 2023). The
    score is a log importance weight, to be sampled by with 'select-topk --sample gumbel'.

    The cross-entropy difference of two language models (Moore-Lewis) is no method here: a smoothed model's
    back-off is not a sum of fixed n-gram weights.

Memory:
    Holds all positives and the sampled negatives, not the pool; with --counts-only no texts at all.

Examples:
    $ ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
    # plain text against plain text, with a report of held-out quality on standard error
    $ ngram-fit -v --positive-text wanted.txt --negative-text general.txt -o relevance.npz
    $ ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl -o importance.npz
    # a large pool, counted in parts
    $ ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl --counts-only -o 1.counts
    $ ngram-fit --method importance --positive seed.jsonl --negative scored.jsonl --counts-only -o 2.counts
    $ ngram-fit --method importance --counts 1.counts --counts 2.counts -o importance.npz
"""

from __future__ import annotations

import click

from datasel.cli import DATA, MODEL, filter_command
from datasel.errors import DataError, UsageError
from datasel.options import only_for


@filter_command(reads=False, writes="model", field="text", seed=True)
@click.option("--positive", multiple=True, type=DATA, help="Wanted utterances, JSON Lines. May be repeated.")
@click.option("--negative", multiple=True, type=DATA, help="General utterances, JSON Lines. May be repeated.")
@click.option("--positive-text", multiple=True, type=DATA, help="Wanted utterances, plain text. May be repeated.")
@click.option("--negative-text", multiple=True, type=DATA, help="General utterances, plain text. May be repeated.")
@click.option("--method", type=click.Choice(["logistic", "importance"]), default="logistic", show_default=True,
              help="How weights are found.")  # fmt: skip
@click.option(
    "--order", type=click.IntRange(1, 9), metavar="N", help="Longest n-gram, in words.  [default: 3; importance: 2]"
)
@click.option("--bits", type=click.IntRange(8, 26), metavar="N", help="2^N buckets.  [default: 20; importance: 14]")
@click.option("--l2", type=click.FloatRange(0, min_open=True), default=1e-4, show_default=True, metavar="X",
              help="Strength of the L2 penalty of logistic, per unit of mean loss.")  # fmt: skip
@click.option("--negative-ratio", type=click.FloatRange(0, 1e9, min_open=True), default=200, show_default=True,
              metavar="X", help="Negatives used for each positive, at most.")  # fmt: skip
@click.option("--counts-only", is_flag=True, help="Write counts for --counts, no model.")
@click.option("--counts", multiple=True, type=MODEL, help="Counts made before. May be repeated: they are added up.")
def command(
    pipe, positive, negative, positive_text, negative_text, method, order, bits, l2, negative_ratio, counts_only,
    counts, field, seed
):  # fmt: skip
    if (counts or counts_only) and method != "importance":
        raise UsageError("--counts and --counts-only are for --method importance")
    only_for(method == "logistic", "--method logistic", "l2")
    only_for(not counts and not counts_only, "a model of samples", "negative_ratio")
    if counts and (positive or positive_text or negative or negative_text or order or bits):
        raise UsageError("--counts stand for positives and negatives, and have their --order and --bits")
    if not counts and not ((positive or positive_text) and (negative or negative_text)):
        raise UsageError("give --positive and --negative (or --positive-text, --negative-text)")
    from datasel.ngrams import relevance, sampling
    from datasel.ngrams.importance import Counts
    from datasel.records.jsonl import joined, read_texts

    order, bits = order or relevance.DEFAULTS[method][0], bits or relevance.DEFAULTS[method][1]

    def told(positives: int, negatives: int) -> dict[str, int]:
        if not positives or not negatives and not counts_only:  # a part may have none
            raise DataError(f"no {'negatives' if positives else 'positives'} to learn from")
        pipe.say(f"{positives:,} positives, {negatives:,} negatives")
        return {"positives": positives, "negatives": negatives}

    sides = read_texts(positive, positive_text, field), read_texts(negative, negative_text, field)
    if counts or counts_only:
        found = Counts.merged(counts) if counts else Counts.of(*sides, order, bits)
        facts, signature = told(found.positives, found.negatives), str(pipe.signature)
        pipe.write_whole(found.to_bytes(signature) if counts_only else found.model().to_bytes(signature, facts))
        return
    wanted, general = sampling.positives_and_negatives(*sides, negative_ratio, seed)
    facts = told(len(wanted), len(general))

    def build(positives: str, negatives: str):
        return relevance.fit(positives, negatives, method, order, bits, l2)

    if pipe.verbose and min(len(wanted), len(general)) >= relevance.FOLDS:
        area, recall = relevance.cross_validate(wanted, general, build)
        shares = ", ".join(f"{value:.3f} at {share:.0%}" for share, value in recall.items())
        pipe.say(f"held out: AUC {area:.4f}; recall {shares} of negatives kept")
    model = build(joined(wanted), joined(general))
    pipe.write_whole(model.to_bytes(str(pipe.signature), facts))

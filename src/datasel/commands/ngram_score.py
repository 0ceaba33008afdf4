"""Add the relevance of each utterance under an n-gram model.

Adds the field ngram_score: higher is more relevant. With --aggregate sum (the default) it is the bias plus the
weights of all word n-grams of the text, in natural-log units, unbounded: the log-odds of a logistic model, the
log importance weight of an importance model. With mean it is the average weight of an n-gram, with max the
largest (both without the bias; 0 for a text without words). With --probability it is the logistic of the sum,
from 0 to 1. Scores are rounded to six decimals. A text's score depends on nothing but the text and the model.

Each record is independent of the others, so 'parallel --pipe --keep-order ngram-score ...' is the same as one run.

Examples:
    $ ngram-score --model relevance.npz pool.jsonl | select-topk -k 5 --by ngram_score
    # which n-grams speak for a text
    $ echo 'play some jazz' | ngram-score --model relevance.npz --text --explain --print ngrams
    $ ngram-score --model relevance.npz --jobs 2 pool.jsonl > scored.jsonl
    $ ngram-score --model relevance.npz --probability --into p pool.jsonl | select-topk --threshold 0.9 --by p
"""

from __future__ import annotations

import click

from datasel.cli import MODEL, filter_command
from datasel.errors import UsageError


@filter_command(text=True, field="text", into="ngram_score", jobs=True)
@click.option("-m", "--model", required=True, type=MODEL, help="The model that ngram-fit made.")
@click.option("--aggregate", type=click.Choice(["sum", "mean", "max"]), default="sum", show_default=True,
              help="How the weights of n-grams make a score.")  # fmt: skip
@click.option("--probability", is_flag=True, help="The probability of relevance, 0 to 1 (logistic models).")
@click.option("--explain", is_flag=True, help="Also add the field ngrams: [[n-gram, weight], ...].")
def command(pipe, model, aggregate, probability, explain, field, into, jobs):
    from datasel.ngrams.linear import LinearModel
    from datasel.records.jsonl import encode, numbers, parse

    if explain and into == "ngrams":
        raise UsageError("--explain writes the field ngrams; give --into another name")
    scorer = LinearModel.load(model)
    if probability and (aggregate != "sum" or scorer.method != "logistic"):
        raise UsageError("--probability needs --aggregate sum and a logistic model")

    def score(block):
        records = parse(block, {field: str})
        scores = scorer.score(records.joined(field), aggregate)
        if probability:
            from scipy.special import expit

            scores = expit(scores)
        if not explain:
            return records.with_numbers(into, scores)
        ngrams = [encode(scorer.explain(text)) for text in records.column(field)]
        return records.with_fields({into: numbers(scores), "ngrams": ngrams})

    pipe.transform(score, jobs)

"""Rank n-best lists with a language model and keep the best.

Reads records with the field nbest, a list of hypotheses {"text": ..., "mt_score": ...}, and scores each by
(1 - w) * mt_score + w * lm, with the --weight w. Both are natural logs of the whole text's probability: mt_score (or
the field --score) as it is found, lm as the model --lm gives it, the sentence's end included. With --per-token both
are divided by the number of tokens of the hypothesis (its words and the sentence's end), which does not favour short
ones. Higher is better; of equal ones the earlier is better.

The members of the best hypothesis (its text, its alignment, ...) become fields of the record, with rescore, the
combined score, and lm_score, log10 by token, as lm-score gives it; nbest holds the best one alone, or with --all the
whole list, best first, each with these two scores. All other fields stay.

With --moses the input is Moses' format, 'id ||| text ||| features ||| score', the lines of a list one after another;
the records written have id, and features as text.

A KenLM binary has no checksum, and not all damage to one is noticed (see lm-score).

Tuning:
    --tune takes references, plain text, one line for each record in order, and writes one record in place of all: the
    weight of 0, 0.01, ... 1 with the fewest word errors (of several the middle one), its wer, wer_first of the lists as
    they come, wer_oracle of the best choices possible, words, those of the references, and the signature.

Examples:
    $ lm-rescore --lm target.arpa --weight 0.3 nbest.jsonl > best.jsonl
    $ lm-rescore --lm target.arpa --all --per-token nbest.jsonl
    $ lm-rescore --lm target.arpa --tune references.txt nbest.jsonl | jq .weight
    $ lm-rescore --lm target.arpa --moses --print text nbest.moses
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, MODEL, filter_command
from datasel.errors import UsageError
from datasel.options import only_for


@filter_command()
@click.option("--lm", required=True, type=MODEL, help="An ARPA file or a KenLM binary.")
@click.option("--weight", type=click.FloatRange(0, 1), default=0.3, show_default=True, metavar="X",
              help="The weight of the language model.")  # fmt: skip
@click.option("--score", "own", type=FIELD, default="mt_score", show_default=True, help="The hypotheses' own score.")
@click.option("--per-token", is_flag=True, help="Divide both scores by the number of tokens.")
@click.option("--all", "keep_all", is_flag=True, help="Keep the whole list.")
@click.option("--moses", is_flag=True, help="Read Moses' n-best format.")
@click.option("--tune", type=DATA, help="References to find the weight by.")
def command(pipe, lm, weight, own, per_token, keep_all, moses, tune):
    from datasel.lm import nbest
    from datasel.lm.query import Scorer
    from datasel.records.jsonl import encode

    if moses and own != "mt_score":
        raise UsageError("--moses has no other score than its own")
    only_for(not tune, "rescoring, not for --tune", "weight", "keep_all")
    if tune and pipe.rejects is not None:
        raise UsageError("--tune pairs lists with references line by line, so none may be set aside (--rejects)")
    scorer = Scorer(lm)
    if tune:
        found = nbest.tuned(pipe, scorer, tune, own, per_token, moses)
        pipe.write(encode({**found, "signature": str(pipe.signature)}) + b"\n")
    else:
        nbest.rescored(pipe, scorer, weight, own, per_token, keep_all, moses)

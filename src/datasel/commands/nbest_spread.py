"""Make a weighted record of every hypothesis of n-best lists.

Reads records with the field nbest, a list of hypotheses {"text": ..., "mt_score": ...}, as translate-nbest writes
them, and writes a record for each hypothesis: its members (its text, its alignment, ...) become fields of the record,
nbest holds it alone, and all other fields stay, so the records of a list have the same id.

The field weight is the probability of the hypothesis among those of its list: exp(x s) divided by the sum of that over
the list, where s is mt_score (or the field --score), a natural log, and x the --scale. At 1 that is the posterior
probability, the list taken for all there is; 0 weighs all alike; much more leaves the best alone. With
--weight FIELD that is multiplied by the number in that field, 1 without it. Weights have six decimals, or more where
that number is less than 1; those of a list sum to 1 (or to the record's own weight), but for rounding.

build-arpa --weight weight takes what is written: it counts every word of a list as often as the translator expects it,
in place of the words of the best hypothesis.

Examples:
    $ nbest-spread nbest.jsonl | build-arpa --weight weight --order 3 > translated.arpa
    $ nbest-spread --scale 0.5 --into share nbest.jsonl
    $ echo '{"nbest":[{"text":"a","mt_score":-1},{"text":"b","mt_score":-1}]}' | nbest-spread --print weight
    0.5
    0.5
"""

from __future__ import annotations

import click

from datasel.cli import FIELD, filter_command


@filter_command(into="weight")
@click.option("--score", "own", type=FIELD, default="mt_score", show_default=True, help="The hypotheses' own score.")
@click.option("--scale", type=click.FloatRange(0, 1e6), default=1.0, show_default=True, metavar="X",
              help="What scores are multiplied by.")  # fmt: skip
@click.option("--weight", type=FIELD, help="The record's own weight, which is shared out.")
def command(pipe, own, scale, weight, into):
    from datasel.errors import UsageError
    from datasel.lm.spreading import spread

    if own in ("text", "nbest") or into in ("text", "nbest"):
        raise UsageError("--score and --into name numbers, not the text or the list")
    pipe.transform(lambda block: spread(block, own, scale, weight, into))

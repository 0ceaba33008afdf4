r"""Keep the records with the best scores.

Keeps the -k records, the --keep share of them, or all up to a --threshold, ranked by the number in the field --by:
the highest, or with --lowest the lowest. Of equal scores the earlier record is kept. Kept lines pass through byte for
byte, in input order, or best first with --sorted. With --per every group (records with the same value of that
field) has its own k or share.

With --sample gumbel, standard Gumbel noise is added to every score before ranking: that is sampling without
replacement with probabilities proportional to exp(score), as DSIR selects by log importance weights. The noise
depends on --seed and the record's place in the input, or with --key on --seed and the value of that field, a text or a
whole number: wherever the record stands. Records with the same value have the same noise.

'select-topk -k N' over the joined outputs of 'select-topk -k N' on parts of a pool is 'select-topk -k N' on the
whole pool. With --sample it is so where --key is given, the same all over.

Memory:
    -k holds at most 2k lines for each group, however long the input. --threshold holds nothing. --keep holds
    about twenty bytes a record and copies its input to a temporary file (in TMPDIR), since the share is known only at
    the end.

Examples:
    $ ngram-score --model relevance.npz pool.jsonl | select-topk -k 300 --by ngram_score > relevant.jsonl
    $ select-topk --keep 25% --by ngram_score --sorted --print text scored.jsonl
    $ select-topk -k 2 --per intent --by confidence labelled.jsonl
    $ select-topk -k 10 --by ngram_score --sample gumbel --seed 7 scored.jsonl > sampled.jsonl
    $ select-topk -k 10 --by ngram_score --sample gumbel --key id scored.jsonl > sampled.jsonl
    $ printf '%s\n' '{"x":1,"id":"a"}' '{"x":3,"id":"b"}' '{"x":2,"id":"c"}' | select-topk -k 2 --by x --print id
    b
    c
"""

from __future__ import annotations

import click

from datasel.cli import FIELD, Number, Percentage, filter_command
from datasel.errors import UsageError


@filter_command(seed=True)
@click.option("--by", required=True, type=FIELD, help="The number to rank by.")
@click.option("-k", type=click.IntRange(0), metavar="N", help="Keep this many.")
@click.option("--keep", type=Percentage(), metavar="P%", help="Keep this share, such as 25%, rounded half up.")
@click.option("--threshold", type=Number(), metavar="X", help="Keep the scores from here up (with --lowest: down).")
@click.option("--lowest", is_flag=True, help="Lower is better.")
@click.option("--per", type=FIELD, help="Select in each group of records with the same value of this field.")
@click.option("--sample", type=click.Choice(["gumbel"]), help="Sample instead of taking the very best.")
@click.option("--key", "drawn", type=FIELD, help="Draw by the value of this field, not by the place in the input.")
@click.option("--sorted", "ranked", is_flag=True, help="Best first, not in input order.")
def command(pipe, by, k, keep, threshold, lowest, per, sample, drawn, ranked, seed):
    if sum(choice is not None for choice in (k, keep, threshold)) != 1:
        raise UsageError("give one of -k, --keep and --threshold")
    if threshold is not None and (per or ranked or sample):
        raise UsageError("--threshold goes with neither --per nor --sorted nor --sample")
    if per == by:
        raise UsageError("--per is another field than --by")
    if drawn and (not sample or drawn == by or per and drawn == per):
        raise UsageError("--key goes with --sample, and is a field of its own")
    from datasel.selection import ranking

    scored = ranking.scored(pipe, by, lowest=lowest, per=per, noise_seed=seed if sample else None, key=drawn)
    if threshold is not None:
        ranking.above(pipe, scored, -threshold if lowest else threshold)
    elif k is not None:
        ranking.top_k(pipe, scored, k, ranked)
    else:
        ranking.top_share(pipe, scored, keep, ranked)

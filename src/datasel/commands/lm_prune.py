"""Keep the texts that a language model finds probable.

Each text is scored as lm-score does: log10 of its probability by the number of tokens, which are the words and the
sentence's end. --keep keeps that share of the input, -k that many, the highest scores (of equal ones the earlier);
--threshold keeps the scores from there up, --max-perplexity those whose 10^-score is at most that. Kept lines pass
through byte for byte, in input order. With --rejects the others go there with the reason. So --keep is what
'lm-score | select-topk --keep' keeps, without the field.

With --minus the score is the difference of two models, that of --lm less that of --minus: the cross-entropy
difference of Moore & Lewis (ACL 2010) in log10 by token, higher being more like the text of --lm than like that of
--minus. The two models should know much the same words: build the second on as much text as the first, with the
vocabulary of both.

With --by the records are ranked by a number that they have already, such as mt_score, and no model is needed.

A KenLM binary has no checksum, and not all damage to one is noticed (see lm-score).

Memory:
    --keep and -k hold about twenty bytes a record and copy their input to a temporary file (in TMPDIR), since the bar
    is known only at the end. --threshold and --max-perplexity hold nothing.

Examples:
    $ lm-prune --lm target.arpa --keep 75% pool.jsonl > probable.jsonl
    $ lm-prune --lm target.arpa --minus general.arpa --keep 25% --text --print text general.txt
    $ lm-prune --lm target.arpa --max-perplexity 100 --rejects improbable.tsv pool.jsonl > probable.jsonl
    $ lm-prune --by mt_score --keep 75% best.jsonl
"""

from __future__ import annotations

import click

from datasel.cli import FIELD, MODEL, Number, Percentage, filter_command
from datasel.errors import UsageError
from datasel.options import only_for


@filter_command(text=True, field="text", drops=True)
@click.option("--lm", type=MODEL, help="An ARPA file or a KenLM binary.")
@click.option("--minus", type=MODEL, help="Take this model's score off.")
@click.option("--by", type=FIELD, help="Rank by this number instead of a model's score.")
@click.option("--keep", type=Percentage(), metavar="P%", help="Keep this share, such as 75%, rounded half up.")
@click.option("-k", type=click.IntRange(0), metavar="N", help="Keep this many.")
@click.option("--threshold", type=Number(), metavar="X", help="Keep the scores from here up.")
@click.option("--max-perplexity", type=click.FloatRange(1), metavar="X", help="Keep the perplexities up to here.")
def command(pipe, lm, minus, by, keep, k, threshold, max_perplexity, field):
    if (lm is None) == (by is None):
        raise UsageError("give one of --lm and --by")
    if sum(choice is not None for choice in (keep, k, threshold, max_perplexity)) != 1:
        raise UsageError("give one of --keep, -k, --threshold and --max-perplexity")
    if lm is None and minus or max_perplexity is not None and (minus or by):
        raise UsageError("--minus needs --lm, and --max-perplexity the score of --lm alone")
    only_for(lm, "the score of --lm", "field")
    from math import log10

    from datasel.lm.query import scored
    from datasel.selection import ranking

    stream = scored(pipe, field, lm, minus) if lm else ranking.scored(pipe, by)
    what = "perplexity" if max_perplexity is not None else by or "score"
    if keep is not None or k is not None:
        ranking.top_share(pipe, stream, keep if k is None else k, reason=f"{what} among the lowest")
    else:
        bar = threshold if max_perplexity is None else round(-log10(max_perplexity), 6)  # as scores are
        ranking.above(pipe, stream, bar, reason=f"{what} too {'low' if max_perplexity is None else 'high'}")

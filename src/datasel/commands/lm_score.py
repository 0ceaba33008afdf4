"""Add the score of each text under a language model.

Adds the field lm_score: log10 of the probability, by the number of tokens, which are the words and the sentence's
end; it is 0 or less, higher is more probable, and 10^-lm_score is the perplexity of the text. With --total it is the
log10 of the whole text's probability. With --no-end the sentence's end is neither scored nor counted (a text without
words then has the score 0). With --minus the score that a second model gives is taken off: the cross-entropy
difference of Moore & Lewis (ACL 2010), higher being more like the text of --lm. Every text starts after <s>. Words
stand between ASCII white space and are looked up as they are; unknown ones have the probability of <unk>. Scores are
rounded to six decimals.

The model is an ARPA file, of any order, or a KenLM binary, which loads faster. An ARPA file is checked as it is read. A
binary has no checksum: its head, its size and the score of a probe are checked, and scores that are no numbers are an
error, but damage elsewhere in it may not be noticed, or crash KenLM.

Summary:
    -v tells on standard error, and --summary writes in place of the records, one record of figures over all texts:
    sentences, tokens (words, and ends unless --no-end), oov (unknown words), oov_rate (by words), log10 (total),
    perplexity (of all tokens) and perplexity_without_oov (of the tokens the model knows; null if there are none). The
    record has the signature too.

Examples:
    $ lm-score --lm target.arpa pool.jsonl | select-topk -k 5 --by lm_score --print text
    $ lm-score --lm target.arpa --text --summary heldout.txt | jq .perplexity
    $ lm-score --lm target.arpa --minus general.arpa pool.jsonl | select-topk --keep 25% --by lm_score > alike.jsonl
    $ lm-score --lm target.arpa --total --into p pool.jsonl > scored.jsonl
"""

from __future__ import annotations

import click

from datasel.cli import MODEL, filter_command
from datasel.errors import UsageError
from datasel.options import only_for


@filter_command(text=True, field="text", into="lm_score")
@click.option("--lm", required=True, type=MODEL, help="An ARPA file or a KenLM binary.")
@click.option("--minus", type=MODEL, help="Take this model's score off.")
@click.option("--total", is_flag=True, help="The log10 probability of the whole text, not by token.")
@click.option("--no-end", is_flag=True, help="Leave the end of the sentence out.")
@click.option("--summary", is_flag=True, help="Write one record of figures over all texts instead.")
def command(pipe, lm, minus, total, no_end, summary, field, into):
    if minus and summary:
        raise UsageError("--summary is of one model: give no --minus")
    only_for(not summary, "scores of texts, not for --summary", "total", "into")
    from datasel.lm.query import Scorer, Sentences, Summary
    from datasel.records.jsonl import encode, parse

    scorer, other = Scorer(lm), Scorer(minus) if minus else None
    figures = Summary(scorer, end=not no_end)

    def score(block):
        records = parse(block, {field: str})
        sentences = Sentences.of(records.joined(field))
        scores = scorer.log10(sentences.lines, not no_end)
        if summary or pipe.verbose:
            figures.add(sentences, scores)
        if summary:
            block.kept += len(records)
            return b""
        tokens = 1 if total else (sentences.words + (not no_end)).clip(1)
        scores = scores / tokens
        if other:
            scores = scores - other.log10(sentences.lines, not no_end) / tokens
        return records.with_numbers(into, scores)

    pipe.transform(score)
    if summary:
        pipe.write(encode({**figures.told(), "signature": str(pipe.signature)}) + b"\n")
    if pipe.verbose and figures.tokens:
        pipe.say(", ".join(f"{name} {value:,}" for name, value in figures.told().items() if value is not None))

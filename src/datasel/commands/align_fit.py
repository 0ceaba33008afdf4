"""Learn from sentence pairs which words translate which.

Reads pairs (source and target, texts) and makes a model for align-words. Tens of thousands of pairs are enough to
begin with; more are better. Words are what stands between white space; the model compares them in lower case, without
punctuation at their ends, and by their first --letters letters, so that the forms of a word count as one (0: by all).

The method is Eflomal (Östling and Tiedemann, 2016) as the library Thot has it, in both directions: --rounds of
sampling of each of three models, IBM Model 1, then with word order, then with fertility, by --samplers independent
chains. The same pairs, options and seed make the same model.

--with FILE puts translations among the pairs, from records in the form that align-words takes: they are then aligned
best, their names above all. Pairs with an empty side or more than --longest words on one are left out, and
counted on standard error. The model holds the forms of words and tables of numbers, no sentences.

Memory:
    Holds all pairs and what the library keeps of them: about 4 kB a pair.

Examples:
    $ align-fit sentences.jsonl -o en-hi.align
    $ align-fit --with translated.jsonl sentences.jsonl -o en-hi.align
    # columns of TSV files
    $ jq -r '[.source, .target] | @tsv' sentences.jsonl | align-fit --tsv source,target -o of-columns.align
"""

from __future__ import annotations

import os

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import DataError
from datasel.options import fields_apart


@filter_command(tsv=True, writes="model", jobs=True, seed=True)
@click.option("--source", type=FIELD, default="source", show_default=True, help="The field of the source text.")
@click.option("--target", type=FIELD, default="target", show_default=True, help="The field of the target text.")
@click.option("--with", "beside", type=DATA, multiple=True, help="Translations to learn from as well. May be repeated.")
@click.option("--letters", type=click.IntRange(0), default=4, show_default=True, metavar="N",
              help="Of a word, that are compared.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(1, 1000), default=5, show_default=True, metavar="N",
              help="Of each model.")  # fmt: skip
@click.option("--samplers", type=click.IntRange(1, 16), default=3, show_default=True, metavar="N",
              help="Chains, of which the mean is taken.")  # fmt: skip
@click.option("--longest", type=click.IntRange(1, 1000), default=100, show_default=True, metavar="N",
              help="Words of a text.")  # fmt: skip
def command(pipe, source, target, beside, letters, rounds, samplers, longest, jobs, seed):
    fields_apart("alignment", "nbest", source=source, target=target)
    os.environ["OMP_NUM_THREADS"] = str(jobs)  # read as the library is loaded
    from datasel.records import modelfile
    from datasel.records.jsonl import read
    from datasel.translation import sides
    from datasel.translation.aligner import KIND, fitted
    from datasel.translation.pieces import words

    pairs, left_out = [], 0

    def add(one, other):
        nonlocal left_out
        pair = words(one), words(other)
        if all(0 < len(side) <= longest for side in pair):
            pairs.append(pair)
        else:
            left_out += 1

    for records in pipe.records({source: str, target: str}):
        for one, other in zip(records.column(source), records.column(target)):
            add(one, other)
    if not pairs:
        raise DataError("no pairs to learn from")
    for records in read(beside, sides.schema(None, source)) if beside else ():
        for index, said in enumerate(records.column(source)):
            try:
                translations = sides.of(*sides.translations(records, index, None, source))
            except ValueError as error:
                raise records.error(index, str(error)) from None
            for text in translations:
                add(said, text)
    if left_out:
        pipe.warn(f"left out {left_out:,} of {left_out + len(pairs):,} pairs, empty or too long")
    settings, arrays = fitted(pairs, letters, rounds, samplers, seed, pipe.progress.show)
    pipe.say(f"{len(pairs):,} pairs")
    pipe.write_whole(modelfile.pack(KIND, str(pipe.signature), settings, arrays))

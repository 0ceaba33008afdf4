"""Keep the utterances that paraphrase least what is held already.

Chooses, from a pool of relevant utterances, those that add most to the utterances in --held (such as the annotated
ones). In each step it takes the record whose highest paraphrase probability with anything held or chosen so far is the
lowest; of equal ones the earlier (after Cho et al., ASRU 2019). So a small part of a pool can teach what the whole
would. Kept lines pass through byte for byte, in input order, or first chosen first with --sorted: then the first n
lines are what -k n would have kept.

Which utterances are paraphrases is said by a detector (--model, of paraphrase-fit), which takes annotated data. Without
any, vectors say which are alike, by their cosine: those of an encoder (--encoder, a file of datasel encoder), or of
anything else (--vectors: an .npy file with a row of floats for each line of the input, bad lines included;
--held-vectors: the same for the lines of what is held). A row of zeros is like nothing.

Bad paraphrases are also where a relevance filter erred and where labels are wrong, so relevance stays in the loop.
--min FIELD=X leaves records out whose number in that field is lower. --prefer FIELD=X chooses the record whose highest
similarity (the cosine, behind the probability too, -1 to 1), less X times its percentile in that field (0 to 1), is the
lowest: with 0 it is diversity alone, with a large X the field alone.

--batch utterances are chosen in a round, each with regard to the ones before it. The size of a round changes the speed
and how often --report writes, never the choice. Vectors are rounded to whole numbers of eleven bits, so their products
are exact, and the choice is the same on every machine that computes the same vectors.

--report writes a record for each round: how many are chosen, the mean over the candidates (what --min leaves) of the
highest probability, and the share of them that is covered (0.5 or more); without a detector the mean of the highest
cosine.

Memory:
    Holds some 70 bytes a record of the pool, and for each of --held four bytes a dimension of the vectors (a detector's
    have 128, most encoders' 384); the pool's lines and their vectors, two bytes a dimension, are in temporary files (in
    TMPDIR).

Examples:
    $ paraphrase-diverse --model paraphrase.onnx --held seed.jsonl -k 10 relevant.jsonl > chosen.jsonl
    $ paraphrase-diverse --model paraphrase.onnx --held seed.jsonl --keep 25% --prefer ngram_score=2 relevant.jsonl
    $ paraphrase-diverse --model paraphrase.onnx --held seed.jsonl --keep 50% --min confidence=0.5 labelled.jsonl
    $ paraphrase-diverse --model paraphrase.onnx -k 20 --batch 5 --sorted --report rounds.jsonl relevant.jsonl
    $ paraphrase-diverse --encoder encoder.onnx --held seed.jsonl -k 10 relevant.jsonl > chosen.jsonl
    $ paraphrase-diverse --vectors pool.npy --keep 10% pool.jsonl > chosen.jsonl
    $ paraphrase-diverse --model paraphrase.onnx --text --held-text wanted.txt -k 10 --print text corpus.txt
"""

from __future__ import annotations

import click

from datasel.cli import DATA, filter_command
from datasel.errors import UsageError
from datasel.options import choice_options, vector_options


@filter_command(text=True, field="text", drops=True, jobs=True)
@vector_options
@choice_options
@click.option("--batch", type=click.IntRange(1), default=500, show_default=True, metavar="N",
              help="Choices in a round.")  # fmt: skip
@click.option("--report", type=DATA, help="Write a record for each round to FILE.")
def command(pipe, given, choice, batch, field, jobs):
    if not given:
        raise UsageError("give one of --model, --vectors and --encoder")
    from datasel.selection.choosing import choose
    from datasel.selection.vectors import VectorPool

    with VectorPool(*given.sources(jobs), jobs) as pool:

        def search(candidates, k, bonus):
            return pool.farthest(candidates, k, bonus, batch, pipe.tell if pipe.report else None)

        choose(pipe, pool, field, **choice, search=search)

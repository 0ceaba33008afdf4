"""Add to translations which word translates which.

Reads records with source and its translation, in text, or where there is no text in target, and adds the field
alignment: pairs [source word, target word] of indices from 0, in order, words being what stands between white space.
Where there is a field nbest, each of its hypotheses is aligned in place of that, and the record's own translation as
well if it has an alignment already. entity-restore and code-mix need them; any translator's output will do.

The model is one of align-fit. It has alignments in both directions, each word with one of the other side at most;
--heuristic makes one of both (Koehn et al., NAACL 2003): their intersection is the most precise, their union has the
most links, and the others grow from the one towards the other. Words that the model has not seen are aligned by their
place, and to their like if that stands on the other side. What becomes of a translation does not depend on the others.

A side without words, or one of more than 1,000, has no links. The best alignments come from a model that has learned
from the translations as well (--with of align-fit).

Examples:
    $ align-words --model en-hi.align sentences.jsonl > aligned.jsonl
    $ translate-nbest --model en-hi/ -n 5 seed.jsonl | align-words --model en-hi.align > nbest.jsonl
    $ align-words --model en-hi.align --heuristic intersection -f target sentences.jsonl | jq -c .alignment
"""

from __future__ import annotations

import os

import click

from datasel.cli import FIELD, MODEL, filter_command
from datasel.options import fields_apart


@filter_command(jobs=True)
@click.option("-m", "--model", required=True, type=MODEL, help="An aligner of align-fit.")
@click.option("--source", type=FIELD, default="source", show_default=True, help="The field of what was translated.")
@click.option("-f", "--field", type=FIELD, default=None, help="The text field.", show_default="text, or else target")
@click.option("--heuristic", metavar="NAME", default="grow-diag-final-and", show_default=True,
              type=click.Choice(["grow-diag-final-and", "grow-diag-final", "grow-diag", "grow", "och", "intersection",
                                 "union"]),
              help="How two directions become one: grow-diag-final-and, grow-diag-final, grow-diag, grow, och, "
              "intersection or union.")  # fmt: skip
def command(pipe, model, source, field, heuristic, jobs):
    fields_apart("alignment", "nbest", field=field, source=source)
    os.environ["OMP_NUM_THREADS"] = "1"  # read as the library is loaded: --jobs are processes
    from datasel.records.jsonl import encode, parse, set_members
    from datasel.translation import sides
    from datasel.translation.aligner import read
    from datasel.translation.pieces import words

    align = read(model, heuristic)

    def aligned(block):
        records = parse(block, sides.schema(field, source))
        found = []
        for index in range(len(records)):
            try:
                found.append((index, *sides.translations(records, index, field, source)))
            except ValueError as error:
                records.refuse(index, str(error))
        said = [words(text) for text in records.column(source)]
        texts = [(n, text) for n, listed, own in found for text in sides.of(listed, own)]
        unique = list(dict.fromkeys(texts))
        links = dict(zip(unique, align([(said[n], words(text)) for n, text in unique])))
        out = []
        for n, listed, own in found:
            values = {}
            if listed:
                values["nbest"] = encode([{**each, "alignment": links[n, each["text"]]} for each in listed])
            if own is not None:
                values["alignment"] = encode(links[n, own])
            out.append(set_members(records.lines[n], values) + b"\n")
        block.kept += len(out)
        return b"".join(out)

    pipe.transform(aligned, jobs, 1 << 18)

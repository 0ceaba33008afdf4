"""Put masks in place of entities before translation, and take them out after.

A translator mangles names, or drops them. Reads records with text and slots, and adds the field masked: the text with
its entities as masks [e1], [e2], ..., in their order, which a translator copies that has learned to (mask-pairs makes
pairs for that). A possessive 's stays, behind the mask. Words stand one space apart then. Of slots that touch the same
word the first is an entity; it has all words that its slot touches. --only or --except name the slots that are
entities; of more than --most the first are masked. A text that has a mask of its own has none put in. The field masks
says what each stands for.

With --unmask it goes the other way: it reads what translate-nbest made of the field masked, and puts into each
hypothesis of nbest the words that each mask stands for, as the source has them; into source goes the text, which the
slots are of, and masks is empty then. The records are as if the translator had copied the names: align-words goes on,
and entity-restore, which says how they are written, or draws others. Hypotheses that do not have every mask once, and
no other, get the flag masks and go behind those that do; a mask that the text does not have is left out, and so is one
that was there before. An alignment of the masked words is dropped.

Examples:
    $ entity-mask --except date,time seed.jsonl > masked.jsonl
    $ entity-mask seed.jsonl | translate-nbest --model en-hi/ -f masked | entity-mask --unmask > nbest.jsonl
    $ echo '{"text":"call priya now","slots":[{"name":"person","value":"priya","start":5,"end":10}]}' | \\
          entity-mask --print masked
    call [e1] now
"""

from __future__ import annotations

import click

from datasel.cli import filter_command
from datasel.errors import UsageError
from datasel.options import fields_apart, only_for


@filter_command(field="text")
@click.option("--only", metavar="NAME,...", help="Mask entities of these slots alone.")
@click.option("--except", "but", metavar="NAME,...", help="Mask entities of all slots but these.")
@click.option("--most", type=click.IntRange(1, 9), default=4, show_default=True, metavar="N", help="Masks of a text.")
@click.option("--unmask", is_flag=True, help="Put the entities into translations of masked texts.")
def command(pipe, only, but, most, unmask, field):
    only_for(not unmask, "masking, not for --unmask", "only", "but", "most")
    if only is not None and but is not None:
        raise UsageError("--only and --except exclude each other")
    fields_apart("masked", "masks", "slots", "source", "nbest", field=field)
    if unmask:
        _unmask(pipe, field)
    else:
        _mask(pipe, field, only, but, most)


def _mask(pipe, field, only, but, most):
    from datasel.nlu import annotations
    from datasel.records.jsonl import encode, parse
    from datasel.translation.entities import chosen, entities
    from datasel.translation.masks import masked

    wanted = chosen(only, but)

    def made(block):
        records = parse(block, {field: str, "slots": annotations.SCHEMA["slots"]})
        texts, masks, kept = [b""] * len(records), [b""] * len(records), []
        for index, text in enumerate(records.column(field)):
            slots = annotations.slots(records, index)
            try:
                annotations.check(text, slots)
            except ValueError as error:
                records.refuse(index, str(error))
                continue
            found, _ = entities(text, [slot for slot in slots if wanted(slot.name)])
            text, values = masked(text, found, most)
            texts[index], masks[index] = encode(text), encode(values)
            kept.append(index)
        return records.with_fields({"masked": texts, "masks": masks}, kept)

    pipe.transform(made)


def _unmask(pipe, field):
    from typing import Any

    from datasel.records.jsonl import encode, parse, set_members
    from datasel.translation.masks import restored

    def made(block):
        records = parse(block, {field: str, "masks": Any, "nbest": Any})
        out = []
        for index, line in enumerate(records.lines):
            try:
                listed = restored(records.column("nbest")[index], records.column("masks")[index])
            except ValueError as error:
                records.refuse(index, str(error))
                continue
            members = {"source": encode(records.column(field)[index]), "nbest": encode(listed), "masks": b"{}"}
            out.append(set_members(line, members) + b"\n")
        block.kept += len(out)
        return b"".join(out)

    pipe.transform(made)

"""Turn annotated utterances into templates, and templates into utterances.

Adds the field template: the text with every slot's value replaced by the slot's name in brackets, as in "play
[artist] in the [room]". An opening bracket of the text itself is doubled. Of overlapping slots the first is
replaced. A record without the field slots has none.

With --fill CATALOGUE it goes the other way: it reads the field template and adds text and slots, a value drawn for
every slot in brackets. A catalogue is JSON Lines of {"name", "value"}, or of annotated utterances, whose slots are the
entries then; it is held in memory. A value that stands in it twice is drawn twice as often. The draws depend on
--seed and on the order of the records. A template with a slot that the catalogue does not know is a bad record.

Examples:
    $ slot-template seed.jsonl > templates.jsonl
    $ slot-template --print template seed.jsonl | sort | uniq -c | sort -rn | head -n 3
    $ slot-template --fill seed.jsonl --seed 7 templates.jsonl > more.jsonl
    $ echo '{"text":"play adele","slots":[{"name":"artist","value":"adele","start":5,"end":10}]}' | \\
          slot-template --print template
    play [artist]
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import DataError


@filter_command(field="text", seed=True)
@click.option("--fill", type=DATA, multiple=True, metavar="CATALOGUE",
              help="Draw slot values from here and put them into templates. May be repeated.")  # fmt: skip
@click.option("--template", type=FIELD, default="template", show_default=True, help="The field of the template.")
def command(pipe, fill, template, field, seed):
    if fill:
        _fill(pipe, fill, template, field, seed)
    else:
        _make(pipe, field, template)


def _make(pipe, field, into):
    from datasel.nlu import annotations
    from datasel.nlu.templates import template
    from datasel.records.jsonl import encode, parse

    def templates(block):
        records = parse(block, {field: str, "slots": annotations.SCHEMA["slots"]})
        made, kept = [b""] * len(records), []
        for index, text in enumerate(records.column(field)):
            slots = annotations.slots(records, index)
            try:
                annotations.check(text, slots)
                made[index] = encode(str(template(text, slots)[0]))
                kept.append(index)
            except ValueError as error:
                records.refuse(index, str(error))
        return records.with_fields({into: made}, kept)

    pipe.transform(templates)


def _fill(pipe, catalogue, field, into, seed):
    from datasel.nlu import annotations, templates
    from datasel.records.jsonl import encode, parse, read
    from datasel.records.seeding import generator

    values = annotations.catalogue(read(catalogue, annotations.ENTRY))
    if not values:
        raise DataError("the catalogue has no values")
    draw = generator(seed, "slot-template")

    def utterances(block):
        records = parse(block, {field: str})
        texts, slots, kept = [b""] * len(records), [b""] * len(records), []
        for index, written in enumerate(records.column(field)):
            try:
                made = templates.parse(written)
                if unknown := [name for name in made.names if name not in values]:
                    raise ValueError(f"the catalogue has no value for slot '{unknown[0]}'")
                text, found = made.fill([values[name][draw.integers(len(values[name]))] for name in made.names])
                texts[index], slots[index] = encode(text), encode([slot._asdict() for slot in found])
                kept.append(index)
            except ValueError as error:
                records.refuse(index, str(error))
        return records.with_fields({into: texts, "slots": slots}, kept)

    pipe.transform(utterances)

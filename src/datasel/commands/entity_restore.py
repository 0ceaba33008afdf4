"""Put the entities of the source back into translations.

A translator mangles names. Reads records with source, the text that was translated, its slots, and the translation:
text and alignment, a list of [source word, target word], words being what stands between white space, from 0. Where
there is a field nbest, each of its hypotheses is edited, and the record's own text as well if it has an alignment.
The target words aligned to an entity are replaced by its words in the source, and the alignment is kept right.

Adds the field entities to each translation, a list of {"name", "value", "start", "end"}: what was placed and where (in
code points of the new text), beside what the field had of other entities. slots stay, which are of the source.

Entities:
    --only names those to copy, or --except those not to: dates and times are translated well, names are not. An
    entity has all words that its slot touches. Of slots that touch the same word the first is an entity.

Where an entity goes:
    Where it was placed before, as the field entities says. Else where its value stands in the translation already: as
    in the source, as --spellings writes it, or as Devanagari words that sound like it; of several such places the one
    with the most words aligned to the entity, then the first.
    Else to the target words aligned to it. A target word that is aligned to two entities belongs to the one that comes
    first in the source. Words of --keep-words (one a line: postpositions, auxiliaries) at the ends of what is aligned
    are not replaced; give them where the aligner often takes them for part of a name. If the aligned words do not stand
    together, the entity goes to the run that most of its words are aligned to, of equal ones the longest, then the
    first; a further run is replaced too if one more of the entity's words is aligned to it, no more than --max-gap
    words away. Unaligned words between such runs are replaced as well; others stay, behind the entity if they were
    inside. All other words stay, even those that are aligned to the entity.
    An entity without a place is not placed, and the translation stays as it is there.

Spelling:
    --spellings FILE says how words are written in the target's script: lines 'phrase <tab> how it is written' (further
    columns are left aside, of two entries the first holds). The longest phrases go first; a word without an entry stays
    as it is, but a possessive 's is dropped for what has one. With --spelled an entity is copied only if no word in
    Latin letters remains.

Catalogues:
    --catalogue FILE draws another value instead, where it has any for the slot's name: JSON Lines of {"name", "value"},
    or annotated utterances, as slot-template reads. A value that stands there twice is drawn twice as often. All
    hypotheses of a record get the same values. --draws N writes N records for each, with the field draw from 0. The
    draws depend on --seed and on the order of the records.

Report:
    -v says how many entities were placed, gapped and not placed, and why. --report writes one record for each slot name
    and one (name null) for all: entities, those of all translations; placed; there, which stood there already;
    not placed because unaligned, shared (its words are an earlier entity's), overlapping (on the source) or
    unspelled; of those placed gapped (from several runs), stray (some aligned words stay) and drawn; rate, the share
    placed or there. With --draws the first draw is counted; a record's own text that stands in its list as well is
    counted once.

Examples:
    $ entity-restore --only person,artist_name translated.jsonl > restored.jsonl
    $ entity-restore --catalogue catalogue.jsonl --draws 3 --seed 5 translated.jsonl > more.jsonl
    $ entity-restore --except date,time --spellings spellings.tsv --keep-words particles.txt --report placed.jsonl \\
          translated.jsonl > restored.jsonl
    $ echo '{"source":"call john","slots":[{"name":"person","value":"john","start":5,"end":9}],"text":"जान को बताओ",' \\
          '"alignment":[[1,0],[0,2]]}' | entity-restore --print text
    john को बताओ
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import UsageError
from datasel.options import fields_apart


@filter_command(field="text", seed=True)
@click.option("--source", type=FIELD, default="source", show_default=True, help="The field of what was translated.")
@click.option("--only", metavar="NAME,...", help="Copy entities of these slots alone.")
@click.option("--except", "but", metavar="NAME,...", help="Copy entities of all slots but these.")
@click.option("--max-gap", type=click.IntRange(0), default=3, metavar="N", show_default=True,
              help="Most words between two parts of an entity.")  # fmt: skip
@click.option("--keep-words", type=DATA, help="Target words never replaced at an entity's ends, one a line.")
@click.option("--spellings", type=DATA, help="How words are written in the target's script, tab-separated.")
@click.option("--spelled", is_flag=True, help="Copy only what can be written without Latin letters.")
@click.option("--catalogue", type=DATA, multiple=True, metavar="CATALOGUE",
              help="Draw values from here instead. May be repeated.")  # fmt: skip
@click.option("--draws", type=click.IntRange(1), metavar="N", help="Write N records for each, numbered in draw.")
@click.option("--report", type=DATA, help="Write a record for each slot name and one for all to FILE.")
def command(pipe, source, only, but, max_gap, keep_words, spellings, spelled, catalogue, draws, field, seed):
    if only is not None and but is not None:
        raise UsageError("--only and --except exclude each other")
    if draws and not catalogue:
        raise UsageError("--draws needs a --catalogue to draw from")
    fields_apart("slots", "alignment", "entities", "nbest", field=field, source=source)
    from datasel.nlu import annotations
    from datasel.records.jsonl import encode, parse, read, set_members
    from datasel.records.seeding import generator
    from datasel.text.words import spaced
    from datasel.translation.entities import Restorer, chosen, entities
    from datasel.translation.hypotheses import changed, schema, translated
    from datasel.translation.spellings import spellings as lexicon
    from datasel.translation.spellings import words

    wanted = chosen(only, but)
    values = annotations.catalogue(read(catalogue, annotations.ENTRY)) if catalogue else {}
    values = {name: list(map(spaced, found)) for name, found in values.items()}
    draw = generator(seed, "entity-restore")
    restore = Restorer(lexicon(spellings), words(keep_words), max_gap, spelled)

    def instead(name):
        found = values.get(name)
        return found[draw.integers(len(found))] if found else None

    def restored(block):
        records = parse(block, schema(field, source))
        out = []
        for index, said, slots, found in translated(records, field, source):
            own = len(found) > len(records.column("nbest")[index] or ())
            again = found[-1] if own and found[-1] in found[:-1] else None  # what lm-rescore chose, counted in its list
            copied, overlapping = entities(said, [slot for slot in slots if wanted(slot.name)])
            for number in range(draws or 1):
                drawn = [instead(entity.name) for entity in copied]
                made = [restore(copied, overlapping, drawn, each, number == 0 and each is not again) for each in found]
                members = changed(records, index, field, made)
                if draws:
                    members["draw"] = encode(number)
                out.append(set_members(records.lines[index], members) + b"\n")
            block.kept += 1
        return b"".join(out)

    pipe.transform(restored)
    for figures in restore.figures():
        pipe.tell(figures)
    pipe.say("{placed} placed ({gapped} gapped, {drawn} drawn), {there} there already, of {entities} entities; "
             "unaligned {unaligned}, shared {shared}, overlapping {overlapping}, unspelled {unspelled}"
             .format(**restore.total()))  # fmt: skip

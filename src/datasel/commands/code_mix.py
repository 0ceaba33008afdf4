"""Copy source words into translations as often as a given text has them.

People mix languages, translators do not. Reads records with source, the text that was translated, and the translation:
text and alignment, a list of [source word, target word], words being what stands between white space, from 0. Where
there is a field nbest, each of its hypotheses is edited, and the record's own text as well if it has an alignment;
entity-restore takes the same records, and goes first.

A source word can be copied if the target words aligned to it stand together and are aligned to no other; it takes their
place, and the alignment is kept right. If one of them is the source word already, in any spelling, only that one is
replaced. Words of --keep-words (one a line: postpositions, auxiliaries) stay if they are the first or last of these. A
word that overlaps a slot is not copied, and no word is replaced inside a span that the field entities of the
translation lists, so no entity is split. The offsets in entities are updated.

Probability:
    The word w is copied with probability min(1, S (c(w) + A) / (C + A V)): in proportion to its smoothed relative
    frequency among the C words, V of them different, of the text that --in-domain gives (plain text). S is --scale:
    with 100, a word that makes up a hundredth of that text or more is always copied, one of a thousandth once in ten
    times. A is --alpha; 0 copies nothing that the text does not have. One random number for each source word decides
    for all hypotheses of a record. It depends on --seed and on the order of the records.

Counts:
    c(w) counts w as it is, and words in Devanagari that are w in that script: the one that --spellings gives for it
    (lines 'phrase <tab> how it is written'), and those that sound like it. These have the same consonants, in a reading
    of its spelling (c is k or s, s is s or z); t and d retroflex, no aspirates; vowels that its letters can stand for,
    in 91 of 100 sounds or more; and three sounds at least, two of them consonants. Function words of English
    (the, to, for) and single letters count as they are alone. A word is written as the most frequent of these is, if
    there is any, else as --spellings says, else as it stands.

Report:
    -v says how many words were copied and how many could have been. --report writes one record for each source word
    that could be: word, written, count, probability, and in how many translations it was eligible and copied. Only then
    is a count held for each source word.

Examples:
    $ code-mix --in-domain requests.hi.txt --keep-words particles.txt translated.jsonl > mixed.jsonl
    $ entity-restore translated.jsonl | code-mix --in-domain requests.hi.txt --scale 300 --seed 7 > mixed.jsonl
    $ code-mix --in-domain requests.hi.txt --alpha 0 --report words.jsonl translated.jsonl > mixed.jsonl
    $ echo '{"source":"call him now","text":"अब बताओ","alignment":[[2,0],[0,1]]}' | \\
          code-mix --in-domain requests.hi.txt --scale 1e9 --alpha 0 --print text
    अब कॉल
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import DataError
from datasel.options import fields_apart


@filter_command(field="text", seed=True)
@click.option("--in-domain", type=DATA, multiple=True, required=True, metavar="TEXT",
              help="Text as people say it, one utterance a line. May be repeated.")  # fmt: skip
@click.option("--scale", type=click.FloatRange(0), default=100, metavar="X", show_default=True,
              help="Probability of being copied by relative frequency.")  # fmt: skip
@click.option("--alpha", type=click.FloatRange(0), default=0.1, metavar="X", show_default=True,
              help="Added to every count.")  # fmt: skip
@click.option("--source", type=FIELD, default="source", show_default=True, help="The field of what was translated.")
@click.option("--keep-words", type=DATA, help="Target words never replaced at the ends of what is, one a line.")
@click.option("--spellings", type=DATA, help="How words are written in the target's script, tab-separated.")
@click.option("--report", type=DATA, help="Write a record for each source word to FILE.")
def command(pipe, in_domain, scale, alpha, source, keep_words, spellings, field, seed):
    fields_apart("slots", "alignment", "entities", "nbest", field=field, source=source)
    from datasel.records.jsonl import parse, read, set_members
    from datasel.records.seeding import generator
    from datasel.translation import editing
    from datasel.translation.hypotheses import changed, schema, translated
    from datasel.translation.mixing import InDomain, Mixer
    from datasel.translation.spellings import spellings as lexicon
    from datasel.translation.spellings import words

    lines = (text for records in read(in_domain, {"text": str}, text=True) for text in records.column("text"))
    try:
        domain = InDomain(lines, lexicon(spellings), scale, alpha)
    except ValueError as error:
        raise DataError(str(error)) from None
    mix, draw = Mixer(domain, words(keep_words), bool(pipe.report)), generator(seed, "code-mix")

    def mixed(block):
        records = parse(block, schema(field, source))
        out = []
        for index, said, slots, found in translated(records, field, source):
            chances = draw.random(len(editing.words(said))).tolist()
            made = [mix(said, slots, each, chances) for each in found]
            out.append(set_members(records.lines[index], changed(records, index, field, made)) + b"\n")
            block.kept += 1
        return b"".join(out)

    pipe.transform(mixed)
    for figures in mix.figures():
        pipe.tell(figures)
    copied, eligible = mix.totals()
    pipe.say(f"{copied:,} copied of {eligible:,} words that could be")

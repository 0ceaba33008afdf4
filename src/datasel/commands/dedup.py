r"""Drop records whose text repeats another, or stands in a test set.

Of texts that are equal the first record stays, or with --by FIELD the one that is highest in that field, of equally
high ones the first. Texts are equal if their words are: in lower case and NFC, whatever stands between them. With
--exact they are equal if all their characters are. Kept lines pass through byte for byte, in input order. --count
FIELD adds how many records there were, the kept one included; where a record has that field already it counts for as
many. So the parts of a large input can be deduplicated apart, then together. (Near-duplicates of a text that is
dropped are an exception: what stays of them depends on what is read together.)

--near J also drops near-duplicates: texts whose sets of shingles have a Jaccard similarity (shared shingles over
all shingles of both) of J or more with a record that stays. Records are taken in input order, or with --by from the
highest down. Shingles are the n-grams of words or characters that --shingle says, of the words as they are compared;
a text too short for one is one shingle. Candidates come from MinHash signatures in bands (Broder, 1997), and each is
then compared exactly: a text that is less similar than J is never dropped. At least 99 % of the pairs with similarity J
are found in expectation, and more of the more similar ones. Time grows in proportion to the number of texts; the
exception are many texts that are similar, but not similar enough to be dropped (one template with ever new values):
these are all compared, and time grows with the square of their number.

--against FILE drops what stands in that file as well: equal texts, with --near those near to one, with --contains N
those that share N words in a row with one. With --only-against the input's own repeats stay.

With --rejects each dropped record goes there with the record that it repeats, as FILE:LINE.

Memory:
    Holds 16 to 24 bytes a distinct text (40 with --rejects), up to --memory; after that what is new waits in a
    temporary file (in TMPDIR) and is sorted in parts at the end. With --by, --count or --near all records wait in
    temporary files, some 40 bytes each in memory; --near holds up to 400 more for each distinct text. Holds the texts
    of --against as hashes: 30 bytes each, with --near up to 900, with --contains 40 a word.

Examples:
    $ dedup pool.jsonl > distinct.jsonl
    $ dedup --near 0.8 --shingle chars:4 --count times pool.jsonl > distinct.jsonl
    $ dedup --against test.jsonl --contains 8 --rejects dropped.tsv pool.jsonl > clean.jsonl
    $ dedup --by ngram_score --near 0.7 scored.jsonl | select-topk -k 300 --by ngram_score > best.jsonl
    $ printf 'Play it!\nplay it\nstop\n' | dedup --text --count n
    {"text":"Play it!","n":2}
    {"text":"stop","n":1}
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import UsageError
from datasel.options import memory_option, was_given


def _shingling(_ctx, _param, value):
    unit, _, size = value.partition(":")
    if unit not in ("words", "chars") or not size.isdecimal() or not 1 <= int(size) <= 99:
        raise click.BadParameter(f"'{value}' is not words:N or chars:N (N from 1 to 99)")
    return value


@filter_command(text=True, field="text", drops=True, jobs=True)
@click.option("--exact", is_flag=True, help="Texts are equal only if all their characters are.")
@click.option("--near", type=click.FloatRange(0.1, 1), metavar="J", help="Drop near-duplicates as well.")
@click.option("--shingle", default="words:2", show_default=True, metavar="UNIT:N", callback=_shingling,
              help="Which n-grams are compared for --near: words:N or chars:N.")  # fmt: skip
@click.option("--by", type=FIELD, help="Keep the record that is highest in this field, not the first.")
@click.option("--count", "times", type=FIELD, help="Add how many records there were in this field.")
@click.option("--against", multiple=True, type=DATA, help="Drop what stands there, JSON Lines. May be repeated.")
@click.option("--against-text", multiple=True, type=DATA, help="The same, plain text. May be repeated.")
@click.option("--contains", type=click.IntRange(1, 99), metavar="N",
              help="With --against: drop what shares N words in a row.")  # fmt: skip
@click.option("--only-against", is_flag=True, help="Keep repeats within the input.")
@memory_option("Hold that much before the disk is used.")
def command(pipe, exact, near, shingle, by, times, against, against_text, contains, only_against, memory, field, jobs):
    files = [*against, *against_text]
    if (contains or only_against) and not files:
        raise UsageError("--contains and --only-against need --against")
    if exact and near:
        raise UsageError("give one of --exact and --near")
    if was_given("shingle") and not near:
        raise UsageError("--shingle needs --near")
    if only_against and (by or times):
        raise UsageError("--only-against goes with neither --by nor --count")
    from datasel.records.jsonl import read_texts
    from datasel.redundancy.against import Against
    from datasel.redundancy.dropping import Rule, drop
    from datasel.redundancy.keys import Shingling
    from datasel.redundancy.near import Nearness

    unit, _, size = shingle.partition(":")
    nearness = Nearness.of(near, Shingling(unit, int(size))) if near else None
    others = Against(exact, nearness, contains)
    for records, name in read_texts(against, against_text, field):
        others.add(records, name)
    rule = Rule(field, others.end(), nearness, only_against, by, times, contains, memory)
    drop(pipe, rule, jobs)

"""Train a model of domain, intent and slots.

Reads annotated utterances: records with text, intent, slots (a list of {"name", "value", "start", "end"}, offsets in
code points, end exclusive) and, if there are several, domain. Several FILEs are one training set, so
annotated and self-labelled utterances are simply given together.

Domain and intent come from a maximum-entropy classifier on hashed word n-grams, slots from linear-chain conditional
random fields (CRFsuite). With --weight a record counts as often as the whole number in that field says: 0 leaves it
out, and without the field it counts once.

With --unlabelled or --unlabelled-text, words that occur in the same contexts there are grouped into classes, and the
classes are features of the slots' CRF: with little annotated data this can help with words it does not hold, if there
are some thousands of relevant utterances to learn them from (see ngram-score).

With --encoder, features are also what a pretrained encoder (of datasel encoder) says of each word in its context: 48
principal components of its vector, and the cluster it falls in, of 32, 128 and 512. For the intent they are the
components of the text's vector. Components and clusters are learned from the training texts and the --unlabelled ones.
This is the strongest help where little is annotated. nlu-label then needs the same encoder; a recogniser without one
can learn from what such a one has labelled, and keeps most of the gain.

--gazetteer has known values, such as places: records {"name", "value"}, or plain text, a value a line, whose name is
the file's without its ending. That a word stands in one of them, the longest first, is a feature, not yet a slot.

With --guide, features are also the slots that another recogniser finds: that of an assistant's other intents, which
often have dates, places or names as the new one has. Train it with --slots joint, and on other utterances than these:
in its own training text it finds more than elsewhere. The model holds a copy of it.

A slot covers every word it touches; of overlapping slots the first wins. A slot whose value is not the text at its
offsets makes the record a bad one.

Memory:
    Holds all utterances and, for each, its features; with --unlabelled also that text and, for its 5,000 most frequent
    words, a square matrix of distances (100 MB); with --encoder 4 bytes a dimension for each word of all texts.
    A record counts in memory as often as --weight says.

Examples:
    $ nlu-fit seed.jsonl -o seed.nlu
    $ cat seed.jsonl chosen.jsonl | nlu-fit -o new.nlu
    # a better teacher: word classes from relevant unlabelled text
    $ nlu-fit seed.jsonl --unlabelled relevant.jsonl --unlabelled-text general.txt -o teacher.nlu
    # better still: words in context, by a pretrained encoder; and a list of known values
    $ nlu-fit seed.jsonl --encoder encoder.onnx --unlabelled relevant.jsonl -o teacher.nlu
    $ nlu-fit seed.jsonl --gazetteer catalogue.jsonl -o listed.nlu
    # an assistant's slots help with those of a new intent
    $ nlu-fit --slots joint annotated.jsonl -o assistant.nlu && nlu-fit seed.jsonl --guide assistant.nlu -o teacher.nlu
    $ nlu-fit -v --slots joint --order 2 seed.jsonl > joint.nlu
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, MODEL, filter_command
from datasel.errors import DataError


@filter_command(writes="model", field="text")
@click.option("--slots", type=click.Choice(["per-intent", "joint"]), default="per-intent", show_default=True,
              help="A CRF for each intent, or one for all.")  # fmt: skip
@click.option(
    "--order", type=click.IntRange(1, 9), default=3, show_default=True, metavar="N", help="Longest n-gram, in words."
)
@click.option(
    "--bits", type=click.IntRange(8, 24), default=18, show_default=True, metavar="N", help="2^N n-gram buckets."
)
@click.option("--l2", type=click.FloatRange(0, min_open=True), default=1e-4, show_default=True, metavar="X",
              help="L2 penalty of the classifier, per unit of mean loss.")  # fmt: skip
@click.option(
    "--c1", type=click.FloatRange(0), default=0.1, show_default=True, metavar="X", help="L1 penalty of the CRF."
)
@click.option(
    "--c2", type=click.FloatRange(0), default=0.01, show_default=True, metavar="X", help="L2 penalty of the CRF."
)
@click.option(
    "--iterations", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="At most, for the CRF."
)
@click.option("--unlabelled", multiple=True, type=DATA,
              help="Text to learn word classes and clusters from, JSON Lines. May be repeated.")  # fmt: skip
@click.option("--unlabelled-text", multiple=True, type=DATA, help="The same, plain text. May be repeated.")
@click.option("--encoder", type=MODEL, help="Words in context as features, by this encoder (of datasel encoder).")
@click.option("--gazetteer", multiple=True, type=DATA,
              help="Known values as features, JSON Lines or plain text. May be repeated.")  # fmt: skip
@click.option("--guide", type=MODEL, help="A recogniser (of nlu-fit) whose slots are features.")
@click.option("--weight", type=FIELD, help="How many times a record counts: 0 or more; 1 without the field.")
def command(
    pipe, slots, order, bits, l2, c1, c2, iterations, unlabelled, unlabelled_text, encoder, gazetteer, guide, weight,
    field,
):  # fmt: skip
    from datasel.nlu.annotations import utterances
    from datasel.nlu.knowledge import learn
    from datasel.nlu.recogniser import Recogniser
    from datasel.records.jsonl import read_texts

    data = list(utterances(pipe, field, weight))
    if not data:
        raise DataError("no utterances to learn from")
    found = read_texts(unlabelled, unlabelled_text, field)
    more = [text for records, name in found for text in records.column(name)]
    known = learn([item.text for item in data], more, encoder, gazetteer, guide, pipe.warn, pipe.progress.show)
    recogniser = Recogniser.fit(
        data, per_intent=slots == "per-intent", order=order, bits=bits, l2=l2, c1=c1, c2=c2, iterations=iterations,
        known=known, tell=pipe.progress.show,
    )  # fmt: skip
    pipe.say(f"utterances {len(data):,}, intents {len(recogniser.classes)}, CRFs {len(recogniser.crfs)}")
    pipe.write_whole(recogniser.to_bytes(str(pipe.signature), {"utterances": len(data)}))

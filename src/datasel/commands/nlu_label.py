r"""Add domain, intent, slots and confidence to utterances.

Adds intent, slots (a list of {"name", "value", "start", "end"}: offsets in code points, end exclusive; the value is the
text between them), confidence, and domain if the model knows any. Fields of these names that a record already has
are replaced where they stand; they play no part in the labelling.

confidence is the probability of the domain and intent times that of the slots given the text, from 0 to 1;
higher is surer; of a text without words it is 0. It is the model's own opinion: calibrated on text like the training
data at best. With --min-confidence the unsure records are dropped (--rejects keeps them), with --intent those of other
intents.

A recogniser that nlu-fit made with --encoder needs that encoder here.

A text's labels depend on nothing but the text and the model.

Examples:
    $ nlu-label --model seed.nlu --min-confidence 0.5 relevant.jsonl > labelled.jsonl
    $ echo 'play some jazz' | nlu-label --model seed.nlu --text --print intent
    PlayMusic
    $ nlu-label --model seed.nlu --min-confidence 0.9 --rejects unsure.tsv pool.jsonl > sure.jsonl
    $ nlu-fit seed.jsonl --encoder encoder.onnx -o context.nlu && nlu-label --model context.nlu --encoder encoder.onnx \
      --intent PlayMusic pool.jsonl > music.jsonl
"""

from __future__ import annotations

import click

from datasel.cli import MODEL, filter_command
from datasel.errors import UsageError


@filter_command(text=True, field="text", drops=True, jobs=True)
@click.option("-m", "--model", required=True, type=MODEL, help="The recogniser that nlu-fit made.")
@click.option("--encoder", type=MODEL, help="The encoder that the recogniser was trained with, if any.")
@click.option("--intent", multiple=True, help="Keep only records labelled with this intent. May be repeated.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0, show_default=True, metavar="X",
              help="Drop records with less.")  # fmt: skip
def command(pipe, model, encoder, intent, min_confidence, field, jobs):
    from datasel.embedding.encoder import Encoder
    from datasel.nlu.recogniser import Recogniser
    from datasel.records.jsonl import encode, parse

    recogniser = Recogniser.load(model, Encoder.load(encoder) if encoder else None)
    known = {each for _, each in recogniser.classes}
    for each in intent:
        if each not in known:
            raise UsageError(f"--intent: the recogniser has no '{each}', but {', '.join(sorted(known))}")

    def label(block):
        records = parse(block, {field: str})
        found = recogniser.label(records.column(field))
        fields = {
            "intent": [encode(item.intent) for item in found],
            "slots": [encode([slot._asdict() for slot in item.slots]) for item in found],
            "confidence": [encode(item.confidence) for item in found],
        }
        if any(domain is not None for domain, _ in recogniser.classes):
            fields = {"domain": [encode(item.domain) for item in found], **fields}
        kept = []
        for index, item in enumerate(found):
            if item.confidence < min_confidence:
                records.reject(index, f"confidence {item.confidence:g} below {min_confidence:g}")
            elif intent and item.intent not in intent:
                records.reject(index, f"intent {item.intent}")
            else:
                kept.append(index)
        return records.with_fields(fields, kept)

    pipe.transform(label, jobs)

"""Add the probability that two utterances are paraphrases.

Reads pairs, two texts a record, and adds the field paraphrase: the probability, from 0 to 1, that they mean the
same, slot values included, under a detector that paraphrase-fit trained. It is calibrated on pairs like those of its
training. It does not depend on the order of the two, nor on anything but them.

Examples:
    $ paraphrase-score --model paraphrase.onnx dev-pairs.jsonl > scored-pairs.jsonl
    $ echo '{"text":"play adele","other":"play seal"}' | paraphrase-score --model paraphrase.onnx
    $ paraphrase-score --model paraphrase.onnx pairs.jsonl | select-topk -k 5 --by paraphrase --lowest
"""

from __future__ import annotations

import click

from datasel.cli import FIELD, MODEL, filter_command


@filter_command(field="text", into="paraphrase", jobs=True)
@click.option("-m", "--model", required=True, type=MODEL, help="The detector that paraphrase-fit made.")
@click.option("--other", type=FIELD, default="other", show_default=True, help="The field of the other text.")
def command(pipe, model, other, field, into, jobs):
    import numpy as np

    from datasel.paraphrase.detector import Detector
    from datasel.records.jsonl import parse

    detector = Detector.load(model)

    def score(block):
        records = parse(block, {field: str, other: str})
        first, second = (detector.vectors(records.column(name)).astype(np.int64) for name in (field, other))
        return records.with_numbers(into, detector.probability((first * second).sum(axis=1)))

    pipe.transform(score, jobs)

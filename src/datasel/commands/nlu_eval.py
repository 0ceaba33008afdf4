"""Measure semantic error against references.

Reads hypotheses (as nlu-label writes them: intent, slots, perhaps domain) and compares them with --reference, by the
field --id if the references have it, else line by line. A missing, an extra or a repeated record is an error, and so
are two records of a line whose other names differ (utt_id, uttid, utt, uid, utterance_id, key, id, or the file of
audio, audio_filepath, audio_path). Slots are parts of their record's text, where it has one: 0 <= start < end, offsets
in characters, the value the text there. A warning says how many hypotheses have another text than their references.

Measures:
    SemER = (D + I + S) / (C + D + S): the intent counts as one more slot (a wrong intent is one S); slots are
    compared as an order-insensitive multiset of (name, value): C right, S name right and value wrong, D missing,
    I extra. Summed over the corpus; it may exceed 1. IRER is the share of utterances with any such error, ICER the
    share with a wrong intent. Slot F1 compares (name, start, end); exact match asks for the same domain,
    intent and (name, start, end). All are rates, not per cent; lower is better for the first three. n is the number of
    utterances with that reference intent. A rate without anything to count is shown as '-'.

Comparison:
    With --baseline, the relative reduction of SemER, (baseline - new) / baseline, with its 95 % interval and the
    probability of improvement, from 10,000 paired bootstrap samples (Bisani & Ney, ICASSP 2004) of utterances, or of
    blocks of them: records with the same value of the reference field --block are drawn together.

Memory:
    Holds references and hypotheses.

Examples:
    $ nlu-label --model new.nlu test.jsonl | nlu-eval --reference test.jsonl
    $ nlu-label --model seed.nlu test.jsonl > seed-hyp.jsonl
    $ nlu-label --model new.nlu test.jsonl | nlu-eval --reference test.jsonl --baseline seed-hyp.jsonl
    $ nlu-eval --reference test.jsonl --json seed-hyp.jsonl | jq .all.SemER
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import DataError


@filter_command(writes="report", seed=True)
@click.option("-r", "--reference", required=True, multiple=True, type=DATA, help="Annotated records. May be repeated.")
@click.option("-b", "--baseline", multiple=True, type=DATA, help="Hypotheses of another system. May be repeated.")
@click.option("--id", "key", type=FIELD, default="id", show_default=True, help="The field that pairs records.")
@click.option("--block", type=FIELD, help="References that the bootstrap draws together, such as a speaker's.")
@click.option("--json", "json_output", is_flag=True, help="One JSON object instead of a table.")
def command(pipe, reference, baseline, key, block, json_output, seed):
    from datasel.nlu import pairing, report

    references = pairing.load(reference, block, key)
    if not references:
        raise DataError("no references to measure against", reference[0])
    found = pairing.load(pipe.files or ["-"], None, key)
    hypotheses = pairing.pair(references, found)
    compared = pairing.load(baseline, None, key) if baseline else []
    other = pairing.pair(references, compared) if baseline else None
    for each in (found, compared):
        if each and (warning := pairing.of_other_texts(references, each)):
            pipe.warn(warning)
    made = report.evaluate(references, hypotheses, other, seed)
    pipe.write_whole(
        report.to_json(made, str(pipe.signature)) if json_output else report.to_text(made, str(pipe.signature))
    )

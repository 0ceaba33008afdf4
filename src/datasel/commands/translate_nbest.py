"""Translate texts, the best translations of each.

Adds the field nbest, a list of -n hypotheses, best first, and source, the text that was translated. A hypothesis has
text; mt_score, the natural log of its probability, its end included (0 or less, higher is better); mt_tokens, the
pieces of words that takes, the end included; mt_score_per_token, the one by the other; and flags. align-words adds
which word translates which. Words are what stands between white space. Slots stay as they are and refer to source. What
becomes of a text does not depend on what is translated beside it. It should have the form of the training data.

The model is one of translate-fit, or one of others that 'datasel translator' has described (OPUS-MT, NLLB, ...).

The search keeps --beam hypotheses and ranks them by mt_score divided by (pieces, to the power of --length-penalty); the
list has that order. A text without words has one hypothesis, empty and of score 0. Texts of more than --longest pieces
are translated in parts, cut between words; a word of more pieces stands in the translation as it is, for nothing.

Flags:
    empty, for nothing in place of words; length, where one side has more than 2.5 times the words of the other and 4
    more; repetition, for one to four words three times in a row that the source does not have so; unfinished, where a
    translation had no end. Nothing is dropped: 'jq -c "select(.nbest[0].flags == [])"' would.

With --force FIELD the translation is given: that text is scored, and is the one hypothesis, an empty one too; neither
side may have more than 1,000 pieces, or than the model has places for. With --moses the output is Moses' n-best format
in place of records, 'number ||| text ||| features ||| mt_score', the number that of the line.

Examples:
    $ translate-nbest --model en-hi/ -n 5 seed.jsonl > nbest.jsonl
    $ translate-nbest --model en-hi/ -n 1 seed.jsonl | jq -r '.nbest[0].text'
    $ translate-nbest --model en-hi/ -f source --force target sentences.jsonl > given.jsonl
    $ translate-nbest --model en-hi/ --text --moses wanted.txt
"""

from __future__ import annotations

import click

from datasel.cli import FIELD, MODEL, filter_command
from datasel.errors import UsageError
from datasel.options import only_for


@filter_command(text=True, field="text", into="nbest", jobs=True)
@click.option("-m", "--model", required=True, type=MODEL, help="Of translate-fit, or of datasel translator.")
@click.option("-n", "--count", type=click.IntRange(1), default=5, show_default=True, metavar="N",
              help="Translations of each text.")  # fmt: skip
@click.option("--beam", type=click.IntRange(1), metavar="N", help="Width of the search.", show_default="-n")
@click.option("--length-penalty", type=click.FloatRange(0, 10), default=1.0, show_default=True, metavar="X",
              help="Power of the length that scores are divided by.")  # fmt: skip
@click.option("--batch-tokens", type=click.IntRange(1, 1 << 20), default=2048, show_default=True, metavar="N",
              help="Pieces translated at once.")  # fmt: skip
@click.option("--longest", type=click.IntRange(8, 400), default=100, show_default=True, metavar="N",
              help="Pieces of a text that is translated in one.")  # fmt: skip
@click.option("--force", type=FIELD, help="Score the translation in this field.")
@click.option("--moses", is_flag=True, help="Write Moses' n-best format.")
def command(pipe, model, count, beam, length_penalty, batch_tokens, longest, force, moses, field, into, jobs):
    only_for(not force, "translating, not for --force", "count", "beam", "length_penalty", "longest")
    only_for(not moses, "records, not for --moses", "into", "print_field")
    beam = count if beam is None else beam
    if beam < count:
        raise UsageError(f"a --beam of {beam} holds no {count} hypotheses")
    if into == "source" != field:
        raise UsageError("the field source is for what was translated; --into another one")
    from datasel.records.jsonl import encode, parse
    from datasel.translation.decoding import Decoder
    from datasel.translation.model import Model
    from datasel.translation.nbest import as_moses

    decoder = Decoder(Model(model), count, beam, length_penalty, batch_tokens, longest)

    def translate(block):
        records = parse(block, {field: str, **({force: str} if force else {})})
        texts = records.column(field)
        lists = decoder.forced(texts, records.column(force)) if force else decoder.translations(texts)
        for index in [index for index, found in enumerate(lists) if not found]:
            records.refuse(index, f"more than {decoder.most:,} pieces")
        there = [index for index, found in enumerate(lists) if found]
        if moses:
            block.printed = True
            block.kept += len(there)
            numbers = [block.before + records.numbers[n] for n in there]
            return "".join(as_moses(numbers, [lists[n] for n in there])).encode()
        fields = {into: [encode([each._asdict() for each in found]) for found in lists]}
        if field != "source":
            fields["source"] = [encode(text) for text in texts]
        return records.with_fields(fields, there)

    pipe.transform(translate, jobs, 1 << 18)

"""Make pairs of utterances that are paraphrases, or are not, from annotated ones.

Reads annotated utterances of many domains and intents (text, intent, slots and, if there are several, domain), takes
their templates, and draws pairs for paraphrase-fit to learn from (after Cho et al., ASRU 2019). Each is a record with
text, other, label (1 for paraphrases, else 0), kind, domain and intent (those of text).

Kinds of pairs:
    paraphrase: the same domain, intent and slot values in two templates. Templates of an intent with fewer slots
    than --min-slots are not paired: "yes please" and "what does it cost" may well stand under one intent.

    same-structure: one template with different slot values, at least one of them.

    other-intent: a template and a near miss, the one with most words in common of 32 drawn from other intents,
    filled with the same values where both have the slot.

    random: utterances of two intents drawn at random.

--negatives gives the shares of the three kinds of negatives, --positives the share of paraphrases in all. A
detector for a new functionality must not know it: leave its data out with --except-domain, and keep some
domains aside for paraphrase-fit --dev.

Memory:
    Holds every distinct template and slot value, and no pair.

Examples:
    $ paraphrase-pairs -n 1000 --except-domain travel --except-domain alarm annotated.jsonl > pairs.jsonl
    $ paraphrase-pairs -n 200 --domain travel --domain alarm annotated.jsonl > dev-pairs.jsonl
    $ paraphrase-pairs -n 500 --except-domain music --seed 7 \\
          --negatives same-structure=0.5,other-intent=0.3,random=0.2 annotated.jsonl > more-pairs.jsonl
"""

from __future__ import annotations

import click

from datasel.cli import Percentage, filter_command
from datasel.errors import DataError

KINDS = ("same-structure", "other-intent", "random")
_AT_A_TIME = 1000  # pairs written


class _Shares(click.ParamType):
    """NAME=X of the kinds of negatives, separated by commas; a kind not named has none."""

    name = "shares"

    def convert(self, value, param, ctx):
        shares = {}
        for part in value.split(","):
            kind, _, amount = part.partition("=")
            try:
                shares[kind] = float(amount)
            except ValueError:
                self.fail(f"'{part}' is not KIND=NUMBER", param, ctx)
            if kind not in KINDS or not 0 <= shares[kind] < float("inf"):
                self.fail(f"'{part}': kinds are {', '.join(KINDS)}, shares from 0 up", param, ctx)
        if not sum(shares.values()):
            self.fail("all shares are 0", param, ctx)
        return shares


@filter_command(field="text", seed=True)
@click.option("-n", "--count", type=click.IntRange(0), required=True, metavar="N", help="How many pairs to make.")
@click.option("--positives", type=Percentage(), default="50%", show_default=True, metavar="P%",
              help="Share of paraphrases.")  # fmt: skip
@click.option("--negatives", type=_Shares(), default="same-structure=0.4,other-intent=0.4,random=0.2",
              show_default=True, metavar="KIND=X,...", help="Proportions of kinds of negatives.")  # fmt: skip
@click.option("--min-slots", type=click.IntRange(0), default=1, show_default=True, metavar="N",
              help="Slots that a paraphrased template has at least.")  # fmt: skip
@click.option("--domain", multiple=True, metavar="D", help="Use this domain only. May be repeated.")
@click.option("--except-domain", multiple=True, metavar="D", help="Leave this domain out. May be repeated.")
def command(pipe, count, positives, negatives, min_slots, domain, except_domain, field, seed):
    from datasel.nlu import annotations
    from datasel.paraphrase.pairs import PairMaker
    from datasel.records.jsonl import encode

    maker, seen = PairMaker(seed, min_slots), set()
    for records in pipe.records({field: str, **annotations.SCHEMA}):
        domains, intents = records.column("domain"), records.column("intent")
        seen.update(domains)
        for index, text in enumerate(records.column(field)):
            if (domain and domains[index] not in domain) or domains[index] in except_domain:
                continue
            slots = annotations.slots(records, index)
            try:
                annotations.check(text, slots)
                maker.add(domains[index], intents[index], text, slots)
                records.block.kept += 1
            except ValueError as error:
                records.refuse(index, str(error))
    if not pipe.kept:
        if pipe.read > pipe.rejected:
            raise DataError("no utterances of these domains to make pairs of")
        return
    for name in dict.fromkeys([*domain, *except_domain]):
        if name not in seen:
            pipe.warn(f"no record has the domain '{name}'")
    try:
        made = []
        for number, pair in enumerate(maker.pairs(count, float(positives), negatives), 1):
            made.append(encode(pair._asdict()) + b"\n")
            if number % _AT_A_TIME == 0 or number == count:
                pipe.write(b"".join(made))
                pipe.progress.show(f"{number:,} pairs")
                made = []
    except ValueError as error:
        raise DataError(str(error)) from None
    pipe.say(f"{count:,} pairs of {pipe.kept:,} utterances")

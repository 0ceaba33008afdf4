"""Put masks in place of names in sentence pairs, for a translator to learn to copy.

Reads pairs (source and target, texts) with alignment, as align-words adds it. A name is a word, or up to four words
that follow one another on both sides, each of which translates one word alone and is that word, or in Devanagari
sounds like it. In a --share of the pairs that have one, some of the names (each with a chance of one half, one at
least, --most at most) become masks, the same on both sides: [e1], [e2], ... in the order of the source. A possessive
's stays, behind the mask. The alignment is kept right. Other pairs stay as they are, and so do those that have a mask
already. -v says how many pairs have masks.

translate-fit learns from such pairs with --symbols '[e1],[e2],[e3],[e4]', so that a mask is one piece; entity-mask
puts masks into texts that are to be translated, and takes them out of the translations. The draws depend on --seed and
on the order of the records.

Examples:
    $ align-words --model en-hi.align sentences.jsonl | mask-pairs --share 0.4 > masked.jsonl
    $ echo '{"source":"call mina now","target":"मीना को अब बताओ","alignment":[[0,3],[1,0],[2,2]]}' | \\
          mask-pairs --share 1 --print target
    [e1] को अब बताओ
"""

from __future__ import annotations

import click

from datasel.cli import FIELD, filter_command
from datasel.options import fields_apart


@filter_command(seed=True)
@click.option("--source", type=FIELD, default="source", show_default=True, help="The field of the source text.")
@click.option("--target", type=FIELD, default="target", show_default=True, help="The field of the target text.")
@click.option("--share", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="X",
              help="Of the pairs with names.")  # fmt: skip
@click.option("--most", type=click.IntRange(1, 9), default=4, show_default=True, metavar="N", help="Masks of a pair.")
def command(pipe, source, target, share, most, seed):
    fields_apart("alignment", source=source, target=target)
    from typing import Any

    from datasel.records.jsonl import encode, parse, set_members
    from datasel.records.seeding import generator
    from datasel.translation import editing
    from datasel.translation.masks import names, with_masks
    from datasel.translation.pieces import words

    draw = generator(seed, "mask-pairs")
    done = total = 0

    def masked(block):
        nonlocal done, total
        records = parse(block, {source: str, target: str, "alignment": Any})
        out = []
        for index, line in enumerate(records.lines):
            sides = [words(records.column(name)[index]) for name in (source, target)]
            try:
                linked = editing.links(records.column("alignment")[index], *map(len, sides))
            except ValueError as error:
                records.refuse(index, str(error))
                continue
            runs = names(*sides, linked)
            total += 1
            if runs and draw.random() < share:
                order = draw.permutation(len(runs)).tolist()
                count = max(1, int((draw.random(len(runs)) < 0.5).sum()))
                made = with_masks(*sides, linked, [runs[n] for n in sorted(order[: min(count, most)])])
                line = set_members(line, {n: encode(v) for n, v in zip((source, target, "alignment"), made)})
                done += 1
            out.append(line + b"\n")
        block.kept += len(out)
        return b"".join(out)

    pipe.transform(masked)
    pipe.say(f"{done:,} of {total:,} pairs have masks")

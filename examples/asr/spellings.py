#!/usr/bin/env python3
"""Learn how English words are written in Devanagari, from sentence pairs.

Reads JSON Lines with the fields source (English) and target (Hindi), normalised, and writes a lexicon for --spellings of
entity-restore and code-mix: word, how it is written, sentence pairs with both, their share of those with the word,
similarity of the sounds; tab-separated, the best spelling of a word first.

    spellings.py --least 2 --similarity 0.8 --share 0.05 < general.jsonl > spellings.tsv
"""

import argparse
import json
import sys

from datasel.translation.spellings import learned


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--least", type=int, default=2, metavar="N", help="sentence pairs with both (2)")
    parser.add_argument("--similarity", type=float, default=0.8, metavar="X", help="of the sounds (0.8)")
    parser.add_argument("--share", type=float, default=0.05, metavar="X", help="of the pairs with the word (0.05)")
    options = parser.parse_args()
    records = map(json.loads, sys.stdin)
    pairs = ((record["source"], record["target"]) for record in records)
    for each in learned(pairs, options.least, options.similarity, options.share):
        print(each.word, each.written, each.pairs, f"{each.share:.3f}", f"{each.similarity:.3f}", sep="\t")


if __name__ == "__main__":
    main()

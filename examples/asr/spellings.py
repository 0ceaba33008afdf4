#!/usr/bin/env python3
"""Learn how English words are written in Devanagari, from sentence pairs and from in-domain text.

Reads JSON Lines with the fields source (English) and target (Hindi), normalised, and writes a lexicon for --spellings
of entity-restore and code-mix: word, how it is written, sentence pairs with both, their share of those with the
word, similarity of the sounds; tab-separated, the best spelling of a word first.

With --requests (JSON Lines with a field text) and --in-domain (plain text) come the words of the requests that sound
like a word of the text, before all others: the most frequent one, with its count there in place of the pairs.
hindi-spellings.tsv, written for this example, goes before both.

    spellings.py --requests english.jsonl --in-domain cleo.txt < general.jsonl | cat hindi-spellings.tsv - > spellings.tsv
"""

import argparse
import json
import sys
from collections import Counter

from datasel.text.transliteration import Sounds
from datasel.translation.mixing import FUNCTION_WORDS
from datasel.translation.spellings import learned


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--least", type=int, default=2, metavar="N", help="sentence pairs with both (2)")
    parser.add_argument("--similarity", type=float, default=0.8, metavar="X", help="of the sounds (0.8)")
    parser.add_argument("--share", type=float, default=0.05, metavar="X", help="of the pairs with the word (0.05)")
    parser.add_argument("--requests", metavar="FILE", help="English requests, JSON Lines")
    parser.add_argument("--in-domain", metavar="FILE", help="Hindi requests, plain text")
    options = parser.parse_args()
    if options.requests and options.in_domain:
        for word, written, count, alike in heard(options.requests, options.in_domain):
            print(word, written, count, "", f"{alike:.3f}", sep="\t")
    records = map(json.loads, sys.stdin)
    pairs = ((record["source"], record["target"]) for record in records)
    for each in learned(pairs, options.least, options.similarity, options.share):
        print(each.word, each.written, each.pairs, f"{each.share:.3f}", f"{each.similarity:.3f}", sep="\t")


def heard(requests, text):
    counts = Counter(word for line in open(text, encoding="utf-8") for word in line.split())
    words = {word for line in open(requests, encoding="utf-8") for word in json.loads(line)["text"].split()}
    sounds = Sounds(counts, shortest=3)
    for word in sorted(words - set(FUNCTION_WORDS.split())):
        if found := list(sounds.like(word, 0.91)):
            written, alike = max(found, key=lambda pair: counts[pair[0]])
            yield word, written, counts[written], alike


if __name__ == "__main__":
    main()

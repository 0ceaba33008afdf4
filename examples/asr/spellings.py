#!/usr/bin/env python3
"""Learn how English words are written in Devanagari, from sentence pairs and from in-domain text.

Reads JSON Lines with the fields source (English) and target (Hindi), normalised, and writes a lexicon for --spellings
of entity-restore and code-mix: word, how it is written, sentence pairs with both, similarity of the sounds, how
often the text below has it; tab-separated, the best spelling of a word first.

With --in-domain (plain text) the spelling that is the most frequent there comes first, and with --requests besides
(JSON Lines with a field text) so do words of the text that a word of the requests sounds like: but for those that
twenty pairs or more have, and hardly one of them with the word (native words: Mary is not "my").
hindi-spellings.tsv, written for this example, goes before all.

    spellings.py --requests english.jsonl --in-domain cleo.txt < general.jsonl |
        cat hindi-spellings.tsv - > spellings.tsv
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
    parser.add_argument("--similarity", type=float, default=0.85, metavar="X", help="of the sounds (0.85)")
    parser.add_argument("--share", type=float, default=0.05, metavar="X", help="of the pairs with the word (0.05)")
    parser.add_argument("--requests", metavar="FILE", help="English requests, JSON Lines")
    parser.add_argument("--in-domain", metavar="FILE", help="Hindi requests, plain text")
    options = parser.parse_args()
    counts = Counter(word for line in lines(options.in_domain) for word in line.split())
    pairs = [(record["source"], record["target"]) for record in map(json.loads, sys.stdin)]
    found = {}
    for each in learned(pairs, options.least, options.similarity, options.share):
        found.setdefault(each.word, {})[each.written] = (each.pairs, each.similarity)
    words = {word for line in lines(options.requests) for word in json.loads(line)["text"].split()}
    for word, written, alike in heard(words, counts, pairs):
        found.setdefault(word, {}).setdefault(written, (0, alike))
    for word, spellings in sorted(found.items()):
        for written in sorted(spellings, key=lambda written: (-counts[written], -spellings[written][0], written)):
            print(word, written, *spellings[written], counts[written], sep="\t")


def heard(words, counts, pairs):
    """The words of the text that words sound like."""
    sounds = Sounds(counts, shortest=3)
    alike = {
        (word, written): similarity
        for word in words - FUNCTION_WORDS
        for written, similarity in sounds.like(word, 0.91)
    }
    candidates = {}
    for word, written in alike:
        candidates.setdefault(written, set()).add(word)
    seen, together = Counter(), Counter()
    for source, target in pairs:
        said = set(source.split())
        for written in candidates.keys() & target.split():
            seen[written] += 1
            together.update((word, written) for word in candidates[written] & said)
    for word, written in sorted(alike):
        if seen[written] < 20 or together[word, written] >= seen[written] / 20:
            yield word, written, round(alike[word, written], 3)


def lines(path):
    return open(path, encoding="utf-8") if path else ()


if __name__ == "__main__":
    main()

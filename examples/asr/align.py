"""The error rate of alignments against hand-checked ones: align.py HAND.jsonl < aligned.jsonl

HAND.jsonl has sure and possible links of source and target words ([[source, target], ...], the sure among the
possible); standard input the same pairs as align-words left them. AER, precision and recall as Och & Ney
(Computational Linguistics 29, 2003) define them: AER = 1 - (|A n S| + |A n P|) / (|A| + |S|).
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as lines:
        hand = [json.loads(line) for line in lines]
    found = [json.loads(line) for line in sys.stdin]
    if [pair["source"] for pair in hand] != [pair["source"] for pair in found]:
        sys.exit("align.py: these are not the same pairs")
    links = in_sure = in_possible = sure = 0
    for wanted, given in zip(hand, found):
        sides = given["alignment"], wanted["sure"], wanted["possible"]
        a, s, p = (set(map(tuple, each)) for each in sides)
        links, sure = links + len(a), sure + len(s)
        in_sure, in_possible = in_sure + len(a & s), in_possible + len(a & (p | s))
    error = 1 - (in_sure + in_possible) / max(links + sure, 1)
    figures = {"precision": in_possible / max(links, 1), "recall": in_sure / max(sure, 1)}
    told = {"pairs": len(hand), "links": links, "aer": error, **figures}
    print(json.dumps({name: round(value, 4) for name, value in told.items()}))


if __name__ == "__main__":
    main()

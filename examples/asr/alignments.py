#!/usr/bin/env python3
"""Check the hand-made word alignments and print their word pairs, for reading.

alignments.jsonl has for each sentence pair the pairs of words (from 0, what stands between spaces) that are sure, and
those that are possible, the sure ones among them (Och & Ney, Computational Linguistics 2003).

    alignments.py alignments.jsonl
"""

import json
import sys


def main():
    for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
        record = json.loads(line)
        source, target = record["source"].split(), record["target"].split()
        sure, possible = ({tuple(link) for link in record[name]} for name in ("sure", "possible"))
        where = f"{sys.argv[1]}:{number}"
        if not sure or not sure <= possible:
            sys.exit(f"{where}: the sure are not among the possible")
        for s, t in possible:
            if not (0 <= s < len(source) and 0 <= t < len(target)):
                sys.exit(f"{where}: no words {s} and {t}")
        print(f"{number}. {record['source']} | {record['target']}")
        for mark, links in (("=", sure), ("~", possible - sure)):
            print("   ", "  ".join(f"{source[s]}{mark}{target[t]}" for s, t in sorted(links)))


if __name__ == "__main__":
    main()

"""What each step adds, volume by volume: additions.py WER/NAME-N-PART.json ...

From what gather.py wrote. WERR is the relative reduction of WER with its 95 % interval from bootstrap
samples of utterances, against transcripts alone, and below against the row with one thing less; p is that of the
matched-pairs test.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    for path in map(Path, sys.argv[1:]):
        found = json.loads(path.read_text())
        print(f"{path.stem.split('-')[1]} transcripts")
        pairs = {f"{short(pair['new'])} - {short(pair['baseline'])}": pair for pair in found["pairs"]}
        width = max([48, *(len(label) + 2 for label in pairs)])
        print(f"{'language model':<{width - 8}}{'WER':>8}{'WERR':>8}{'interval':>18}{'p':>10}")
        for name, row in found["systems"].items():
            print(f"{short(name):<{width - 8}}{row['all']['WER']:>8.4f}{compared(row)}")
        for label, pair in pairs.items():
            print(f"{label:<{width}}{compared(pair)}")
        print()


def short(name: str) -> str:
    return name.removesuffix(".arpa").removesuffix(".mix")


def compared(row: dict) -> str:
    if not row["comparison"]:
        return f"{'-':>8}{'-':>18}{'-':>10}"
    low, high = row["comparison"]["interval"]
    reduction, p = row["comparison"]["relative_reduction"], row["matched_pairs"]["p"]
    return f"{reduction:>+8.1%}{f'{low:+.1%} {high:+.1%}':>18}{f'{p:.2g}' if p >= 1e-6 else '<1e-6':>10}"


if __name__ == "__main__":
    main()

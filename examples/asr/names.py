"""What became of the requests' entities: names.py WAY.SPELLING.jsonl ...

Each file's report is beside it (WAY.SPELLING.report.jsonl, of entity-restore). Below the table are a hundred of the
last file's entities that have a place, spread evenly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

COLUMNS = ("entities", "there", "placed", "unaligned", "shared", "overlapping", "unspelled")


def main() -> None:
    print(f"{'':16s}" + "".join(f"{name:>12s}" for name in (*COLUMNS, "rate")))
    for path in map(Path, sys.argv[1:]):
        figures = json.loads(path.with_suffix(".report.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        row = "".join(f"{figures[name]:12,d}" for name in COLUMNS)
        print(f"{path.stem:16s}{row}{figures['rate']:12.1%}")
    with open(sys.argv[-1], encoding="utf-8") as lines:
        found = [(record, entity) for record in map(json.loads, lines) for entity in record["entities"]]
    for record, entity in found[len(found) // 200 :: len(found) // 100][:100]:
        print(f"{entity['name']}\t{entity['value']}\t{record['source']}\t{record['text']}")


if __name__ == "__main__":
    main()

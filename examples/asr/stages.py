"""Ten requests and what became of each, stage by stage: stages.py NAME.raw.jsonl NAME.rescored.jsonl ...

The files hold the same records in the same order, one file a stage; names are what stands between the last two dots.
The ten are spread evenly over the requests with slots.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    stages = [(Path(path).stem.split(".")[-1], records(path)) for path in sys.argv[1:]]
    rows = list(zip(*(found for _, found in stages)))
    chosen = [row for row in rows if row[0].get("slots")]
    for row in chosen[len(chosen) // 20 :: len(chosen) // 10][:10]:
        first = row[0]
        slots = ", ".join(f"{slot['name']} {slot['value']}" for slot in first["slots"])
        print(f"{first['source']}    [{slots}]")
        for (stage, _), record in zip(stages, row):
            print(f"    {stage:<10} {record['text']}")
        print()


def records(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()

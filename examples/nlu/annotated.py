"""Annotated utterances of many domains, for the paraphrase detector: work/data/annotated.jsonl.

SGD's user turns, SLURP and NLU-Evaluation-Data, and the two SNIPS intents that are no functionality of the experiment.
Domains that are kin to a functionality (music, weather, restaurants) are left out of all of them: the
detector never sees what is new.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

from prepare import key, snips, write

KIN = {"music", "play", "weather", "restaurants", "takeaway", "recommendation"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with snips/, sgd/ and slurp-nlu-eval/")
    parser.add_argument("out", type=Path)
    where = parser.parse_args()
    turns, slurp = where.data / "sgd" / "user_turns.tsv", where.data / "slurp-nlu-eval" / "annotated.jsonl"
    for path in (turns, slurp):
        if not path.exists():
            parser.error(f"{path} is not there (docs/data.md)")
    records = []
    for intent in ("SearchCreativeWork", "SearchScreeningEvent"):
        found = snips(where.data / "snips" / f"train_{intent}_full.json", intent, "train")
        records += [{**record, "domain": "search"} for record in found]
    records += map(json.loads, slurp.read_text(encoding="utf-8").splitlines())
    with turns.open(encoding="utf-8", newline="") as file:
        records += filter(None, map(turn, csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)))
    once = {(record["intent"], key(record["text"])): record for record in records if record["domain"] not in KIN}
    write(where.out, list(once.values()))


def turn(row: dict[str, str]) -> dict | None:
    """A user turn of one service and one intent whose slot values all stand in it, as a record."""
    if "," in row["services"] or "," in row["active_intents"] or row["active_intents"] in ("", "NONE"):
        return None
    text, slots = row["utterance"], []
    for _, name, value in json.loads(row["slots"]):
        start = text.lower().find(value.lower())
        if start < 0 or len(text) != len(text.lower()):
            return None
        slots.append(
            {"name": name, "value": text[start : start + len(value)], "start": start, "end": start + len(value)}
        )
    domain = row["services"].rpartition("_")[0].lower()
    return {"text": text, "domain": domain, "intent": row["active_intents"], "slots": slots}


if __name__ == "__main__":
    main()

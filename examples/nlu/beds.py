"""The data of the assistants, as JSON Lines under work/beds: one folder for each of two beds.

snips: seven intents, five of them functionalities in turn. slurp: the intents of SLURP and NLU-Evaluation-Data; its
functionalities are the largest intents, with at least 0.9 slots an utterance, of five domains that SNIPS has not.

F.train.jsonl, F.dev.jsonl, F.test.jsonl: a functionality's annotated utterances; of the first, 50 or more are drawn
and the rest goes into the pool, unlabelled. F.official.jsonl: SNIPS' own test set. annotated.jsonl: what an assistant
knows of all intents and of requests that are none of these (intent None), a few hundred or fifty each.
traffic.dev.jsonl and traffic.test.jsonl: other utterances of all of them. pool.jsonl: unlabelled, with the id of what
is known. No text stands in two of these parts, but that annotated.jsonl holds training texts.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from prepare import INTENTS, key, snips, unlabelled, write

FUNCTIONALITIES = {
    "snips": INTENTS[:5],
    "slurp": ("calendar_set", "news_query", "email_sendemail", "datetime_query", "social_post"),
}
KIN = {"music", "play", "weather", "restaurants", "takeaway", "recommendation"}  # domains related to SNIPS' intents
DEV, TEST = 300, 500  # SNIPS; of an intent of the others a fifth and two fifths
LEAST = 40  # utterances of an intent of SLURP; those with fewer are left out, most of them misspelt
OTHERS = {"snips": 300, "slurp": 50}  # annotated utterances of each intent, at most
TRAFFIC = {"snips": 100, "slurp": 20}  # utterances of each intent in dev's and test's traffic, at most
NONE = 300  # annotated utterances that are of no intent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with snips/, pool/ and slurp-nlu-eval/")
    parser.add_argument("out", type=Path)
    where = parser.parse_args()
    slurp = defaultdict(dict)
    for line in (where.data / "slurp-nlu-eval" / "annotated.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        slurp[record["intent"]].setdefault(key(record["text"]), record)
    full = {intent: snips(where.data / "snips" / f"train_{intent}_full.json", intent, "train") for intent in INTENTS}
    pool = unlabelled(where.data)
    banking = [text for text, name in pool.items() if name.startswith("banking77")]

    official = {f: snips(where.data / "snips" / f"validate_{f}.json", f, "test") for f in INTENTS}
    elsewhere = [r for records in slurp.values() for r in records.values() if r["domain"] not in KIN]
    parts = {f: parted(records, DEV, TEST) for f, records in full.items()}
    make(where.out / "snips", parts, elsewhere, pool, official)

    lists = {f: list(records.values()) for f, records in slurp.items() if len(records) >= LEAST}
    parts = {f: parted(records, len(records) // 5, 2 * len(records) // 5) for f, records in lists.items()}
    make(where.out / "slurp", parts, [{"text": text} for text in banking], pool)


def parted(records: list[dict], dev: int, test: int) -> dict[str, list[dict]]:
    random.Random(0).shuffle(records)
    return {"dev": records[:dev], "test": records[dev : dev + test], "train": records[dev + test :]}


def make(out: Path, parts: dict, none: list[dict], pool: dict[str, str], official=None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    functionalities, traffic = FUNCTIONALITIES[out.name], TRAFFIC[out.name]
    held = {key(record["text"]) for part in parts.values() for name in ("dev", "test") for record in part[name]}
    held |= {key(record["text"]) for records in (official or {}).values() for record in records}
    random.Random(0).shuffle(none)
    none = [{"id": f"none-{number}", "text": r["text"], "intent": "None", "slots": []} for number, r in enumerate(none)]
    none = [record for record in none if key(record["text"]) not in held]
    parts = {**parts, "None": {"dev": none[:100], "test": none[100:200], "train": none[200 : 200 + NONE]}}
    held |= {key(record["text"]) for name in ("dev", "test") for record in parts["None"][name]}
    texts: dict[str, str] = {}
    annotated = []
    for intent, part in parts.items():
        part["train"] = [record for record in part["train"] if key(record["text"]) not in held]
        annotated += part["train"][: OTHERS[out.name] if intent != "None" else NONE]
        if intent in functionalities:
            for name in ("train", "dev", "test"):
                write(out / f"{intent}.{name}.jsonl", part[name])
            if official:
                write(out / f"{intent}.official.jsonl", official[intent])
        texts |= {record["text"]: record["id"] for record in part["train"]}
    for name in ("dev", "test"):
        write(out / f"traffic.{name}.jsonl", [r for part in parts.values() for r in part[name][:traffic]])
    write(out / "annotated.jsonl", annotated)
    texts = {**texts, **{text: name for text, name in pool.items() if text not in texts}}
    shuffled = [{"id": name, "text": text} for text, name in texts.items() if key(text) and key(text) not in held]
    random.Random(0).shuffle(shuffled)
    write(out / "pool.jsonl", shuffled)
    print(f"{out.name}: {len(shuffled):,} in the pool, {len(annotated):,} annotated, {len(parts)} intents")


if __name__ == "__main__":
    main()

"""The data of the experiment, as JSON Lines under work/data.

INTENT.jsonl: annotated training utterances of each SNIPS intent; INTENT.dev.jsonl, INTENT.test.jsonl: to tune on and
to measure on once; pool.jsonl: unlabelled utterances, among them the training texts of all seven intents. No text of
the pool or of training stands in dev or test, in whatever case. (dedup, which leaves punctuation aside as well, would
drop 19 of the pool more: every draw of the published tables would be another.)
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

INTENTS = ("AddToPlaylist", "BookRestaurant", "GetWeather", "PlayMusic", "RateBook", "SearchCreativeWork",
           "SearchScreeningEvent")  # fmt: skip
TEXTS = ("banking77", "clinc-oos", "nlu-eval", "slurp-lm")  # of pool/; what else stands there is not read
POOL = (*(f"pool/{name}.txt" for name in TEXTS), "slurp-nlu-eval/annotated.jsonl")
DEV = 300  # utterances of each intent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with snips/, pool/ and slurp-nlu-eval/")
    parser.add_argument("out", type=Path)
    parser.add_argument("--partial", action="store_true", help="go on with a part of the pool: other results")
    where = parser.parse_args()
    missing = [name for name in POOL if not (where.data / name).is_file()]
    if missing and not where.partial:
        sys.exit(f"prepare.py: '{where.data}' has no {', '.join(missing)}: the pool would be smaller than that of the "
                 "published results (docs/data.md); PARTIAL=1 goes on, with results in work/results")  # fmt: skip
    where.out.mkdir(parents=True, exist_ok=True)
    kept_out: set[str] = set()
    training: dict[str, list[dict]] = {}
    for intent in INTENTS:
        test = snips(where.data / "snips" / f"validate_{intent}.json", intent, "test")
        train = snips(where.data / "snips" / f"train_{intent}_full.json", intent, "train")
        random.Random(0).shuffle(train)
        write(where.out / f"{intent}.test.jsonl", test)
        write(where.out / f"{intent}.dev.jsonl", train[:DEV])
        kept_out |= {key(record["text"]) for record in (*test, *train[:DEV])}
        training[intent] = train[DEV:]
    texts: dict[str, str] = {}  # text to id
    for intent, train in training.items():
        training[intent] = [record for record in train if key(record["text"]) not in kept_out]
        write(where.out / f"{intent}.jsonl", training[intent])
        texts |= {record["text"]: record["id"] for record in training[intent]}
    for text, name in unlabelled(where.data).items():
        texts.setdefault(text, name)
    slurp = where.data / "slurp-nlu-eval" / "annotated.jsonl"
    if slurp.exists():
        for line in slurp.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            texts.setdefault(record["text"], record["id"])
    pool = [{"id": name, "text": text} for text, name in texts.items() if key(text) and key(text) not in kept_out]
    random.Random(0).shuffle(pool)
    write(where.out / "pool.jsonl", pool)


def unlabelled(data: Path) -> dict[str, str]:
    """The texts of pool/, each with an id."""
    texts: dict[str, str] = {}
    for path in (data / "pool" / f"{name}.txt" for name in TEXTS):
        if path.exists():
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")):
                texts.setdefault(line, f"{path.stem}-{number}")
    return texts


def snips(path: Path, intent: str, part: str) -> list[dict]:
    """SNIPS' own JSON as records; each text once."""
    raw = path.read_bytes()
    try:
        content = raw.decode("utf-8")
    except UnicodeDecodeError:
        content = raw.decode("latin-1")
    records: dict[str, dict] = {}
    for number, item in enumerate(json.loads(content)[intent]):
        text, slots = "", []
        for piece in item["data"]:
            if "entity" in piece and piece["text"].strip():
                start = len(text) + len(piece["text"]) - len(piece["text"].lstrip())
                value = piece["text"].strip()
                slots.append({"name": piece["entity"], "value": value, "start": start, "end": start + len(value)})
            text += piece["text"]
        record = {"id": f"snips-{intent}-{part}-{number}", "text": text, "intent": intent, "slots": slots}
        records.setdefault(key(text), record)
    return list(records.values())


def key(text: str) -> str:
    return " ".join(text.lower().split())


def write(path: Path, records: list[dict]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""How large a sample is enough for what is trained on one machine: enough.py SNIPS POOL.TXT ...

SNIPS is the folder of the Snips benchmark (train_INTENT_full.json, validate_INTENT.json); the texts are general ones.
A relevance model of 50 utterances of an intent against samples of negatives: AUC on the validation set, mean of three
intents.  A recogniser of all intents, of so many utterances: semantic error on the same.
"""

from __future__ import annotations

import json
import random
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
from measure import SCRATCH, machine, once

from datasel.evaluation.classification import auc

INTENTS = ("PlayMusic", "BookRestaurant", "GetWeather")
RATIOS = (2, 5, 20, 100, 200, 1000)
SIZES = (250, 500, 1000, 2000, 4000, 8000, 13000)


def written(name: str, records: list[dict]) -> str:
    path = SCRATCH / name
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def printed(command: str) -> str:
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout


def snips(folder: str, pattern: str) -> list[dict]:
    found = []
    for path in sorted(Path(folder).glob(pattern)):
        data = path.read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError:  # one of them is in Latin-1
            data = data.decode("latin-1").encode()
        copy = SCRATCH / path.name
        copy.write_bytes(data)
        found += printed(f"to-jsonl --from snips {shlex.quote(str(copy))}").splitlines()
    return [json.loads(line) for line in found]


def main() -> None:
    SCRATCH.mkdir(parents=True, exist_ok=True)
    train, test = snips(sys.argv[1], "train_*_full.json"), snips(sys.argv[1], "validate_*.json")
    random.Random(1).shuffle(train)
    texts = [text for path in sys.argv[2:] for text in Path(path).read_text(encoding="utf-8").splitlines()]
    random.Random(2).shuffle(texts)
    tested = written("enough-test.jsonl", test)
    print(f"{machine()}; {len(train):,} annotated utterances, {len(texts):,} of the pool, {len(test):,} of the test\n")
    print("negatives      AUC")
    pool = written("enough-pool.jsonl", [{"text": text} for text in texts] + [{"text": each["text"]} for each in train])
    for ratio in RATIOS:
        found = []
        for intent in INTENTS:
            seed = written("enough-seed.jsonl", [each for each in train if each["intent"] == intent][:50])
            once(f"ngram-fit --positive {seed} --negative {pool} --negative-ratio {ratio} -o {SCRATCH}/enough.npz")
            said = printed(f"ngram-score --model {SCRATCH}/enough.npz --print ngram_score {tested}").split()
            scores, wanted = np.array(said, float), np.array([each["intent"] == intent for each in test])
            found.append(auc(scores[wanted], scores[~wanted]))
        print(f"{50 * ratio:9,d} {np.mean(found):8.4f}", flush=True)
    print("\nannotated  semantic error")
    for size in SIZES:
        some = written("enough-train.jsonl", train[:size])
        once(f"nlu-fit {some} -o {SCRATCH}/enough.nlu")
        told = printed(f"nlu-label --model {SCRATCH}/enough.nlu {tested} | nlu-eval --json --reference {tested}")
        print(f"{size:9,d} {json.loads(told)['all']['SemER']:8.4f}", flush=True)


if __name__ == "__main__":
    main()

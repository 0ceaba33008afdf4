"""The peer of paraphrase_score.py: how alike two texts are by their n-grams of characters."""

from __future__ import annotations

import json
import sys
from itertools import islice

from sklearn.feature_extraction.text import HashingVectorizer

hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=1 << 18)
with open(sys.argv[1], encoding="utf-8") as file:
    while records := [json.loads(line) for line in islice(file, 5000)]:
        one, other = (hashed.transform([record[name] for record in records]) for name in ("text", "other"))
        for record, score in zip(records, one.multiply(other).sum(axis=1).A1.tolist()):
            print(json.dumps({**record, "paraphrase": round(score, 6)}, ensure_ascii=False))

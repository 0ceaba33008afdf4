"""The peer of lm_rescore.py: the best of each list by KenLM and the list's own score, in a plain loop."""

from __future__ import annotations

import json
import math
import sys

import kenlm

model = kenlm.Model(sys.argv[1])
for line in open(sys.argv[2], encoding="utf-8"):
    record = json.loads(line)
    best = max(
        record["nbest"], key=lambda each: 0.7 * each["mt_score"] + 0.3 * math.log(10) * model.score(each["text"])
    )
    print(json.dumps({**record, **best}, ensure_ascii=False))

"""Emissions of made-up speech, letter by letter, with their lexicon: emitted.py COUNT FOLDER

Words end with silence, as the peer needs it. A token lasts one frame or two, with blank after it; noise makes a
recogniser err.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from inputs import utterances

from datasel.speech.emissions import Emissions, pack

count, folder = int(sys.argv[1]), Path(sys.argv[2])
draw = np.random.default_rng(1)
known = list(utterances(100_000))
texts = known[:: len(known) // count][:count]
letters = sorted(set("".join(texts)) - {" "})
tokens = ["-", "sil", *letters]
number = {token: index for index, token in enumerate(tokens)}
(folder / "emissions").mkdir(parents=True, exist_ok=True)
with open(folder / "emissions.jsonl", "w") as out:
    for index, text in enumerate(texts):
        states = [1]
        for letter in text + " ":
            token = 1 if letter == " " else number[letter]
            states += [token] * draw.integers(1, 3) + [0] * draw.integers(1, 3)
        logits = draw.normal(0, 1.6, (len(states), len(tokens)))
        logits[np.arange(len(states)), states] += 7
        log_probs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        path = folder / "emissions" / f"{index}.npz"
        path.write_bytes(pack(Emissions(log_probs.astype(np.float32), tuple(tokens), 0, 1, 50.0)))
        print(json.dumps({"id": str(index), "reference": text, "emissions": str(path)}), file=out)
words = sorted({word for text in known for word in text.split()})
(folder / "words.lexicon").write_text("".join(f"{word}\t{' '.join(word)} sil\n" for word in words))

"""Peers of normalize_text.py, line by line: bare_normalisers.py punctuation|tokens|indic FILE"""

from __future__ import annotations

import sys

job, path = sys.argv[1:]
if job == "indic":
    from indicnlp.normalize.indic_normalize import IndicNormalizerFactory

    change = IndicNormalizerFactory().get_normalizer("hi").normalize
elif job == "tokens":
    from sacremoses import MosesPunctNormalizer, MosesTokenizer

    normalise, split = MosesPunctNormalizer("en").normalize, MosesTokenizer("en").tokenize

    def change(line: str) -> str:
        return " ".join(split(normalise(line), escape=False))
else:
    from sacremoses import MosesPunctNormalizer

    change = MosesPunctNormalizer("en").normalize
with open(path, encoding="utf-8") as file:
    for line in file:
        print(change(line[:-1]))

"""The peer of ngram-score: scikit-learn's HashingVectorizer (1-3) and decision_function, same parser, same model size.

usage: sklearn_score.py jsonl|text FILE
"""

import sys

import msgspec
import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

kind, path = sys.argv[1:]
decoder = msgspec.json.Decoder(msgspec.defstruct("Record", [("text", str)], gc=False))
vectorizer = HashingVectorizer(ngram_range=(1, 3), n_features=1 << 20, norm=None, alternate_sign=False)
classifier = SGDClassifier()
classifier.classes_ = np.array([0, 1])
classifier.coef_ = np.random.default_rng(1).normal(size=(1, 1 << 20))
classifier.intercept_ = np.zeros(1)
with open(path, "rb") as file:
    while lines := file.readlines(1 << 20):
        data = b"".join(lines)
        if kind == "jsonl":
            texts = [record.text for record in decoder.decode_lines(data)]
        else:
            texts = data.decode().split("\n")[:-1]
        scores = classifier.decision_function(vectorizer.transform(texts))
        sys.stdout.write("\n".join(map(str, scores.round(6).tolist())) + "\n")

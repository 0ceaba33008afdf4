"""The peer of nlu_label.py: slots by python-crfsuite in a plain loop, with the features that nlu-label has."""

from __future__ import annotations

import json
import sys

import pycrfsuite

from datasel.nlu.recogniser import Recogniser
from datasel.nlu.slots import decode_labels, features
from datasel.text.words import tokens

recogniser = Recogniser.load(sys.argv[1])
(crf,) = recogniser.crfs
tagger = pycrfsuite.Tagger()
tagger.open_inmemory(crf)
for line in open(sys.argv[2], encoding="utf-8"):
    record = json.loads(line)
    text = record["text"]
    spans = tokens(text)
    labels = tagger.tag(features(text, spans, recogniser.known))
    record["slots"] = [slot._asdict() for slot in decode_labels(text, spans, labels)]
    record["confidence"] = round(tagger.probability(labels), 6)
    print(json.dumps(record, ensure_ascii=False))

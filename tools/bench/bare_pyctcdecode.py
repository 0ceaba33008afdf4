"""The peer of decode_ctc.py: pyctcdecode with KenLM, as its manual shows it; writes hypotheses as records."""

from __future__ import annotations

import json
import sys

from pyctcdecode import build_ctcdecoder

from datasel.speech import emissions

path, model, lexicon, beam = sys.argv[1:]
records = [json.loads(line) for line in open(path)]
tokens = list(emissions.load(records[0]["emissions"]).tokens)
labels = ["", " ", *tokens[2:]]
words = [line.split("\t")[0] for line in open(lexicon)]
decoder = build_ctcdecoder(labels, model, words, alpha=0.8, beta=0.0)
for record in records:
    text = decoder.decode(emissions.load(record["emissions"]).log_probs, beam_width=int(beam))
    print(json.dumps({"id": record["id"], "hypothesis": text, "reference": record["reference"]}))

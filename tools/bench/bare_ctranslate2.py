"""The peer of translate_nbest.py: CTranslate2 alone, on the batches that translate-nbest makes."""

from __future__ import annotations

import json
import sys

import ctranslate2
import sentencepiece

folder, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
translator = ctranslate2.Translator(folder, device="cpu", inter_threads=1, intra_threads=1)
pieces = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/pieces.model")
lines = open(path, "rb")
while block := lines.readlines(1 << 18):
    records = [json.loads(line) for line in block]
    sources = pieces.encode([record["text"] for record in records], out_type=str)
    lengths: dict[int, list[int]] = {}
    for place, source in enumerate(sources):
        lengths.setdefault(len(source), []).append(place)
    for _, places in sorted(lengths.items()):
        found = translator.translate_batch(
            [sources[place] for place in places], beam_size=count, num_hypotheses=count, return_scores=True,
            disable_unk=True, max_decoding_length=210, max_batch_size=2048, batch_type="tokens",
        )  # fmt: skip
        for place, each in zip(places, found):
            texts = pieces.decode(each.hypotheses)
            records[place]["nbest"] = [{"text": t, "mt_score": s} for t, s in zip(texts, each.scores)]
    for record in records:
        print(json.dumps(record))

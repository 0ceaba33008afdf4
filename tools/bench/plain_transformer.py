"""The peer of translate_fit.py: torch's own Transformer in the loop of its tutorial, on the same batches.

The shape, precision, optimiser and label smoothing are translate-fit's; no means of weights.
"""

from __future__ import annotations

import json
import sys
import time

import torch
from torch import nn

from datasel.translation.fitting import precision_for
from datasel.translation.pairs import Pairs, batches
from datasel.translation.pieces import Pieces, learned

path, updates, vocabulary, dimensions, wide, heads, encoder, decoder, threads = (
    sys.argv[1], *map(int, sys.argv[2:])
)  # fmt: skip
torch.manual_seed(0)
torch.set_num_threads(threads)
texts = [(pair["source"], pair["target"]) for pair in map(json.loads, open(path))]
pieces = Pieces(learned((side for pair in texts for side in pair), vocabulary))
train = Pairs.of(texts, pieces, 128)
size = len(pieces.names)
table = nn.Embedding(size, dimensions, padding_idx=0)
places = nn.Embedding(1024, dimensions)
body = nn.Transformer(dimensions, heads, encoder, decoder, wide, 0.1, batch_first=True, norm_first=True)
output = nn.Linear(dimensions, size, bias=False)
output.weight = table.weight
network = nn.ModuleList([table, places, body, output]).train()
optimizer = torch.optim.Adam(network.parameters(), 1e-3, betas=(0.9, 0.98), fused=True)
criterion = nn.CrossEntropyLoss(ignore_index=0, label_smoothing=0.1)

halved = precision_for("auto") == "bf16"
done = tokens = epoch = 0
start = 0.0
while done < updates:
    epoch += 1
    for batch in batches(train, 2048, 1, epoch):
        if done == 5:  # warm
            start, tokens = time.monotonic(), 0
        source, given, wanted = (torch.from_numpy(side) for side in batch[:3])
        with torch.autocast("cpu", torch.bfloat16, enabled=halved):
            sides = [table(side) * dimensions**0.5 + places(torch.arange(side.shape[1])) for side in (source, given)]
            causal = nn.Transformer.generate_square_subsequent_mask(given.shape[1]).isinf()
            padding = source == 0
            vectors = body(
                *sides, tgt_mask=causal, src_key_padding_mask=padding, memory_key_padding_mask=padding,
                tgt_key_padding_mask=given == 0, tgt_is_causal=True,
            )  # fmt: skip
            scores = output(vectors)
        loss = criterion(scores.float().flatten(0, 1), wanted.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        tokens += int((wanted != 0).sum())
        done += 1
        if done == updates:
            break
print(f"{tokens / (time.monotonic() - start):.0f}")

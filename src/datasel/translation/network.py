"""The translator's network: a Transformer (Vaswani et al., 2017) that normalises before each sublayer, in torch.

One table serves as embeddings of both sides and as output layer.  Imports torch as it makes one: for training alone.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np

PAD, UNKNOWN, BEGIN, END = 0, 1, 2, 3  # the first pieces of every vocabulary


class Shape(NamedTuple):
    vocabulary: int  # pieces
    dimensions: int
    feed_forward: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    dropout: float


def transformer(shape: Shape):
    """A network of this shape; its weights depend on torch's seed."""
    import torch
    from torch import nn
    from torch.nn import functional

    def linear(inputs, outputs):
        made = nn.Linear(inputs, outputs)
        nn.init.xavier_uniform_(made.weight)
        nn.init.zeros_(made.bias)
        return made

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            d = shape.dimensions
            self.norm = nn.LayerNorm(d)
            self.query, self.key, self.value, self.out = (linear(d, d) for _ in range(4))

        def parts(self, x):
            return x.view(*x.shape[:2], shape.heads, -1).transpose(1, 2)  # (batch, heads, length, of a head)

        def forward(self, x, memory=None, mask=None, causal=False):
            x = self.norm(x)
            memory = x if memory is None else memory
            q, k, v = self.parts(self.query(x)), self.parts(self.key(memory)), self.parts(self.value(memory))
            mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
            return self.out(mixed.transpose(1, 2).flatten(2)), (q, k)

    class Layer(nn.Module):
        def __init__(self, crosses):
            super().__init__()
            self.own = Attention()
            self.cross = Attention() if crosses else None
            self.norm = nn.LayerNorm(shape.dimensions)
            self.wide = linear(shape.dimensions, shape.feed_forward)
            self.narrow = linear(shape.feed_forward, shape.dimensions)
            self.drop = nn.Dropout(shape.dropout)

        def forward(self, x, mask, memory=None):
            crosses = self.cross is not None
            x = x + self.drop(self.own(x, mask=None if crosses else mask, causal=crosses)[0])
            seen = None
            if crosses:
                mixed, seen = self.cross(x, memory, mask)
                x = x + self.drop(mixed)
            wide = self.drop(functional.relu(self.wide(self.norm(x))))
            return x + self.drop(self.narrow(wide)), seen

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(shape.vocabulary, shape.dimensions)
            nn.init.normal_(self.table.weight, std=shape.dimensions**-0.5)
            self.encoder = nn.ModuleList(Layer(False) for _ in range(shape.encoder_layers))
            self.decoder = nn.ModuleList(Layer(True) for _ in range(shape.decoder_layers))
            self.encoded, self.decoded = nn.LayerNorm(shape.dimensions), nn.LayerNorm(shape.dimensions)
            self.drop = nn.Dropout(shape.dropout)
            self.register_buffer("places", torch.from_numpy(sinusoids(1024, shape.dimensions)), persistent=False)

        def embedded(self, pieces):
            places = self.places[: pieces.shape[1]]
            return self.drop(self.table(pieces) * shape.dimensions**0.5 + places)

        def forward(self, source, target):
            """Vectors to predict the pieces that follow ``target``'s, and log attention of the last layer's first head.

            ``source`` and ``target`` are (batch, length), padded with PAD; (batch, target length, dimensions) and
            (batch, target length, source length) come out.
            """
            mask = (source != PAD)[:, None, None, :]
            memory = self.embedded(source)
            for layer in self.encoder:
                memory, _ = layer(memory, mask)
            memory = self.encoded(memory)
            x = self.embedded(target)
            for layer in self.decoder:
                x, seen = layer(x, mask, memory)
            q, k = (part[:, 0].float() for part in seen)
            scores = q @ k.transpose(1, 2) * q.shape[-1] ** -0.5
            attention = scores.masked_fill(~mask[:, 0], -1e9).log_softmax(-1)
            return self.decoded(x), attention

    return Network()


def sinusoids(length: int, dimensions: int) -> np.ndarray:
    """What tells a network the places 0 to ``length`` - 1: float32 (length, dimensions)."""
    half = dimensions // 2
    angles = np.arange(length)[:, None] * np.exp(np.arange(half) * -(log(10000) / (half - 1)))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)

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

    class Dropout(nn.Module):
        """Dropout whose numbers are drawn four at once, of 16 bits: torch's own takes a third of a training's time."""

        def forward(self, x):
            if not self.training or not shape.dropout:
                return x
            drawn = torch.empty(-(-x.numel() // 4), dtype=torch.int64).random_(-(2**63), None).view(torch.int16)
            kept = torch.empty_like(x)
            torch.ge(drawn[: x.numel()].view(x.shape), round(shape.dropout * 2**16) - 2**15, out=kept)
            return x * (kept / (1 - shape.dropout))

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            d = shape.dimensions
            self.norm = nn.LayerNorm(d)
            self.query, self.key, self.value, self.out = (linear(d, d) for _ in range(4))

        def parts(self, x):
            return x.view(*x.shape[:2], shape.heads, -1).transpose(1, 2)  # (batch, heads, length, of a head)

        def forward(self, x, mask, memory=None):
            x = self.norm(x)
            memory = x if memory is None else memory
            q, k, v = self.parts(self.query(x)), self.parts(self.key(memory)), self.parts(self.value(memory))
            # by steps: torch's fused attention takes ten times as long to go back through, on CPUs
            scores = (q * q.shape[-1] ** -0.5) @ k.transpose(2, 3) + mask
            mixed = scores.softmax(-1).to(v.dtype) @ v
            return self.out(mixed.transpose(1, 2).flatten(2)), scores

    class Layer(nn.Module):
        def __init__(self, crosses):
            super().__init__()
            self.own = Attention()
            self.cross = Attention() if crosses else None
            self.norm = nn.LayerNorm(shape.dimensions)
            self.wide = linear(shape.dimensions, shape.feed_forward)
            self.narrow = linear(shape.feed_forward, shape.dimensions)
            self.drop = Dropout()

        def forward(self, x, mask, memory=None, memory_mask=None):
            x = x + self.drop(self.own(x, mask)[0])
            scores = None
            if memory is not None:
                mixed, scores = self.cross(x, memory_mask, memory)
                x = x + self.drop(mixed)
            wide = self.drop(functional.relu(self.wide(self.norm(x))))
            return x + self.drop(self.narrow(wide)), scores

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(shape.vocabulary, shape.dimensions)
            nn.init.normal_(self.table.weight, std=shape.dimensions**-0.5)
            self.encoder = nn.ModuleList(Layer(False) for _ in range(shape.encoder_layers))
            self.decoder = nn.ModuleList(Layer(True) for _ in range(shape.decoder_layers))
            self.encoded, self.decoded = nn.LayerNorm(shape.dimensions), nn.LayerNorm(shape.dimensions)
            self.drop = Dropout()
            self.register_buffer("places", torch.from_numpy(sinusoids(1024, shape.dimensions)), persistent=False)

        def embedded(self, pieces):
            places = self.places[: pieces.shape[1]]
            return self.drop(self.table(pieces) * shape.dimensions**0.5 + places)

        def forward(self, source, target):
            """Vectors to predict the pieces that follow ``target``'s, and what the last layer's first head looks at.

            ``source`` and ``target`` are (batch, length), padded with PAD; (batch, target length, dimensions) come out,
            and (batch, target length, source length), the attention before its softmax.
            """
            mask = torch.zeros(source.shape).masked_fill(source == PAD, -1e9)[:, None, None, :]
            causal = torch.full((target.shape[1],) * 2, -1e9).triu(1)
            memory = self.embedded(source)
            for layer in self.encoder:
                memory, _ = layer(memory, mask)
            memory = self.encoded(memory)
            x = self.embedded(target)
            for layer in self.decoder:
                x, scores = layer(x, causal, memory, mask)
            return self.decoded(x), scores[:, 0]

    return Network()


def sinusoids(length: int, dimensions: int) -> np.ndarray:
    """What tells a network the places 0 to ``length`` - 1: float32 (length, dimensions)."""
    half = dimensions // 2
    angles = np.arange(length)[:, None] * np.exp(np.arange(half) * -(log(10000) / (half - 1)))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)

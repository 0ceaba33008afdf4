"""A trained network as the files of a CTranslate2 model."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence

import numpy as np

from datasel.translation.network import BEGIN, PAD, Shape, sinusoids


def exported(shape: Shape, weights: Mapping[str, np.ndarray], pieces: Sequence[str]) -> dict[str, bytes]:
    """``model.bin`` (weights in eight bits), ``config.json`` and the vocabulary, by name.

    ``weights`` are those of :func:`datasel.translation.network.transformer`, by their names there.
    """
    from ctranslate2.specs import TransformerSpec

    layers = shape.encoder_layers, shape.decoder_layers
    spec = TransformerSpec.from_config(layers, shape.heads)
    read = _Reader(weights)
    for side, place, layer_count in (("encoder", spec.encoder, layers[0]), ("decoder", spec.decoder, layers[1])):
        embeddings = place.embeddings[0] if side == "encoder" else place.embeddings
        embeddings.weight = read("table.weight")
        place.position_encodings.encodings = sinusoids(1024, shape.dimensions)
        read.norm(place.layer_norm, "encoded" if side == "encoder" else "decoded")
        for number in range(layer_count):
            name, layer = f"{side}.{number}", place.layer[number]
            read.norm(layer.self_attention.layer_norm, f"{name}.own.norm")
            read.linear(layer.self_attention.linear[0], *(f"{name}.own.{part}" for part in ("query", "key", "value")))
            read.linear(layer.self_attention.linear[1], f"{name}.own.out")
            if side == "decoder":
                read.norm(layer.attention.layer_norm, f"{name}.cross.norm")
                read.linear(layer.attention.linear[0], f"{name}.cross.query")
                read.linear(layer.attention.linear[1], f"{name}.cross.key", f"{name}.cross.value")
                read.linear(layer.attention.linear[2], f"{name}.cross.out")
            read.norm(layer.ffn.layer_norm, f"{name}.norm")
            read.linear(layer.ffn.linear_0, f"{name}.wide")
            read.linear(layer.ffn.linear_1, f"{name}.narrow")
    spec.decoder.projection.weight = read("table.weight")
    spec.decoder.projection.bias = np.zeros(shape.vocabulary, np.float32)
    spec.decoder.projection.bias[[PAD, BEGIN]] = -1e9  # never follow anything
    spec.config.add_source_eos = True
    spec.register_source_vocabulary(list(pieces))
    spec.register_target_vocabulary(list(pieces))
    spec.validate()
    spec.optimize(quantization="int8")
    with tempfile.TemporaryDirectory() as folder:
        spec.save(folder)
        return {name: _content(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}


class _Reader:
    def __init__(self, weights: Mapping[str, np.ndarray]):
        self._weights = weights

    def __call__(self, name: str) -> np.ndarray:
        return np.array(self._weights[name], np.float32)  # a copy: the spec writes into what it is given

    def norm(self, place, name: str) -> None:
        place.gamma, place.beta = self(f"{name}.weight"), self(f"{name}.bias")

    def linear(self, place, *names: str) -> None:
        place.weight = np.concatenate([self(f"{name}.weight") for name in names])
        place.bias = np.concatenate([self(f"{name}.bias") for name in names])


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()

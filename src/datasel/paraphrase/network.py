"""The trained encoder as an ONNX network."""

from __future__ import annotations

import numpy as np

from datasel.paraphrase.training import Trainer


def to_onnx(trainer: Trainer) -> bytes:
    """The trained encoder as an ONNX model.

    Inputs: pieces int32 (distinct words x PIECES, 0 where there is none), words int32 (batch x time: rows of pieces;
    all texts of a batch have as many words).  Output: vectors float32 (batch x dimensions), of length 1.
    """
    from onnx import TensorProto, helper, numpy_helper

    settings = trainer.settings
    weights = {name: value.detach().numpy() for name, value in trainer.encoder.state_dict().items()}

    def gates(name: str) -> np.ndarray:
        """torch orders the gates r, z, n; ONNX z, r, h."""
        both = []
        for side in ("ahead", "back"):
            r, z, n = np.split(weights[f"{side}.{name}_l0"], 3)
            both.append(np.concatenate([z, r, n]))
        return np.stack(both)

    constants = {
        "table": weights["table.weight"].astype(np.float16),
        "W": gates("weight_ih"),
        "R": gates("weight_hh"),
        "B": np.concatenate([gates("bias_ih"), gates("bias_hh")], axis=1),
        "out_weight": weights["out.weight"],
        "out_bias": weights["out.bias"],
        "none": np.array(0, np.int32),
        "one": np.array(1, np.float32),
        "axis_1": np.array([1]),
        "axis_time": np.array([0]),
        "both_sides": np.array([0, 0, 2 * settings.hidden]),
    }
    node = helper.make_node
    nodes = [
        # a word: the mean of its pieces (row 0 of the table is zero)
        node("Gather", ["table", "pieces"], ["halves"]),
        node("Cast", ["halves"], ["found"], to=TensorProto.FLOAT),
        node("ReduceSum", ["found", "axis_1"], ["summed"], keepdims=0),
        node("Greater", ["pieces", "none"], ["there"]),
        node("Cast", ["there"], ["counted"], to=TensorProto.FLOAT),
        node("ReduceSum", ["counted", "axis_1"], ["number"], keepdims=1),
        node("Max", ["number", "one"], ["at_least_one"]),
        node("Div", ["summed", "at_least_one"], ["word_vectors"]),
        # the words in order, time first
        node("Transpose", ["words"], ["in_time"], perm=[1, 0]),
        node("Gather", ["word_vectors", "in_time"], ["sequence"]),
        node("GRU", ["sequence", "W", "R", "B"], ["states"], hidden_size=settings.hidden, direction="bidirectional",
             linear_before_reset=1),
        node("Transpose", ["states"], ["by_text"], perm=[0, 2, 1, 3]),
        node("Reshape", ["by_text", "both_sides"], ["joined"]),
        node("ReduceMax", ["joined", "axis_time"], ["highest"], keepdims=0),
        node("ReduceMean", ["sequence", "axis_time"], ["mean"], keepdims=0),
        node("Concat", ["highest", "mean"], ["pooled"], axis=1),
        node("Gemm", ["pooled", "out_weight", "out_bias"], ["projected"], transB=1),
        node("LpNormalization", ["projected"], ["vectors"], axis=1, p=2),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes,
        "paraphrase encoder",
        [
            helper.make_tensor_value_info("pieces", TensorProto.INT32, ["distinct", "pieces_a_word"]),
            helper.make_tensor_value_info("words", TensorProto.INT32, ["batch", "time"]),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", settings.dimensions])],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="datasel").SerializeToString()

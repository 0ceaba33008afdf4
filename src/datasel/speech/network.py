"""The trained acoustic model as an ONNX network."""

from __future__ import annotations

import numpy as np

from datasel.speech.fitting import Trainer, dilation


def to_onnx(trainer: Trainer) -> bytes:
    """Input: frames float32 (1 x time x size).  Output: log_probs float32 (1 x time x tokens), natural logarithms."""
    from onnx import TensorProto, helper, numpy_helper

    settings, node = trainer.settings, helper.make_node
    weights = {name: value.detach().numpy() for name, value in trainer.network.state_dict().items()}
    for name in ("first.weight", "last.weight"):
        weights[name] = weights[name].T
    # frames as they are: their scaling is part of the first layer
    scaled = weights["first.weight"] / trainer.deviation[:, None]
    weights["first.bias"] = (weights["first.bias"] - trainer.mean @ scaled).astype(np.float32)
    weights["first.weight"] = scaled.astype(np.float32)
    size, tokens = weights["first.weight"].shape[0], weights["last.weight"].shape[1]
    nodes = [
        node("MatMul", ["frames", "first.weight"], ["entered"]),
        node("Add", ["entered", "first.bias"], ["state_0"]),
    ]
    for layer in range(settings.layers):
        norm, convolution = (f"{kind}.{layer}" for kind in ("norms", "convolutions"))
        reach = dilation(layer) * (settings.width // 2)
        nodes += [
            node("LayerNormalization", [f"state_{layer}", f"{norm}.weight", f"{norm}.bias"], [f"normal_{layer}"]),
            node("Transpose", [f"normal_{layer}"], [f"seen_{layer}"], perm=[0, 2, 1]),
            node("Conv", [f"seen_{layer}", f"{convolution}.weight", f"{convolution}.bias"], [f"heard_{layer}"],
                 dilations=[dilation(layer)], pads=[reach, reach]),
            node("Relu", [f"heard_{layer}"], [f"positive_{layer}"]),
            node("Transpose", [f"positive_{layer}"], [f"added_{layer}"], perm=[0, 2, 1]),
            node("Add", [f"state_{layer}", f"added_{layer}"], [f"state_{layer + 1}"]),
        ]  # fmt: skip
    end = f"norms.{settings.layers}"
    nodes += [
        node("LayerNormalization", [f"state_{settings.layers}", f"{end}.weight", f"{end}.bias"], ["normal"]),
        node("MatMul", ["normal", "last.weight"], ["weighed"]),
        node("Add", ["weighed", "last.bias"], ["scores"]),
        node("LogSoftmax", ["scores"], ["log_probs"], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "acoustic model",
        [helper.make_tensor_value_info("frames", TensorProto.FLOAT, [1, "time", size])],
        [helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, [1, "time", tokens])],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in weights.items()],
    )
    opsets = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="datasel").SerializeToString()

#!/usr/bin/env bash
# onnx 1.23.2 and ONNX Runtime 1.32.0: two answers to the mean of no words.
#
# Guess: the mean over an axis of length 0 is NaN, as in NumPy and in Keras, wherever the file
# runs. Seen: ONNX's own reference evaluator gives NaN, ONNX Runtime gives 0. The maximum of no
# words is -inf in both. An empty text that spoils a batch during training is silently a zero
# vector once the model is served.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

warnings.simplefilter("ignore")


def pool(how):
    """Reduce rows of two numbers, however many there are, to one."""
    graph = helper.make_graph(
        [helper.make_node(how, ["rows", "axes"], ["pooled"], keepdims=0)],
        "pooling",
        [
            helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, 2]),
            helper.make_tensor_value_info("axes", TensorProto.INT64, [1]),
        ],
        [helper.make_tensor_value_info("pooled", TensorProto.FLOAT, [2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    feed = {"rows": np.zeros((0, 2), np.float32), "axes": np.array([0])}
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return ReferenceEvaluator(model).run(None, feed)[0], session.run(None, feed)[0]


for how in ("ReduceMean", "ReduceMax"):
    reference, runtime = pool(how)
    print(f"{how} of no rows: reference {reference}, ONNX Runtime {runtime}")
reference, runtime = pool("ReduceMean")
assert np.isnan(reference).all() and (runtime == 0).all()
PYTHON

"""A file that a model was exported to, opened by the program that runs it.

All have one shape: `open_X(path)` returns a `Program`. What runs a file has no part in what wrote
it, and is imported when it is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import NotOffered
from embedding_core.lessons.elsewhere.libraries import node

_SCRIPT = Path(__file__).with_name("tensorflow_js.mjs")


@dataclass(frozen=True)
class Program:
    """A model that runs without Keras.

    Attributes
    ----------
    wants
        The dtype of ids that the file asks for.
    run
        From ids of shape (1, length) to what the model returns first.
    """

    wants: str
    run: Callable[[NDArray[Any]], NDArray[Any]]


def open_torch(module: Any) -> Program:
    """Take a module of PyTorch's as it is, for comparison."""
    import torch

    return Program("int64", lambda ids: np.asarray(module(torch.tensor(ids)).detach()))


def open_keras(model: Any) -> Program:
    """Take the model as it is, for comparison."""
    from embedding_core.keras_bridge import load_keras

    numpy = load_keras().ops.convert_to_numpy
    return Program(model.inputs[0].dtype, lambda ids: np.asarray(numpy(model(ids))))


def open_onnx(path: Path) -> Program:
    """Open a file by ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    wants = entry.type.removeprefix("tensor(").removesuffix(")")
    wants = {"float": "float32", "double": "float64"}.get(wants, wants)
    return Program(wants, lambda ids: np.asarray(session.run(None, {entry.name: ids})[0]))


def open_openvino(path: Path) -> Program:
    """Open a file by OpenVINO."""
    import openvino

    compiled = openvino.Core().compile_model(str(path), "CPU")
    wants = np.dtype(compiled.input(0).element_type.to_dtype()).name
    return Program(wants, lambda ids: np.array(compiled([ids])[0]))


def open_litert(path: Path) -> Program:
    """Open a file by LiteRT."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    entry, out = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def run(ids: NDArray[Any]) -> NDArray[Any]:
        interpreter.set_tensor(entry["index"], ids)
        interpreter.invoke()
        return np.array(interpreter.get_tensor(out["index"]))

    return Program(np.dtype(entry["dtype"]).name, run)


def open_tensorflow_js(kind: str, path: Path) -> Program:
    """Open a folder by TensorFlow.js; its `kind` is "graph" or "layers"."""
    where = {"folder": str(path), "kind": kind}

    def run(ids: NDArray[Any]) -> NDArray[Any]:
        if ids.dtype == np.int64:
            raise NotOffered  # its one kind of integer has 32 bits
        return node.array(node.ask(_SCRIPT, where | {"ids": node.tensor(ids)}))

    return Program(node.ask(_SCRIPT, where)["wants"], run)


def open_saved_model(path: Path) -> Program:
    """Open a folder by TensorFlow."""
    import tensorflow as tf

    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    (name, spec), *_ = serve.structured_input_signature[1].items()

    def run(ids: NDArray[Any]) -> NDArray[Any]:
        (output,) = serve(**{name: tf.constant(ids)}).values()
        return np.asarray(output)

    return Program(spec.dtype.name, run)

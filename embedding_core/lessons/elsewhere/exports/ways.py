"""The ways out of Keras: what writes the file, and what runs it."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from embedding_core.ground.recording import Subject
from embedding_core.lessons.elsewhere.exports import models as keras_models
from embedding_core.lessons.elsewhere.exports import torch_models
from embedding_core.lessons.elsewhere.exports.asking import Export
from embedding_core.lessons.elsewhere.exports.models import LENGTH, Models
from embedding_core.lessons.elsewhere.exports.programs import (
    Program,
    open_keras,
    open_litert,
    open_onnx,
    open_openvino,
    open_saved_model,
    open_tensorflow_js,
    open_torch,
)


@dataclass(frozen=True)
class Way(Subject):
    """One format, run by one program.

    Attributes
    ----------
    export
        See `asking.Export`.
    models
        What is exported.
    """

    export: Export
    models: Models = field(default_factory=lambda: keras_models)


def _live(model: Any, folder: Path) -> Program:
    return open_keras(model)


def _through(
    file: str, kind: str, open_it: Callable[[Path], Program], model: Any, folder: Path
) -> Program:
    """Let Keras write the file, and open it."""
    model.export(str(folder / file), format=kind, verbose=False)
    return open_it(folder / file)


def _as_graph(model: Any, folder: Path) -> Program:
    """Let Keras write a SavedModel, and TensorFlow.js's converter a graph model from it."""
    from tensorflowjs.converters import convert_tf_saved_model

    with tempfile.TemporaryDirectory() as saved:
        model.export(saved, format="tf_saved_model", verbose=False)
        convert_tf_saved_model(saved, str(folder))
    return open_tensorflow_js("graph", folder)


def _as_layers(model: Any, folder: Path) -> Program:
    """Let TensorFlow.js's converter write down the layers, and put them into Keras 2's words.

    The converter writes Keras 3's, which TensorFlow.js does not know: it asks for the shape of
    a batch under its old name, and for a dtype that is a word.
    """
    from tensorflowjs.converters import save_keras_model

    save_keras_model(model, str(folder))
    file = folder / "model.json"
    written = json.loads(file.read_text("utf-8"))
    for layer in written["modelTopology"]["model_config"]["config"]["layers"]:
        config = layer["config"]
        if "batch_shape" in config:
            config["batch_input_shape"] = config.pop("batch_shape")
        if isinstance(config["dtype"], dict):
            config["dtype"] = config["dtype"]["config"]["name"]
    file.write_text(json.dumps(written), "utf-8")
    return open_tensorflow_js("layers", folder)


def _live_torch(module: Any, folder: Path) -> Program:
    return open_torch(module)


def _by_torch(module: Any, folder: Path) -> Program:
    """Let PyTorch write the file, and open it."""
    import torch

    ids = torch.zeros((1, LENGTH), dtype=torch.int64)
    torch.onnx.export(module, (ids,), folder / "model.onnx", dynamo=True, verbose=False)
    return open_onnx(folder / "model.onnx")


_SAVED_MODEL = partial(_through, "model", "tf_saved_model", open_saved_model)
_ONNX = partial(_through, "model.onnx", "onnx", open_onnx)
_OPENVINO = partial(_through, "model.xml", "openvino", open_openvino)
_LITERT = partial(_through, "model.tflite", "litert", open_litert)

_TENSORFLOW = ("keras", "tensorflow")
_TENSORFLOW_JS = ("tensorflowjs", "npm:@tensorflow/tfjs")
_JAX = ("keras", "jax")
_TORCH = ("keras", "torch")

WAYS: dict[str, dict[str, Way]] = {
    "tensorflow": {
        "tensorflow-live": Way("Keras on TensorFlow", _TENSORFLOW, _live),
        "tensorflow-savedmodel": Way("SavedModel", _TENSORFLOW, _SAVED_MODEL),
        "tensorflow-onnx": Way(
            "ONNX Runtime, from TensorFlow", (*_TENSORFLOW, "onnxruntime", "tf2onnx"), _ONNX
        ),
        "tensorflow-openvino": Way(
            "OpenVINO, from TensorFlow", (*_TENSORFLOW, "openvino"), _OPENVINO
        ),
        "tensorflow-litert": Way("LiteRT", (*_TENSORFLOW, "ai-edge-litert"), _LITERT),
    },
    "tensorflow-js": {
        "tensorflow-js-graph": Way(
            "TensorFlow.js, from a SavedModel", (*_TENSORFLOW, *_TENSORFLOW_JS), _as_graph
        ),
        "tensorflow-js-layers": Way(
            "TensorFlow.js, as layers", (*_TENSORFLOW, *_TENSORFLOW_JS), _as_layers
        ),
    },
    "jax": {
        "jax-live": Way("Keras on JAX", _JAX, _live),
        "jax-onnx": Way("ONNX Runtime, from JAX", (*_JAX, "onnxruntime", "jax2onnx"), _ONNX),
    },
    "torch": {
        "torch-live": Way("Keras on PyTorch", _TORCH, _live),
        "torch-onnx": Way("ONNX Runtime, from PyTorch", (*_TORCH, "onnxruntime", "onnx"), _ONNX),
        "torch-openvino": Way("OpenVINO, from PyTorch", (*_TORCH, "openvino"), _OPENVINO),
        "torch-own-live": Way("PyTorch alone", ("torch",), _live_torch, torch_models),
        "torch-own-onnx": Way(
            "ONNX Runtime, from PyTorch alone",
            ("torch", "onnxruntime", "onnxscript"),
            _by_torch,
            torch_models,
        ),
    },
}
"""By environment, whose name begins with Keras's backend, and id."""

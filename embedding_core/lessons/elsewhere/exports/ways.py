"""The ways out of Keras: what writes the file, and what runs it."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from embedding_core.lessons.elsewhere.exports.asking import Export, size
from embedding_core.lessons.elsewhere.exports.programs import (
    Program,
    open_keras,
    open_litert,
    open_onnx,
    open_openvino,
    open_saved_model,
)


@dataclass(frozen=True)
class Way:
    """One format, run by one program.

    Attributes
    ----------
    name
        For readers.
    packages
        Distributions that write and run it, apart from Keras and its backend.
    export
        See `asking.Export`.
    """

    name: str
    packages: tuple[str, ...]
    export: Export


def _live(model: Any) -> tuple[Program, int]:
    return open_keras(model), 0


def _through(
    file: str, kind: str, open_it: Callable[[Path], Program], model: Any
) -> tuple[Program, int]:
    """Let Keras write the file, and open it."""
    # The folder outlives the program, which may read the file when it runs.
    folder = Path(tempfile.mkdtemp())
    path = folder / file
    model.export(str(path), format=kind, verbose=False)
    return open_it(path), size(folder)


_SAVED_MODEL = partial(_through, "model", "tf_saved_model", open_saved_model)
_ONNX = partial(_through, "model.onnx", "onnx", open_onnx)
_OPENVINO = partial(_through, "model.xml", "openvino", open_openvino)
_LITERT = partial(_through, "model.tflite", "litert", open_litert)

WAYS: dict[str, dict[str, Way]] = {
    "tensorflow": {
        "tensorflow-live": Way("Keras on TensorFlow", (), _live),
        "tensorflow-savedmodel": Way("SavedModel", (), _SAVED_MODEL),
        "tensorflow-onnx": Way("ONNX Runtime, from TensorFlow", ("onnxruntime", "tf2onnx"), _ONNX),
        "tensorflow-openvino": Way("OpenVINO, from TensorFlow", ("openvino",), _OPENVINO),
        "tensorflow-litert": Way("LiteRT", ("ai-edge-litert",), _LITERT),
    },
    "jax": {
        "jax-live": Way("Keras on JAX", (), _live),
        "jax-onnx": Way("ONNX Runtime, from JAX", ("onnxruntime", "jax2onnx"), _ONNX),
    },
    "torch": {
        "torch-live": Way("Keras on PyTorch", (), _live),
        "torch-onnx": Way("ONNX Runtime, from PyTorch", ("onnxruntime", "onnx"), _ONNX),
        "torch-openvino": Way("OpenVINO, from PyTorch", ("openvino",), _OPENVINO),
    },
}
"""By backend and id."""

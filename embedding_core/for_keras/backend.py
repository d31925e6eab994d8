"""Keras and TensorFlow, imported quietly, and only where Keras runs on TensorFlow."""

import sys
from types import FrameType

from embedding_core.keras_bridge.loading import load_keras

load_keras()  # with TensorFlow's greetings kept back

import keras  # noqa: E402

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        "embedding_core.for_keras is for Keras on TensorFlow, and Keras runs on "
        f"{keras.backend.backend()} here. There the gradient of a table is dense and repeated ids "
        "are added up: use keras.layers.Embedding and keras.optimizers as they are, or set "
        "KERAS_BACKEND=tensorflow before Keras is imported."
    )

import tensorflow as tf  # noqa: E402
from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext  # noqa: E402

__all__ = ["exporting", "keras", "tf", "under_xla"]

_EXPORTERS = ("keras.src.export.", "tensorflow.python.saved_model.", "tensorflow.lite.")


def under_xla() -> bool:
    """Tell whether the graph that is being made will be compiled by XLA."""
    return not tf.executing_eagerly() and bool(
        GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
    )


def exporting() -> bool:
    """Tell whether the graph that is being made goes into a file for others to run.

    Neither Keras nor TensorFlow says so while it traces, so the callers are asked.
    """
    if tf.executing_eagerly():
        return False
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(_EXPORTERS):
            return True
        frame = frame.f_back
    return False

"""Questions that Keras is asked on one backend after the other.

Keras chooses its backend when it is imported, so `backends.ask` puts a question to a process of
its own, and `backends.record` writes down what came back. Nothing here names a backend.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.keras_bridge.loading import load_keras

Question = Callable[[], dict[str, str]]


def doubtful_ids() -> dict[str, str]:
    """Look up ids that a table of four rows has and has not; row i holds i."""
    layer = _four_rows()
    return {str(id): _look_up(layer, id) for id in (0, 4, -1, -5, 3.7, -0.5, True)}


def bad_ids() -> dict[str, str]:
    """Look up ids that a table of four rows does not have, and see which row learns."""
    answers = {}
    for id in (4, -1, -5):
        layer = _four_rows()
        answer = _look_up(layer, id)
        if answer != "error":
            before = layer.get_weights()[0]
            _train(layer, load_keras().optimizers.SGD(1.0), [id], [[1.0]])
            moved = np.flatnonzero(layer.get_weights()[0] != before)
            answer += f", learns: {' '.join(map(str, moved)) or 'none'}"
        answers[str(id)] = answer
    return answers


def repeated_ids() -> dict[str, str]:
    """Make a step with the gradients 3 and 4 for row 0 and 5 for row 2; say how far each goes."""
    optimizers = load_keras().optimizers
    settings, answers = {"Adagrad": {"initial_accumulator_value": 0}}, {}
    for name in ("Adagrad", "RMSprop", "Adam", "SGD"):
        optimizer = getattr(optimizers, name)(0.1, **settings.get(name, {}))
        layer = load_keras().layers.Embedding(3, 1, "zeros")
        _train(layer, optimizer, [0, 0, 2], [[3.0], [4.0], [5.0]])
        far = np.abs(layer.get_weights()[0].ravel())
        answers[name] = f"{far[0]:.2f} and {far[2]:.2f}"
    return answers


def a_thousand_times() -> dict[str, str]:
    """Add up a gradient of 1 for one row a thousand times, as look-up and as one-hot product."""
    keras = load_keras()
    ids = np.zeros(1000, "int32")
    answers = {}
    for dtype in ("float32", "mixed_bfloat16", "bfloat16"):
        look_up = keras.layers.Embedding(2, 1, "zeros", dtype=dtype)
        product = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", dtype=dtype)
        for layer, inputs in ((look_up, ids), (product, np.eye(2, dtype="float32")[ids])):
            _train(layer, keras.optimizers.SGD(1.0), inputs, np.ones((1000, 1)))
            weight = keras.ops.convert_to_numpy(keras.ops.cast(layer.weights[0], "float32"))
            answers[f"{type(layer).__name__}, {dtype}"] = f"{abs(weight[0, 0]):.0f}"
    return answers


QUESTIONS: tuple[Question, ...] = (doubtful_ids, bad_ids, repeated_ids, a_thousand_times)
"""All of them, as `backends.record` asks them."""


def _four_rows() -> Any:
    return load_keras().layers.Embedding(4, 1, weights=[np.arange(4.0)[:, None]])


def _look_up(layer: Any, id: float) -> str:
    try:
        number = float(load_keras().ops.convert_to_numpy(layer(np.array([id])))[0, 0])
    except Exception:  # each backend has an error of its own for an id that is not there
        return "error"
    return "NaN" if np.isnan(number) else f"row {number:.0f}"


def _train(layer: Any, optimizer: Any, inputs: ArrayLike, upstream: ArrayLike) -> None:
    """Make one step, with `upstream` as the gradient of what the layer returns."""
    keras = load_keras()
    inputs = np.asarray(inputs)
    first = keras.Input(inputs.shape[1:], dtype=str(inputs.dtype))
    model = keras.Sequential([first, layer])

    def loss(wanted: Any, rows: Any) -> Any:
        return keras.ops.sum(rows * keras.ops.cast(wanted, rows.dtype))

    # On TensorFlow a step is not worth a trace, and after a few of them it complains.
    model.compile(optimizer, loss, run_eagerly=keras.backend.backend() == "tensorflow")
    model.train_on_batch(inputs, np.asarray(upstream))

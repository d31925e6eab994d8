"""keras-rs: `EmbedReduce`, Keras's layer with a mean of its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.libraries import keras


class Layer(keras.Layer):
    """Keras's adapter around another class, whose combiner is the mean by default."""

    def _kind(self) -> Any:
        import keras_rs

        return keras_rs.layers.EmbedReduce


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Build a layer and look."""
    import keras_rs

    layer = keras_rs.layers.EmbedReduce(rows, width)
    layer.build((None,))
    return np.asarray(layer.get_weights()[0])


_PACKAGES = ("keras-rs", "keras", "tensorflow")
ADAPTERS = {
    "keras-rs": Adapter("keras-rs on TensorFlow, EmbedReduce", _PACKAGES, Layer, first_values)
}

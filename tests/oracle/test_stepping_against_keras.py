"""keras_bridge/stepping.py: one step of SGD, worked out with a pencil."""

import keras
import numpy as np

from embedding_core.keras_bridge import take_one_step


def test_one_step_moves_the_row_by_the_learning_rate_times_the_slope():
    layer = keras.layers.Embedding(3, 2, "zeros")
    model = keras.Sequential([keras.Input((1,), dtype="int32"), layer])
    take_one_step(model, np.array([[1]]), np.array([[[1.0, 3.0]]]))
    # The mean of (0 - 1)² and (0 - 3)² has the slopes -1 and -3; Keras's SGD goes 0.01 of them.
    np.testing.assert_allclose(layer.get_weights()[0], [[0, 0], [0.01, 0.03], [0, 0]], rtol=1e-6)


def test_it_is_one_step_and_no_more():
    layer = keras.layers.Embedding(3, 2, "zeros")
    model = keras.Sequential([keras.Input((1,), dtype="int32"), layer])
    take_one_step(model, np.array([[1]]), np.ones((1, 1, 2)))
    assert int(model.optimizer.iterations) == 1
    assert not model.jit_compile

"""What Keras 3 and Keras 2 make of a gradient that names a row twice, as chapter 8 tells it."""

import json

import pytest
import tensorflow as tf

from embedding_core.keras_bridge import load_keras, run_keras2

keras = load_keras()
SETTINGS = {
    "SGD": {},
    "Adagrad": {"initial_accumulator_value": 0},
    "RMSprop": {},
    "Adam": {},
    "SGD, clipped": {"clipnorm": 5.0},
}
ROOT_OF_TENTH = 0.1**0.5  # RMSprop keeps a tenth of the first square
ADDED_UP = {
    "SGD": 0.7,
    "Adagrad": 0.1,
    "RMSprop": 0.1 / ROOT_OF_TENTH,
    "Adam": 0.1,
    "SGD, clipped": 0.5,
}
ONE_BY_ONE = {
    "SGD": 0.7,
    "Adagrad": 0.14,
    "RMSprop": 0.14 / ROOT_OF_TENTH,
    "Adam": 0.14,
    "SGD, clipped": 0.7,
}
KERAS_2 = ADDED_UP | {"SGD, clipped": 0.7}

CODE = f"""
import json
slices = tf.IndexedSlices(tf.constant([[3.0], [4.0]]), tf.constant([0, 0]))
steps = {{}}
for name, settings in {SETTINGS}.items():
    table = tf.Variable([[0.0]])
    optimizer = getattr(keras.optimizers, name.split(",")[0])(0.1, **settings)
    optimizer.apply_gradients([(slices, table)])
    steps[name] = -float(table[0, 0])
print(json.dumps(steps))
"""


def first_step(name, gradient):
    table = keras.Variable([[0.0]])
    optimizer = getattr(keras.optimizers, name.split(",")[0])(0.1, **SETTINGS[name])
    optimizer.apply([gradient], [table])
    return -float(table[0, 0])


@pytest.mark.parametrize("name", SETTINGS)
def test_keras_3_squares_one_by_one_and_adds_up_only_what_is_an_array(name):
    slices = tf.IndexedSlices(tf.constant([[3.0], [4.0]]), tf.constant([0, 0]), tf.constant([1, 1]))
    assert first_step(name, slices) == pytest.approx(ONE_BY_ONE[name], rel=1e-4)
    assert first_step(name, tf.convert_to_tensor(slices)) == pytest.approx(ADDED_UP[name], rel=1e-4)


def test_keras_2_adds_up_before_it_squares_but_after_it_clips():
    assert json.loads(run_keras2(CODE)) == pytest.approx(KERAS_2, rel=1e-4)

"""What the chapters say of Keras on other backends, in half precision, after a load and in int4.

When one of these fails, Keras has changed: change the chapter that the test names.
"""

import numpy as np
import pytest

from embedding_core.keras_bridge import load_keras
from embedding_core.keras_bridge.backends import ask, recorded
from embedding_core.keras_bridge.questions import (
    QUESTIONS,
    a_thousand_times,
    bad_ids,
    doubtful_ids,
    repeated_ids,
)

keras = load_keras()
BEYOND = np.array([[257], [259], [999]])  # the whole numbers that bfloat16 counts end at 256

INSIDE = {"0": "row 0", "-1": "row 3", "3.7": "row 3", "-0.5": "row 0", "True": "row 1"}
TENSORFLOW = {
    doubtful_ids: INSIDE | {"4": "error", "-5": "error"},
    bad_ids: {"4": "error", "-1": "row 3, learns: 3", "-5": "error"},
    repeated_ids: {
        "Adagrad": "0.14 and 0.10",
        "RMSprop": "0.44 and 0.32",
        "Adam": "0.14 and 0.10",
        "SGD": "0.70 and 0.50",
    },
    a_thousand_times: {
        "Embedding, float32": "1000",
        "Dense, float32": "1000",
        "Embedding, mixed_bfloat16": "1000",
        "Dense, mixed_bfloat16": "1000",
        "Embedding, bfloat16": "256",
        "Dense, bfloat16": "1000",
    },
}
ADDED_UP = {
    "Adagrad": "0.10 and 0.10",
    "RMSprop": "0.32 and 0.32",
    "Adam": "0.10 and 0.10",
    "SGD": "0.70 and 0.50",
}
IN_AN_ARRAY = TENSORFLOW[a_thousand_times] | {"Embedding, mixed_bfloat16": "256"}
TORCH = TENSORFLOW | {repeated_ids: ADDED_UP, a_thousand_times: IN_AN_ARRAY}
JAX = TORCH | {
    doubtful_ids: INSIDE | {"4": "NaN", "-5": "NaN"},
    bad_ids: {"4": "NaN, learns: none", "-1": "row 3, learns: 3", "-5": "NaN, learns: none"},
}


def everything():
    """Answer all questions in one process."""
    return {f"{q.__name__} {k}": v for q in QUESTIONS for k, v in q().items()}


@pytest.fixture(scope="module")
def on_jax():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(__file__.rpartition("/")[0])
        patch.setattr(everything, "__module__", "test_elsewhere_in_chapters")
        return ask("jax", everything)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_keras_on_tensorflow_answers_as_chapters_4_7_and_8_say(question):
    assert question() == TENSORFLOW[question]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_keras_on_jax_answers_as_chapters_4_7_and_8_say(question, on_jax):
    name = question.__name__
    assert {k.split(" ", 1)[1]: v for k, v in on_jax.items() if k.startswith(name)} == JAX[question]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_the_recording_of_pytorch_says_what_the_chapters_say(question):
    assert recorded("torch").answers[question.__name__] == TORCH[question]


def trained_rows(dtype, *first):
    layer = keras.layers.Embedding(5000, 1, "zeros", dtype=dtype)
    model = keras.Sequential([*first, layer])
    model.compile("sgd", "mse", jit_compile=False)
    model.train_on_batch(BEYOND, np.ones((3, 1, 1)))
    return np.flatnonzero(layer.get_weights()[0]).tolist()


def test_half_precision_without_an_input_trains_other_rows():
    assert trained_rows("mixed_bfloat16") == [256, 260, 1000], "chapter 4"


def test_an_integer_input_is_the_cure():
    first = keras.Input((1,), dtype="int32")
    assert trained_rows("mixed_bfloat16", first) == BEYOND.ravel().tolist(), "chapter 4"


def test_float16_counts_these_ids():
    assert trained_rows("mixed_float16") == BEYOND.ravel().tolist(), "chapter 4"


@pytest.mark.parametrize(("kind", "lost"), [("Embedding", 1), ("Dense", 5)])
def test_a_nan_row_spoils_the_product_and_not_the_look_up(kind, lost):
    table = np.ones((5, 2), "float32")
    table[0] = np.nan
    ids = np.array([3, 1, 3])
    if kind == "Embedding":
        layer, inputs = keras.layers.Embedding(5, 2, weights=[table]), ids
    else:
        layer, inputs = keras.layers.Dense(2, use_bias=False), np.eye(5, dtype="float32")[ids]
        layer.build((None, 5))
        layer.set_weights([table])
    model = keras.Sequential([keras.Input(inputs.shape[1:], dtype=str(inputs.dtype)), layer])
    model.compile("sgd", "mse", jit_compile=False)
    model.train_on_batch(inputs, np.zeros((3, 2)))
    assert np.isnan(layer.get_weights()[0]).any(axis=1).sum() == lost, "chapter 6"


def test_a_lora_that_was_loaded_does_not_move_until_its_first_matrix_is_drawn_anew(tmp_path):
    def moved(model):
        before = np.array(model.layers[0].embeddings)
        for _ in range(3):
            model.train_on_batch(np.arange(3)[:, None], np.ones((3, 1, 2)))
        return np.abs(np.array(model.layers[0].embeddings) - before).max()

    first = keras.Input((1,), dtype="int32")
    model = keras.Sequential([first, keras.layers.Embedding(4, 2, lora_rank=1)])
    model.compile(keras.optimizers.SGD(0.5), "mse", jit_compile=False)
    assert moved(model) > 0.01
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    tables = [np.array(m.layers[0].embeddings) for m in (model, loaded)]
    assert np.allclose(*tables, atol=1e-6)
    assert moved(loaded) == 0, "chapter 17"
    matrix = loaded.layers[0].trainable_weights[0]
    matrix.assign(np.ones(matrix.shape))
    assert moved(loaded) > 0.01


@pytest.mark.parametrize(
    ("width", "low", "off"), [(127, 5, 0.2), (128, 5, 5), (128, -6, 5), (127, -0.5, 0.034)]
)
def test_int4_cannot_hold_long_rows_of_one_sign(width, low, off):
    rows = np.random.default_rng(0).uniform(low, low + 1, (4, width)).astype("float32")
    layer = keras.layers.Embedding(4, width, weights=[rows])
    layer.build()
    layer.quantize("int4")
    error = np.abs(np.asarray(layer(np.arange(4))) - rows).max()
    assert error == pytest.approx(off, rel=0.1), "chapter 17"

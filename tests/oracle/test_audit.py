"""The audit names what applies to a model, and calls nothing wrong that Keras itself documents."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

from embedding_core import __main__ as command
from embedding_core import for_keras
from embedding_core.for_keras import audit
from embedding_core.keras_bridge import load_keras

keras = load_keras()
layers = keras.layers


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*does not support mask.*|.*mask.*destroy.*")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        yield


def model_of(*parts, dtype="int32", length=6, optimizer=None):
    head = [] if dtype is None else [keras.Input((length,), dtype=dtype)]
    model = keras.Sequential([*head, *parts])
    if optimizer is not None:
        model.compile(optimizer, "mse")
    return model


def mean():
    return layers.GlobalAveragePooling1D()


def said(heap):
    return "\n".join(map(str, heap))


def lora(**given):
    layer = layers.Embedding(9, 4, **given)
    layer.build()
    return layer


def lora_with_both_zero():
    layer = lora(lora_rank=2)
    layer.lora_embeddings_a.assign(np.zeros((9, 2)))
    return layer


def int4(rows):
    layer = layers.Embedding(*rows.shape, weights=rows)
    layer.quantize("int4")
    return layer


def vectorizer():
    return layers.TextVectorization(vocabulary=["good", "bad", "film"], output_sequence_length=5)


def with_operator(work, last=mean):
    ids = keras.Input((6,), dtype="int32")
    rows = work(layers.Embedding(9, 4, mask_zero=True)(ids))
    return keras.Model(ids, last()(rows) if last else rows)


def with_positions():
    ids = keras.Input((6,), dtype="int32")
    words = layers.Embedding(9, 4, mask_zero=True)(ids)
    places = layers.Embedding(6, 4)(keras.ops.arange(6))
    return keras.Model(ids, mean()(layers.Add()([words, places])))


ONE_SIGN = np.linspace(5, 6, 3 * 128).reshape(3, 128).astype("float32")
TWO_SIGNS = np.linspace(-1, 1, 3 * 128).reshape(128, 3).T.copy().astype("float32")

WRONG = {
    "an input in bfloat16": (lambda: model_of(layers.Embedding(300, 2), dtype="bfloat16"), "256"),
    "an input in float16": (lambda: model_of(layers.Embedding(3000, 2), dtype="float16"), "2,048"),
    "float32 ids of many rows": (
        lambda: model_of(layers.Embedding(2**24 + 2, 1, "zeros"), dtype="float32"),
        "16,777,216",
    ),
    "no input under a half policy": (
        lambda: model_of(layers.Embedding(300, 2, dtype="mixed_bfloat16"), dtype=None),
        "bfloat16, which rounds",
    ),
    "an operator drops the mask": (lambda: with_operator(lambda x: x * 2.0), "Multiply"),
    "positions drop the mask": (with_positions, "Add"),
    "a mean that knows no mask": (
        lambda: with_operator(lambda x: keras.ops.mean(x, axis=1), last=None),
        "it averages",
    ),
    "the mask is lost before the loss": (
        lambda: with_operator(lambda x: x + 1.0, last=lambda: layers.Dense(1)),
        "before the loss",
    ),
    "a vocabulary that is too large": (
        lambda: keras.Sequential(
            [keras.Input((1,), dtype="string"), vectorizer(), layers.Embedding(4, 2)]
        ),
        "input_dim=5",
    ),
    "a look-up layer that is too large": (
        lambda: keras.Sequential(
            [
                keras.Input((3,), dtype="int64"),
                layers.IntegerLookup(vocabulary=[7, 8, 9]),
                layers.Embedding(3, 2),
            ]
        ),
        "input_dim=4",
    ),
    "the same in a chain that is not built": (
        lambda: keras.Sequential([vectorizer(), layers.Embedding(4, 2)]),
        "input_dim=5",
    ),
    "a norm of columns": (
        lambda: model_of(layers.Embedding(9, 4, embeddings_constraint="max_norm")),
        "axis=1",
    ),
    "LoRA with both factors zero": (lambda: model_of(lora_with_both_zero()), "both LoRA factors"),
    "a lost alpha": (lambda: model_of(lora(lora_rank=2, lora_alpha=16)), "lora_alpha=16 was given"),
    "int4 of one sign": (lambda: model_of(int4(ONE_SIGN)), "one sign"),
    "int4 of the other sign": (lambda: model_of(int4(-ONE_SIGN)), "one sign"),
}
FINE = {
    "small table, bfloat16": lambda: model_of(layers.Embedding(257, 2), dtype="bfloat16"),
    "float32 ids": lambda: model_of(layers.Embedding(300, 2), dtype="float32"),
    "a layer keeps the mask": lambda: with_operator(layers.Rescaling(2.0)),
    "an LSTM takes the mask": lambda: with_operator(layers.LSTM(3), last=lambda: layers.Dense(1)),
    "nothing needs the mask": lambda: with_operator(layers.Flatten(), last=lambda: layers.Dense(1)),
    "mean without mask_zero": lambda: model_of(layers.Embedding(9, 2), mean()),
    "a vocabulary that fits": lambda: keras.Sequential(
        [keras.Input((1,), dtype="string"), vectorizer(), layers.Embedding(5, 2)]
    ),
    "a norm of rows": lambda: model_of(
        layers.Embedding(9, 4, embeddings_constraint=keras.constraints.MaxNorm(1, axis=1))
    ),
    "fresh LoRA": lambda: model_of(lora(lora_rank=2)),
    "int4 of both signs": lambda: model_of(int4(TWO_SIGNS)),
    "int4 of one sign, no whole block": lambda: model_of(int4(ONE_SIGN[:, :127].copy())),
    "int8 of one sign": lambda: model_of(layers.Embedding(3, 128, weights=ONE_SIGN)),
    "ours": lambda: model_of(for_keras.Embedding(9, 4), mean(), optimizer=for_keras.Adam()),
}


@pytest.mark.parametrize(("make", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_called_wrong(make, reason):
    report = audit(make())
    assert reason in said(report.wrong)
    (finding,) = report.wrong
    assert finding.layer
    assert finding.cure
    assert 1 <= finding.chapter <= 15


@pytest.mark.parametrize("make", FINE.values(), ids=FINE)
def test_what_is_right_is_not_called_wrong(make):
    assert audit(make()).wrong == []


WORTH = {
    "repeated ids under Adam": (
        lambda: model_of(layers.Embedding(9, 2), mean(), optimizer="adam"),
        "one by one",
    ),
    "repeated ids under a clip": (
        lambda: model_of(
            layers.Embedding(9, 2), mean(), optimizer=keras.optimizers.SGD(clipnorm=1.0)
        ),
        "clips",
    ),
    "a large table under Adam": (
        lambda: model_of(layers.Embedding(100_000, 1), mean(), optimizer="adam"),
        "moves all 100,000 rows",
    ),
    "a float input": (
        lambda: model_of(layers.Embedding(9, 2), dtype="float32"),
        "want float ids",
    ),
    "no input": (lambda: model_of(layers.Embedding(9, 2), dtype=None), "want float ids"),
    "rows that are all padding": (
        lambda: model_of(layers.Embedding(9, 2, mask_zero=True), mean()),
        "all padding",
    ),
}


@pytest.mark.parametrize(("make", "reason"), WORTH.values(), ids=WORTH)
def test_what_depends_on_the_data_is_worth_knowing(make, reason):
    report = audit(make())
    assert report.wrong == []
    assert reason in said(report.worth_knowing)


@pytest.mark.parametrize(
    "optimizer",
    ["sgd", for_keras.Adam(), for_keras.merged("adam"), keras.optimizers.Lion()],
    ids=["SGD", "ours", "merged", "Lion"],
)
def test_an_optimizer_that_adds_up_is_not_named(optimizer):
    model = model_of(layers.Embedding(9, 2), mean(), optimizer=optimizer)
    assert "one by one" not in said(audit(model).worth_knowing)


def test_large_tables_of_ours_cost_what_their_rows_cost():
    model = model_of(for_keras.Embedding(100_000, 1), mean(), optimizer=for_keras.Adam())
    assert audit(model).worth_knowing == []


def documented():
    """Keras's own examples of the layer, from its docstrings and its guide to masking."""
    sequential = keras.Sequential()
    sequential.add(layers.Embedding(1000, 64))
    yield "Embedding, added", sequential
    sequential = keras.Sequential([layers.Embedding(1000, 64)])
    sequential.compile("rmsprop", "mse")
    sequential.predict(np.random.default_rng(0).integers(0, 1000, (32, 10)), verbose=0)
    yield "Embedding, predicted", sequential
    max_tokens = 5000
    vectorize = layers.TextVectorization(
        max_tokens=max_tokens, output_mode="int", output_sequence_length=4
    )
    vectorize.adapt(["foo bar", "bar baz", "baz bada boom"])
    yield (
        "TextVectorization",
        keras.Sequential([keras.Input((1,), dtype="string"), vectorize]),
    )
    yield (
        "TextVectorization, then Embedding",
        keras.Sequential(
            [keras.Input((1,), dtype="string"), vectorize, layers.Embedding(max_tokens + 1, 128)]
        ),
    )
    yield (
        "masking guide, sequential",
        keras.Sequential([layers.Embedding(5000, 16, mask_zero=True), layers.LSTM(32)]),
    )
    inputs = keras.Input((None,), dtype="int32")
    rows = layers.Embedding(5000, 16, mask_zero=True)(inputs)
    yield "masking guide, functional", keras.Model(inputs, layers.LSTM(32)(rows))
    lookup = layers.StringLookup(vocabulary=["a", "b", "c"])
    yield (
        "a lookup and its size",
        keras.Sequential(
            [
                keras.Input((1,), dtype="string"),
                lookup,
                layers.Embedding(lookup.vocabulary_size(), 8),
                layers.Flatten(),
            ]
        ),
    )
    inputs = keras.Input((None,), dtype="int32")
    rows = layers.Embedding(20000, 128)(inputs)
    rows = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(rows)
    outputs = layers.Dense(1, activation="sigmoid")(layers.Bidirectional(layers.LSTM(64))(rows))
    model = keras.Model(inputs, outputs)
    model.compile("adam", "binary_crossentropy")
    yield "the example of a bidirectional LSTM", model


@pytest.mark.parametrize(("name", "model"), list(documented()), ids=[n for n, _ in documented()])
def test_nothing_that_keras_documents_is_called_wrong(name, model):
    assert audit(model).wrong == []


def test_a_subclassed_model_is_walked_as_far_as_it_shows_itself():
    class Plain(keras.Model):
        def __init__(self):
            super().__init__()
            self.table = layers.Embedding(9, 4, embeddings_constraint="unit_norm")

        def call(self, ids):
            return self.table(ids)

    assert [finding.chapter for finding in audit(Plain()).wrong] == [3]


@pytest.mark.parametrize("thing", [None, 3, "model.keras", keras.optimizers.Adam()])
def test_what_is_no_model_is_refused(thing):
    with pytest.raises(TypeError, match=r"takes a Keras model or layer: received .* of type"):
        audit(thing)


def test_the_command_prints_the_report_and_its_status_says_whether_something_is_wrong(
    tmp_path, capsys
):
    model_of(layers.Embedding(9, 4, embeddings_constraint="max_norm")).save(tmp_path / "bad.keras")
    model_of(for_keras.Embedding(9, 4)).save(tmp_path / "good.keras")
    assert command.main(["audit", str(tmp_path / "bad.keras")]) == 1
    assert "Wrong:\n\nembedding" in capsys.readouterr().out
    assert command.main(["audit", str(tmp_path / "good.keras")]) == 0
    assert capsys.readouterr().out == "Nothing found.\n"


def test_the_command_says_what_it_cannot_read(tmp_path, capsys):
    (tmp_path / "text.keras").write_text("no model")
    for path in (tmp_path / "none.keras", tmp_path / "text.keras"):
        with pytest.raises(SystemExit) as stopped:
            command.main(["audit", str(path)])
        assert stopped.value.code == 2
        assert str(path) in capsys.readouterr().err


def test_the_command_in_a_process_of_its_own(tmp_path):
    model_of(layers.Embedding(9, 4, embeddings_constraint="max_norm")).save(tmp_path / "m.keras")
    done = subprocess.run(
        [sys.executable, "-m", "embedding_core", "audit", str(tmp_path / "m.keras")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "MaxNorm on axis=0" in done.stdout

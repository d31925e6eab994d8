"""The audit names what applies to a model, and calls nothing wrong that Keras itself documents."""

import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
import tensorflow as tf

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
        warnings.filterwarnings("ignore", message=".*looks like it has unbuilt state.*")
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


IDS = np.ones((2, 6), "int32")


class Words(keras.Model):
    """A model as people write them, with `work` between the look-up and the mean."""

    def __init__(self, work=lambda rows: rows, last=mean, **kwargs):
        super().__init__(**kwargs)
        self.table = layers.Embedding(9, 4, mask_zero=True)
        self.work, self.last, self.out = work, last and last(), layers.Dense(1)
        self.spare = layers.Dense(1)  # which nobody calls, and nobody builds

    def call(self, ids):
        rows = self.work(self.table(ids))
        return self.out(self.last(rows) if self.last else rows)


class TwoInputs(keras.Model):
    def __init__(self):
        super().__init__()
        self.one, self.two = (layers.Embedding(9, 4, mask_zero=True) for _ in range(2))
        self.average = mean()

    def call(self, inputs):
        self.add_loss(keras.ops.sum(self.one(inputs["a"])))
        return self.average(self.one(inputs["a"])) + self.average(self.two(inputs["b"]) * 2.0)


class Places(layers.Layer):
    """A table of words and one of places, as in Keras's own example."""

    def __init__(self, mask_zero):
        super().__init__()
        self.words, self.places = (
            layers.Embedding(9, 4, mask_zero=mask_zero),
            layers.Embedding(9, 4),
        )

    def call(self, ids):
        places = keras.ops.arange(0, keras.ops.shape(ids)[-1], 1)
        return self.words(ids) + self.places(places)


class Vectorizing(keras.Model):
    def __init__(self):
        super().__init__()
        self.vectorize, self.table = vectorizer(), layers.Embedding(4, 2)

    def call(self, texts):
        return self.table(self.vectorize(texts))


class ByHand(Words):
    def call(self, ids):
        return self.last(self.table(ids) * 2.0, mask=self.table.compute_mask(ids))


def called(model, ids=IDS):
    model(ids)
    return model


def in_a_graph(layer, length=6):
    ids = keras.Input((length,), dtype="int32")
    return keras.Model(ids, mean()(layer(ids)))


def a_model_in_a_model():
    ids = keras.Input((6,), dtype="int32")
    inner = keras.Model(ids, layers.Embedding(9, 4, mask_zero=True)(ids))
    return in_a_graph(lambda ids: inner(ids) * 2.0)


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
WRONG |= {
    "in a class: an operator drops the mask": (
        lambda: called(Words(lambda x: x * 2.0)),
        "Multiply",
    ),
    "in a class: before the loss": (
        lambda: called(Words(lambda x: x + 1.0, last=None)),
        "before the loss",
    ),
    "in a class: one of two inputs": (
        lambda: called(TwoInputs(), {"a": IDS, "b": IDS}),
        "embedding",
    ),
    "in a class: a vocabulary that is too large": (
        lambda: called(Vectorizing(), keras.ops.convert_to_tensor(["good bad"])),
        "input_dim=5",
    ),
    "in a layer: places drop the mask": (lambda: in_a_graph(Places(True)), "Add"),
    "in a layer, of any length": (lambda: in_a_graph(Places(True), None), "Add"),
    "behind a model in a model": (a_model_in_a_model, "Multiply"),
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
    "in a class: nothing lost": lambda: called(Words()),
    "in a class: the mask by hand": lambda: called(ByHand()),
    "in a layer, without masks": lambda: in_a_graph(Places(False), None),
    "a layer alone, whose mask may be lost on purpose": lambda: called(Places(True)),
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


class WithItsOwnMask(layers.Layer):
    def __init__(self):
        super().__init__()
        self.table, self.lstm = layers.Embedding(5000, 16, mask_zero=True), layers.LSTM(32)

    def call(self, ids):
        return self.lstm(self.table(ids), mask=self.table.compute_mask(ids))


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
    layer = WithItsOwnMask()
    layer(np.random.default_rng(0).random((32, 10)) * 100)
    yield "masking guide, a layer that hands the mask on by hand", layer
    yield "the example of a transformer's table of words and places", in_a_graph(Places(False))


@pytest.mark.parametrize(("name", "model"), list(documented()), ids=[n for n, _ in documented()])
def test_nothing_that_keras_documents_is_called_wrong(name, model):
    assert audit(model).wrong == []


class Branching(Words):
    def call(self, ids):
        return self.last(self.table(ids) if bool(keras.ops.any(ids > 3)) else self.table(ids) * 2.0)


class WithTensorFlow(Words):
    def call(self, ids):
        return tf.reduce_mean(self.table(ids), axis=1)


class TwoArguments(Words):
    def call(self, ids, others):
        return self.last(self.table(ids)) + self.last(self.table(others))


UNSEEN = {
    "never called": (lambda: Words(), "Words.*has not been called yet"),
    "a chain": (lambda: keras.Sequential([Places(True), mean()]), "Sequential.*not been called"),
    "TensorFlow's functions": (
        lambda: called(WithTensorFlow()),
        r"WithTensorFlow\): ValueError, A KerasTensor cannot be used as input to a TensorFlow",
    ),
    "a branch on what ids are": (lambda: called(Branching()), "Branching.*Error"),
    "a layer in a graph": (
        lambda: keras.Model(
            ids := keras.Input((6,), dtype="int32"), WithTensorFlow(name="inside")(ids)
        ),
        r"inside \(WithTensorFlow\)",
    ),
    "a look-up that is not the layer's own call": (
        lambda: keras.Sequential(
            [keras.Input((3, 6), dtype="int32"), layers.TimeDistributed(layers.Embedding(9, 4))]
        ),
        "nobody calls it",
    ),
    "inputs of which Keras keeps one shape": (
        lambda: (model := TwoArguments(), model(IDS, others=IDS))[0],
        "TwoArguments.*others",
    ),
}


@pytest.mark.parametrize(("make", "reason"), UNSEEN.values(), ids=UNSEEN)
def test_what_could_not_be_followed_is_named_with_the_reason(make, reason):
    report = audit(make())
    assert report.wrong == []
    assert re.search(f"was not followed. In .*{reason}", said(report.worth_knowing))


def test_a_model_is_after_the_audit_as_it_was_before():
    def state(model):
        held = [
            (len(x._inbound_nodes), len(x._outbound_nodes), {k: id(v) for k, v in vars(x).items()})
            for x in model._flatten_layers()
        ]
        return held, model.get_weights()

    model = called(TwoInputs(), {"a": IDS, "b": IDS})
    before = state(model)
    assert audit(model).wrong
    np.testing.assert_equal(state(model), before)
    late = Words()
    audit(late)
    assert not any(layer.built for layer in (late.table, late.out))
    late.compile("sgd", "mse")
    late.fit(IDS, np.ones((2, 1)), verbose=0)
    assert late.table.built


def test_a_model_without_an_input_is_exported_for_floats_as_the_audit_says(tmp_path):
    model = called(Words())
    assert "exports it for float32 ids" in said(audit(model).worth_knowing)
    model.export(tmp_path / "m", verbose=False)
    signature = tf.saved_model.load(tmp_path / "m").signatures["serve"]
    assert [spec.dtype for spec in signature.structured_input_signature[1].values()] == [tf.float32]


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


def test_the_command_says_what_it_needs_where_keras_runs_on_something_else(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "embedding_core", "audit", str(tmp_path / "m.keras")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"KERAS_BACKEND": "numpy"},
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "set KERAS_BACKEND=tensorflow" in done.stderr

"""What is fuzzed: each public callable with arguments that it takes, one of which is then spoiled.

An entry makes everything anew for each case, so that no case sees another's traces.
"""

import copy
import functools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from judge import documented

import embedding_core as ec
from embedding_core import (
    activations,
    callbacks,
    constraints,
    datasets,
    ids,
    initializers,
    losses,
    metrics,
    ops,
    optimizers,
    regularizers,
    text,
    utils,
    variable,
)
from embedding_core.feeding import arrays, pairing
from embedding_core.ground import archive, configurable, files, timing
from embedding_core.layers import bag, layer
from embedding_core.layers.pretrained import embedding_of
from embedding_core.lessons import costs, scatters
from embedding_core.optimizers import schedules
from embedding_core.relatives import (
    autoencoder,
    groups,
    matrices,
    negative_sampling,
    neighbours,
    pairs,
    paragraph_vectors,
    ppmi,
    pretraining,
    probes,
    rbm,
    word2vec,
)
from embedding_core.scale import disk, on_paper
from embedding_core.text import collisions, hashing, ngrams, pretrained, sequences

Made = tuple[Callable[..., Any], dict[str, Any], list[Any]]


@dataclass(frozen=True)
class Entry:
    """A callable that is fuzzed.

    Parameters
    ----------
    name
        For the table.
    make
        Gives the callable, good arguments, and what else must not be changed by a failure.
    promises
        The errors that its docstring lists.
    slow
        Arguments that decide how long a call takes: a huge number there is no mistake.
    bare
        Whether it takes no arguments, so that there is nothing to spoil.
    """

    name: str
    make: Callable[[], Made]
    promises: tuple[type[BaseException], ...]
    slow: frozenset[str] = field(default=frozenset())
    bare: bool = False


@functools.cache
def class_of(make):
    """Name the class of what `make` makes; making it takes a while."""
    return type(make())


def plain(function, slow=(), called=None, **good):
    """Enter a function or a class."""
    return Entry(
        called or f"{function.__module__.removeprefix('embedding_core.')}.{function.__qualname__}",
        lambda: (function, copy.deepcopy(good), []),
        documented(function),
        frozenset(slow),
        bare=not good,
    )


def of_x(function):
    """Call the argument x for the message: its name is the caller's own word, not a user's."""
    return functools.wraps(function)(functools.partial(function, "x"))


def method(make, called, slow=(), **good):
    """Enter a method of what `make` makes."""
    cls = class_of(make)

    def made():
        thing = make()
        return getattr(thing, called), copy.deepcopy(good), [thing]

    return Entry(
        f"{cls.__name__}.{called}",
        made,
        documented(getattr(cls, called)),
        frozenset(slow),
        bare=not good,
    )


RNG = np.random.default_rng(0)
IDS = np.array([[1, 3], [2, 0], [3, 3], [0, 1]])
LABELS = np.array([1, 0, 0, 1])
FLOATS = np.array([[0.5, -1.0], [2.0, 0.25], [1.0, 1.0], [0.0, 3.0]], "float32")
SPARSE = scipy.sparse.csr_array(np.array([[0, 1, 2, 0], [1, 0, 0, 0]], "float32"))
TEXTS = ["good film", "a bad film", "good good"]
SENTENCES = [[2, 3, 4, 2], [3, 2, 5, 4, 2, 3], [4, 5]]
BITS = np.array([[0, 1, 1], [1, 0, 0], [1, 1, 0], [0, 0, 1]])
WORDS = ["the", "cat", "sat"]


def embedding():
    """Make a built layer whose last call is known."""
    layer = ec.Embedding(4, 2, mask_zero=True, weights=FLOATS, name="table")
    layer([0, 1])
    return layer


def dense():
    """Make a built layer whose last call is known."""
    layer = ec.Dense(2, "tanh", kernel_initializer="ones", name="dense")
    layer(FLOATS)
    return layer


def embedding_bag():
    """Make a built layer whose last call is known."""
    layer = bag.EmbeddingBag(4, 2, "ones", name="bag")
    layer(SPARSE)
    return layer


def pooling():
    """Make a layer whose last call is known."""
    layer = ec.GlobalAveragePooling1D(name="mean")
    layer(FLOATS[None])
    return layer


def model():
    """Make a model that has been trained for two steps, with rows that are owed a third."""
    made = ec.Sequential(
        [
            ec.Embedding(4, 2, mask_zero=True, name="table"),
            ec.GlobalAveragePooling1D(name="mean"),
            ec.Dense(1, "sigmoid", name="head"),
        ],
        seed=1,
    )
    made.compile("adam", "binary_crossentropy", ["accuracy"])
    for batch in (slice(2), slice(2, 4)):
        made.train_on_batch(IDS[batch], LABELS[batch])
    return made


def table():
    """Make a variable with a gradient."""
    made = ec.Variable(FLOATS, "table")
    made.add_gradient(FLOATS)
    return made


def built(make):
    """Make an optimizer that has made a step."""

    def made():
        optimizer = make()
        variable = ec.Variable(FLOATS, "table")
        optimizer.apply([ec.IndexedSlices(FLOATS[:2], np.array([0, 2]), (4, 2))], [variable])
        optimizer.mine = variable  # so that it is watched, too
        return optimizer

    return made


def stepping(make):
    """Enter `apply` with a gradient for the variable that the optimizer was built for."""
    made = built(make)

    def apply():
        optimizer = made()
        return optimizer.apply, {"grads": [FLOATS.copy()]}, [optimizer]

    cls = class_of(make)
    return Entry(f"{cls.__name__}.apply", apply, documented(cls.apply), frozenset())


def stepping_in_pairs(make):
    """Enter `apply_gradients` likewise."""
    made = built(make)

    def apply():
        optimizer = made()
        pairs = [(FLOATS.copy(), optimizer.mine)]
        return optimizer.apply_gradients, {"grads_and_vars": pairs}, [optimizer]

    cls = class_of(make)
    promised = documented(cls.apply_gradients)
    return Entry(f"{cls.__name__}.apply_gradients", apply, promised, frozenset())


def vectorization_of(**kwargs):
    """Make a vectorization that has learned."""
    made = text.TextVectorization(**kwargs)
    made.adapt(TEXTS)
    return made


def learned_ngrams():
    """Make n-grams that have learned."""
    made = ngrams.Ngrams(min_texts=1, buckets=8)
    made.adapt(TEXTS)
    return made


def skipgram():
    """Make a word2vec without training."""
    return word2vec.Skipgram(6, 2, 2, 2, 0.0, seed=1)


def paragraphs():
    """Make fitted paragraph vectors."""
    made = paragraph_vectors.ParagraphVectors(6, 2, 2, 0.0, seed=1)
    made.fit(SENTENCES, 1)
    return made


def fitted_autoencoder():
    """Make a fitted autoencoder."""
    made = autoencoder.LinearAutoencoder(1, seed=1)
    made.fit(FLOATS, 50)
    return made


def machine():
    """Make a Boltzmann machine."""
    return rbm.RBM(3, 2, seed=1)


def sampling():
    """Make negative sampling of two small tables."""
    tables = negative_sampling.two_tables(("a", 4), ("b", 4), 2, np.random.default_rng(0))
    return negative_sampling.NegativeSampling(*tables, [1, 2, 3, 4], 2, np.random.default_rng(1))


def mean():
    """Make a running mean that has seen something."""
    made = ec.Mean()
    made.update_state([1.0, 2.0])
    return made


def folder():
    """Make a folder of its own, which is deleted with the interpreter."""
    return Path(tempfile.mkdtemp(dir=_SCRATCH.name))


_SCRATCH = tempfile.TemporaryDirectory()


def saving():
    """Save a model where nothing is yet."""
    made = model()
    return made.save, {"path": folder() / "model.npz"}, [made]


def loading():
    """Load a model that was saved."""
    path = folder() / "model.npz"
    ec.Sequential([ec.Embedding(3, 1, name="table")]).save(path)
    return ec.Sequential.load, {"path": path}, []


def saving_weights():
    """Save weights where nothing is yet."""
    made = model()
    return made.save_weights, {"path": folder() / "weights.npz"}, [made]


def loading_weights():
    """Load weights that were saved."""
    made, path = model(), folder() / "weights.npz"
    made.save_weights(path)
    return made.load_weights, {"path": path}, [made]


KEPT = {"duplicates": "first", "errors": "replace", "limit": 2, "vocabulary": ["cat"]}


def reading(function, contents, **rest):
    """Enter a function that reads a table of words."""

    def made():
        path = folder() / "words"
        path.write_text(contents, "utf-8")
        return function, {"path": path, **rest}, []

    return Entry(f"text.{function.__name__}", made, documented(function))


def projecting():
    """Write for the Projector where nothing is yet."""
    good = {"folder": folder(), "words": list(WORDS), "vectors": FLOATS[:3].copy()}
    return text.write_projector, good, []


def archiving():
    """Write an archive where nothing is yet."""
    good = {"path": folder() / "a.npz", "config": {"a": 1}, "arrays": {"b": FLOATS.copy()}}
    return archive.write, good, []


def loaded_state():
    """Load what another optimizer of the same kind has saved."""
    optimizer, store = built(lambda: ec.Adam(0.1))(), {}
    optimizer.save_own_variables(store)
    return optimizer.load_own_variables, {"store": store}, [optimizer]


LAYOUT = disk.Layout(4, 2, seed=1)


def table_on_disk():
    """Make a table in a file."""
    with disk.DiskTable.create(folder() / "table", LAYOUT) as made:
        made.assign_rows([0, 2], FLOATS[:2])
    return made.path


def on_disk(called, **good):
    """Enter a method of a table in a file; the file is watched."""

    def made():
        path = table_on_disk()

        def call(**arguments):
            with disk.DiskTable(path) as table:
                getattr(table, called)(**arguments)

        return call, copy.deepcopy(good), [path]

    return Entry(f"DiskTable.{called}", made, documented(getattr(disk.DiskTable, called)))


def opening():
    """Open a table in a file."""
    good = {"path": table_on_disk(), "mode": "r", "expected": LAYOUT, "resident": 1 << 20}
    return lambda **arguments: disk.DiskTable(**arguments).close(), good, []


def creating():
    """Make a table where nothing is yet."""
    good = {"path": folder() / "table", "layout": LAYOUT, "resident": 1 << 20}
    return lambda **arguments: disk.DiskTable.create(**arguments).close(), good, []


def layer_on_disk():
    """Make a layer of a table in a file."""
    with disk.DiskTable(table_on_disk(), "r") as table:
        return disk.DiskEmbedding, {"table": table, "mask_zero": True, "name": "n"}, []


def slices():
    """Make a gradient of some rows."""
    return ec.IndexedSlices(FLOATS[:2].copy(), np.array([0, 2]), (4, 2))


NAME = {"name": "n", "dtype": "float32", "trainable": True}
RATE = {"learning_rate": 0.01}
OPTIONS = {"weight_decay": 0.1, "clipnorm": 1.0, "name": "n"}
HASHING = {"filters": "!", "lower": True, "split": " ", "analyzer": None}
TABLE = {"values": FLOATS, "indices": np.array([0, 2, 2, 1]), "num_rows": 4}
JUDGED = {"y_true": LABELS, "y_pred": FLOATS[:, :1] / 4 + 0.25}
ROWS = {"y_true": np.eye(4, 2), "y_pred": np.abs(FLOATS) / 4 + 0.1}
CLASSES = {"y_true": LABELS, "y_pred": np.abs(FLOATS) / 4 + 0.1}
DECAY = {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}
WEIGHED = {"sample_weight": np.ones(4)}
MASK = np.array([True, True, False, True])
NAMED = {"name": "n", "dtype": "float32"}
REDUCED = {"reduction": "sum", **NAMED}
SPREAD = {"shape": (3, 2), "dtype": "float32"}
WAY = {"way": "look-up", "n": 4, "V": 5, "D": 3, "dtype": "float32"}
CORPUS = {"texts": SENTENCES, "skip": (0, 1)}

CATALOGUE = [
    # The four operations, ids and variables.
    plain(ids.check_ids, indices=IDS, num_rows=4),
    plain(ops.gather, table=FLOATS, indices=IDS, out=None),
    plain(ops.one_hot, indices=IDS, num_classes=4, dtype="float32", dense=False),
    plain(ops.scatter_add, **TABLE),
    plain(scatters.loop, **TABLE),
    plain(ops.IndexedSlices, values=FLOATS[:2], indices=np.array([0, 2]), dense_shape=(4, 2)),
    method(slices, "__add__", other=FLOATS),
    plain(
        variable.Variable,
        value=FLOATS,
        name="n",
        trainable=True,
        regularizer=regularizers.L2(),
        constraint=constraints.NonNeg(),
    ),
    method(table, "assign", value=FLOATS),
    method(table, "rows", ids=IDS),
    method(table, "assign_rows", ids=np.array([0, 2]), rows=FLOATS[:2]),
    method(table, "add_gradient", gradient=FLOATS),
    method(table, "check_gradient", gradient=FLOATS),
    # Parts.
    plain(activations.get, identifier="relu"),
    *(
        Entry(
            f"activations.{called.name}",
            lambda called=called, good=good: (called, {"inputs": FLOATS.copy(), **good}, []),
            documented(activations.Activation.__call__),
        )
        for called, good in [
            (activations.softmax, {"axis": (0, 1)}),
            (activations.relu, {"negative_slope": 0.1, "max_value": 1.0, "threshold": 0.5}),
        ]
    ),
    plain(constraints.get, identifier="max_norm"),
    plain(initializers.get, identifier="uniform"),
    plain(losses.get, identifier="mse"),
    plain(metrics.get, identifier="accuracy"),
    plain(optimizers.get, identifier="adam"),
    plain(regularizers.get, identifier="l2"),
    plain(schedules.get, identifier={"class_name": "ExponentialDecay", "config": dict(DECAY)}),
    plain(configurable.serialize, part=regularizers.L2()),
    plain(constraints.Constraint),
    plain(constraints.NonNeg),
    plain(constraints.MaxNorm, max_value=2.0, axis=0),
    plain(constraints.UnitNorm, axis=[0, 1]),
    plain(constraints.MinMaxNorm, min_value=0.1, max_value=2.0, rate=0.5, axis=0),
    plain(regularizers.Regularizer, l1=0.1, l2=0.2),
    plain(regularizers.L1, l1=0.1),
    plain(regularizers.L2, l2=0.1),
    plain(regularizers.L1L2, l1=0.1, l2=0.1),
    plain(initializers.Constant, value=1.0),
    plain(initializers.Given, array=FLOATS),
    plain(initializers.fans, shape=(2, 3, 4), input_axes=[0], output_axes=[1, 2]),
    plain(initializers.Zeros),
    plain(initializers.Ones),
    plain(initializers.Identity, gain=2.0),
    plain(initializers.RandomUniform, minval=-1.0, maxval=1.0, seed=1),
    plain(initializers.RandomNormal, mean=0.0, stddev=1.0, seed=1),
    plain(initializers.TruncatedNormal, mean=0.0, stddev=1.0, seed=1),
    plain(initializers.Orthogonal, gain=1.0, seed=1),
    plain(initializers.VarianceScaling, scale=1.0, mode="fan_in", distribution="uniform", seed=1),
    plain(initializers.VarianceScaling, input_axes=[0], output_axes=[1], called="scaling by axes"),
    *(
        plain(getattr(initializers, f"{name}{kind}"), seed=1)
        for name in ("Glorot", "He", "Lecun")
        for kind in ("Uniform", "Normal")
    ),
    plain(utils.to_categorical, slow=("num_classes",), x=LABELS, num_classes=2),
    plain(utils.normalize, x=FLOATS, axis=0, order=1),
    # Layers.
    plain(layer.Layer, **NAME),
    plain(
        ec.Embedding,
        input_dim=4,
        output_dim=2,
        embeddings_initializer="uniform",
        embeddings_regularizer="l2",
        embeddings_constraint=None,
        mask_zero=True,
        weights=FLOATS,
        lora_rank=None,
        lora_alpha=None,
        **NAME,
    ),
    plain(
        ec.Dense,
        units=2,
        activation="relu",
        use_bias=True,
        kernel_initializer="ones",
        bias_regularizer="l2",
        kernel_constraint="max_norm",
        **NAME,
    ),
    plain(bag.EmbeddingBag, input_dim=4, output_dim=2, embeddings_initializer="ones", **NAME),
    plain(ec.GlobalAveragePooling1D, data_format="channels_first", keepdims=True, **NAME),
    method(lambda: ec.Embedding(4, 2), "__call__", inputs=IDS),
    method(embedding, "call", inputs=IDS),
    method(embedding, "compute_mask", inputs=IDS),
    method(embedding, "backward", gradient=FLOATS[:2]),
    method(embedding, "set_weights", weights=[FLOATS]),
    method(embedding, "enable_lora", rank=1, lora_alpha=2.0, a_initializer="ones"),
    method(embedding, "quantize", mode="int8"),
    method(embedding, "add_weight", shape=(2,), initializer="ones", dtype="float32", name="w"),
    method(lambda: ec.Embedding(4, 2), "build_from_config", config={"input_shape": None}),
    method(lambda: ec.Dense(2), "build", input_shape=(None, 3)),
    method(dense, "call", inputs=FLOATS),
    method(dense, "backward", gradient=FLOATS),
    method(dense, "set_weights", weights=[FLOATS[:2], FLOATS[0]]),
    method(embedding_bag, "call", inputs=SPARSE),
    method(embedding_bag, "backward", gradient=FLOATS[:2]),
    method(pooling, "call", inputs=FLOATS[None], mask=np.ones((1, 4), bool)),
    method(pooling, "backward", gradient=FLOATS[:1]),
    *(
        Entry(
            f"{cls.__name__}.from_config",
            lambda cls=cls, config=config: (cls.from_config, {"config": copy.deepcopy(config)}, []),
            documented(cls.from_config),
        )
        for cls, config in [
            (ec.Embedding, {"input_dim": 4, "output_dim": 2, "mask_zero": True}),
            (ec.Dense, {"units": 2, "activation": "relu"}),
            (ec.Adam, {"learning_rate": 0.1, "beta_1": 0.5}),
            (regularizers.L1L2, {"l1": 0.1, "l2": 0.1}),
            (text.TextVectorization, {"max_tokens": 5, "vocabulary": WORDS}),
        ]
    ),
    plain(
        embedding_of,
        pretrained=pretrained.WordVectors(WORDS, FLOATS[:3]),
        vocabulary=["", "[UNK]", "cat"],
        trainable=False,
    ),
    # Losses and metrics.
    plain(losses.BinaryCrossentropy, from_logits=False, label_smoothing=0.1, axis=-1, **REDUCED),
    plain(losses.CategoricalCrossentropy, from_logits=True, label_smoothing=0, axis=-1, **REDUCED),
    plain(
        losses.SparseCategoricalCrossentropy, from_logits=False, ignore_class=1, axis=-1, **REDUCED
    ),
    plain(losses.MeanSquaredError, **REDUCED),
    plain(losses.MeanAbsoluteError, **REDUCED),
    *(
        method(loss, called, **judged, **WEIGHED, mask=MASK)
        for loss, judged in (
            (losses.BinaryCrossentropy, JUDGED),
            (losses.CategoricalCrossentropy, ROWS),
            (losses.SparseCategoricalCrossentropy, CLASSES),
            (losses.MeanSquaredError, JUDGED),
            (losses.MeanAbsoluteError, JUDGED),
        )
        for called in ("__call__", "gradient")
    ),
    method(losses.BinaryCrossentropy, "check_labels", y_true=LABELS),
    method(losses.CategoricalCrossentropy, "check_labels", y_true=np.eye(4, 2)),
    method(losses.SparseCategoricalCrossentropy, "check_labels", y_true=LABELS),
    method(losses.MeanSquaredError, "check_labels", y_true=LABELS),
    plain(losses.binary_crossentropy, **JUDGED, from_logits=True, label_smoothing=0.5, axis=-1),
    plain(losses.categorical_crossentropy, **ROWS, from_logits=True, label_smoothing=0.5, axis=-1),
    plain(losses.sparse_categorical_crossentropy, **CLASSES, from_logits=True, ignore_class=0),
    plain(losses.mean_squared_error, **JUDGED),
    plain(losses.mean_absolute_error, **JUDGED),
    plain(metrics.Accuracy, **NAMED),
    plain(metrics.BinaryAccuracy, threshold=0.5, **NAMED),
    plain(metrics.SparseCategoricalAccuracy, **NAMED),
    plain(metrics.CategoricalAccuracy, **NAMED),
    plain(metrics.AccuracyByShape, **NAMED),
    plain(metrics.TopKCategoricalAccuracy, k=2, **NAMED),
    plain(metrics.SparseTopKCategoricalAccuracy, k=2, from_sorted_ids=False, **NAMED),
    plain(metrics.MeanMetricWrapper, fn=losses.mean_squared_error, **NAMED),
    plain(metrics.MeanSquaredError, called="metrics.MeanSquaredError", **NAMED),
    plain(metrics.MeanAbsoluteError, called="metrics.MeanAbsoluteError", **NAMED),
    plain(metrics.Mean, **NAMED),
    plain(metrics.Sum, **NAMED),
    method(metrics.Accuracy, "update_state", **JUDGED, **WEIGHED, mask=MASK),
    method(metrics.BinaryAccuracy, "update_state", **JUDGED, **WEIGHED, mask=MASK),
    method(metrics.SparseCategoricalAccuracy, "update_state", **CLASSES, **WEIGHED, mask=MASK),
    method(metrics.CategoricalAccuracy, "update_state", **ROWS, **WEIGHED, mask=MASK),
    method(metrics.TopKCategoricalAccuracy, "update_state", **ROWS, **WEIGHED, mask=MASK),
    method(metrics.SparseTopKCategoricalAccuracy, "update_state", **CLASSES, **WEIGHED, mask=MASK),
    method(metrics.AccuracyByShape, "__call__", **CLASSES, **WEIGHED, mask=MASK),
    plain(metrics.binary_accuracy, **JUDGED, threshold=0.5),
    plain(metrics.categorical_accuracy, **ROWS),
    plain(metrics.sparse_categorical_accuracy, **CLASSES),
    plain(metrics.top_k_categorical_accuracy, **ROWS, k=1),
    plain(metrics.sparse_top_k_categorical_accuracy, **CLASSES, k=1, from_sorted_ids=True),
    method(metrics.Sum, "update_state", values=FLOATS, sample_weight=np.ones(4), mask=MASK),
    method(mean, "update_state", values=FLOATS, sample_weight=np.ones(4), mask=MASK),
    # Optimizers.
    plain(ec.SGD, **RATE, momentum=0.9, nesterov=True, **OPTIONS),
    plain(ec.Adam, **RATE, beta_1=0.9, beta_2=0.99, epsilon=1e-7, amsgrad=True, **OPTIONS),
    plain(ec.LazyAdam, **RATE, beta_1=0.9, beta_2=0.99, epsilon=1e-7, **OPTIONS),
    plain(ec.Adagrad, **RATE, initial_accumulator_value=0.1, epsilon=1e-7, **OPTIONS),
    plain(ec.RMSprop, **RATE, rho=0.9, momentum=0.5, epsilon=1e-7, centered=True, **OPTIONS),
    plain(
        schedules.ExponentialDecay,
        initial_learning_rate=0.1,
        decay_steps=10,
        decay_rate=0.5,
        staircase=True,
    ),
    method(lambda: schedules.ExponentialDecay(0.1, 10, 0.5, staircase=True), "__call__", step=3),
    stepping(lambda: ec.SGD(0.1, 0.9)),
    stepping(lambda: ec.Adam(0.1)),
    stepping(lambda: ec.LazyAdam(0.1)),
    stepping_in_pairs(lambda: ec.Adam(0.1, amsgrad=True)),
    stepping(lambda: ec.Adagrad(0.1)),
    stepping(lambda: ec.RMSprop(0.1, momentum=0.5)),
    method(built(lambda: ec.Adam(0.1)), "build", variables=[table()]),
    Entry("Adam.load_own_variables", loaded_state, documented(ec.Adam.load_own_variables)),
    # Models.
    plain(ec.Sequential, layers=[ec.Embedding(4, 2, name="a"), ec.Dense(1, name="b")], seed=1),
    method(model, "__call__", inputs=IDS),
    method(model, "compile", optimizer="sgd", loss="mse", metrics=["accuracy"]),
    method(model, "set_weights", weights=model().get_weights()),
    method(model, "train_on_batch", x=IDS, y=LABELS, sample_weight=np.ones(4), return_dict=True),
    method(
        model,
        "fit",
        slow=("epochs",),
        x=IDS,
        y=LABELS,
        batch_size=2,
        epochs=1,
        verbose=0,
        callbacks=[],
        validation_split=0.25,
        validation_data=(IDS, LABELS),
        shuffle=True,
        sample_weight=np.ones(4),
        initial_epoch=0,
    ),
    method(
        model,
        "evaluate",
        x=IDS,
        y=LABELS,
        batch_size=2,
        verbose=0,
        sample_weight=np.ones(4),
        callbacks=[],
        return_dict=True,
    ),
    method(model, "predict", x=IDS, batch_size=2, verbose=0, callbacks=[]),
    method(model, "add", layer=ec.Dense(2, name="late")),
    plain(pairing.samples, x=IDS, y=LABELS, class_weight={0: 1.0, 1: 2.0}),
    plain(of_x(arrays.as_array), value=IDS),
    plain(of_x(arrays.as_inputs), value=SPARSE),
    plain(
        ec.EarlyStopping,
        monitor="loss",
        min_delta=0.1,
        patience=1,
        verbose=0,
        mode="min",
        baseline=0.5,
        restore_best_weights=True,
        start_from_epoch=0,
    ),
    plain(callbacks.as_callbacks, given=[]),
    method(lambda: ec.Sequential([ec.Dense(2, name="a")]), "build", input_shape=(None, 3)),
    # Files.
    Entry("Sequential.save", saving, documented(ec.Sequential.save)),
    Entry("Sequential.load", loading, documented(ec.Sequential.load)),
    Entry("Sequential.save_weights", saving_weights, documented(ec.Sequential.save_weights)),
    Entry("Sequential.load_weights", loading_weights, documented(ec.Sequential.load_weights)),
    Entry("disk.DiskTable", opening, documented(disk.DiskTable)),
    Entry("DiskTable.create", creating, documented(disk.DiskTable.create)),
    Entry("disk.DiskEmbedding", layer_on_disk, documented(disk.DiskEmbedding)),
    on_disk("rows", ids=IDS),
    on_disk("assign_rows", ids=np.array([0, 3]), rows=FLOATS[:2]),
    plain(disk.Layout, rows=4, width=2, slots=(0.1,), seed=1, limit=0.5, dtype="float32"),
    Entry("archive.write", archiving, documented(archive.write)),
    plain(files.as_path, path="name"),
    reading(text.read_word2vec, "2 2\ncat 1 2\ndog 3 4\n", binary=False, **KEPT),
    reading(text.read_glove, "cat 1 2\ndog 3 4\n", dimension=2, **KEPT),
    Entry("text.write_projector", projecting, documented(text.write_projector)),
    plain(datasets.Reviews, texts=("a", "b"), labels=np.array([0, 1])),
    plain(datasets.load_reviews, name="rotten_tomatoes"),
    plain(
        datasets.split_reviews,
        reviews=datasets.Reviews(tuple("abcdefgh"), np.array([0, 1] * 4)),
        seed=1,
        fractions=(0.5, 0.25, 0.25),
    ),
    # Text.
    plain(
        text.TextVectorization,
        max_tokens=10,
        standardize="lower",
        split="whitespace",
        output_mode="int",
        output_sequence_length=3,
        vocabulary=WORDS,
        ragged=False,
    ),
    method(lambda: text.TextVectorization(), "adapt", texts=TEXTS),
    method(lambda: text.TextVectorization(), "adapt_and_call", texts=TEXTS),
    method(vectorization_of, "__call__", texts=TEXTS),
    method(vectorization_of, "set_vocabulary", vocabulary=WORDS),
    plain(ngrams.Ngrams, min_texts=1, buckets=8),
    method(learned_ngrams, "adapt", texts=TEXTS),
    method(learned_ngrams, "adapt_and_call", texts=TEXTS),
    method(learned_ngrams, "__call__", texts=TEXTS),
    method(learned_ngrams, "grams", text="good film"),
    plain(text.WordVectors, words=WORDS, vectors=FLOATS[:3]),
    plain(hashing.text_to_word_sequence, input_text="a b", filters="!", lower=True, split=" "),
    plain(hashing.one_hot, input_text="a b", n=10, **HASHING),
    plain(hashing.hashing_trick, text="a b", n=10, hash_function="md5", **HASHING),
    plain(
        sequences.pad_sequences,
        sequences=[[1, 2], [3]],
        maxlen=3,
        dtype="int32",
        padding="post",
        truncating="pre",
        value=0,
    ),
    plain(collisions.colliding_pairs, ids=[1, 2, 2]),
    plain(collisions.expected_pairs, words=10, n=5),
    plain(collisions.expected_sharing, words=10, n=5),
    # Costs and time.
    plain(costs.forward, **WAY),
    plain(costs.training_step, **WAY, optimizer="adam", every_row=True),
    plain(on_paper.Machine, memory=1e9, row_seconds=1e-6, network=1e9),
    plain(on_paper.Table, rows=10, width=4, slots=1, size=4),
    plain(costs.largest_table, memory=lambda V: 8 * V, limit=1000),
    plain(costs.slope, rows=[1, 10, 100], costs=[1.0, 10.0, 100.0]),
    plain(timing.Timing, seconds=(0.1, 0.2)),
    plain(timing.measure, slow=("repeats",), ways={"a": dict}, repeats=1),
    # The relatives.
    plain(matrices.as_matrix, x=FLOATS),
    plain(autoencoder.LinearAutoencoder, output_dim=1, seed=1),
    method(fitted_autoencoder, "fit", slow=("steps",), x=FLOATS, steps=100, tolerance=1e-3),
    method(fitted_autoencoder, "encode", x=FLOATS),
    method(fitted_autoencoder, "decode", codes=FLOATS[:, :1]),
    method(fitted_autoencoder, "lost", x=FLOATS),
    plain(autoencoder.largest_angle, a=FLOATS, b=FLOATS[:, ::-1]),
    plain(
        negative_sampling.NegativeSampling,
        inputs=ec.Embedding(4, 2, weights=FLOATS),
        outputs=ec.Embedding(4, 2, weights=FLOATS),
        counts=[1, 2, 3, 4],
        negatives=2,
        rng=np.random.default_rng(0),
    ),
    method(
        sampling,
        "step",
        groups=groups.Groups(np.array([[0, 1]]), np.array([[2, 3]]), np.eye(2, dtype=bool)[None]),
        learning_rate=0.1,
    ),
    plain(neighbours.unit_rows, vectors=FLOATS),
    plain(neighbours.nearest, vectors=FLOATS, ids=[0, 2], k=2),
    plain(neighbours.nearest_words, vectors=FLOATS[:3], words=WORDS, asked="cat", k=1),
    plain(neighbours.places, words=WORDS, asked=["cat"]),
    plain(neighbours.shared, first=IDS, second=IDS[:, ::-1]),
    plain(pairs.joined, texts=SENTENCES, num_rows=6, skip=(0, 1)),
    plain(
        paragraph_vectors.ParagraphVectors,
        vocabulary_size=6,
        output_dim=2,
        negatives=2,
        subsample=0.0,
        learning_rate=0.1,
        batch_size=4,
        seed=1,
    ),
    method(paragraphs, "fit", slow=("epochs",), **CORPUS, epochs=1),
    method(paragraphs, "infer", slow=("epochs",), **CORPUS, epochs=1),
    plain(ppmi.cooccurrences, **CORPUS, vocabulary_size=6, window=2),
    plain(ppmi.shifted_ppmi, counts=ppmi.cooccurrences(SENTENCES, 6, 2), negatives=1),
    plain(ppmi.ppmi_vectors, **CORPUS, vocabulary_size=6, output_dim=2, window=2, negatives=1),
    plain(pretraining.words_present, ids=IDS, input_dim=4, skip=(0, 1)),
    plain(pretraining.rarity_weighted, present=pretraining.words_present(IDS, 4)),
    plain(pretraining.prepared, table=FLOATS, ids=IDS, length=1.0),
    plain(pretraining.shuffled, table=FLOATS, seed=1),
    plain(probes.mentions, texts=IDS, ids=[1, 2]),
    plain(probes.mean_rows, vectors=FLOATS, texts=IDS, skip=(0,)),
    plain(probes.balanced, first=[0, 0, 1, 1], second=[0, 1, 0, 1], seed=1),
    plain(rbm.RBM, visible=3, hidden=2, steps=1, persistent=False, learning_rate=0.1, seed=1),
    method(machine, "fit", slow=("epochs",), x=BITS, epochs=1, batch_size=2),
    method(machine, "free_energy", x=BITS),
    method(machine, "log_likelihood", x=BITS),
    plain(
        word2vec.Skipgram,
        vocabulary_size=6,
        output_dim=2,
        window=2,
        negatives=2,
        subsample=0.0,
        learning_rate=0.1,
        batch_size=4,
        seed=1,
    ),
    method(skipgram, "fit", slow=("epochs",), **CORPUS, epochs=1),
]

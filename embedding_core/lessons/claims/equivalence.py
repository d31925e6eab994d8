"""Where the look-up and the product are the same, and where they part."""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core import ops
from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import (
    Finding,
    Verdict,
    at_least,
    at_most,
    conclude,
    equal,
)
from embedding_core.lessons.claims.instruments import (
    Make,
    difference,
    embedding,
    meets_the_table,
    numbers,
    one_hot_rows,
    outputs,
    size_of,
    train,
    uses,
)
from embedding_core.lessons.claims.thread import ANSWER_1, ANSWER_2, ANSWER_4, LORRIT_2, YANNIS

V, D = 5, 2
IDS = [3, 1, 3]
NEAR = 1e-5  # differences of rounding are smaller, those of training larger


def multiplies(layer: Make | None = None) -> Finding:
    """Compare the output with the product, and count the products that the layer computes."""
    made = embedding(layer, V, D)
    product = one_hot_rows(IDS, V) @ numbers(made.embeddings)
    return conclude(
        equal("distance from the product", difference(outputs(made, IDS), product), 0.0),
        at_least("matrix products in its call", uses(made, IDS, "matmul"), 1),
    )


def stores_one_hot(layer: Make | None = None) -> Finding:
    """Watch the layer's `call`: what the ids are when they reach the table."""
    made = embedding(layer, V, D)
    brought = meets_the_table(made, IDS, (V, D))
    return conclude(
        at_least("uses of one_hot in its call", uses(made, IDS, "one_hot"), 1),
        equal("numbers that three ids are at the table", size_of(brought), len(IDS) * V),
    )


def pair(layer: Make | None, **dense: Any) -> tuple[Any, Any]:
    """Make an `Embedding` and a `Dense` layer that hold the same matrix."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(V, D)).astype("float32")
    looks_up = embedding(layer, V, D, weights=[table])
    multiplies = load_keras().layers.Dense(D, **dense)
    multiplies.build((None, V))
    multiplies.kernel.assign(table)
    return looks_up, multiplies


def apart(looks_up: Any, multiplies: Any) -> float:
    """Return the largest difference between the two layers' outputs, over all ids."""
    ids = np.arange(V)
    return difference(outputs(looks_up, ids), numbers(multiplies(one_hot_rows(ids, V))))


def after_training(layer: Make | None, optimizer: str, **dense: Any) -> float:
    """Train both on the same batch, in which ids repeat, and return how far they are apart."""
    optimizers = load_keras().optimizers
    target = np.random.default_rng(1).normal(size=(1, 4, D))
    ids = np.array([[3, 1, 3, 0]])
    layers = pair(layer, **dense)
    for one, x in zip(layers, (ids, one_hot_rows(ids, V)), strict=True):
        train([one], x, target, getattr(optimizers, optimizer)(0.1), steps=3)
    return apart(*layers)


def same_as_dense(layer: Make | None = None) -> Finding:
    """Compare with a `Dense` layer without bias: before training, and after it."""
    before = apart(*pair(layer, use_bias=False))
    trained = {name: after_training(layer, name, use_bias=False) for name in ("SGD", "Adam")}
    return conclude(
        equal("distance of the outputs", before, 0.0),
        *(
            at_most(f"distance after training with {name}", far, NEAR)
            for name, far in trained.items()
        ),
    )


def same_as_fully_connected(**dense: Any) -> Finding:
    """Compare with a `Dense` layer as it comes; then give it a bias, and look for its table."""
    looks_up, multiplies = pair(None, **dense)
    as_it_comes = apart(looks_up, multiplies)
    bias = np.array([0.5, -0.25], "float32")
    multiplies.bias.assign(bias)
    looks_up.embeddings.assign(numbers(multiplies.kernel) + bias)
    shifted = apart(looks_up, multiplies)
    return conclude(
        equal("distance of the outputs, same table", as_it_comes, 0.0),
        equal("with a bias: distance from a look-up in table + bias", shifted, 0.0),
    )


def same_thing(encode: Callable[[Any, int], Any] | None = None) -> Finding:
    """Compare look-up and product: the result, the gradient, and one number that is not one."""
    rows = (encode or (lambda ids, V: ops.one_hot(ids, V, dense=True)))(np.array(IDS), V)
    table = np.random.default_rng(0).normal(size=(V, D))
    upstream = np.array([[1.0, 0.0], [0.0, 1.0], [5.0, 0.0]])
    gradient = ops.scatter_add(upstream, IDS, V)
    spoiled = table.copy()
    spoiled[0] = np.inf  # a row that nobody asks for
    with np.errstate(invalid="ignore"):
        product = rows @ spoiled
    return conclude(
        equal("distance of the results", difference(rows @ table, ops.gather(table, IDS)), 0.0),
        equal("distance of the gradients", difference(rows.T @ upstream, gradient), 0.0),
        equal(
            "numbers spoiled by an infinity in another row",
            int((~np.isfinite(product)).sum()),
            int((~np.isfinite(ops.gather(spoiled, IDS))).sum()),
        ),
    )


CLAIMS = (
    Claim(
        "C2",
        "The layer is a simple matrix multiplication",
        (ANSWER_1, YANNIS),
        Verdict.HALF_TRUE,
        "It gives what a one-hot matrix times the weights gives, but multiplies nothing.",
        chapter=6,
        evidence=multiplies,
        contradicts=("C40", "C41"),
    ),
    Claim(
        "C5",
        "The input integers are stored as a one-hot matrix",
        (ANSWER_1, LORRIT_2),
        Verdict.FALSE,
        "The ids reach the table as the integers they are; no one-hot matrix is made.",
        chapter=4,
        evidence=stores_one_hot,
        contradicts=("C18",),
    ),
    Claim(
        "C19",
        "A Dense layer on one-hot input gives exactly the same output",
        (ANSWER_2,),
        Verdict.HALF_TRUE,
        "With the same weights the outputs are equal, and stay so, but for rounding, under SGD; "
        "Adam moves them apart.",
        chapter=8,
        evidence=same_as_dense,
    ),
    Claim(
        "C28",
        "From a functional point of view it is a one-hot encoder and a fully connected layer",
        (ANSWER_4,),
        Verdict.TRUE,
        "As functions of the id they are one, for finite numbers: a bias goes to every row, and "
        "so makes another table. How they train is another matter (C19).",
        chapter=6,
        evidence=same_as_fully_connected,
    ),
    Claim(
        "C29",
        "Multiplying one-hot vectors by a matrix is a look-up",
        (YANNIS,),
        Verdict.HALF_TRUE,
        "Same result and gradient, until a number is not finite: the product spreads it.",
        chapter=7,
        evidence=same_thing,
    ),
)

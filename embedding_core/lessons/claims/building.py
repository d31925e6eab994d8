"""What `build` and `add_weight` do."""

from typing import Any

import numpy as np

from embedding_core.keras_bridge import add_weight_calls, load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import (
    Finding,
    Verdict,
    at_least,
    at_most,
    conclude,
    equal,
)
from embedding_core.lessons.claims.instruments import Make, difference, embedding, numbers, train
from embedding_core.lessons.claims.thread import ANSWER_2, ANSWER_4, LORRIT_3

V, D = 5, 2


def made_in_build(layer: Make | None = None) -> Finding:
    """Count the weights before and after `build`, and its calls of `add_weight`."""
    made = (layer or load_keras().layers.Embedding)(V, D)
    before = len(made.weights)
    calls = add_weight_calls(made, (None, 3)) if not before else []
    return conclude(
        equal("weights before build", before, 0),
        equal("calls of add_weight in build", len(calls), 1),
        equal("weights after build", len(made.weights), 1),
    )


def dtype_of_a_weight(layer: Make | None = None) -> Finding:
    """Name no dtype, under Keras's default and under another one."""
    keras = load_keras()
    default = keras.config.dtype_policy()
    seen = []
    try:
        for policy in (keras.config.floatx(), "float64"):
            keras.config.set_dtype_policy(policy)
            weight = (layer or keras.layers.Layer)().add_weight(shape=(V, D))
            name = keras.backend.standardize_dtype(weight.dtype)
            seen.append(equal(f"where the default is {policy}", name, policy))
    finally:
        keras.config.set_dtype_policy(default)
    return conclude(*seen)


def filled_by_its_initializer(layer: Make | None = None) -> Finding:
    """Give an initializer whose numbers are known, and look for them in the table."""
    given = np.arange(V * D, dtype="float32").reshape(V, D)

    def counting(shape: tuple[int, ...], dtype: Any = None) -> Any:
        return given.reshape(shape)

    made = embedding(layer, V, D, embeddings_initializer=counting)
    found = int((numbers(made.embeddings) == given).sum())
    return conclude(equal("numbers that are the initializer's", found, V * D))


def penalty_in_the_loss(layer: Make | None = None) -> Finding:
    """Compare a model's loss with and without an l2 penalty of 0.01 on a table of ones."""
    penalty = load_keras().regularizers.L2(0.01)
    losses = []
    for regularizer in (None, penalty):
        made = embedding(
            layer, V, D, embeddings_initializer="ones", embeddings_regularizer=regularizer
        )
        model = train([made], [[1]], np.ones((1, 1, D)), steps=0)
        losses.append(float(model.test_on_batch(np.array([[1]]), np.ones((1, 1, D)))))
    grown = round(losses[1] - losses[0], 5)
    return conclude(equal("growth of the loss", grown, round(0.01 * V * D, 5)))


def rule_after_an_update(layer: Make | None = None) -> Finding:
    """Attach "no number below zero", and let a step push every number below zero."""
    rule = load_keras().constraints.NonNeg()
    made = embedding(layer, V, D, embeddings_initializer="zeros", embeddings_constraint=rule)
    ids = np.arange(V)[None]
    attached = made.embeddings.constraint is rule
    train([made], ids, -np.ones((1, V, D)))
    smallest = float(numbers(made.embeddings).min())
    return conclude(
        equal("the weight carries the constraint", attached, True),
        at_least("smallest number after a step downwards", smallest, 0),
    )


def on_the_list_of_trainable_weights(layer: Make | None = None) -> Finding:
    """Look for the table among the trainable weights, let one step move it, and freeze it."""
    made = embedding(layer, V, D, embeddings_initializer="zeros")
    listed = sum(w is made.embeddings for w in made.trainable_weights)
    before = numbers(made.embeddings).copy()
    # A second layer, because an optimizer with nothing to train at all is an error.
    last = load_keras().layers.Dense(1, kernel_initializer="ones")
    train([made, last], [[1]], np.ones((1, 1, 1)))
    moved = difference(numbers(made.embeddings), before) > 0
    made.trainable = False
    return conclude(
        equal("the table's entries in the list", listed, 1),
        equal("the table moves in training", moved, True),
        equal("weights in the list after trainable=False", len(made.trainable_weights), 0),
    )


def minimises_the_loss(layer: Make | None = None) -> Finding:
    """Ask each row for a number that the rest of the model cannot give, and take twenty steps."""
    made = embedding(layer, V, D, embeddings_initializer="zeros")
    # One unit behind the table, so that a frozen table leaves the optimizer something to train.
    last = load_keras().layers.Dense(1, kernel_initializer="ones", use_bias=False)
    ids, wanted = np.arange(V)[None], np.arange(V, dtype=float)[None, :, None]
    model = train([made, last], ids, wanted, steps=0)
    losses = [float(model.train_on_batch(ids, wanted)) for _ in range(20)]
    left = losses[-1] / losses[0]
    return conclude(at_most("share of the loss that is left after 20 steps", left, 0.5))


CLAIMS = (
    Claim(
        "C7",
        "The weights are made in build, by add_weight",
        (ANSWER_2,),
        Verdict.TRUE,
        "Before `build` there is no weight; `build` calls `add_weight` once.",
        chapter=3,
        evidence=made_in_build,
    ),
    Claim(
        "C8",
        "Without a dtype, add_weight takes the default float type",
        (ANSWER_2,),
        Verdict.TRUE,
        "A weight without a dtype takes the layer's, which is Keras's default float unless the "
        "layer was given another.",
        chapter=3,
        evidence=dtype_of_a_weight,
    ),
    Claim(
        "C9",
        "An initializer fills the weights",
        (ANSWER_2,),
        Verdict.TRUE,
        "The table holds, number for number, what the initializer returned.",
        chapter=3,
        evidence=filled_by_its_initializer,
    ),
    Claim(
        "C10",
        "A regularizer of the weights is added to the loss",
        (ANSWER_2,),
        Verdict.TRUE,
        "With a penalty on the table the model's loss is larger by exactly that penalty.",
        chapter=3,
        evidence=penalty_in_the_loss,
    ),
    Claim(
        "C11",
        "A constraint is attached to the weights",
        (ANSWER_2,),
        Verdict.TRUE,
        "The weight carries the constraint, which is applied after each update.",
        chapter=3,
        evidence=rule_after_an_update,
    ),
    Claim(
        "C12",
        "The weights are trainable: unless told otherwise, they join the list of those that are",
        (ANSWER_2, ANSWER_4),
        Verdict.TRUE,
        "The table is on the list that the optimizer is given, a training step moves it, and "
        "`trainable=False` keeps a weight off the list.",
        chapter=3,
        evidence=on_the_list_of_trainable_weights,
    ),
    Claim(
        "C45",
        "To understand what a class does, it is always useful to look at its source",
        (ANSWER_2,),
        Verdict.OPINION,
        "It is advice: what is useful depends on the reader. This book follows it, and then runs "
        "what it has read.",
        chapter=3,
    ),
    Claim(
        "C48",
        "The layer optimises its weights to minimise the loss",
        (LORRIT_3,),
        Verdict.TRUE,
        "Where only the table can lower the loss, training lowers it.",
        chapter=2,
        evidence=minimises_the_loss,
    ),
)

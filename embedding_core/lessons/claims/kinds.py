"""What the asker took the layer for: an autoencoder, a restricted Boltzmann machine."""

from typing import Any

import numpy as np

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Verdict, at_least, conclude, equal
from embedding_core.lessons.claims.instruments import (
    Make,
    difference,
    embedding,
    numbers,
    outputs,
)
from embedding_core.lessons.claims.thread import QUESTION

V, D = 5, 2
IDS = [3, 1, 3]


def reconstructs(layer: Make | None = None) -> Finding:
    """Look for a decoder and a loss of its own, and tell the layer to learn from ids alone."""
    made = embedding(layer, V, D)
    outputs(made, [IDS])  # calling it lets it add losses, had it any
    decoder, own_losses = len(made.weights) - 1, len(made.losses)
    return conclude(
        at_least("matrices beside the encoder", decoder, 1),
        at_least("losses of its own", own_losses, 1),
        at_least("movement of the table, given ids and nothing else", learns_alone(made), 1e-6),
    )


def learns_alone(made: Any) -> float:
    """Train a layer on ids without targets and without a loss; return how far its table moved."""
    keras = load_keras()
    before = numbers(made.embeddings).copy()
    model = keras.Sequential([made])
    model.compile(keras.optimizers.SGD(0.1), run_eagerly=True)
    try:
        model.fit(np.array([IDS]), verbose=0)
    except ValueError as error:
        if "No loss" not in str(error):
            raise
    return difference(numbers(made.embeddings), before)


def is_a_boltzmann_machine(layer: Make | None = None) -> Finding:
    """Count what there is to learn, and look whether rows below zero come out as chances."""
    made = embedding(layer, V, D, embeddings_initializer=load_keras().initializers.Constant(-3))
    out = outputs(made, IDS)
    chances = float(np.mean((out >= 0) & (out <= 1)))
    return conclude(
        equal("numbers to learn: an RBM has two biases", made.count_params(), V * D + V + D),
        equal("share of the outputs that are chances or coins, from 0 to 1", chances, 1.0),
    )


CLAIMS = (
    Claim(
        "C24",
        "The layer is an autoencoder",
        (QUESTION,),
        Verdict.FALSE,
        "It has no decoder, no loss of its own, and learns nothing unless somebody asks behind it.",
        chapter=12,
        evidence=reconstructs,
        contradicts=("C1",),
    ),
    Claim(
        "C25",
        "The layer is a restricted Boltzmann machine",
        (QUESTION,),
        Verdict.FALSE,
        "It has no biases, and gives rows of any numbers: neither chances nor coins.",
        chapter=12,
        evidence=is_a_boltzmann_machine,
        contradicts=("C1",),
    ),
    Claim(
        "C44",
        "Keras's documentation does not make clear what the layer is",
        (QUESTION,),
        Verdict.OPINION,
        "Clear to whom? No program can tell what a reader makes of a sentence.",
        chapter=2,
    ),
)

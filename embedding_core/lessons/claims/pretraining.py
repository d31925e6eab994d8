"""Vectors that somebody else has trained."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
from embedding_core.lessons.claims.instruments import Make, difference, embedding, outputs
from embedding_core.lessons.claims.reviews import own_against_given
from embedding_core.lessons.claims.thread import LORRIT_1, LORRIT_3
from embedding_core.lessons.claims.words import neighbours_alike, texts_of_two_topics
from embedding_core.relatives.autoencoder import LinearAutoencoder


def rows_from_an_autoencoder(
    layer: Make | None = None, texts: NDArray[np.int64] | None = None
) -> Finding:
    """Fit a linear autoencoder to word counts, without labels, and load its encoder's rows."""
    D = 2
    texts = texts_of_two_topics()[0] if texts is None else texts
    counts = np.array([np.bincount(text, minlength=12) for text in texts], dtype=float)
    autoencoder = LinearAutoencoder(D, seed=0)
    autoencoder.fit(counts)
    table = np.asarray(autoencoder.encoder, "float32")
    lost = autoencoder.lost(counts)
    made = embedding(layer, 12, D, weights=[table])
    rows = outputs(made, np.arange(12))
    near = neighbours_alike(rows, np.arange(12) // 6)
    return conclude(
        at_most("share of the counts that the autoencoder loses", lost, 0.5),
        equal("distance of the layer's rows from the encoder's", difference(rows, table), 0.0),
        at_least("words nearest to one of their topic, before any label", near, 0.9),
    )


def numbers_of_a_network(table: ArrayLike | None = None) -> Finding:
    """Count a network's numbers with random rows and with given ones, free and frozen."""
    given = np.ones((50, 4), "float32") if table is None else np.asarray(table, "float32")
    random, frozen = (counted(50, 4, trainable=free) for free in (True, False))
    ours, ours_frozen = (
        counted(*given.shape, weights=[given], trainable=free) for free in (True, False)
    )
    return conclude(
        at_most("numbers in the network", ours[0], random[0] - 1),
        at_most("numbers to train", ours[1], random[1] - 1),
        at_most("numbers to train, both tables frozen", ours_frozen[1], frozen[1] - 1),
    )


def counted(V: int, D: int, **arguments: Any) -> tuple[int, int]:
    """Count all numbers of a small network, and those that training may change."""
    layers = load_keras().layers
    model = load_keras().Sequential([layers.Embedding(V, D, **arguments), layers.Dense(1)])
    model.build((None, 3))
    free = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    return model.count_params(), free


CLAIMS = (
    Claim(
        "C23",
        "Vectors learned by an autoencoder can be the first weights of the layer",
        (LORRIT_1,),
        Verdict.TRUE,
        "Rows found by an autoencoder, without labels, are put into the layer as its weights.",
        chapter=12,
        evidence=rows_from_an_autoencoder,
    ),
    Claim(
        "C35",
        "Such first weights reduce the complexity of the network, if more layers follow",
        (LORRIT_1,),
        Verdict.FALSE,
        "The network has as many numbers as before. Freezing the table leaves fewer to train, and "
        "that it does for random rows too.",
        chapter=12,
        evidence=numbers_of_a_network,
    ),
    Claim(
        "C36",
        "With enough data you can use the layer and train the vectors",
        (LORRIT_3,),
        Verdict.TRUE,
        "With many labels one's own vectors beat given ones that stay as they are; with few they "
        "do not, so the condition is needed.",
        chapter=12,
        evidence=own_against_given,
    ),
    Claim(
        "C46",
        "Try it, and see whether you like the result",
        (LORRIT_3,),
        Verdict.OPINION,
        "It is advice, and whether you like a result is yours to say.",
        chapter=12,
    ),
)

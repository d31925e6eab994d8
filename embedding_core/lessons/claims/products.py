"""Whether Keras multiplies, in any setting; and whether a network that did would learn."""

from typing import Any

import numpy as np

from embedding_core import ops
from embedding_core.keras_bridge import Operation, operations
from embedding_core.layers import Dense, GlobalAveragePooling1D
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Verdict, at_least, conclude, equal
from embedding_core.lessons.claims.instruments import Make, embedding, shape_of, uses
from embedding_core.lessons.claims.thread import (
    ANSWER_2,
    ANSWER_3,
    LORRIT_1,
    MOLLER_ON_ANSWER_1,
    MOLLER_ON_ANSWER_3,
    MOLLER_ON_THE_QUESTION,
)
from embedding_core.lessons.claims.words import texts_of_two_topics
from embedding_core.model import Sequential
from embedding_core.optimizers import Adam

V, D = 5, 2
IDS = np.array([3, 1, 3])


def without_any_product(layer: Make | None = None) -> Finding:
    """Count the products in the layer's call: as it comes, and with low-rank adapters."""
    settings: dict[str, dict[str, int]] = {"as it comes": {}, "with lora_rank=1": {"lora_rank": 1}}
    return conclude(
        *(
            equal(
                f"matrix products in its call, {name}",
                uses(embedding(layer, V, D, **setting), IDS, "matmul"),
                0,
            )
            for name, setting in settings.items()
        ),
        mixed=Verdict.IT_DEPENDS,
    )


def one_hot_product_anywhere(layer: Make | None = None) -> Finding:
    """Look in three settings for a one-hot matrix, and for a product with a row for each id."""
    settings: tuple[dict[str, Any], ...] = ({}, {"mask_zero": True}, {"lora_rank": 1})
    made = [embedding(layer, V, D, **setting) for setting in settings]
    steps = [step for one in made for step in operations(one, IDS)]
    products = [s for s in steps if s.name == "matmul" and shape_of(s.output)[0] == len(IDS)]
    return conclude(
        equal("one-hot matrices that it makes", _count(steps, "one_hot"), 0),
        equal("products with a row for each id", len(products), 0),
        equal("look-ups, in three settings", _count(steps, "take"), len(settings)),
    )


def _count(steps: list[Operation], name: str) -> int:
    return sum(step.name == name for step in steps)


def product_learns(shuffled: bool = False) -> Finding:
    """Train a network that begins with the product on texts of two topics, and ask for others."""
    texts, topics = texts_of_two_topics(count=60, length=6)
    seen, held_out = slice(0, None, 2), slice(1, None, 2)
    labels = np.random.default_rng(0).permutation(topics) if shuffled else topics
    rows = np.asarray(ops.one_hot(texts, 12, dense=True), "float32")
    layers = [Dense(4, use_bias=False), GlobalAveragePooling1D(), Dense(1, activation="sigmoid")]
    model = Sequential(layers, seed=0)
    model.compile(Adam(0.05), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(rows[seen], labels[seen], epochs=20, verbose=0)
    right = model.evaluate(rows[held_out], topics[held_out], return_dict=True)["accuracy"]
    return conclude(at_least("share of other texts whose topic it tells", float(right), 0.9))


CLAIMS = (
    Claim(
        "C39",
        "To make word vectors in this way is a valid approach",
        (LORRIT_1,),
        Verdict.TRUE,
        "A network that begins with the product learns as others do; what it costs is C17.",
        chapter=8,
        evidence=product_learns,
    ),
    Claim(
        "C40",
        "There is no matrix multiplication",
        (MOLLER_ON_THE_QUESTION, MOLLER_ON_ANSWER_1, ANSWER_2, ANSWER_3),
        Verdict.IT_DEPENDS,
        "There is none as the layer comes; with low-rank adapters Keras 3 multiplies two other "
        "matrices before it looks up.",
        chapter=4,
        evidence=without_any_product,
    ),
    Claim(
        "C41",
        "Keras does not multiply one-hot vectors by the matrix anywhere",
        (MOLLER_ON_ANSWER_3,),
        Verdict.TRUE,
        "In none of three settings is a one-hot matrix made, and no product has a row for each id.",
        chapter=4,
        evidence=one_hot_product_anywhere,
    ),
)

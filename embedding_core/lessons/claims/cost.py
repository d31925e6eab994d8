"""What the product would cost: counted, not timed."""

import numpy as np

from embedding_core.keras_bridge import load_keras, operations
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
    bytes_of,
    embedding,
    meets_the_table,
    multiplications,
    numbers,
    one_hot_rows,
)
from embedding_core.lessons.claims.thread import ANSWER_1, ANSWER_2, MOLLER_AGAIN, OUTCAST

V, D = 1000, 2
IDS = np.array([7, 1, 999, 7, 0, 3, 500, 2], "int32")


def dense_on_one_hot() -> tuple[object, np.ndarray]:
    """Make the layer that multiplies, and its input."""
    made = load_keras().layers.Dense(D, use_bias=False)
    made.build((None, V))
    return made, one_hot_rows(IDS, V)


def fewer_multiplications(layer: Make | None = None) -> Finding:
    """Count the multiplications that eight words cost, looked up and multiplied."""
    product = multiplications(*dense_on_one_hot())
    own = multiplications(embedding(layer, V, D), IDS)
    return conclude(at_most("multiplications for eight words", own, product - 1))


def fewer_bytes(layer: Make | None = None) -> Finding:
    """Compare what meets the table: the ids here, the one-hot matrix there."""
    product = meets_the_table(*dense_on_one_hot(), table=(V, D))
    own = meets_the_table(embedding(layer, V, D), IDS, table=(V, D))
    return conclude(at_most("bytes that eight words take", bytes_of(own), bytes_of(product) - 1))


def quicker_by_multiplying(layer: Make | None = None) -> Finding:
    """Count whether the layer multiplies, and whether multiplying would be the shorter way."""
    product = multiplications(*dense_on_one_hot())
    own = multiplications(embedding(layer, V, D), IDS)
    return conclude(
        at_least("multiplications in the layer's call", own, 1),
        at_most("multiplications of the product, against the layer's", product, own),
    )


def good_for_nothing_else(layer: Make | None = None) -> Finding:
    """Count the product avoided, then what the layer does that the product does not."""
    saved = multiplications(*dense_on_one_hot()) - multiplications(embedding(layer, V, D), IDS)
    masking = embedding(layer, V, D, mask_zero=True)
    mask = masking.compute_mask(IDS)
    hidden = 0 if mask is None else int((~numbers(mask)).sum())
    return conclude(
        at_least("multiplications avoided", saved, 1),
        equal("ids of padding it tells the next layer to leave out", hidden, 0),
    )


def a_matrix_and_an_index(layer: Make | None = None) -> Finding:
    """Look for anything beside the matrix and the indexing: as the layer comes, and masking."""
    made = embedding(layer, V, D)
    # The last step is a cast of what is float32 already; it changes nothing.
    others = [s.name for s in operations(made, IDS) if s.name not in ("take", "cast")]
    mask = embedding(layer, V, D, mask_zero=True).compute_mask(IDS)
    return conclude(
        equal("matrices", len(made.weights), 1),
        equal("operations in its call beside the look-up", len(others), 0),
        equal("masks handed on, with mask_zero", int(mask is not None), 0),
        mixed=Verdict.IT_DEPENDS,
    )


CLAIMS = (
    Claim(
        "C17",
        "The layer saves computation",
        (ANSWER_2,),
        Verdict.TRUE,
        "The product needs words × vocabulary × dimension multiplications, the look-up none.",
        chapter=9,
        evidence=fewer_multiplications,
    ),
    Claim(
        "C18",
        "The layer saves a lot of memory by not making the one-hot version of its input",
        (MOLLER_AGAIN,),
        Verdict.TRUE,
        "An id takes one number where a one-hot row takes as many as the vocabulary has words.",
        chapter=9,
        evidence=fewer_bytes,
    ),
    Claim(
        "C30",
        "The ids are stored one-hot so that the multiplication is quick",
        (ANSWER_1,),
        Verdict.FALSE,
        "The layer does no multiplication, and one would be the long way.",
        chapter=9,
        evidence=quicker_by_multiplying,
        contradicts=("C17", "C33"),
    ),
    Claim(
        "C33",
        "The layer is useful only because it avoids the product, which saves computation",
        (ANSWER_2,),
        Verdict.HALF_TRUE,
        "It avoids the product, but it also tells the next layer which ids are padding.",
        chapter=9,
        evidence=good_for_nothing_else,
    ),
    Claim(
        "C42",
        "The layer makes a matrix of weights and indexes it, and that is all",
        (OUTCAST, ANSWER_2),
        Verdict.IT_DEPENDS,
        "As the layer comes, that is all; with `mask_zero` it also tells the layers behind it "
        "which ids are padding.",
        chapter=9,
        evidence=a_matrix_and_an_index,
    ),
)

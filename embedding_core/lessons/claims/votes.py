"""Whether a network can say what it went by."""

import numpy as np

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Verdict, at_least, conclude
from embedding_core.lessons.claims.instruments import difference, numbers
from embedding_core.lessons.claims.thread import LORRIT_3

TEXT = [3, 1, 4]
VISIBLE = 1e-3  # far above rounding


def votes_add_up(hidden: str | None = "relu") -> Finding:
    """Compare the answer for a text with the mean of the answers for its single words."""
    return conclude(
        at_least("gap behind a mean and one unit", gap_of_the_votes(()), VISIBLE),
        at_least("gap behind a hidden layer", gap_of_the_votes((hidden,)), VISIBLE),
    )


def gap_of_the_votes(activations: tuple[str | None, ...]) -> float:
    """Return how far the votes of the words are from the answer for the text."""
    keras = load_keras()
    layers = [keras.layers.Embedding(5, 2), keras.layers.GlobalAveragePooling1D()]
    layers += [keras.layers.Dense(3, activation=activation) for activation in activations]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.build((None, None))
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=weight.shape) for weight in model.weights])
    whole = numbers(model(np.array([TEXT])))[0]
    votes = numbers(model(np.array(TEXT)[:, None]))
    return difference(votes.mean(axis=0), whole)


CLAIMS = (
    Claim(
        "C37",
        "With neural networks you cannot know what they take into account",
        (LORRIT_3,),
        Verdict.HALF_TRUE,
        "A mean and one unit add up words, and can tell you so; behind a hidden layer they do not.",
        chapter=10,
        evidence=votes_add_up,
    ),
)

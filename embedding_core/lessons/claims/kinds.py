"""What the asker took the layer for: an autoencoder, a restricted Boltzmann machine."""

from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Verdict, at_least, conclude, equal
from embedding_core.lessons.claims.instruments import (
    Make,
    difference,
    embedding,
    numbers,
    outputs,
    train,
)
from embedding_core.lessons.claims.thread import QUESTION

V, D = 5, 2
IDS = [3, 1, 3]


def reconstructs(layer: Make | None = None) -> Finding:
    """Look for a decoder and a loss of its own, and let nobody behind the layer ask anything."""
    made = embedding(layer, V, D)
    out = outputs(made, [IDS])  # calling it lets it add losses, had it any
    decoder, own_losses = len(made.weights) - 1, len(made.losses)
    before = numbers(made.embeddings).copy()
    # Targets equal to the outputs: the loss behind the layer has nothing to complain about.
    train([made], [IDS], out)
    return conclude(
        at_least("matrices beside the encoder", decoder, 1),
        at_least("losses of its own", own_losses, 1),
        at_least(
            "movement of the table when nothing behind it asks",
            difference(numbers(made.embeddings), before),
            1e-6,
        ),
    )


def is_a_boltzmann_machine(layer: Make | None = None) -> Finding:
    """Count what there is to learn, and call the layer five times with the same ids."""
    made = embedding(layer, V, D)
    first, *more = (outputs(made, IDS) for _ in range(5))
    differing = sum(difference(one, first) > 0 for one in more)
    return conclude(
        equal("numbers to learn: an RBM has two biases", made.count_params(), V * D + V + D),
        at_least("calls of five that differ from the first", differing, 1),
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
        "It has no biases, samples nothing, and gives the same answer every time.",
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

"""What the asker took the layer for: an autoencoder, a restricted Boltzmann machine."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C24",
        "The layer is an autoencoder",
        "the question",
        Verdict.FALSE,
        "It has no decoder, no loss of its own, and learns nothing unless somebody asks behind it.",
        chapter=12,
        contradicts=("C1",),
    ),
    Claim(
        "C25",
        "The layer is a restricted Boltzmann machine",
        "the question",
        Verdict.FALSE,
        "It has no biases, samples nothing, and gives the same answer every time.",
        chapter=12,
        contradicts=("C1",),
    ),
)

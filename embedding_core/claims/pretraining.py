"""Vectors that somebody else has trained."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C23",
        "An autoencoder can pre-train the table",
        "a comment",
        Verdict.TRUE,
        "Rows found by an autoencoder, without labels, are put into the layer as its weights.",
        chapter=12,
    ),
    Claim(
        "C35",
        "Pre-training the table reduces the complexity of the network",
        "a comment",
        Verdict.FALSE,
        "The network has as many numbers as before, and as many of them to train.",
        chapter=12,
    ),
    Claim(
        "C36",
        "With enough data, train your own vectors",
        "a comment",
        Verdict.IT_DEPENDS,
        "It depends on how many labels there are: given vectors win with few, one's own with many.",
        chapter=12,
    ),
)

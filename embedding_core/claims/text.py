"""From text to ids: `one_hot` that is not one-hot, sentences of several lengths."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C16",
        "Keras's one_hot makes integer ids and is no one-hot encoding",
        "a comment",
        Verdict.TRUE,
        "It hashes each word to one integer, and different words may get the same one.",
        chapter=5,
    ),
    Claim(
        "C20",
        "All sentences must have the same length",
        "a comment",
        Verdict.HALF_TRUE,
        "The ids of one batch must form a rectangle; the next batch may have another length.",
        chapter=5,
    ),
)

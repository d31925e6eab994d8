"""A row for each id, and training moves the rows that were read."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C1",
        "The layer is a trainable look-up table",
        "two of the four answers",
        Verdict.TRUE,
        "It returns the rows it is asked for, and a training step moves those rows and no other.",
        chapter=2,
        contradicts=("C2",),
    ),
    Claim(
        "C4",
        "It turns each integer i into row i of the weights",
        "the first answer",
        Verdict.TRUE,
        "With row i full of i's, the output repeats the ids that went in.",
        chapter=2,
    ),
    Claim(
        "C14",
        "gather is indexing",
        "two of the four answers",
        Verdict.TRUE,
        "`take`, which is what `gather` is called now, returns what NumPy's indexing returns.",
        chapter=4,
    ),
)

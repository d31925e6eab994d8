"""Where the look-up and the product are the same, and where they part."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C2",
        "The layer is a matrix multiplication",
        "the first answer and a comment",
        Verdict.HALF_TRUE,
        "It gives what a one-hot matrix times the weights gives, but multiplies nothing.",
        chapter=6,
        contradicts=("C14", "C29"),
    ),
    Claim(
        "C5",
        "The input integers are stored as a one-hot matrix",
        "the first answer",
        Verdict.FALSE,
        "The ids reach the table as the integers they are; no one-hot matrix is made.",
        chapter=4,
        contradicts=("C14", "C31"),
    ),
    Claim(
        "C19",
        "One-hot input and a Dense layer give exactly the same output",
        "a comment",
        Verdict.HALF_TRUE,
        "The output is the same, and so is training with SGD; Adam moves the two apart.",
        chapter=8,
    ),
    Claim(
        "C28",
        "The layer is a one-hot encoder followed by a fully connected layer",
        "one of the four answers",
        Verdict.HALF_TRUE,
        "True without a bias; with the bias that `Dense` has by default, training parts them.",
        chapter=8,
        contradicts=("C14",),
    ),
    Claim(
        "C29",
        "The multiplication is a look-up: they are the same thing",
        "a comment",
        Verdict.HALF_TRUE,
        "Same result and gradient, until a number is not finite: the product spreads it.",
        chapter=7,
        contradicts=("C14",),
    ),
)

"""Which integers the layer takes, and as what."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C13",
        "The input is cast to int32",
        "the source it quotes",
        Verdict.HALF_TRUE,
        "Small integers and floats are cast to int32; int64 is left as it is.",
        chapter=4,
    ),
    Claim(
        "C15",
        "The ids must be positive, else something breaks",
        "a comment",
        Verdict.HALF_TRUE,
        "0 is fine; a negative id has no row of its own, but only far ones raise an error.",
        chapter=4,
        contradicts=("C31",),
    ),
    Claim(
        "C31",
        "The input is an integer in [0, vocabulary size)",
        "the first answer",
        Verdict.TRUE,
        "Each of these ids has a row of its own, and no other integer has.",
        chapter=4,
    ),
    Claim(
        "C32",
        "The input is a list of positive integers, so 0 is not allowed",
        "a comment and Keras's old documentation",
        Verdict.FALSE,
        "0 is taken, and it has row 0.",
        chapter=4,
        contradicts=("C31",),
    ),
)

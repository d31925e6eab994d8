"""What the vectors mean, and vectors for whole texts."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C21",
        "The loss decides what the vectors mean: semantic similarity, or something else",
        "a comment",
        Verdict.TRUE,
        "The same words get other neighbours when the same texts are labelled by something else.",
        chapter=11,
    ),
    Claim(
        "C22",
        "If you want word2vec's vectors, use word2vec",
        "a comment",
        Verdict.OPINION,
        "It is advice: what to use depends on what you want. What can be checked in it is C21.",
        chapter=11,
    ),
    Claim(
        "C26",
        "Paragraph vectors are the alternative for whole texts",
        "a comment",
        Verdict.IT_DEPENDS,
        "It depends on whether the text was there in training: a new one has no row yet.",
        chapter=13,
    ),
)

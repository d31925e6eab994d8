"""Whether a network can say what it went by."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C37",
        "You cannot know what a network considers",
        "a comment",
        Verdict.HALF_TRUE,
        "A mean and one unit add up words, and can tell you so; behind a hidden layer they do not.",
        chapter=10,
    ),
)

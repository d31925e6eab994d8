"""What the product would cost: counted, not timed."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C17",
        "The layer saves computation",
        "a comment",
        Verdict.TRUE,
        "The product needs words × vocabulary × dimension multiplications, the look-up none.",
        chapter=9,
    ),
    Claim(
        "C18",
        "The layer saves memory",
        "a comment",
        Verdict.TRUE,
        "An id takes one number where a one-hot row takes as many as there are words.",
        chapter=9,
    ),
    Claim(
        "C30",
        "The multiplication is done for speed",
        "the first answer",
        Verdict.FALSE,
        "The layer does no multiplication, and one would be the long way.",
        chapter=9,
        contradicts=("C17", "C33"),
    ),
    Claim(
        "C33",
        "The layer is useful only because it avoids the product",
        "one of the four answers",
        Verdict.HALF_TRUE,
        "It avoids the product, but it also masks padding and refuses unknown ids.",
        chapter=9,
    ),
)

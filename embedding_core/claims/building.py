"""What `build` and `add_weight` do."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C7",
        "The weights are made in build, by add_weight",
        "the answer that reads the source",
        Verdict.TRUE,
        "Before `build` there is no weight; `build` calls `add_weight` once.",
        chapter=3,
    ),
    Claim(
        "C8",
        "Without a dtype, add_weight takes the default float type",
        "the source it quotes",
        Verdict.TRUE,
        "A weight without a dtype takes the layer's, and that is Keras's default float.",
        chapter=3,
    ),
    Claim(
        "C9",
        "An initializer fills the weights",
        "the source it quotes",
        Verdict.TRUE,
        "The table holds, number for number, what the initializer returned.",
        chapter=3,
    ),
    Claim(
        "C10",
        "A regularizer of the weights is added to the loss",
        "the source it quotes",
        Verdict.TRUE,
        "With a penalty on the table the model's loss is larger by exactly that penalty.",
        chapter=3,
    ),
    Claim(
        "C11",
        "A constraint is attached to the weights",
        "the source it quotes",
        Verdict.TRUE,
        "The weight carries the constraint, which is applied after each update.",
        chapter=3,
    ),
    Claim(
        "C12",
        "The weights join the list of trainable weights",
        "the source it quotes",
        Verdict.TRUE,
        "The table is on the list that the optimizer is given, and a training step moves it.",
        chapter=3,
    ),
)

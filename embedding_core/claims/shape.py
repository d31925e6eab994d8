"""What has which shape: the weights, the product, what goes in and what comes out."""

from embedding_core.claims.entry import Claim, Verdict

CLAIMS = (
    Claim(
        "C3",
        "Its weights have the shape (vocabulary size, embedding dimension)",
        "three of the four answers",
        Verdict.TRUE,
        "`build` makes one matrix of that shape, whatever the input is.",
        chapter=3,
    ),
    Claim(
        "C6",
        "The shapes are (words, vocabulary) × (vocabulary, dimension) = (words, dimension)",
        "the first answer",
        Verdict.TRUE,
        "They are the shapes of the product that the layer's output equals.",
        chapter=6,
    ),
    Claim(
        "C27",
        "The layer compresses the input space into a smaller one",
        "the question",
        Verdict.HALF_TRUE,
        "A word takes fewer numbers than a one-hot row; a text of n words still takes n vectors.",
        chapter=2,
    ),
    Claim(
        "C34",
        "A Dense layer on one-hot input gets a trainable matrix of the same shape",
        "a comment",
        Verdict.TRUE,
        "Its kernel has the shape of the table and is trainable.",
        chapter=6,
    ),
    Claim(
        "C38",
        "Each known integer gets a feature vector whose length is the embedding dimension",
        "one of the four answers",
        Verdict.TRUE,
        "Every id of the vocabulary gets a vector, and each has `output_dim` numbers.",
        chapter=2,
    ),
)

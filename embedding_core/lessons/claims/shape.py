"""What has which shape: the weights, the product, what goes in and what comes out."""

from math import prod

import numpy as np

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Verdict, at_most, conclude, equal
from embedding_core.lessons.claims.instruments import (
    Make,
    embedding,
    numbers,
    one_hot_rows,
    outputs,
    train,
)
from embedding_core.lessons.claims.thread import ANSWER_1, ANSWER_2, ANSWER_3, QUESTION

V, D = 5, 2
IDS = [3, 1, 3]


def shape_of_the_weights(layer: Make | None = None) -> Finding:
    """Build the layer and look at the shapes of all that it made."""
    made = embedding(layer, V, D)
    shapes = [tuple(weight.shape) for weight in made.weights]
    return conclude(equal("shapes of its weights", shapes, [(V, D)]))


def shapes_of_the_product(layer: Make | None = None) -> Finding:
    """Write the ids as one-hot rows, multiply, and look at the shapes on both sides."""
    made = embedding(layer, V, D)
    rows, table = one_hot_rows(IDS, V), numbers(made.embeddings)
    n = len(IDS)
    return conclude(
        equal("one-hot rows", rows.shape, (n, V)),
        equal("weights", table.shape, (V, D)),
        equal("the product", (rows @ table).shape if table.shape[0] == V else None, (n, D)),
        equal("the layer's output", outputs(made, IDS).shape, (n, D)),
    )


def numbers_in_and_out(layer: Make | None = None, D: int = 2) -> Finding:
    """Count numbers on both sides: of one word as a one-hot row, and of a text of ids."""
    text = [[2, 0, 3, 0]]
    words = 7
    out = outputs(embedding(layer, words, D), text)
    return conclude(
        at_most("numbers for one word behind the layer", out.shape[-1], words - 1),
        at_most("numbers for four words behind the layer", prod(out.shape), np.size(text)),
    )


def shape_of_a_dense_kernel(dense: Make | None = None) -> Finding:
    """Build a `Dense` layer on one-hot input and look at what it may train."""
    made = (dense or load_keras().layers.Dense)(D)
    made(one_hot_rows(IDS, V))
    table = embedding(None, V, D).embeddings
    alike = [w for w in made.trainable_weights if tuple(w.shape) == tuple(table.shape)]
    return conclude(equal("trainable matrices of the table's shape", len(alike), 1))


def length_of_each_vector(layer: Make | None = None) -> Finding:
    """Ask for every id of the vocabulary, measure the vectors, and let a step move them."""
    made = embedding(layer, V, D)
    before = outputs(made, np.arange(V))
    # The last layer learns too, so that a frozen table leaves the optimizer something.
    last = load_keras().layers.Dense(1, kernel_initializer="ones")
    train([made, last], np.arange(V)[None], np.ones((1, V, 1)) * 9)
    moved = (outputs(made, np.arange(V)) != before).any(axis=-1)
    return conclude(
        equal("vectors for the ids of the vocabulary", before.shape[0], V),
        equal("numbers in each vector", before.shape[-1], D),
        equal("vectors that a training step moved", int(moved.sum()), V),
    )


CLAIMS = (
    Claim(
        "C3",
        "Its weights have the shape (vocabulary size, embedding dimension)",
        (ANSWER_1, ANSWER_2),
        Verdict.TRUE,
        "`build` makes one matrix, of that shape, and nothing else.",
        chapter=3,
        evidence=shape_of_the_weights,
    ),
    Claim(
        "C6",
        "The shapes are (words, vocabulary) × (vocabulary, dimension) = (words, dimension)",
        (ANSWER_1,),
        Verdict.TRUE,
        "They are the shapes of the product that the layer's output equals.",
        chapter=6,
        evidence=shapes_of_the_product,
    ),
    Claim(
        "C27",
        "The layer compresses the input space into a smaller one",
        (QUESTION,),
        Verdict.HALF_TRUE,
        "A word takes fewer numbers than a one-hot row would, and more than its id; a text of n "
        "words still takes n vectors.",
        chapter=2,
        evidence=numbers_in_and_out,
    ),
    Claim(
        "C34",
        "A Dense layer on one-hot input gets a trainable matrix of the same shape",
        (ANSWER_2,),
        Verdict.TRUE,
        "Its kernel has the shape of the table and is trainable.",
        chapter=6,
        evidence=shape_of_a_dense_kernel,
    ),
    Claim(
        "C38",
        "Each integer is mapped to a trainable feature vector, as long as the embedding dimension",
        (ANSWER_3,),
        Verdict.TRUE,
        "Every id of the vocabulary gets a vector of `output_dim` numbers, and training moves it.",
        chapter=2,
        evidence=length_of_each_vector,
    ),
)

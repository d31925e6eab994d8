"""What the vectors mean, and vectors for whole texts."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import (
    Finding,
    Observation,
    Verdict,
    at_least,
    conclude,
)
from embedding_core.lessons.claims.thread import LORRIT_2, LORRIT_3, SIETSCHIE
from embedding_core.lessons.claims.words import neighbours_alike, texts_of_two_topics
from embedding_core.model import Sequential
from embedding_core.optimizers import Adam
from embedding_core.relatives.paragraph_vectors import ParagraphVectors

MOST = 0.9  # of the nearest neighbours


def neighbours_under_two_losses(
    asked: tuple[str, str] = ("liked", "topic"), trainable: bool = True
) -> Finding:
    """Train the same words twice, asked for opinion and for topic; see who is near whom."""
    # Eight words: four kinds, two words each, such as the two that praise food.
    kinds = {"liked": np.arange(8) % 2, "topic": np.arange(8) // 4}
    reviews = np.random.default_rng(0).integers(0, 8, size=(300, 3))
    found = []
    for question, kind in zip(asked, ("liked", "topic"), strict=True):
        labels = (kinds[question][reviews].mean(axis=1) > 0.5).astype(float)
        vectors = trained_table(reviews, labels, trainable)
        share = neighbours_alike(vectors, kinds[kind])
        what = f"words nearest to one of their kind, trained to tell: {question}"
        found.append(at_least(what, share, MOST))
    return conclude(*found)


def trained_table(
    reviews: NDArray[np.int64], labels: ArrayLike, trainable: bool
) -> NDArray[np.float32]:
    """Train a table, a mean and one unit, from the same first numbers each time."""
    table = np.random.default_rng(1).normal(0, 0.05, size=(8, 4))
    layer = Embedding(8, 4, weights=table, trainable=trainable)
    model = Sequential([layer, GlobalAveragePooling1D(), Dense(1, activation="sigmoid")], seed=0)
    model.compile(Adam(0.05), loss="binary_crossentropy")
    model.fit(reviews, labels, epochs=10, verbose=0)
    return layer.embeddings.value


def vectors_of_texts(newcomer: int | None = None) -> Finding:
    """Learn paragraph vectors: a row for each text. Then ask for the row of another text."""
    texts, topics = texts_of_two_topics()
    model = ParagraphVectors(int(texts.max()) + 1, 4, subsample=0, learning_rate=0.1, seed=0)
    model.fit(texts, epochs=40)
    share = neighbours_alike(model.vectors, topics)
    layer = Embedding(len(texts), 4, weights=model.vectors)
    try:
        known = layer([len(texts) if newcomer is None else newcomer]).shape == (1, 4)
    except IndexError:
        known = False
    return conclude(
        at_least("texts of the training that are nearest to one of their topic", share, MOST),
        Observation("a text that was not", "a vector" if known else "no row", "a vector", known),
        mixed=Verdict.IT_DEPENDS,
    )


CLAIMS = (
    Claim(
        "C21",
        "Minimising the loss may take semantic similarity into account, or not",
        (LORRIT_3,),
        Verdict.TRUE,
        "The loss decides: the same words get other neighbours when the same texts are labelled by "
        "something else.",
        chapter=11,
        evidence=neighbours_under_two_losses,
    ),
    Claim(
        "C22",
        "If the vectors shall follow a formula such as word2vec's, use the formula",
        (LORRIT_3,),
        Verdict.OPINION,
        "It is advice: what to use depends on what you want. What can be checked in it is C21.",
        chapter=11,
    ),
    Claim(
        "C26",
        "Paragraph vectors are the alternative: for sentences, paragraphs, documents",
        (LORRIT_2,),
        Verdict.IT_DEPENDS,
        "It depends on whether the text was there in training: a new one has no row until one is "
        "fitted to it.",
        chapter=13,
        evidence=vectors_of_texts,
    ),
    Claim(
        "C47",
        "A post on word embeddings and their advantages is nice to read",
        (SIETSCHIE,),
        Verdict.OPINION,
        "It points to somebody else's page, and whether a page is nice its reader decides.",
        chapter=11,
    ),
)

"""Own vectors against given ones, on real reviews: the evidence for one claim."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

from embedding_core.claims.findings import Finding, Verdict, at_least, conclude
from embedding_core.datasets import Reviews, load_reviews, split_reviews
from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.model import Sequential
from embedding_core.optimizers import Adam
from embedding_core.text import TextVectorization

D = 16
FEW, MANY = 300, 5000


def own_against_given(few: int = FEW, many: int = MANY) -> Finding:
    """Train on few and on many labelled sentences, with one's own vectors and with given ones.

    The given vectors come from film reviews of the other collection, without their labels, and
    stay as they are.
    """
    return conclude(
        *(
            at_least(
                f"accuracy with own vectors less accuracy with given ones, {n:,} sentences",
                _accuracy(n, None) - _accuracy(n, _given_vectors()),
                0,
            )
            for n in (few, many)
        ),
        mixed=Verdict.IT_DEPENDS,
    )


@cache
def _sentences() -> tuple[Reviews, Reviews, TextVectorization]:
    train, _, test = split_reviews(load_reviews("rotten_tomatoes"))
    to_ids = TextVectorization(max_tokens=10_000, output_sequence_length=60)
    to_ids.adapt(train.texts)
    return train, test, to_ids


@cache
def _given_vectors(reviews: int = 4000) -> NDArray[np.float64]:
    """Find the vectors that predict best which words stand in a review, by linear algebra."""
    *_, to_ids = _sentences()
    words = len(to_ids.get_vocabulary())
    texts = load_reviews("imdb").texts[:: 25_000 // reviews]
    ids = [np.unique(row) for row in np.asarray(to_ids(texts))]
    flat = np.concatenate(ids)
    rows = np.repeat(np.arange(len(ids)), [len(row) for row in ids])
    known = flat > 1  # neither padding nor unknown
    shape = (len(ids), words)
    present = csr_matrix((np.ones(known.sum()), (rows[known], flat[known])), shape=shape)
    rarity = np.log(len(ids) / (1 + np.asarray(present.sum(axis=0)).ravel()))
    _, _, axes = svds(present.multiply(rarity).tocsr(), k=D, rng=np.random.default_rng(0))
    length = np.linalg.norm(axes.T, axis=1, keepdims=True)
    return np.asarray(3 * axes.T / np.maximum(length, 1e-3), dtype=np.float64)


def _accuracy(count: int, vectors: NDArray[np.float64] | None) -> float:
    """Train on so many sentences; return the share of the test sentences it gets right."""
    train, test, to_ids = _sentences()
    own = vectors is None
    words = len(to_ids.get_vocabulary())
    layer = Embedding(words, D, mask_zero=True, weights=vectors, trainable=own)
    unit = Dense(1, activation="sigmoid")
    model = Sequential([layer, GlobalAveragePooling1D(), unit], seed=0)
    rate = 0.01 if own else 0.03  # one unit alone needs larger steps
    model.compile(Adam(rate), loss="binary_crossentropy", metrics=["accuracy"])
    epochs = 40 if count < 1000 else 4
    ids = np.asarray(to_ids(train.texts[:count]))
    model.fit(ids, train.labels[:count], epochs=epochs, verbose=0)
    scores = model.evaluate(np.asarray(to_ids(test.texts)), test.labels, return_dict=True)
    return float(scores["accuracy"])

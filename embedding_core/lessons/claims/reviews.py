"""Own vectors against given ones, on real reviews: the evidence for one claim."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

from embedding_core.datasets import load_reviews, split_reviews
from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.lessons.claims.findings import Finding, at_least, at_most, conclude
from embedding_core.model import Sequential
from embedding_core.optimizers import Adam
from embedding_core.text import TextVectorization

_Labelled = tuple[NDArray[np.int64], NDArray[np.int64]]
D = 16
FEW, MANY = 200, 5000


def own_against_given(few: int = FEW, many: int = MANY) -> Finding:
    """Train on few and on many labelled sentences, with one's own vectors and with given ones.

    The given vectors come from film reviews of the other collection, without their labels, and
    stay as they are. A condition that is not needed would be no condition, so own vectors have
    to lose with few sentences as well as to win with many.
    """
    few_gain, many_gain = (_accuracy(n, None) - _accuracy(n, _given_vectors()) for n in (few, many))
    what = "accuracy with own vectors less accuracy with given ones"
    return conclude(
        at_least(f"{what}, {many:,} sentences", many_gain, 0),
        at_most(f"{what}, {few:,} sentences", few_gain, 0),
    )


@cache
def _sentences() -> tuple[_Labelled, _Labelled, TextVectorization]:
    train, _, test = split_reviews(load_reviews("rotten_tomatoes"))
    to_ids = TextVectorization(max_tokens=10_000, output_sequence_length=60)
    to_ids.adapt(train.texts)
    encoded = ((np.asarray(to_ids(part.texts)), part.labels) for part in (train, test))
    return next(encoded), next(encoded), to_ids


@cache
def _given_vectors(step: int = 8) -> NDArray[np.float64]:
    """Find the vectors that tell best which words stand in a review, by linear algebra."""
    words = _sentences()[-1].get_vocabulary()
    to_ids = TextVectorization(vocabulary=words[2:], output_sequence_length=300)
    present = [np.unique(row) for row in np.asarray(to_ids(load_reviews("imdb").texts[::step]))]
    ids = np.concatenate(present)
    rows = np.repeat(np.arange(len(present)), [len(row) for row in present])
    known = ids > 1  # neither padding nor unknown
    shape = (len(present), len(words))
    counts = csr_matrix((np.ones(known.sum()), (rows[known], ids[known])), shape=shape)
    rarity = np.log(len(present) / (1 + np.asarray(counts.sum(axis=0)).ravel()))
    weighted = counts.multiply(rarity).tocsr()
    _, _, axes = svds(weighted, k=D, v0=np.ones(min(shape)))
    length = np.linalg.norm(axes.T, axis=1, keepdims=True)
    return np.asarray(3 * axes.T / np.maximum(length, 1e-3), dtype=np.float64)


def _accuracy(count: int, vectors: NDArray[np.float64] | None) -> float:
    """Train on so many sentences; return the share of the test sentences it gets right."""
    (x, y), test, to_ids = _sentences()
    own = vectors is None
    words = len(to_ids.get_vocabulary())
    layer = Embedding(words, D, mask_zero=True, weights=vectors, trainable=own)
    unit = Dense(1, activation="sigmoid")
    model = Sequential([layer, GlobalAveragePooling1D(), unit], seed=0)
    # One learning rate for both; at 0.003, 0.03 and 0.1 the better side is the same.
    model.compile(Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    epochs = 30 if count < 1000 else 3
    model.fit(x[:count], y[:count], epochs=epochs, verbose=0)
    return float(model.evaluate(*test, return_dict=True)["accuracy"])

"""Skip-gram with negative sampling on real reviews: ours beside gensim's."""

from functools import cache
from time import perf_counter

import numpy as np
import pytest
from gensim.models import Word2Vec

from embedding_core.datasets import load_reviews
from embedding_core.relatives.negative_sampling import NegativeSampling
from embedding_core.relatives.word2vec import Skipgram
from embedding_core.text import TextVectorization

WORDS, WIDTH, WINDOW, NEGATIVES = 10_000, 100, 5, 5


@cache
def texts():
    """Turn every twentieth review into ids, without the unknown words."""
    to_ids = TextVectorization(max_tokens=WORDS, ragged=True)
    return [ids[ids > 1] for ids in to_ids.adapt_and_call(load_reviews("imdb").texts[::20])]


def ours():
    """Train for one epoch with our tables."""
    model = Skipgram(WORDS, WIDTH, WINDOW, NEGATIVES, seed=0)
    model.fit(texts(), epochs=1)


@cache
def sentences():
    """Write the ids as gensim reads them."""
    return [[str(word) for word in ids.tolist()] for ids in texts()]


def gensim():
    """Train for one epoch with gensim, on one core."""
    Word2Vec(
        sentences(),
        sg=1,
        vector_size=WIDTH,
        window=WINDOW,
        negative=NEGATIVES,
        min_count=1,
        epochs=1,
        workers=1,
        seed=0,
    )


@cache
def pairs():
    """Count the pairs of an epoch; gensim, which draws by the same rules, sees about as many."""
    sizes = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            NegativeSampling, "step", lambda _, first, *rest: sizes.append(first.size) or 0.0
        )
        ours()
    return sum(sizes)


@pytest.mark.parametrize(("way", "train"), [("gensim", gensim), ("ours", ours)])
def bench_skipgram(race, way, train):
    texts(), sentences()
    seconds = []

    def epoch():
        start = perf_counter()
        train()
        seconds.append(perf_counter() - start)

    entry = race("skip-gram, per pair", way, epoch, f"D={WIDTH}", rounds=1, per=pairs())
    entry["pairs a second"] = pairs() / float(np.median(seconds[1:]))

"""The strong judge of reviews, from the file to the accuracy, beside Keras's `fit` on words alone.

Each round of ours takes another split, so that its spread is that of the splits as well.
"""

from functools import cache
from itertools import cycle

import numpy as np
import pytest

from embedding_core.datasets import load_reviews, split_reviews
from embedding_core.keras_bridge import to_keras
from embedding_core.lessons.sentiment import mean_of_embeddings, train_judge
from embedding_core.text import Ngrams, TextVectorization

WORDS, LENGTH, SPLITS = 20_000, 400, (0, 1, 2, 3)
WORK = "a judge of IMDB reviews"


def judge_of(split):
    """Read, split, cut up, hash, count, train and measure; return the accuracy."""
    train, validation, test = split_reviews(load_reviews("imdb"), split)
    labels = np.concatenate([train.labels, validation.labels])
    judge = train_judge(train.texts + validation.texts, labels)
    return judge.accuracy(test.texts, test.labels)


def bench_words_and_pairs(race):
    reached, splits = {}, cycle(SPLITS)

    def one():
        split = next(splits)
        reached[split] = judge_of(split)

    # With the round that warms up, each turn sees all splits.
    entry = race(WORK, "ours, pairs, from the file", one, rounds=len(SPLITS) - 1)
    entry |= {f"accuracy, split {split}": accuracy for split, accuracy in reached.items()}


@cache
def words_as_ids():
    """Turn the words of split 0 into padded rows: not timed."""
    train, validation, test = split_reviews(load_reviews("imdb"), 0)
    vectorize = TextVectorization(max_tokens=WORDS, output_sequence_length=LENGTH)
    x = vectorize.adapt_and_call(train.texts + validation.texts)
    y = np.concatenate([train.labels, validation.labels])
    return (x, y), (vectorize(test.texts), test.labels)


@pytest.mark.parametrize("way", ["Keras, words, fit alone", "ours, words, fit alone"])
def bench_words(race, way):
    (x, y), held_out = words_as_ids()
    measured = []

    def one():
        model = mean_of_embeddings(WORDS, learning_rate=0.006, seed=0)
        model.build((1, LENGTH))
        if way.startswith("Keras"):
            model = to_keras(model)
        model.fit(x, y, batch_size=64, epochs=3, verbose=0)
        measured.append(model)

    entry = race(WORK, way, one, rounds=1)
    silent = {"verbose": 0} if way.startswith("Keras") else {}
    entry["accuracy"] = measured[-1].evaluate(*held_out, return_dict=True, **silent)["accuracy"]


@cache
def texts():
    """Read the reviews: not timed."""
    return load_reviews("imdb").texts


def bench_ngrams(race):
    race(
        "texts to words and pairs, IMDB", "ours", lambda: Ngrams().adapt_and_call(texts()), rounds=2
    )

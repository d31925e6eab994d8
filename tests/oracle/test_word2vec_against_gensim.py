"""The relatives against gensim, on real reviews: the same neighbours, and as good texts."""

import zlib
from functools import cache

import numpy as np
import pytest
from gensim.models import Word2Vec
from gensim.models.doc2vec import Doc2Vec, TaggedDocument
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from embedding_core.datasets import load_reviews, split_reviews
from embedding_core.relatives.paragraph_vectors import ParagraphVectors
from embedding_core.relatives.word2vec import Skipgram
from embedding_core.text import TextVectorization

D, WINDOW, NEGATIVES, SUBSAMPLE = 50, 5, 5, 1e-3
SAME = {
    "vector_size": D,
    "negative": NEGATIVES,
    "sample": SUBSAMPLE,
    "hs": 0,
    "min_count": 1,
    "workers": 1,
    # Python's own hash of a text differs from process to process.
    "hashfxn": lambda text: zlib.crc32(text.encode()),
}


def encoded(texts, *others, least=3):
    """Turn texts into ids, without the words that occur too rarely in the first lot."""
    to_ids = TextVectorization(ragged=True)
    learned = to_ids.adapt_and_call(texts)
    size = int(np.flatnonzero(np.bincount(np.concatenate(learned)) >= least).max()) + 1
    lots = [learned, *(to_ids(other) for other in others)]
    return size, [[ids[(ids > 1) & (ids < size)] for ids in lot] for lot in lots]


def as_words(text):
    """Write ids as gensim reads them."""
    return [str(word) for word in text.tolist()]


# Words


@cache
def reviews():
    return encoded(load_reviews("imdb").texts[::20], least=5)


@cache
def gensim_words(seed):
    size, (texts,) = reviews()
    model = Word2Vec(
        [as_words(text) for text in texts], window=WINDOW, sg=1, epochs=3, seed=seed, **SAME
    )
    return np.array([model.wv[str(word)] for word in range(2, size)])


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def overlap(one, other, count=500, near=10):
    """Of the ten nearest neighbours of the commonest words, the share that is the same."""
    nearest = []
    for vectors in (unit(one), unit(other)):
        likeness = vectors[:count] @ vectors.T
        np.fill_diagonal(likeness, -np.inf)
        nearest.append(np.argpartition(-likeness, near, axis=1)[:, :near])
    return np.mean([np.isin(*rows).mean() for rows in zip(*nearest, strict=True)])


def test_words_have_the_neighbours_that_gensim_gives_them():
    size, (texts,) = reviews()
    model = Skipgram(size, D, WINDOW, NEGATIVES, SUBSAMPLE, seed=0)
    model.fit(texts, epochs=3)
    ours, (one, other) = model.vectors[2:], (gensim_words(seed) for seed in (1, 2))
    between_seeds = overlap(one, other)
    assert between_seeds > 0.3  # or there would be nothing to agree with
    assert (overlap(ours, one) + overlap(ours, other)) / 2 >= 0.8 * between_seeds


# Texts

EPOCHS, COUNT, UNSEEN = 20, 1500, 600


@cache
def halves():
    """Split 1,500 reviews in the middle; 600 others stay whole and are not learned from."""
    train, _, test = split_reviews(load_reviews("imdb"), fractions=(0.8, 0, 0.2))
    train, test = train.take(np.arange(COUNT)), test.take(np.arange(UNSEEN))
    size, (whole, unseen) = encoded(train.texts, test.texts)
    split = [half for text in whole for half in np.split(text, [len(text) // 2])]
    return size, split, unseen, train.labels, test.labels


@cache
def our_texts():
    size, split, unseen, *_ = halves()
    model = ParagraphVectors(size, D, NEGATIVES, SUBSAMPLE, seed=0)
    model.fit(split, epochs=EPOCHS)
    return unit(model.vectors), unit(model.infer(unseen, epochs=EPOCHS))


@cache
def gensim_texts():
    _, split, unseen, *_ = halves()
    tagged = [TaggedDocument(as_words(text), [place]) for place, text in enumerate(split)]
    model = Doc2Vec(tagged, dm=0, epochs=EPOCHS, seed=1, **SAME)
    learned = np.array([model.dv[place] for place in range(len(split))])
    return unit(learned), unit(np.array([model.infer_vector(as_words(text)) for text in unseen]))


def found_again(vectors):
    """Return the share of halves that have their other half among their ten nearest."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    partner = likeness[np.arange(len(vectors)), np.arange(len(vectors)) ^ 1]
    return np.mean((likeness > partner[:, None]).sum(axis=1) < 10)


def sentiment(vectors):
    """Judge whole reviews, held out in turn, by the sum of their halves' vectors."""
    labels = halves()[3]
    whole = unit(vectors[::2] + vectors[1::2])
    return cross_val_score(LogisticRegression(max_iter=1000), whole, labels, cv=5).mean()


def sentiment_of_the_unseen(vectors, inferred):
    *_, labels, unseen_labels = halves()
    judge = LogisticRegression(max_iter=1000).fit(vectors, np.repeat(labels, 2))
    return judge.score(inferred, unseen_labels)


def test_the_other_half_of_a_text_is_found_as_often_as_by_gensim():
    ours, theirs = found_again(our_texts()[0]), found_again(gensim_texts()[0])
    assert theirs > 0.05  # by chance: 0.003
    assert ours >= 0.9 * theirs


@pytest.mark.parametrize(
    "accuracy",
    [lambda texts: sentiment(texts[0]), lambda texts: sentiment_of_the_unseen(*texts)],
    ids=["learned", "inferred"],
)
def test_the_vectors_tell_opinions_as_well_as_gensims(accuracy):
    theirs = accuracy(gensim_texts())
    assert theirs > 0.7
    assert accuracy(our_texts()) >= theirs - 0.02

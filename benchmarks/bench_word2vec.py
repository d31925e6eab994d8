"""Skip-gram and paragraph vectors on real reviews: ours, an earlier checkout's, and gensim's.

Each way has a process of its own and one thread. `make bench BASE=../before` takes the package of
another checkout along. The rounds have different seeds, and what they reach is reported beside
their time: of words the ten nearest neighbours shared with gensim, beside those that gensim
shares with itself under another seed; of texts, which are halves of reviews, how often the other
half is among the ten nearest; of both the loss of pairs with negatives that nobody has trained on.
"""

import os
from functools import cache

import numpy as np
import pytest
from conftest import TURNS
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from trainings import EPOCHS, NEGATIVES, SUBSAMPLE, WIDTH, WINDOW, WORDS, Training, texts_of

from embedding_core.datasets import load_reviews
from embedding_core.relatives.negative_sampling import POWER
from embedding_core.relatives.neighbours import nearest, shared, unit_rows
from embedding_core.relatives.pairs import joined, kept_share, neighbours

PEERS = {"words": "skip-gram, per pair", "texts": "paragraph vectors, per pair"}
WAYS = ["gensim", "ours", *(["before"] if os.environ.get("BASE") else [])]
REACHED, SECONDS = {}, {}  # by task and way: files of tables, processor time of a pair


@pytest.fixture(scope="module")
def trainings():
    """Hold a process for each task and way that was asked for, until the file is done."""
    running = {}

    def training(task, way):
        if (task, way) not in running:
            checkout = {"checkout": os.environ["BASE"]} if way == "before" else {}
            running[task, way] = Training(task, way.replace("before", "ours"), **checkout)
        return running[task, way]

    yield training
    for each in running.values():
        each.close()


@cache
def corpus(task):
    """Return the texts, and the words' counts."""
    texts = texts_of(task)
    return texts, np.bincount(np.concatenate(texts), minlength=WORDS)


@cache
def pairs(task):
    """Draw the pairs of an epoch, by the rules that all ways have in common."""
    texts, counts = corpus(task)
    rng = np.random.default_rng(0)
    ids, text = joined(texts, WORDS, ())
    here = rng.random(ids.size) < kept_share(counts, SUBSAMPLE)[ids]
    ids, text = ids[here], text[here]
    if task == "texts":
        return text, ids
    at, near = neighbours(text, rng.integers(1, WINDOW + 1, ids.size), 0, ids.size)
    return ids[at], ids[near]


def loss(task, tables):
    """Return the mean loss of 20,000 pairs, with negatives drawn anew, the same for all ways."""
    rng = np.random.default_rng(1)
    first, second = pairs(task)
    some = rng.integers(0, first.size, 20_000)
    first, second = first[some], second[some]
    share = corpus(task)[1] ** POWER
    drawn = rng.choice(WORDS, (some.size, NEGATIVES), p=share / share.sum())
    rows, outputs = tables["inputs"][first], tables["outputs"]
    true = np.einsum("nd,nd->n", rows, outputs[second])
    false = np.einsum("nd,nkd->nk", rows, outputs[drawn])
    false[drawn == second[:, None]] = -np.inf  # the true one is no negative
    return float((np.logaddexp(0, -true) + np.logaddexp(0, false).sum(axis=1)).mean())


def neighbours_of(tables):
    """Find the ten nearest of the 500 commonest words, among the words that occur."""
    occurring = np.flatnonzero(corpus("words")[1])
    return nearest(tables["inputs"][occurring], np.arange(500), 10)


def found_again(tables):
    """Return the share of halves that have their other half among their ten nearest."""
    at = np.arange(len(tables["inputs"]))
    return float((nearest(tables["inputs"], at, 10) == (at ^ 1)[:, None]).any(axis=1).mean())


def accuracy(tables):
    """Judge whole reviews, held out in turn, by the sum of their halves' vectors."""
    vectors = unit_rows(tables["inputs"])
    labels = load_reviews("imdb").labels[::20]
    judge = LogisticRegression(max_iter=1000)
    return float(cross_val_score(judge, vectors[::2] + vectors[1::2], labels, cv=5).mean())


def quality(task, way):
    """Say what the rounds of a way reached, as means over the seeds."""
    reached = {name: [np.load(path) for path in REACHED[task, name]] for name in ("gensim", way)}
    report = {"loss of a pair": np.mean([loss(task, tables) for tables in reached[way]])}
    if task == "texts":
        report["other half found"] = np.mean([found_again(tables) for tables in reached[way]])
        report["accuracy"] = np.mean([accuracy(tables) for tables in reached[way]])
        return report
    near = {name: [neighbours_of(tables) for tables in some] for name, some in reached.items()}
    others = [
        (one, other)
        for at, one in enumerate(near[way])
        for with_, other in enumerate(near["gensim"])
        if way != "gensim" or at < with_
    ]
    report["neighbours shared with gensim"] = np.mean([shared(*two).mean() for two in others])
    return report


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("task", list(PEERS))
def bench_vectors(race, trainings, tmp_path, turn, task, way):
    train, per = trainings(task, way), pairs(task)[0].size * EPOCHS[task]
    path = tmp_path / "tables.npz"
    entry = race(PEERS[task], way, lambda: train(turn, path), f"D={WIDTH}", rounds=1, per=per)
    REACHED.setdefault((task, way), []).append(path)
    SECONDS.setdefault((task, way), []).append(train.seconds["processor"] / per)
    low, middle, high = 1e6 * np.quantile(SECONDS[task, way], [0.25, 0.5, 0.75])
    entry["processor, µs a pair, low"] = low
    entry["processor, µs a pair, median"] = middle
    entry["processor, µs a pair, high"] = high
    if turn == TURNS - 1:
        entry |= quality(task, way)

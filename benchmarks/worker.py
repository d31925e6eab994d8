"""One way of one work of `beside`: `worker.py WORK WAY` works at each line it reads.

It imports `embedding_core` from wherever PYTHONPATH leads, an older commit too.
"""

import json
import re
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from apart import clocked

from embedding_core import (
    SGD,
    Adagrad,
    Adam,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    Sequential,
)

WORDS, LENGTH, TRAIN = 20_000, 256, 20_000
ROWS, WIDTH, BATCH, STEPS = 50_000, 64, 4096, 10


def moved(*places):
    """Import a module from the first of the places where it is, or was."""
    for place in places:
        try:
            return import_module(f"embedding_core.{place}")
        except ImportError:
            continue
    raise ImportError(f"embedding_core has none of {places}")


def epoch(way):
    """Go through chapter 10's reviews once, in batches of 32."""
    from embedding_core.datasets import load_reviews
    from embedding_core.keras_bridge import to_keras
    from embedding_core.text import TextVectorization

    reviews = load_reviews("imdb")
    order = np.random.default_rng(0).permutation(len(reviews))[:TRAIN]
    vectorize = TextVectorization(max_tokens=WORDS, output_sequence_length=LENGTH)
    texts = [reviews.texts[i] for i in order]
    vectorize.adapt(texts)
    x, y = vectorize(texts), reviews.labels[order]
    table = Embedding(WORDS, 16, mask_zero=True)
    model = Sequential([table, GlobalAveragePooling1D(), Dense(1, "sigmoid")], seed=0)
    model.compile(Adam(), "binary_crossentropy", ["accuracy"])
    model.build((None, LENGTH))
    model = to_keras(model) if way == "Keras" else model
    return lambda: {"loss": model.fit(x, y, batch_size=32, verbose=0).history["loss"][0]}


def strong(way):
    """Go from the file of reviews to the accuracy of the strong judge, on another split a turn."""
    from embedding_core.datasets import load_reviews, split_reviews

    train_judge = moved("lessons.sentiment", "sentiment").train_judge
    splits, reached = iter(range(1000)), []

    def once():
        train, validation, test = split_reviews(load_reviews("imdb"), next(splits))
        labels = np.concatenate([train.labels, validation.labels])
        judge = judge_by_fasttext if way == "fastText" else train_judge
        judge = judge(train.texts + validation.texts, labels)
        reached.append(judge.accuracy(test.texts, test.labels))
        return {"mean accuracy": float(np.mean(reached))}

    return once


class judge_by_fasttext:  # noqa: N801
    """fastText's classifier with pairs of words (Joulin et al. 2017), on one thread."""

    def __init__(self, texts, labels):
        import fasttext

        with TemporaryDirectory() as folder:
            lines = [f"__label__{y} {plain(text)}\n" for text, y in zip(texts, labels, strict=True)]
            path = Path(folder) / "train.txt"
            path.write_text("".join(lines), "utf-8")
            # As in the paper, for sentiment: ten numbers a word, pairs, five epochs.
            self.model = fasttext.train_supervised(
                str(path), dim=10, epoch=5, lr=0.25, wordNgrams=2, minCount=2, thread=1, verbose=0
            )

    def accuracy(self, texts, labels):
        """Measure how often the more likely answer is the right one."""
        said, _ = self.model.predict([plain(text) for text in texts])
        right = [f"__label__{label}" for label in labels]
        return float(np.mean(np.array(said)[:, 0] == right))


def plain(text):
    """Write a text in words and spaces, which is how fastText cuts."""
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def steps(where, optimizer):
    """Make ten steps on 4,096 rows of a table in memory or on disk."""
    disk = moved("scale.disk", "disk")
    trainer = {"SGD": SGD, "Adagrad": Adagrad}[optimizer](0.1)
    if where == "memory":
        layer = Embedding(ROWS, WIDTH)
    else:
        steps.folder = TemporaryDirectory()  # gone when the process ends
        layout = disk.Layout(ROWS, WIDTH, slots=tuple(trainer.first_slots()))
        table = disk.DiskTable.create(Path(steps.folder.name) / "table", layout)
        table.touch(np.arange(ROWS))
        layer = disk.DiskEmbedding(table)
    rng = np.random.default_rng(1)

    def once():
        for ids in rng.integers(0, ROWS, (STEPS, BATCH)):
            gradient = layer.backward(np.ones((BATCH, WIDTH), "float32") + 0 * layer(ids))
            trainer.apply([gradient], layer.trainable_weights)
            layer.embeddings.gradient = None
        return {}

    return once


def main(work, way):
    """Warm up, then work whenever a line comes in, and say how long it took."""
    once = (
        {"epoch": epoch, "strong": strong}[work](way) if " " not in work else steps(*work.split())
    )
    once()
    for _ in sys.stdin:
        notes, seconds = clocked(once)
        print(json.dumps(seconds | notes), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

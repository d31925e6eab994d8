"""Trains words' or texts' vectors, ours or gensim's, in a process of its own and on one thread.

`Training` starts this file with the package of a checkout and asks for a training at a time. Only
the training is timed: reading and writing are not.
"""

import json
import sys
import zlib

import numpy as np
from apart import HERE, Process, clocked

WORDS, WIDTH, WINDOW, NEGATIVES, SUBSAMPLE = 10_000, 100, 5, 5, 1e-3
EPOCHS = {"words": 3, "texts": 10}
GENSIM = {
    "vector_size": WIDTH,
    "negative": NEGATIVES,
    "sample": SUBSAMPLE,
    "min_count": 1,
    "workers": 1,
    # Python's own hash of a text differs from process to process.
    "hashfxn": lambda text: zlib.crc32(text.encode()),
}


class Training(Process):
    """A process that trains when it is asked to.

    Parameters
    ----------
    task
        "words" or "texts".
    way
        "ours" or "gensim".
    checkout
        A folder with the package; by default that of this file.
    """

    def __init__(self, task, way, checkout=HERE):
        super().__init__("trainings.py", task, way, checkout=checkout)
        self.answer()  # that it has read its texts

    def __call__(self, seed, path):
        """Train, and leave the tables in `path`; `seconds` says what it took."""
        self.seconds = self.ask(f"{seed} {path}")


def texts_of(task):
    """Turn reviews into ids, without the unknown words; "texts" are halves of reviews."""
    from embedding_core.datasets import load_reviews
    from embedding_core.text import TextVectorization

    to_ids = TextVectorization(max_tokens=WORDS, ragged=True)
    texts = [ids[ids > 1] for ids in to_ids.adapt_and_call(load_reviews("imdb").texts[::20])]
    if task == "words":
        return texts
    return [half for text in texts for half in np.split(text, [text.size // 2])]


def ours(task, texts, seed):
    """Train with our tables; return the vectors and the words' outputs."""
    if task == "words":
        from embedding_core.relatives.word2vec import Skipgram

        words = Skipgram(WORDS, WIDTH, WINDOW, NEGATIVES, SUBSAMPLE, seed=seed)
        words.fit(texts, EPOCHS[task])
        return words.vectors, words.contexts.embeddings.value
    from embedding_core.relatives.paragraph_vectors import ParagraphVectors

    model = ParagraphVectors(WORDS, WIDTH, NEGATIVES, SUBSAMPLE, seed=seed)
    model.fit(texts, EPOCHS[task])
    return model.vectors, model.words.embeddings.value


def gensim(task, texts, seed):
    """Train with gensim and its compiled loop; `texts` as it reads them."""
    from gensim.models import Doc2Vec, Word2Vec
    from gensim.models.word2vec import FAST_VERSION

    assert FAST_VERSION >= 0, "gensim runs without its compiled loop"
    if task == "words":
        model = Word2Vec(texts, sg=1, window=WINDOW, epochs=EPOCHS[task], seed=seed, **GENSIM)
        inputs = model.wv
    else:
        model = Doc2Vec(texts, dm=0, epochs=EPOCHS[task], seed=seed, **GENSIM)
        inputs = model.dv
    places = {int(word): at for word, at in model.wv.key_to_index.items()}
    outputs = np.zeros((WORDS, WIDTH), "float32")
    outputs[list(places)] = model.syn1neg[list(places.values())]
    if task == "texts":
        return inputs.vectors, outputs
    vectors = np.zeros_like(outputs)
    vectors[list(places)] = inputs.vectors[list(places.values())]
    return vectors, outputs


def as_gensim_reads(task, texts):
    """Write ids as words, and number the texts."""
    from gensim.models.doc2vec import TaggedDocument

    words = [[str(word) for word in ids.tolist()] for ids in texts]
    return words if task == "words" else [TaggedDocument(w, [at]) for at, w in enumerate(words)]


def main(task, way):
    """Read the texts, then train whenever a line with a seed and a path comes in."""
    texts = texts_of(task)
    given = as_gensim_reads(task, texts) if way == "gensim" else texts
    train = {"ours": ours, "gensim": gensim}[way]
    print(json.dumps({"texts": len(texts)}), flush=True)
    for line in sys.stdin:
        seed, path = line.split(maxsplit=1)
        tables, seconds = clocked(train, task, given, int(seed))
        np.savez(path.rstrip("\n"), inputs=tables[0], outputs=tables[1])
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

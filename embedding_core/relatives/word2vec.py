"""Word vectors from unlabelled text: skip-gram with negative sampling.

Mikolov et al. (2013): a word's vector should tell which words stand near it. Each word of the
text is paired with its neighbours, up to a distance that is drawn anew each time, so that near
words count more; very frequent words are left out at random; the learning rate falls in a
straight line. The tables are two of the package's own `Embedding` layers.

Differences from gensim: steps are made for many pairs at a time, and the pairs of a stretch of
text come in random order.
"""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from embedding_core._types import Floats, Ids
from embedding_core.ids import check_ids
from embedding_core.layers import Embedding
from embedding_core.layers.layer import positive_int
from embedding_core.optimizers.arguments import not_negative
from embedding_core.relatives.negative_sampling import NegativeSampling, Stretch

# Words whose pairs are made, and put in random order, at a time.
_STRETCH = 50_000


class Skipgram:
    """Skip-gram with negative sampling: word2vec.

    Parameters
    ----------
    vocabulary_size
        Number of ids V.
    output_dim
        Length D of the vectors.
    window
        The largest distance of two words that are neighbours.
    negatives
        Invented neighbours for each true one.
    subsample
        A word whose share of the text exceeds this is left out now and then; 0 keeps all.
    learning_rate
        Of the first step; it falls to a 250th.
    batch_size
        Pairs for each step.
    seed
        Decides the first values and everything that is drawn.

    Attributes
    ----------
    words
        The layer with the vectors that one is after, shape (V, D).
    contexts
        The layer with a second vector for each id, for its rôle as a neighbour.

    Raises
    ------
    TypeError, ValueError
        A size that is not a positive integer, or a negative number.
    """

    def __init__(
        self,
        vocabulary_size: int,
        output_dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-3,
        learning_rate: float = 0.025,
        batch_size: int = 1024,
        seed: int | None = None,
    ) -> None:
        self.window = positive_int("window", window)
        self.negatives = positive_int("negatives", negatives)
        self.subsample = not_negative("subsample", subsample)
        self.learning_rate = not_negative("learning_rate", learning_rate)
        self.batch_size = positive_int("batch_size", batch_size)
        self._rng = np.random.default_rng(seed)
        self.words = Embedding(vocabulary_size, output_dim, name="words")
        self.contexts = Embedding(vocabulary_size, output_dim, "zeros", name="contexts")
        self.words.build()
        self.contexts.build()
        first = self._rng.uniform(-0.5, 0.5, (vocabulary_size, output_dim)) / output_dim
        self.words.set_weights([first])

    @property
    def vectors(self) -> Floats:
        """The words' vectors, shape (V, D), read-only."""
        return self.words.embeddings.value

    def fit(
        self, texts: Sequence[ArrayLike], epochs: int = 5, skip: Collection[int] = ()
    ) -> list[float]:
        """Train on texts.

        Parameters
        ----------
        texts
            Each a sequence of ids in [0, V); neighbours are words of one text. A padded array
            will do: see `skip`.
        epochs
            How often the texts are read.
        skip
            Ids that are taken out of the texts first, such as 0 and 1, which padding and
            unknown words have after `text.TextVectorization`.

        Returns
        -------
        list of float
            The mean loss of a pair, for each epoch.

        Raises
        ------
        IndexError, TypeError
            As `ids.check_ids`.
        ValueError
            No text holds two words, all words are the same, or all were left out. Nothing is
            changed.
        """
        ids, text = joined(texts, self.words.input_dim, skip)
        if not (text[1:] == text[:-1]).any():
            raise ValueError(
                f"no text holds two words that could be neighbours: received {len(texts)} "
                f"text(s) with {ids.size} word(s) in all. Give longer texts."
            )
        counts = np.bincount(ids, minlength=self.words.input_dim)
        task = NegativeSampling(self.words, self.contexts, counts, self.negatives, self._rng)
        kept = kept_share(counts, self.subsample)[ids]

        def read() -> Iterator[Stretch]:
            here = self._rng.random(ids.size) < kept
            return self._stretches(ids[here], text[here], ids.size)

        return task.train(
            read, ids.size, positive_int("epochs", epochs), self.learning_rate, self.batch_size
        )

    def _stretches(self, ids: Ids, text: Ids, words: int) -> Iterator[Stretch]:
        """Pair the words that were kept with their neighbours, some stretches one by one."""
        reach = self._rng.integers(1, self.window + 1, ids.size)
        pieces = max(1, -(-ids.size // _STRETCH))
        for piece in range(pieces):
            start, stop = (ids.size * at // pieces for at in (piece, piece + 1))
            at, near = neighbours(text, reach, start, stop)
            done = words * (piece + 1) // pieces - words * piece // pieces
            yield ids[at], ids[near], done


def joined(texts: Sequence[ArrayLike], num_rows: int, skip: Collection[int]) -> tuple[Ids, Ids]:
    """Write texts end to end, without the ids in `skip`.

    Parameters
    ----------
    texts
        Each a sequence of ids in [0, num_rows).
    num_rows
        Number of ids V.
    skip
        Ids to take out.

    Returns
    -------
    ids, text
        Shape (n,): the words of all texts, and the number of the text that each stands in.

    Raises
    ------
    IndexError, TypeError
        As `ids.check_ids`.
    ValueError
        A text that is no sequence of ids.
    """
    rows = [check_ids(text, num_rows) for text in texts]
    for place, row in enumerate(rows):
        if row.ndim != 1:
            raise ValueError(
                f"each text must be a sequence of ids: text {place} has shape {row.shape}. "
                "Give a list of lists, even for a single text."
            )
    ids = np.concatenate([*rows, np.empty(0, np.intp)])
    text = np.repeat(np.arange(len(rows)), [row.size for row in rows])
    kept = ~np.isin(ids, list(skip))
    return ids[kept], text[kept]


def kept_share(counts: Ids, subsample: float) -> Floats:
    """Return the chance of each id to stay in the text.

    Parameters
    ----------
    counts
        Shape (V,): how often each id occurs.
    subsample
        The share t of the text from which on an id is thinned out; 0 keeps all.

    Returns
    -------
    numpy.ndarray
        Shape (V,): √(t / f) + t / f for an id whose share is f, at most 1. This is the rule of
        the word2vec program; the paper's has the first term alone and another sense of t.
    """
    if not subsample:
        return np.ones(counts.size)
    rarity = subsample * counts.sum() / np.maximum(counts, 1)
    return np.minimum(np.sqrt(rarity) + rarity, 1.0)


def neighbours(text: Ids, reach: Ids, start: int, stop: int) -> tuple[Ids, Ids]:
    """Find all pairs of places that are neighbours.

    Parameters
    ----------
    text
        Shape (n,): the number of the text that each place belongs to, ascending.
    reach
        Shape (n,): how far a place looks to either side.
    start, stop
        The places in [start, stop) look; those beyond may be seen.

    Returns
    -------
    at, near
        Places that look and places that they see, each pair once.
    """
    looking = np.arange(start, stop)
    found = []
    for distance in range(1, int(reach[start:stop].max(initial=0)) + 1):
        far = looking[reach[start:stop] >= distance]
        for step in (-distance, distance):
            at = far[(far + step >= 0) & (far + step < text.size)]
            at = at[text[at] == text[at + step]]
            found.append((at, at + step))
    none = looking[:0]
    return (
        np.concatenate([none, *(at for at, _ in found)]),
        np.concatenate([none, *(near for _, near in found)]),
    )

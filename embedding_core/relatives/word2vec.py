"""Word vectors from unlabelled text: skip-gram with negative sampling.

Mikolov et al. (2013): a word's vector should tell which words stand near it. Each word of the
text is paired with its neighbours, up to a distance that is drawn anew each time, so that near
words count more; very frequent words are left out at random; the learning rate falls in a
straight line. The tables are two of the package's own `Embedding` layers.

Differences from gensim: steps are made for many pairs at a time, pairs that follow one another
share their negatives (see `negative_sampling`), and the groups of a stretch of text come in random
order.
"""

from collections.abc import Collection, Iterator
from functools import partial

import numpy as np

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.checks import (
    as_list,
    as_seed,
    not_negative,
    positive_int,
    shown,
    undrawn,
)
from embedding_core.relatives.groups import windows
from embedding_core.relatives.negative_sampling import (
    NegativeSampling,
    Stretch,
    checked_losses,
    two_tables,
)
from embedding_core.relatives.pairs import (
    Texts,
    joined,
    kept_share,
    refuse_one_word,
    stretches,
)


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
        Pairs for each step, at most; by default 3072, or fewer where a text has few different
        words, so that the summed steps of a row do not overshoot.
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
        A size that is not a positive integer, a negative number, or what is none.
    MemoryError
        There is no room for the tables.
    """

    def __init__(
        self,
        vocabulary_size: int,
        output_dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-3,
        learning_rate: float = 0.025,
        batch_size: int | None = None,
        seed: int | None = None,
    ) -> None:
        vocabulary_size = positive_int("vocabulary_size", vocabulary_size)
        self.window = positive_int("window", window)
        self.negatives = positive_int("negatives", negatives)
        self.subsample = not_negative("subsample", subsample)
        self.learning_rate = not_negative("learning_rate", learning_rate)
        self.batch_size = None if batch_size is None else positive_int("batch_size", batch_size)
        self._rng = np.random.default_rng(as_seed(seed))
        self.words, self.contexts = two_tables(
            ("words", vocabulary_size),
            ("contexts", vocabulary_size),
            positive_int("output_dim", output_dim),
            self._rng,
        )

    @property
    def vectors(self) -> Floats:
        """The words' vectors, shape (V, D), read-only."""
        return self.words.embeddings.value

    def fit(self, texts: Texts, epochs: int = 5, skip: Collection[int] = ()) -> list[float]:
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
            The mean loss of a pair, for each epoch. NaN stands for an epoch in which
            `subsample` left no pair, so that nothing was learned.

        Raises
        ------
        IndexError, TypeError
            As `ids.check_ids`.
        ValueError
            No text holds two words, all words are the same, or `subsample` left no pair. Nothing
            is changed.
        """
        epochs = positive_int("epochs", epochs)
        texts = as_list("texts", texts, "sequences of ids")
        ids, text = joined(texts, self.words.input_dim, skip)
        if not (text[1:] == text[:-1]).any():
            raise ValueError(
                f"no text holds two words that could be neighbours: received {len(texts)} "
                f"text(s) with {ids.size} word(s) in all, {shown(texts)}. Give longer texts."
            )
        refuse_one_word(ids, texts)
        counts = np.bincount(ids, minlength=self.words.input_dim)
        task = NegativeSampling(self.words, self.contexts, counts, self.negatives, self._rng)
        kept = kept_share(counts, self.subsample)[ids]

        def read() -> Iterator[Stretch]:
            here = self._rng.random(ids.size) < kept
            return self._stretches(ids[here], text[here], ids.size)

        with undrawn(self._rng):
            losses = task.train(read, ids.size, epochs, self.learning_rate, self.batch_size)
            return checked_losses(losses)

    def _stretches(self, ids: Ids, text: Ids, words: int) -> Iterator[Stretch]:
        """Pair the words that were kept with their neighbours, stretch by stretch."""
        reach = self._rng.integers(1, self.window + 1, ids.size)
        for start, stop, length in stretches(ids.size, words):
            here = ids[start:stop]
            yield here, here, partial(windows, ids, text, reach, start, stop), length

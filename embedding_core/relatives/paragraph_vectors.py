"""A vector for each text, learned by guessing the words of the text: paragraph vectors.

Le and Mikolov (2014), the variant they call PV-DBOW: a text is one more id. Its row has to tell
the words that stand in the text from words drawn by chance, as in `word2vec` a word's row has to
tell its neighbours; the order of the words plays no part. A text that was not there has no row:
`infer` makes one and trains it, and leaves the words as they are.

Differences from gensim's `Doc2Vec(dm=0)`: those of `word2vec`; an inferred vector begins at zero,
and asking twice gives the same one; the first step is 0.03 long where gensim's is 0.025. What a
text holds comes in random order here, from which an epoch learns a little less than from the words
in a row, and the longer step makes up for it.
"""

from collections.abc import Collection, Iterator
from functools import partial

import numpy as np

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.checks import as_list, as_seed, not_negative, positive_int, undrawn
from embedding_core.layers import Embedding
from embedding_core.relatives.groups import of_texts, runs
from embedding_core.relatives.negative_sampling import (
    NegativeSampling,
    Stretch,
    checked_losses,
    two_tables,
)
from embedding_core.relatives.pairs import Texts, joined, kept_share, refuse_one_word, stretches


class ParagraphVectors:
    """Paragraph vectors, distributed bag of words (PV-DBOW), with negative sampling.

    Parameters
    ----------
    vocabulary_size
        Number of word ids V.
    output_dim
        Length D of the vectors.
    negatives
        Invented words for each true one.
    subsample
        A word whose share of the texts exceeds this is left out now and then; 0 keeps all.
    learning_rate
        Of the first step; it falls to a 250th.
    batch_size
        Pairs of a text and a word for each step, at most; by default 3072, or fewer where there
        are few texts or few words, so that the summed steps of a row do not overshoot.
    seed
        Decides the first values and everything that is drawn.

    Attributes
    ----------
    words
        The layer whose row c is multiplied with a text's vector to say how well word c fits in,
        shape (V, D).
    documents
        The layer with a vector for each text of `fit`, shape (n, D); `None` before.

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
        negatives: int = 5,
        subsample: float = 1e-3,
        learning_rate: float = 0.03,
        batch_size: int | None = None,
        seed: int | None = None,
    ) -> None:
        vocabulary_size = positive_int("vocabulary_size", vocabulary_size)
        self.negatives = positive_int("negatives", negatives)
        self.subsample = not_negative("subsample", subsample)
        self.learning_rate = not_negative("learning_rate", learning_rate)
        self.batch_size = None if batch_size is None else positive_int("batch_size", batch_size)
        # Two streams of chance from one seed; inferring anew goes back to the start of its own.
        fitting, self._inferring = np.random.SeedSequence(as_seed(seed)).spawn(2)
        self._rng = np.random.default_rng(fitting)
        self.words = Embedding(vocabulary_size, output_dim, "zeros", name="words")
        self.words.build()
        self.documents: Embedding | None = None
        self._counts = np.zeros(vocabulary_size, np.intp)

    @property
    def vectors(self) -> Floats:
        """The vectors of the texts of `fit`, shape (n, D), read-only.

        Raises
        ------
        ValueError
            There was no `fit` yet.
        """
        return self._fitted().embeddings.value

    def fit(self, texts: Texts, epochs: int = 10, skip: Collection[int] = ()) -> list[float]:
        """Learn the words' vectors anew, and one for each text.

        Parameters
        ----------
        texts
            n sequences of ids in [0, V), of any lengths.
        epochs
            How often the texts are read.
        skip
            Ids that are taken out of the texts first, such as 0 and 1, which padding and
            unknown words have after `text.TextVectorization`.

        Returns
        -------
        list of float
            The mean loss of a pair, for each epoch. NaN stands for an epoch in which
            `subsample` left out every word of every text, so that there was no pair and
            nothing was learned; that of no epoch at all is an error.

        Raises
        ------
        IndexError, TypeError
            As `ids.check_ids`.
        ValueError
            No text, fewer than two different words in all texts, or `subsample` left no word.
            Nothing is changed.
        """
        epochs = positive_int("epochs", epochs)
        texts = as_list("texts", texts, "sequences of ids")
        if not texts:
            raise ValueError("paragraph vectors need at least one text: received [].")
        ids, text = joined(texts, self.words.input_dim, skip)
        refuse_one_word(ids, texts)
        with undrawn(self._rng):
            return self._fitted_to(ids, text, len(texts), epochs)

    def _fitted_to(self, ids: Ids, text: Ids, size: int, epochs: int) -> list[float]:
        counts = np.bincount(ids, minlength=self.words.input_dim)
        documents, words = two_tables(
            ("documents", size),
            ("words", self.words.input_dim),
            self.words.output_dim,
            self._rng,
        )
        wordless = np.flatnonzero(np.bincount(text, minlength=size) == 0)
        documents.embeddings.assign_rows(wordless, np.zeros((wordless.size, words.output_dim)))
        task = NegativeSampling(documents, words, counts, self.negatives, self._rng)
        losses = checked_losses(self._train(task, counts, (ids, text), epochs, self._rng))
        words.trainable = False
        self.documents, self.words, self._counts = documents, words, counts
        return losses

    def infer(self, texts: Texts, epochs: int = 10, skip: Collection[int] = ()) -> Floats:
        """Find vectors for texts that were not there; the words' vectors stay as they are.

        Parameters
        ----------
        texts
            m sequences of ids in [0, V). A word that no text of `fit` held is left out.
        epochs
            How often each text is read.
        skip
            As for `fit`.

        Returns
        -------
        numpy.ndarray
            Shape (m, D). A text without any known word has the vector zero.

        Raises
        ------
        IndexError, TypeError
            As `ids.check_ids`.
        ValueError
            There was no `fit` yet.
        """
        self._fitted()
        epochs = positive_int("epochs", epochs)
        texts = as_list("texts", texts, "sequences of ids")
        ids, text = joined(texts, self.words.input_dim, skip)
        known = self._counts[ids] > 0
        ids, text = ids[known], text[known]
        if not ids.size:
            return np.zeros((len(texts), self.words.output_dim), self.words.dtype)
        documents = Embedding(len(texts), self.words.output_dim, "zeros", name="inferred")
        documents.build()
        rng = np.random.default_rng(self._inferring)
        task = NegativeSampling(documents, self.words, self._counts, self.negatives, rng)
        self._train(task, self._counts, (ids, text), epochs, rng)
        return documents.embeddings.value.copy()

    def _fitted(self) -> Embedding:
        if self.documents is None:
            raise ValueError("there are no vectors yet: call fit with texts first.")
        return self.documents

    def _train(
        self,
        task: NegativeSampling,
        counts: Ids,
        texts: tuple[Ids, Ids],
        epochs: int,
        rng: np.random.Generator,
    ) -> list[float]:
        ids, text = texts
        kept = kept_share(counts, self.subsample)[ids]

        def read() -> Iterator[Stretch]:
            here = rng.random(ids.size) < kept
            of, words, known = runs(ids[here], text[here])
            order = rng.permutation(of.size)
            for start, stop, length in stretches(of.size, ids.size):
                some = order[start:stop]
                own, held = words[some], known[some]
                first = np.repeat(of[some], held.sum(axis=1))
                yield first, own[held], partial(of_texts, of[some], own, held), length

        return task.train(read, ids.size, epochs, self.learning_rate, self.batch_size)

"""Two tables that learn to tell a true pair of ids from invented ones.

Mikolov et al. (2013): the likeness of two ids is the dot product of their rows, one from each
table. A pair that occurred should score high; the same first id with ids drawn by chance, the
negatives, should score low. `word2vec` feeds it with words and their neighbours,
`paragraph_vectors` with texts and their words.

Pairs that follow one another share what they can (see `groups`): those of a few words in a row are
a group, in which a row is read once, and in which all pairs have one lot of negatives. A lot is
larger than what a pair needs, and each of its ids counts as a part of a negative, so that the
gradient is in the mean that of negatives drawn for each pair. All dot products of a group are then
one matrix product.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.checks import as_numbers, as_shape, expect, not_negative, positive_int
from embedding_core.ground.compiled import compiled, count_step
from embedding_core.ground.shares import handed_back
from embedding_core.ground.whole import Deed, make
from embedding_core.ids import check_ids, distinct
from embedding_core.layers import Embedding
from embedding_core.relatives.groups import Groups
from embedding_core.variable import Variable

# Places in the list that negatives are drawn from: a word has as many as its share, rounded.
_PLACES = 1 << 20
POWER = 0.75
"""Negatives are drawn by this power of the counts, as in the word2vec program."""

# The learning rate does not fall below this share of the first one.
_LAST_RATE = 1 / 250
# Pairs for a step: at most so many, and so few that all pairs which share a row do not move it too
# far, or it overshoots, and soon overflows. A length of 1 is that of one pair's gradient: the first
# bound is for the mean over the pairs, the second one for the row that most of them share.
_MOST_PAIRS = 3072
_LONG, _LONGEST = 1.0, 8.0
# A group has one lot of negatives: so many of its pairs share what each would have on its own.
_SERVED = 8
# How likely an answer is at least: its logarithm is a number.
_LEAST = 2.0**-23

Stretch = tuple[Ids, Ids, Callable[[int], Groups], int]
"""Some pairs, as ids that stand first in them, and second, as often as they do, or in proportion;
the pairs in groups of at most so many; and how many words of the text they take care of."""


class NegativeSampling:
    """Trains two tables on pairs of ids, with negatives drawn for the second of each pair.

    Parameters
    ----------
    inputs, outputs
        Tables of vectors of one length: the first id of a pair is looked up in `inputs`, the
        second and the negatives in `outputs`. One that is not trainable stays as it is.
    counts
        Shape (V,) for V rows of `outputs`: how often each id occurs. A negative is drawn in
        proportion to its count to the power 0.75.
    negatives
        How many are drawn for each pair.
    rng
        Draws them.

    Raises
    ------
    ValueError
        Fewer than two ids that occur, another number of counts than rows, a count below 0 or
        not finite, vectors of different lengths, or `negatives` that is no positive integer.
    TypeError
        Something else than two built tables, counts and a generator of random numbers.
    """

    def __init__(
        self,
        inputs: Embedding,
        outputs: Embedding,
        counts: ArrayLike,
        negatives: int,
        rng: np.random.Generator,
    ) -> None:
        for name, table in (("inputs", inputs), ("outputs", outputs)):
            expect(name, table, Embedding, "an Embedding")
            if not table.built or table.output_dim != inputs.output_dim:
                raise ValueError(f"{name} must be built, and both of one width: received {table}.")
        expect("rng", rng, np.random.Generator, "a numpy.random.Generator")
        self.inputs, self.outputs = inputs, outputs
        self.negatives = positive_int("negatives", negatives)
        self._places = _places(as_numbers("counts", counts).astype("float64"), outputs.input_dim)
        drawn = np.bincount(self._places, minlength=outputs.input_dim) / self._places.size
        self._drawn_for_a_pair = self.negatives * drawn
        self._rng = rng

    def step(self, groups: Groups, learning_rate: float) -> float:
        """Make one step of gradient descent on the sum over the pairs of some groups.

        Parameters
        ----------
        groups
            The pairs; those of a group share their negatives.
        learning_rate
            How far each pair moves its rows; pairs that share a row add up.

        Returns
        -------
        float
            The loss before the step, summed over the pairs.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `ids.check_ids`; `ValueError` also for tables that do not fit the ids, or hold no
            pair, `TypeError` and `ValueError` for a learning rate that is no finite number >= 0.
            Nothing is changed.
        """
        rate = not_negative("learning_rate", learning_rate)
        expect("groups", groups, Groups, "Groups")
        first = check_ids(groups.first, self.inputs.input_dim)
        second = check_ids(groups.second, self.outputs.input_dim)
        paired = _checked(first, second, groups.paired)
        drawn = self._drawn(len(first), np.count_nonzero(paired) / len(first))
        others = np.concatenate([second, drawn], axis=1)
        one, other = _Looked.up(self.inputs, first), _Looked.up(self.outputs, others)
        x, y = one.vectors, other.vectors
        # The sigmoid of the dot products, as a hyperbolic tangent: that does not overflow.
        error = y @ (x.swapaxes(1, 2) / 2).copy()
        np.tanh(error, out=error)
        weight = np.empty_like(error)
        # Of these negatives so many stand for one of a pair's own.
        weigh(weight, others, paired, self.negatives / drawn.shape[1])
        likely = compare(error, weight, second.shape[1], _LEAST)
        loss = -np.vdot(weight, np.log(likely, out=likely))
        moves: list[Deed] = []
        if self.inputs.trainable:
            moves += one.moves(error.swapaxes(1, 2) @ y, rate)
        if self.outputs.trainable:
            moves += other.moves(error @ x, rate)
        make(moves)
        return float(loss)

    def train(
        self,
        read: Callable[[], Iterable[Stretch]],
        words: int,
        epochs: int,
        learning_rate: float,
        batch_size: int | None = None,
    ) -> list[float]:
        """Make steps over all pairs, several times, in ever smaller steps.

        Parameters
        ----------
        read
            Called once for each epoch; gives the pairs, a stretch of the text at a time. The
            groups of a stretch are taken in random order.
        words
            How many words an epoch takes care of in all.
        epochs
            How often the text is read.
        learning_rate
            Of the first step. It falls in a straight line, to a 250th at least.
        batch_size
            Pairs for each step, at most; by default 3072, or fewer where the same rows come so
            often that their summed steps would overshoot.

        Returns
        -------
        list of float
            The mean loss of a pair, for each epoch; NaN for an epoch that had none.
        """
        losses, before, total = [], 0, epochs * words
        with tqdm(total=total, unit="word", unit_scale=True, leave=False) as bar:
            for _ in range(epochs):
                loss, pairs = 0.0, 0
                for first, second, grouped, length in read():
                    size = batch_size or self._pairs_at_once(first, second, learning_rate)
                    groups = grouped(size)
                    count = groups.paired.sum(axis=(1, 2))
                    of_stretch, taken = max(int(count.sum()), 1), 0
                    for batch in _steps(count, size, self._rng):
                        done = (before + length * taken / of_stretch) / total
                        rate = learning_rate * max(1 - done, _LAST_RATE)
                        count_step()
                        loss += self.step(groups.taken(batch), rate)
                        taken += int(count[batch].sum())
                    pairs += taken
                    before += length
                    bar.update(length)
                losses.append(loss / pairs if pairs else float("nan"))
        return losses

    def _pairs_at_once(self, first: Ids, second: Ids, learning_rate: float) -> int:
        """Say how many of these pairs a step may take; see `_LONG`."""
        if not first.size:
            return 1
        of_inputs = np.bincount(first) / first.size
        true = np.bincount(second, minlength=self.outputs.input_dim) / second.size
        of_outputs = true + self._drawn_for_a_pair
        repeats = max(
            *(share @ share / share.sum() / _LONG for share in (of_inputs, of_outputs)),
            *(share.max() / _LONGEST for share in (of_inputs, of_outputs)),
        )
        return int(np.clip(1 / max(learning_rate * repeats, 1e-9), 1, _MOST_PAIRS))

    def _drawn(self, groups: int, pairs: float) -> Ids:
        """Draw the negatives that the pairs of a group share, so many of them in the mean."""
        size = (groups, self.negatives * math.ceil(pairs / _SERVED))
        return self._places[self._rng.integers(0, self._places.size, size)]


def _checked(first: Ids, second: Ids, paired: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the tables of pairs, if they fit the ids and hold a pair."""
    shapes = first.shape, second.shape, np.shape(paired)
    if [len(shape) for shape in shapes] != [2, 2, 3] or (
        shapes[2] != (len(first), second.shape[1], first.shape[1]) or len(second) != len(first)
    ):
        raise ValueError(
            "groups must be of shapes (g, m), (g, k) and (g, k, m): received "
            f"{shapes[0]}, {shapes[1]} and {shapes[2]}."
        )
    if not np.any(paired):
        raise ValueError(f"groups must hold a pair: received none in {len(first)} groups.")
    return np.ascontiguousarray(paired, bool)


@compiled
def weigh(weight: Floats, others: Ids, paired: NDArray[np.bool_], each: float) -> None:
    """Say how often each second id and each negative of a group is asked about a first one.

    Parameters
    ----------
    weight
        Shape (g, k + n, m), to be filled in: 1 for a pair; for a negative `each` times the first
        id's pairs. A negative that happens to be the true one would ask for both answers: it is
        left out.
    others
        Shape (g, k + n): the second ids, behind them the negatives.
    paired
        Shape (g, k, m), see `Groups`.
    each
        How many of a pair's own negatives one of these stands for.
    """
    size = paired.shape[1]
    true = weight[:, :size]
    true[...] = paired
    same = (others[:, size:, None] == others[:, None, :size]).astype(weight.dtype)
    weight[:, size:] = true.sum(axis=1, keepdims=True) - same @ true
    weight[:, size:] *= weight.dtype.type(each)


@compiled
def compare(error: Floats, weight: Floats, size: int, least: float) -> Floats:
    """Turn what was guessed into how far it is from the answer: 1 for true pairs, 0 for the rest.

    Parameters
    ----------
    error
        Shape (g, k + n, m): hyperbolic tangents of half the dot products. Becomes, in place, the
        derivative of the loss by the dot products.
    weight
        Of the same shape, see `weigh`.
    size
        How many of each group's second ids are true, k.
    least
        What counts as the least likelihood.

    Returns
    -------
    numpy.ndarray
        Of the same shape: how likely the right answer was said to be.
    """
    error += 1
    error /= 2
    error[:, :size] -= 1
    likely: Floats = np.maximum(1 - np.abs(error), error.dtype.type(least))
    error *= weight
    return likely


@dataclass(frozen=True)
class _Looked:
    """Rows of a table that were looked up, each of them read once."""

    variable: Variable
    rows: Ids
    position: Ids
    value: Floats
    vectors: Floats

    @classmethod
    def up(cls, table: Embedding, ids: Ids) -> "_Looked":
        """Read the rows of ids that are in range."""
        rows, position = distinct(ids.ravel())
        value = table.embeddings.rows(rows)
        vectors = value.take(position, axis=0, mode="clip").reshape(*ids.shape, -1)
        return cls(table.embeddings, rows, position, value, vectors)

    def moves(self, gradient: Floats, rate: float) -> list[Deed]:
        """Say what has to be done for a step down the gradient: that of `SGD` without momentum."""
        wide = np.result_type(gradient, np.float32)  # SciPy has no sparse float16
        size = self.position.size
        gradient = gradient.reshape(size, -1).astype(wide, copy=False)
        steps = np.full(size, -rate, wide), self.position, np.arange(size + 1)
        total = handed_back(gradient, *steps, self.rows.size)
        total += self.value
        if self.variable.constraint is None:
            return self.variable.assigning_rows(self.rows, total)
        value = self.variable.value.copy()
        value[self.rows] = total
        return self.variable.assigning(self.variable.constraint(value))


def _steps(pairs: Ids, most: int, rng: np.random.Generator) -> list[Ids]:
    """Put groups in random order, and take as many for a step as have so many pairs at most."""
    order = rng.permutation(np.flatnonzero(pairs))
    if not order.size:
        return []
    pairs = pairs[order]
    # The last group of a step begins so early that it ends in time, if it is the largest one.
    step = (np.cumsum(pairs) - pairs) // max(1, most - int(pairs.max()) + 1)
    return np.split(order, np.flatnonzero(np.diff(step)) + 1)


def two_tables(
    inputs: tuple[str, int],
    outputs: tuple[str, int],
    width: int,
    rng: np.random.Generator,
) -> tuple[Embedding, Embedding]:
    """Make the layers: rows of the first drawn evenly from [-1/D, 1/D), of the second zero.

    Parameters
    ----------
    inputs, outputs
        Name and number of rows of each.
    width
        Length D of the rows.
    rng
        Draws them.

    Returns
    -------
    inputs, outputs
        Two built layers.

    Notes
    -----
    The values are gensim's. The word2vec program draws from half of that range, and takes longer
    to get going.
    """
    first = rng.uniform(-1, 1, as_shape("table", (inputs[1], width))) / width
    zeros = np.zeros((outputs[1], width))
    return (
        Embedding(inputs[1], width, weights=first, name=inputs[0]),
        Embedding(outputs[1], width, weights=zeros, name=outputs[0]),
    )


def _places(counts: Floats, num_rows: int) -> Ids:
    """List the ids so that a place drawn evenly names an id by the 0.75th power of its count."""
    if counts.shape != (num_rows,):
        raise ValueError(f"need one count for each of {num_rows} rows: received {counts.shape}.")
    if not (np.isfinite(counts) & (counts >= 0)).all():
        bad = counts[~(np.isfinite(counts) & (counts >= 0))]
        raise ValueError(f"counts must be finite numbers from 0 on: received {bad[0]}.")
    if np.count_nonzero(counts) < 2:
        raise ValueError(
            "negative sampling needs at least two different ids in the texts, or there is no "
            f"negative to draw: received {np.count_nonzero(counts)}. Give more text, or count "
            "rare words in."
        )
    share = np.cumsum(counts**POWER)
    ends = np.ceil(share * (_PLACES / share[-1])).astype(np.intp)
    return np.repeat(np.arange(num_rows), np.diff(ends, prepend=0))


def checked_losses(losses: list[float]) -> list[float]:
    """Return what `NegativeSampling.train` has returned, if there was anything to learn from.

    Raises
    ------
    ValueError
        No epoch had any pair.
    """
    if np.isnan(losses).all():
        raise ValueError(
            "there was no pair to learn from: so small a text keeps none of its frequent words "
            "under subsample. Pass subsample=0."
        )
    return losses

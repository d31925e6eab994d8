"""The evidence that needs no Keras, on this package's own layer and on layers that are faulty.

`tests/oracle` shows the same evidence the installed Keras, which is what the ledger is about.
"""

import numpy as np
import pytest

import embedding_core as ec
from embedding_core import text as texts
from embedding_core.lessons.claims import (
    Verdict,
    building,
    claim,
    equivalence,
    ids,
    instruments,
    kinds,
    lookup,
    meaning,
    pretraining,
    products,
    reviews,
    shape,
    text,
)

TRUE, FALSE, HALF, DEPENDS = Verdict.TRUE, Verdict.FALSE, Verdict.HALF_TRUE, Verdict.IT_DEPENDS


class OneRowMore(ec.Embedding):
    def __init__(self, input_dim, *args, **rest):
        super().__init__(input_dim + 1, *args, **rest)


class NextRow(ec.Embedding):
    def call(self, inputs, mask=None):
        return super().call((np.asarray(inputs) + 1) % self.input_dim)


class Pooled(ec.Embedding):
    def call(self, inputs, mask=None):
        return super().call(inputs).mean(axis=1)


class BuiltAtOnce(ec.Embedding):
    def __init__(self, *args, **rest):
        super().__init__(*args, **rest)
        self.build()


class Forgetful(ec.Embedding):
    def __init__(self, input_dim, output_dim, **forgotten):
        super().__init__(input_dim, output_dim)


class Positive(ec.Embedding):
    def call(self, inputs, mask=None):
        if not (np.asarray(inputs) > 0).all():
            raise ValueError("positive ids only")
        return super().call(inputs)


class Chances(ec.Embedding):
    def call(self, inputs, mask=None):
        return 1 / (1 + np.exp(-super().call(inputs)))


def gather(table, ids, axis):
    return ec.gather(table, ids)


def clipped(table, ids, axis):
    return ec.gather(table, np.clip(ids, 0, 2))


CASES = {
    "C3": (shape.shape_of_the_weights, ec.Embedding, OneRowMore, FALSE),
    "C4": (lookup.row_i_for_integer_i, ec.Embedding, NextRow, FALSE),
    "C7": (building.made_in_build, ec.Embedding, BuiltAtOnce, HALF),
    "C9": (building.filled_by_its_initializer, ec.Embedding, Forgetful, FALSE),
    "C14": (lookup.gather_against_numpy, gather, clipped, HALF),
    "C15": (ids.ids_that_break, ec.Embedding, Positive, TRUE),
    "C16": (text.integers_not_rows, texts.one_hot, lambda words, n: np.eye(n), FALSE),
    "C23": (pretraining.rows_from_an_autoencoder, ec.Embedding, NextRow, HALF),
    "C25": (kinds.is_a_boltzmann_machine, ec.Embedding, Chances, HALF),
    "C27": (shape.numbers_in_and_out, ec.Embedding, Pooled, TRUE),
    "C31": (ids.ids_with_a_row_of_their_own, ec.Embedding, OneRowMore, HALF),
}


@pytest.mark.long
@pytest.mark.parametrize("id", CASES)
def test_this_layer_is_judged_as_keras_is_and_a_faulty_one_is_not(id):
    evidence, ours, faulty, otherwise = CASES[id]
    assert claim(id).evidence is evidence
    assert evidence(ours).verdict is claim(id).verdict
    assert evidence(faulty).verdict is otherwise is not claim(id).verdict


ALONE = {
    "C21": (meaning.neighbours_under_two_losses, {"trainable": False}, FALSE),
    "C26": (meaning.vectors_of_texts, {"newcomer": 0}, TRUE),
    "C29": (equivalence.same_thing, {"encode": lambda ids, V: np.eye(V)[ids[::-1] - 1]}, FALSE),
    "C36": (reviews.own_against_given, {"few": 20, "many": 40}, HALF),
    "C39": (products.product_learns, {"shuffled": True}, FALSE),
}


@pytest.mark.long
@pytest.mark.parametrize("id", ALONE)
def test_evidence_without_a_layer_of_keras_gives_the_ledgers_verdict_or_another(id):
    evidence, altered, otherwise = ALONE[id]
    assert evidence().verdict is claim(id).verdict
    assert evidence(**altered).verdict is otherwise is not claim(id).verdict


def test_to_refuse_is_to_raise_a_value_error():
    assert text.refuses(Positive(5, 2), np.array([[0, 1]]))
    assert not text.refuses(Positive(5, 2), np.array([[3, 1]]))


@pytest.mark.parametrize(
    ("array", "shape", "bytes"),
    [("int32[3]", (3,), 12), ("float32[3 × 5]", (3, 5), 60), ("float64[]", (), 8)],
)
def test_an_array_is_read_as_it_is_written(array, shape, bytes):
    assert instruments.shape_of(array) == shape
    assert instruments.size_of(array) == int(np.prod(shape))
    assert instruments.bytes_of(array) == bytes


def test_differences_are_infinite_where_nothing_can_be_compared():
    assert instruments.difference([[1, 2]], [[1, 5]]) == 3
    assert instruments.difference([1, np.nan], [2, np.nan]) == 1
    assert instruments.difference([1, np.nan], [1, 2]) == np.inf
    assert instruments.difference([1, 2], [[1, 2]]) == np.inf
    assert instruments.difference([], []) == 0


def test_a_telling_table_says_its_rows_numbers():
    assert instruments.telling_table(3, 2, 10).tolist() == [[10, 10], [11, 11], [12, 12]]

"""Every claim of the ledger against the installed Keras, and against layers that are not it.

A check that no layer could fail would be worth nothing. So each evidence is also given an
altered layer or datum, and must come to another verdict.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
from keras.src import ops  # where the evidence watches for take, matmul and one_hot

from embedding_core import one_hot
from embedding_core.lessons.claims import LEDGER, Verdict, VerdictError, claim

Embedding = keras.layers.Embedding
TRUE, FALSE, HALF = Verdict.TRUE, Verdict.FALSE, Verdict.HALF_TRUE


class OneHotProduct(Embedding):
    """What the first answer took the layer for."""

    def call(self, inputs):
        return ops.matmul(ops.one_hot(inputs, self.input_dim), self.embeddings)


class WrongRows(Embedding):
    def call(self, inputs):
        return ops.take(self.embeddings, (inputs + 1) % self.input_dim, axis=0)


class Backwards(Embedding):
    """A product, but of the rows turned upside down: neither equal nor a matmul."""

    def call(self, inputs):
        return ops.take(self.embeddings, self.input_dim - 1 - inputs, axis=0)


class Transposed(Embedding):
    """A table stored the other way round."""

    def __init__(self, input_dim, output_dim, **rest):
        super().__init__(output_dim, input_dim, **rest)

    def call(self, inputs):
        return ops.transpose(ops.take(self.embeddings, inputs, axis=1))


class BuiltAtOnce(Embedding):
    def __init__(self, *args, **rest):
        super().__init__(*args, **rest)
        self.build()


class Forgetful(Embedding):
    """Takes an initializer, a regularizer and a constraint, and forgets them."""

    def __init__(self, *args, **rest):
        kept = {k: v for k, v in rest.items() if not k.startswith("embeddings_")}
        super().__init__(*args, **kept)


class AlwaysInt32(Embedding):
    """The cast as the thread quoted it."""

    def call(self, inputs):
        return ops.take(self.embeddings, ops.cast(inputs, "int32"), axis=0)


class Refusing(Embedding):
    """Takes positive ids only."""

    def call(self, inputs):
        if not (np.asarray(inputs) > 0).all():
            raise ValueError("positive ids only")
        return super().call(inputs)


class Listening(Embedding):
    """Takes lists too."""

    def __call__(self, inputs):
        return super().__call__(np.asarray(inputs))


class Strict(Embedding):
    """Refuses every id that has no row of its own."""

    def call(self, inputs):
        if (np.asarray(inputs) < 0).any():
            raise ValueError("no such row")
        return super().call(inputs)


class WithoutAdapters(Embedding):
    """Knows no low-rank adapters, and multiplies nothing in any setting."""

    def __init__(self, *args, lora_rank=None, **rest):
        super().__init__(*args, **rest)


class Stubborn(Embedding):
    """Cannot be frozen."""

    @property
    def trainable_weights(self):
        return self.weights


class Roomy(Embedding):
    """One row too many."""

    def __init__(self, input_dim, *args, **rest):
        super().__init__(input_dim + 1, *args, **rest)


class OneLength(Embedding):
    """Every sentence must be as long as the first."""

    length = None

    def call(self, inputs):
        self.length = self.length or inputs.shape[-1]
        if inputs.shape[-1] != self.length:
            raise ValueError("another length")
        return super().call(inputs)


class Padding(Embedding):
    """Takes sentences of several lengths in one array, and fills the short ones up."""

    def __call__(self, inputs):
        if np.asarray(inputs).dtype == object:
            longest = max(map(len, inputs))
            inputs = np.array([[*ids, *[0] * (longest - len(ids))] for ids in inputs])
        return super().__call__(inputs)


class Pooled(Embedding):
    """One vector for the whole text."""

    def call(self, inputs):
        return ops.mean(super().call(inputs), axis=1)


class Longer(Embedding):
    """Each vector has one number more."""

    def call(self, inputs):
        rows = super().call(inputs)
        return ops.concatenate([rows, rows[..., :1]], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim + 1)


class Maskless(Embedding):
    def compute_mask(self, inputs, mask=None):
        return None


class Autoencoder(Embedding):
    """Has a decoder, and minds how well it does."""

    def build(self, input_shape=None):
        super().build(input_shape)
        self.decoder = self.add_weight(
            shape=(self.output_dim, self.input_dim), initializer="ones", name="decoder"
        )

    def call(self, inputs):
        rows = super().call(inputs)
        wanted = ops.one_hot(inputs, self.input_dim)
        self.add_loss(ops.mean((ops.matmul(rows, self.decoder) - wanted) ** 2))
        return rows


class Boltzmann(Embedding):
    """Two biases, and hidden units that toss coins."""

    def build(self, input_shape=None):
        super().build(input_shape)
        self.visible = self.add_weight(shape=(self.input_dim,), name="visible")
        self.hidden = self.add_weight(shape=(self.output_dim,), name="hidden")
        self.coins = keras.random.SeedGenerator(0)

    def call(self, inputs):
        chance = ops.sigmoid(super().call(inputs) + self.hidden)
        tossed = keras.random.uniform(ops.shape(chance), seed=self.coins)
        return ops.cast(tossed < chance, "float32")


class Chances(Boltzmann):
    """Gives the chances of its hidden units and tosses nothing: the same answer every time."""

    def call(self, inputs):
        return ops.sigmoid(Embedding.call(self, inputs) + self.hidden)


class WithoutBiases(Embedding):
    """Chances, and nothing to learn but the table."""

    def call(self, inputs):
        return ops.sigmoid(super().call(inputs))


class Undecided(Autoencoder):
    """Has a decoder and nobody who minds what comes out of it."""

    def call(self, inputs):
        return Embedding.call(self, inputs)


def charged(*args, **rest):
    """A loss of its own, and no way back."""
    return Embedding(*args, embeddings_regularizer=keras.regularizers.L2(0.1), **rest)


def frozen(*args, **rest):
    return Embedding(*args, trainable=False, **rest)


def summed_gradients(*args, **rest):
    """Any regularizer makes Keras add up the gradients of repeated ids."""
    return Embedding(*args, embeddings_regularizer=keras.regularizers.L2(0.0), **rest)


def float16_layer(**rest):
    return keras.layers.Layer(dtype="float16", **rest)


def frozen_dense(units):
    return keras.layers.Dense(units, trainable=False)


def rows_before(table, ids, axis):
    return ops.take(table, ids - 1, axis=axis)


def really_one_hot(text, n):
    return np.eye(n)[: len(text.split())]


ALTERED = [
    ("C1", {"layer": frozen}, HALF),
    ("C2", {"layer": OneHotProduct}, TRUE),
    ("C2", {"layer": Backwards}, FALSE),
    ("C3", {"layer": Transposed}, FALSE),
    ("C4", {"layer": WrongRows}, FALSE),
    ("C5", {"layer": OneHotProduct}, TRUE),
    ("C6", {"layer": Longer}, HALF),
    ("C7", {"layer": BuiltAtOnce}, HALF),
    ("C8", {"layer": float16_layer}, FALSE),
    ("C9", {"layer": Forgetful}, FALSE),
    ("C10", {"layer": Forgetful}, FALSE),
    ("C11", {"layer": Forgetful}, FALSE),
    ("C12", {"layer": frozen}, HALF),
    ("C12", {"layer": Stubborn}, HALF),
    ("C13", {"layer": AlwaysInt32}, TRUE),
    ("C14", {"gather": rows_before}, FALSE),
    ("C15", {"layer": Refusing}, TRUE),
    ("C16", {"one_hot": really_one_hot}, FALSE),
    ("C17", {"layer": OneHotProduct}, FALSE),
    ("C18", {"layer": OneHotProduct}, FALSE),
    ("C19", {"layer": summed_gradients}, TRUE),
    ("C20", {"layer": OneLength}, TRUE),
    ("C20", {"layer": Padding}, FALSE),
    ("C21", {"asked": ("liked", "liked")}, HALF),
    ("C21", {"trainable": False}, FALSE),
    ("C23", {"texts": np.random.default_rng(0).integers(0, 12, (20, 15))}, HALF),
    ("C24", {"layer": Autoencoder}, TRUE),
    ("C24", {"layer": Undecided}, HALF),
    ("C24", {"layer": charged}, HALF),
    ("C25", {"layer": Boltzmann}, TRUE),
    ("C25", {"layer": Chances}, TRUE),
    ("C25", {"layer": WithoutBiases}, HALF),
    ("C26", {"newcomer": 0}, TRUE),
    ("C27", {"layer": Pooled}, TRUE),
    ("C27", {"D": 9}, FALSE),
    ("C28", {"activation": "relu"}, FALSE),
    ("C28", {"bias_initializer": "ones"}, HALF),
    ("C29", {"encode": one_hot}, TRUE),
    ("C30", {"layer": OneHotProduct}, TRUE),
    ("C31", {"layer": Roomy}, HALF),
    ("C32", {"layer": Listening}, TRUE),
    ("C33", {"layer": Maskless}, TRUE),
    ("C33", {"layer": OneHotProduct}, FALSE),
    ("C34", {"dense": frozen_dense}, FALSE),
    ("C35", {"table": np.ones((50, 3))}, TRUE),
    ("C36", {"few": 5000}, HALF),
    ("C37", {"hidden": "linear"}, FALSE),
    ("C38", {"layer": Longer}, HALF),
    ("C38", {"layer": frozen}, HALF),
    ("C39", {"shuffled": True}, FALSE),
    ("C40", {"layer": OneHotProduct}, FALSE),
    ("C40", {"layer": WithoutAdapters}, TRUE),
    ("C41", {"layer": OneHotProduct}, FALSE),
    ("C42", {"layer": Maskless}, TRUE),
    ("C43", {"layer": Strict}, TRUE),
    ("C48", {"layer": frozen}, FALSE),
]


@pytest.mark.parametrize("entry", LEDGER, ids=lambda entry: entry.id)
def test_the_evidence_gives_the_verdict_of_the_ledger(entry):
    finding = entry.check()
    assert finding.verdict is entry.verdict
    assert bool(finding.observations) is (entry.verdict is not Verdict.OPINION)


@pytest.mark.parametrize(("id", "altered", "found"), ALTERED, ids=lambda value: str(value)[:30])
def test_something_else_in_its_place_gets_another_verdict(id, altered, found):
    assert claim(id).find(**altered).verdict is found
    with pytest.raises(VerdictError, match=rf"{id} .*{claim(id).verdict}.*found to be {found}"):
        claim(id).check(**altered)


def test_every_verdict_is_tested_with_something_else_but_opinions():
    opinions = {entry.id for entry in LEDGER if entry.verdict is Verdict.OPINION}
    tested = {id for id, _, _ in ALTERED} | opinions
    assert tested == {entry.id for entry in LEDGER}, "each but opinions has a line in ALTERED"
    assert opinions == {"C22", "C44", "C45", "C46", "C47"}


def test_the_message_of_a_wrong_verdict_says_what_was_measured_and_by_which_keras():
    with pytest.raises(VerdictError) as caught:
        claim("C17").check(layer=OneHotProduct)
    message = str(caught.value)
    assert "The layer saves computation" in message
    assert "16,000 (claimed: at most 15,999)" in message
    assert f"Keras {keras.__version__}" in message


def test_the_checks_leave_the_default_dtype_as_it_was():
    before = keras.config.dtype_policy()
    claim("C8").check()
    assert keras.config.dtype_policy() == before


def test_ids_of_any_backend_are_told_from_rows_of_zeros():
    """Some hardware answers an unknown id with zeros: that is nobody's row."""

    class Zeros(Embedding):
        def call(self, inputs):
            known = ops.cast((inputs >= 0) & (inputs < self.input_dim), "float32")
            rows = ops.take(self.embeddings, ops.clip(inputs, 0, self.input_dim - 1), axis=0)
            return rows * known[..., None]

    assert claim("C31").check(layer=Zeros)
    assert claim("C15").check(layer=Zeros)

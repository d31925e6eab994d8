"""A layer is held to the contract, and one that is wrong on purpose is caught for its fault."""

import numpy as np
import pytest

from embedding_core.lessons.elsewhere import examine, examples
from embedding_core.lessons.elsewhere.contract import PROMISES


def broken(make_layer):
    return {check.promise.sentence for check in examine(make_layer) if check.problem}


def test_a_sound_layer_keeps_every_promise():
    checks = list(examine(examples.sound))
    assert [check.promise for check in checks] == list(PROMISES)
    assert {check.problem for check in checks} == {""}


def test_lost_gradients_of_repeated_ids_are_caught():
    assert "Gradients of repeated ids add up." in broken(examples.forgetful)


def test_ids_that_are_cut_to_32_bits_are_caught():
    assert broken(examples.narrow) == {
        "An id past the last row is refused.",
        "A float that is no whole number is refused.",
    }


def test_a_table_that_is_lent_is_caught():
    assert broken(examples.lending) == {"What comes back is a copy."}


def test_a_sum_in_half_precision_is_caught():
    assert "Thousands of gradients for one row add up." in broken(examples.rounding)


class Faulty(examples.Sound):
    """What a fault is put into."""


def with_fault(**methods):
    return type("Layer", (Faulty,), methods)


def _wrapping(self, ids):
    return self._table[np.asarray(ids)]


def _by_product(self, ids):
    rows = examples.Sound.look_up(self, ids)
    one_hot = np.eye(len(self._table), dtype=np.float32)[np.asarray(ids).astype(int)]
    return (one_hot @ self._table).reshape(rows.shape)


def _piling_up(self, ids, upstream):
    self.sum = getattr(self, "sum", 0) + examples.Sound.gradient(self, ids, upstream)
    return self.sum


def _step_by_step(self, ids, upstream, learning_rate):
    for id, gradient in zip(np.ravel(ids), upstream, strict=True):
        examples.Sound.look_up(self, [id])
        self._table[id] -= np.float32(learning_rate) * gradient
    return self._table.copy()


def _keeping(self, ids):
    kept = self.__dict__.setdefault("kept", {})
    rows = examples.Sound.look_up(self, ids)
    for at in np.ndindex(np.shape(ids)):
        rows[at] = kept.setdefault(int(np.asarray(ids)[at]), rows[at].copy())
    return rows


def _starting_anew(self, ids, upstream, learning_rate):
    first = self.__dict__.setdefault("first", self._table.copy())
    self._table = first - np.float32(learning_rate) * self.gradient(ids, upstream)
    return self._table.copy()


def _flat(self, ids):
    return examples.Sound.look_up(self, np.ravel(ids))


def _normed(self, ids):
    rows = examples.Sound.look_up(self, ids)
    self._table /= np.maximum(np.linalg.norm(self._table, axis=1, keepdims=True), 1)
    return rows


def _narrow_sum(self, ids):
    return examples.Sound.look_up(self, ids).astype(np.float16).astype(np.float32)


@pytest.mark.parametrize(
    ("methods", "sentence"),
    [
        ({"look_up": _wrapping}, "A negative id is refused."),
        ({"look_up": _by_product}, "A row depends on no other row."),
        ({"look_up": _flat}, "Row i comes back for id i, whatever the ids' shape."),
        ({"look_up": _flat}, "No ids give no rows."),
        ({"look_up": _normed}, "Reading changes nothing."),
        ({"look_up": _narrow_sum}, "A row comes back to the bit."),
        ({"gradient": _piling_up}, "A gradient is that of the last call."),
        ({"look_up": _keeping}, "What steps have moved is read afterwards."),
        ({"step": _starting_anew}, "What steps have moved is read afterwards."),
        ({"step": _step_by_step}, "A step that is refused moves nothing."),
    ],
)
def test_a_fault_is_caught_by_the_promise_it_breaks(methods, sentence):
    assert sentence in broken(with_fault(**methods))


def test_a_layer_that_only_looks_up_is_examined_as_far_as_it_goes():
    class Reader:
        def __init__(self, table):
            self.look_up = examples.Sound(table).look_up

    checks = list(examine(Reader))
    unexamined = [check.promise.needs for check in checks if check.problem is None]
    assert set(unexamined) == {"gradient", "step"}
    assert all(check.problem == "" for check in checks if check.promise.needs == "look_up")


def test_a_layer_that_raises_breaks_the_promise_and_says_what_it_raised():
    def gradient(self, ids, upstream):
        raise OSError("the server is away")

    checks = examine(with_fault(gradient=gradient))
    problems = [check.problem for check in checks if check.promise.needs == "gradient"]
    assert "raises OSError: the server is away" in problems


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        (lambda table: 3, r"must return an object with a method look_up\(ids\): received 3"),
        (lambda: 3, r"must take a float32 array .* it raised TypeError"),
        (lambda table: 1 / 0, "it raised ZeroDivisionError: division by zero"),
    ],
)
def test_a_factory_that_makes_no_layer_is_refused(factory, message):
    with pytest.raises(TypeError, match=message):
        list(examine(factory))

"""Cases of training: how far a step goes, and who moves that nobody asked."""

from collections.abc import Callable

import numpy as np

from embedding_core.lessons.elsewhere.cases import Case
from embedding_core.lessons.elsewhere.layer import Adapter, Options, small_table
from embedding_core.lessons.elsewhere.words import rows_that_differ

_REPEATED = np.array([0, 0, 2])
_UPSTREAM = np.array([[1, 1], [2, 2], [5, 5]], np.float32)
_ONES = np.ones((4, 2), np.float32)


def _repeated(optimizer: str, sparse: bool) -> Callable[[Adapter], str]:
    """Make a first step with ids 0, 0, 2 and gradients 1, 2, 5, from a table of ones."""

    def ask(adapter: Adapter) -> str:
        layer = adapter.make(_ONES, Options(optimizer=optimizer, sparse=sparse))
        return f"row 0 is {float(layer.step(_REPEATED, _UPSTREAM)[0, 0]):.2f}"

    return ask


def _coasting(adapter: Adapter) -> str:
    layer = adapter.make(small_table(), Options(optimizer="adam"))
    first = layer.step(np.array([1]), np.ones((1, 2), np.float32))
    second = layer.step(np.array([2]), np.ones((1, 2), np.float32))
    return rows_that_differ(first, second)


def _padding_moved(decay: float, sparse: bool = False) -> Callable[[Adapter], str]:
    def ask(adapter: Adapter) -> str:
        options = Options(padding=0, decay=decay, sparse=sparse)
        layer = adapter.make(_ONES, options)
        after = layer.step(np.array([0, 1]), np.ones((2, 2), np.float32))
        return "left alone" if (after[0] == 1).all() else "moved"

    return ask


CASES = (
    Case(
        "repeated, SGD",
        "Ids 0, 0, 2 with gradients 1, 2, 5, rate 0.1: where is row 0 after a step from 1?",
        _repeated("sgd", False),
        "row 0 is 0.70",
    ),
    Case(
        "repeated, Adagrad",
        "The same under Adagrad?",
        _repeated("adagrad", False),
        "row 0 is 0.90",
    ),
    Case("repeated, Adam", "The same under Adam?", _repeated("adam", False), "row 0 is 0.90"),
    Case(
        "repeated, sparse Adagrad",
        "Adagrad with sparse gradients?",
        _repeated("adagrad", True),
        "row 0 is 0.90",
    ),
    Case(
        "repeated, sparse Adam",
        "Adam with sparse gradients?",
        _repeated("adam", True),
        "row 0 is 0.90",
    ),
    Case(
        "untouched under Adam",
        "A first batch reads row 1, a second reads row 2. Who moves at the second step?",
        _coasting,
        "rows 1, 2",
    ),
    Case(
        "padding trained",
        "Id 0 is padding and was read: does it move?",
        _padding_moved(0.0),
        "left alone",
    ),
    Case(
        "padding, sparse",
        "Does it move under sparse gradients?",
        _padding_moved(0.0, sparse=True),
        "left alone",
    ),
    Case(
        "padding decayed",
        "Does it move under a decay of weights by 0.1?",
        _padding_moved(0.1),
        "left alone",
    ),
)

"""What this book promises of an embedding layer, held against a layer of your own.

A layer is whatever a factory returns: `make_layer(table)` gets an array of shape (V, D) and gives
an object with `look_up(ids)`; with `gradient(ids, upstream)`, which returns the table's gradient
of shape (V, D); and with `step(ids, upstream, learning_rate)`, which makes a step of gradient
descent and returns the table. A layer without `gradient` or `step` is examined as far as it goes.
"""

import reprlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ops import scatter_add

Factory = Callable[[NDArray[np.float32]], Any]

_ROWS, _WIDTH = 300, 3
_RNG_SEED = 15


class Broken(AssertionError):  # noqa: N818, as a promise is
    """A promise that the layer does not keep."""


@dataclass(frozen=True)
class Promise:
    """One sentence that holds for every layer of this book.

    Attributes
    ----------
    sentence
        What is promised.
    needs
        The method without which there is nothing to examine.
    hold
        Examines a factory; raises `Broken` with what was seen.
    """

    sentence: str
    needs: str
    hold: Callable[[Factory], None]


@dataclass(frozen=True)
class Check:
    """A promise that was examined: `problem` is empty when it is kept, `None` when not examined."""

    promise: Promise
    problem: str | None


def examine(make_layer: Factory) -> Iterator[Check]:
    """Hold a layer to all promises, one after the other.

    Parameters
    ----------
    make_layer
        Called anew for each promise, with a float32 table of shape (V, D).

    Yields
    ------
    Check
        One for each promise.

    Raises
    ------
    TypeError
        The factory raises, or returns something without `look_up`.
    """
    try:
        layer = make_layer(_table())
    except Exception as error:
        raise TypeError(
            "make_layer must take a float32 array of shape (V, D) and return a layer: it raised "
            f"{type(error).__name__}: {error}"
        ) from error
    if not callable(getattr(layer, "look_up", None)):
        raise TypeError(
            "make_layer must return an object with a method look_up(ids): "
            f"received {reprlib.repr(layer)}."
        )
    for promise in PROMISES:
        if not callable(getattr(layer, promise.needs, None)):
            yield Check(promise, None)
            continue
        try:
            promise.hold(make_layer)
        except Broken as broken:
            yield Check(promise, str(broken))
        except Exception as error:  # a layer that raises where it must not has broken it too
            yield Check(promise, f"raises {type(error).__name__}: {error}")
        else:
            yield Check(promise, "")


def _table() -> NDArray[np.float32]:
    numbers = np.random.default_rng(_RNG_SEED).normal(size=(_ROWS, _WIDTH))
    return numbers.astype(np.float32)


def _ids(*shape: int) -> NDArray[np.int64]:
    """Draw ids with repetitions, the first and the last row among them."""
    ids = np.random.default_rng(_RNG_SEED + 1).integers(0, 40, shape)
    ids.flat[:2] = 0, _ROWS - 1
    return ids


def _same(seen: Any, right: NDArray[Any], what: str, exact: bool = True) -> None:
    array = np.asarray(seen)
    if array.shape != right.shape:
        raise Broken(f"{what} must have shape {right.shape}: received {array.shape}")
    fine = array == right if exact else np.isclose(array, right, rtol=1e-5, atol=1e-6)
    fine |= np.isnan(array) & np.isnan(right)
    if not fine.all():
        at = tuple(int(i) for i in np.argwhere(~fine)[0])
        raise Broken(f"{what} at {at} must be {right[at]:.6g}: received {array[at]:.6g}")


def _refused(call: Callable[[], Any], what: str) -> None:
    try:
        seen = call()
    except Exception:  # any error will do: what must not happen is an answer
        return
    raise Broken(f"{what} must be refused: received {' '.join(str(seen).split())[:80]}")


def _rows_come_back(make: Factory) -> None:
    table = _table()
    for shape in ((7,), (4, 5), (2, 3, 4)):
        ids = _ids(*shape)
        _same(make(table).look_up(ids), table[ids], f"the rows of ids of shape {shape}")


def _no_ids(make: Factory) -> None:
    found = make(_table()).look_up(np.zeros((2, 0), np.int64))
    _same(found, np.zeros((2, 0, _WIDTH), np.float32), "the rows of no ids")


def _every_integer(make: Factory) -> None:
    table = _table()
    for dtype in ("uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"):
        ids = np.array([0, 100, 255], dtype)
        _same(make(table).look_up(ids), table[ids.astype(int)], f"the rows of {dtype} ids")
    narrow = np.array([0, 100, 127], np.int8)
    _same(make(table).look_up(narrow), table[narrow], "the rows of int8 ids")


def _outside(*ids: int) -> Callable[[Factory], None]:
    def hold(make: Factory) -> None:
        for id in ids:
            bad = np.array([0, id])
            _refused(partial(make(_table()).look_up, bad), f"id {id} of {_ROWS} rows")

    return hold


def _no_whole_number(make: Factory) -> None:
    for bad in (1.5, -0.5, np.nan, np.inf):
        ids = np.array([0.0, bad])
        _refused(partial(make(_table()).look_up, ids), f"the float id {bad}")


def _a_copy(make: Factory) -> None:
    table, ids = _table(), np.array([1, 2])
    layer = make(table)
    found = np.asarray(layer.look_up(ids))
    if found.flags.writeable:
        found[...] = -1
    _same(layer.look_up(ids), _table()[ids], "the rows after the last answer was written into")


def _only_its_own_rows(make: Factory) -> None:
    table = _table()
    table[5], table[6] = np.nan, np.inf
    ids = np.array([4, 7])
    _same(make(table).look_up(ids), table[ids], "a row beside others that are NaN and infinite")


def _to_the_bit(make: Factory) -> None:
    table = _table()
    table[1] = -0.0, 1e-42, np.float32(1) / 3
    found = np.asarray(make(table).look_up(np.array([1])), np.float32)[0]
    if found.tobytes() != table[1].tobytes():
        raise Broken(f"the row {table[1]} must come back to the bit: received {found}")


def _reading_changes_nothing(make: Factory) -> None:
    layer, ids = make(_table()), _ids(50)
    layer.look_up(ids)
    layer.look_up(ids[::-1])
    everything = np.arange(_ROWS)
    _same(layer.look_up(everything), _table(), "the table after it was read")


def _repeated_ids_add_up(make: Factory) -> None:
    ids = _ids(40, 5)
    upstream = np.random.default_rng(2).normal(size=(*ids.shape, _WIDTH)).astype(np.float32)
    right = scatter_add(upstream, ids, _ROWS)
    _same(make(_table()).gradient(ids, upstream), right, "the gradient", exact=False)


def _no_ids_no_gradient(make: Factory) -> None:
    found = make(_table()).gradient(np.zeros(0, np.int64), np.zeros((0, _WIDTH), np.float32))
    _same(found, np.zeros((_ROWS, _WIDTH)), "the gradient of no ids")


def _bad_ids_have_no_gradient(make: Factory) -> None:
    for id in (-1, _ROWS):
        bad = np.array([0, id])
        upstream = np.ones((2, _WIDTH), np.float32)
        _refused(partial(make(_table()).gradient, bad, upstream), f"the gradient of id {id}")


def _gradients_do_not_pile_up(make: Factory) -> None:
    layer, ids = make(_table()), np.array([1, 1])
    upstream = np.ones((2, _WIDTH), np.float32)
    layer.gradient(ids, upstream)
    right = scatter_add(upstream, ids, _ROWS)
    _same(layer.gradient(ids, upstream), right, "the gradient asked for twice", exact=False)


def _a_thousand_add_up(make: Factory) -> None:
    ids, upstream = np.full(5000, 3), np.ones((5000, _WIDTH), np.float32)
    found = np.asarray(make(_table()).gradient(ids, upstream))[3, 0]
    if found != 5000:
        raise Broken(f"5,000 gradients of 1 for one row must be 5000: received {found:.6g}")


def _a_step_moves_what_was_read(make: Factory) -> None:
    ids = np.array([2, 9, 2, 2])
    upstream = np.arange(12, dtype=np.float32).reshape(4, _WIDTH)
    right = _table() - np.float32(0.5) * scatter_add(upstream, ids, _ROWS)
    _same(make(_table()).step(ids, upstream, 0.5), right, "the table after a step", exact=False)


def _what_was_learned_is_read(make: Factory) -> None:
    """Read first: a client of a server, say, may keep the rows that it has read."""
    layer, ids = make(_table()), np.array([2, 9])
    layer.look_up(ids)
    upstream = np.ones((2, _WIDTH), np.float32)
    for _ in range(2):
        layer.step(ids, upstream, 0.5)
    right = _table() - scatter_add(upstream, ids, _ROWS)
    found = layer.look_up(np.arange(_ROWS))
    _same(found, right, "the table as it is read after two steps", exact=False)


def _a_refused_step_moves_nothing(make: Factory) -> None:
    layer, bad = make(_table()), np.array([1, _ROWS])
    upstream = np.ones((2, _WIDTH), np.float32)
    _refused(lambda: layer.step(bad, upstream, 0.5), f"a step with id {_ROWS}")
    _same(layer.look_up(np.arange(_ROWS)), _table(), "the table after a step that was refused")


PROMISES = (
    Promise("Row i comes back for id i, whatever the ids' shape.", "look_up", _rows_come_back),
    Promise("No ids give no rows.", "look_up", _no_ids),
    Promise("Every integer dtype names the same rows.", "look_up", _every_integer),
    Promise("An id past the last row is refused.", "look_up", _outside(_ROWS, 2**31, 2**32 + 1)),
    Promise("A negative id is refused.", "look_up", _outside(-1, -_ROWS, -_ROWS - 1)),
    Promise("A float that is no whole number is refused.", "look_up", _no_whole_number),
    Promise("What comes back is a copy.", "look_up", _a_copy),
    Promise("A row depends on no other row.", "look_up", _only_its_own_rows),
    Promise("A row comes back to the bit.", "look_up", _to_the_bit),
    Promise("Reading changes nothing.", "look_up", _reading_changes_nothing),
    Promise("Gradients of repeated ids add up.", "gradient", _repeated_ids_add_up),
    Promise("No ids have no gradient.", "gradient", _no_ids_no_gradient),
    Promise("An id outside the table has no gradient.", "gradient", _bad_ids_have_no_gradient),
    Promise("A gradient is that of the last call.", "gradient", _gradients_do_not_pile_up),
    Promise("Thousands of gradients for one row add up.", "gradient", _a_thousand_add_up),
    Promise("A step moves the rows that were read.", "step", _a_step_moves_what_was_read),
    Promise("What steps have moved is read afterwards.", "step", _what_was_learned_is_read),
    Promise("A step that is refused moves nothing.", "step", _a_refused_step_moves_nothing),
)

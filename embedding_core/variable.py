"""A named array that an optimizer may change, with the gradient that was collected for it.

Keras's `Variable` in miniature. `value` is a read-only view: writing goes through `assign`
and `assign_rows`, so that every change can be checked. A variable knows no optimizer, but an
optimizer may leave work undone until somebody looks: it says so with `defer`, and nobody who
reads, writes, copies or pickles the variable can tell. Nor can several threads that read at once,
nor who reads after a reading that was interrupted (see `ground.whole`).
"""

from collections.abc import Callable
from functools import partial
from operator import setitem
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.constraints import Constraint
from embedding_core.ground._types import Floats, Ids, Shape
from embedding_core.ground.checks import as_name, as_numbers, expect, switch
from embedding_core.ground.fitting import fitting
from embedding_core.ground.rows import copy_rows
from embedding_core.ground.whole import Deed, alone, finish, make
from embedding_core.ids import check_ids
from embedding_core.ops import IndexedSlices
from embedding_core.regularizers import Regularizer

Settle = Callable[[Ids | None], None]
"""Brings some rows up to date, or, given `None`, all of them; several threads may ask at once."""

Ahead = Callable[[Ids], Floats]
"""Reads rows, each named once, up to date and without a word to the table, before a step."""


class Variable:
    """A named, trainable array.

    Parameters
    ----------
    value
        The first value, any shape; it is copied.
    name
        For messages and summaries.
    trainable
        False keeps optimizers away from it.
    regularizer, constraint
        A penalty on its size; a rule applied after each update.

    Raises
    ------
    TypeError, ValueError
        The value holds something else than numbers, or lists of different lengths; the other
        arguments are not what they are called.
    """

    _ahead: Ahead | None = None

    def __init__(
        self,
        value: ArrayLike,
        name: str = "variable",
        trainable: bool = True,
        regularizer: Regularizer | None = None,
        constraint: Constraint | None = None,
    ) -> None:
        self.name = as_name(name)
        self._value: NDArray[Any] = np.array(as_numbers(f"the value of {name}", value), order="C")
        self.trainable = switch("trainable", trainable)
        for part, rule in (("regularizer", regularizer), ("constraint", constraint)):
            if rule is not None:
                expect(part, rule, Callable, "a function or None")  # type: ignore[arg-type]
        self.regularizer = regularizer
        self.constraint = constraint
        self.gradient: Floats | IndexedSlices | None = None
        self._settle: Settle | None = None

    @alone
    def defer(
        self, settle: Settle, home: NDArray[Any] | None = None, ahead: Ahead | None = None
    ) -> None:
        """Let an optimizer finish its work on a row only when the row is read.

        Parameters
        ----------
        settle
            Called with row numbers, or with `None` for all rows, before they are read or
            written. One that was registered before settles everything now and is let go.
        home
            Where the value lives from now on, for `settle` and its optimizer alone to write
            into: same shape and dtype. An optimizer keeps what it remembers beside each row.
            By default the value stays where it is.
        ahead
            What `rows_ahead` asks. By default it reads as `rows` does.
        """
        if not self.defers_to(settle):
            self._settle_rows(None)
            if home is not None:
                home[...] = self._value
            make(self.moving(self._value if home is None else home, settle, ahead))

    def defers_to(self, settle: Settle) -> bool:
        """Say whether it is this one who finishes the work."""
        return self._settle == settle

    def moving(
        self, value: NDArray[Any], settle: Settle | None = None, ahead: Ahead | None = None
    ) -> list[Deed]:
        """Say what has to be done for the variable to become another array; nothing is copied."""
        new = {"_value": value, "_settle": settle, "_ahead": ahead}
        return [partial(self.__dict__.update, new)]

    def _settle_rows(self, ids: Ids | None) -> None:
        finish()
        if self._settle is not None:
            self._settle(ids)

    @property
    def value(self) -> NDArray[Any]:
        """The array, read-only; it shows the state until the next update."""
        self._settle_rows(None)
        view = self._value.view()
        view.flags.writeable = False
        return view

    @property
    def shape(self) -> Shape:
        """Length of each axis."""
        return self._value.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Kind and width of the numbers."""
        return self._value.dtype

    @alone
    def assign(self, value: ArrayLike) -> None:
        """Replace the whole value.

        Raises
        ------
        ValueError
            Another shape, or numbers that an integer variable cannot hold; the old value stays.
        TypeError
            No numbers.
        """
        make(self.assigning(value))

    def assigning(self, value: ArrayLike) -> list[Deed]:
        """Say what has to be done for `assign`; raise what it raises."""
        new = self.fitting(value)
        self._settle_rows(None)
        return [partial(setitem, self._value, ..., new)]

    def fitting(self, value: ArrayLike) -> NDArray[Any]:
        """Return a value as an array of the variable's shape and dtype; raise as `assign`."""
        if isinstance(value, np.ndarray) and (value.shape, value.dtype) == (self.shape, self.dtype):
            return value
        need = f"{self.name} has shape {self.shape}: received a value of shape"
        return fitting(f"the value of {self.name}", value, self.shape, self.dtype, need)

    def rows(self, ids: ArrayLike) -> Floats:
        """Read some rows, shape `ids.shape + (D,)`: a copy (see `ops.gather`).

        Raises
        ------
        IndexError, TypeError, ValueError
            As `ids.check_ids`.
        """
        at = check_ids(ids, self.shape[0])
        self._settle_rows(at)
        rows = np.empty(at.shape + self.shape[1:], self.dtype)
        copy_rows(self._value, at, rows)
        return rows

    def rows_ahead(self, rows: Ids) -> Floats:
        """Read rows on which a step is likely to follow; what is read is not to be changed.

        Parameters
        ----------
        rows
            Shape (n,), row numbers that passed `ids.check_ids`, ascending, each once.

        Returns
        -------
        numpy.ndarray
            Shape (n, D), up to date. The optimizer may keep it for the step.
        """
        finish()
        return self.rows(rows) if self._ahead is None else self._ahead(rows)

    @alone
    def assign_rows(self, ids: ArrayLike, rows: ArrayLike) -> None:
        """Replace some rows and leave the others alone.

        Raises
        ------
        IndexError, TypeError
            As `ids.check_ids`; `TypeError` also for rows that are no numbers.
        ValueError
            `rows` do not have shape `ids.shape + (D,)`, or an integer variable cannot hold
            them; nothing is written.
        """
        make(self.assigning_rows(ids, rows))

    def assigning_rows(self, ids: ArrayLike, rows: ArrayLike) -> list[Deed]:
        """Say what has to be done for `assign_rows`; raise what it raises."""
        at = check_ids(ids, self.shape[0])
        shape = at.shape + self.shape[1:]
        need = f"{self.name}: ids of shape {at.shape} need rows of shape {shape}: received"
        new = fitting(f"the rows of {self.name}", rows, shape, self.dtype, need)
        self._settle_rows(at)
        return [partial(setitem, self._value, at, new)]

    def check_gradient(self, gradient: Any) -> Floats | IndexedSlices:
        """Return a gradient as an array or as slices, if it has the shape of the variable.

        Raises
        ------
        TypeError
            The gradient holds no numbers.
        ValueError
            It has another shape.
        """
        if not isinstance(gradient, IndexedSlices):
            gradient = as_numbers(f"the gradient of {self.name}", gradient)
        shape = gradient.dense_shape if isinstance(gradient, IndexedSlices) else gradient.shape
        if shape != self.shape:
            raise ValueError(
                f"the gradient of {self.name} must have shape {self.shape}: received {shape}."
            )
        checked: Floats | IndexedSlices = gradient
        return checked

    def add_gradient(self, gradient: Floats | IndexedSlices) -> None:
        """Add to what has been collected since `gradient` was last set to `None`.

        Raises
        ------
        TypeError, ValueError
            As `check_gradient`.
        """
        new = self.check_gradient(gradient)
        self.gradient = new if self.gradient is None else self.gradient + new

    def __getstate__(self) -> dict[str, Any]:
        """Copy or pickle the settled value, without the optimizer that is to settle it."""
        return self.__dict__ | {"_value": self.value.copy(), "_settle": None, "_ahead": None}

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Let NumPy functions take the variable as the array it holds."""
        return np.array(self.value, dtype, copy=copy)

    def __repr__(self) -> str:
        return f"<Variable {self.name}, shape={self.shape}, dtype={self.dtype}>"

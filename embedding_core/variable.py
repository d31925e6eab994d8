"""A named array that an optimizer may change, with the gradient that was collected for it.

Keras's `Variable` in miniature. `value` is a read-only view: writing goes through `assign`
and `assign_rows`, so that every change can be checked. A variable knows no optimizer, but an
optimizer may leave work undone until somebody looks: it says so with `defer`, and nobody who
reads, writes, copies or pickles the variable can tell.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.constraints import Constraint
from embedding_core.ground._types import Floats, Ids, Shape
from embedding_core.ground.checks import as_list, as_name, as_numbers, expect, shown, switch
from embedding_core.ground.rows import copy_rows
from embedding_core.ids import check_ids
from embedding_core.ops import IndexedSlices
from embedding_core.regularizers import Regularizer

Settle = Callable[[Ids | None], None]
"""Brings some rows up to date, or, given `None`, all of them."""


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

    def defer(self, settle: Settle, home: NDArray[Any] | None = None) -> None:
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
        """
        if self._settle != settle:
            self._settle_rows(None)
            if home is not None:
                home[...] = self._value
                self._value = home
            self._settle = settle

    def _settle_rows(self, ids: Ids | None) -> None:
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

    def assign(self, value: ArrayLike) -> None:
        """Replace the whole value.

        Raises
        ------
        ValueError
            Another shape, or numbers that an integer variable cannot hold; the old value stays.
        TypeError
            No numbers.
        """
        new = as_numbers(f"the value of {self.name}", value)
        if new.shape != self.shape:
            raise ValueError(
                f"{self.name} has shape {self.shape}: received a value of shape {new.shape}."
            )
        # Converted first: what is no number must fail before anything is written.
        new = self.converted(new)
        self._settle_rows(None)
        self._value[...] = new

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
        at = check_ids(ids, self.shape[0])
        new = as_numbers(f"rows of {self.name}", rows)
        if new.shape != at.shape + self.shape[1:]:
            raise ValueError(
                f"{self.name}: ids of shape {at.shape} need rows of shape "
                f"{at.shape + self.shape[1:]}: received {new.shape}."
            )
        new = self.converted(new)
        self._settle_rows(at)
        self._value[at] = new

    def converted(self, array: NDArray[Any]) -> NDArray[Any]:
        """Bring an array to the variable's dtype; integers must not change by it.

        Raises
        ------
        ValueError
            Fractions, or numbers out of range, for a variable that holds integers.
        """
        with np.errstate(invalid="ignore"):  # NaN has no integer: it is found below
            new = array.astype(self.dtype, copy=False)
        if self.dtype.kind == "i" and not np.array_equal(new, array):
            where = tuple(int(i) for i in np.argwhere(new != array)[0])
            limits = np.iinfo(self.dtype)
            raise ValueError(
                f"{self.name} holds whole numbers from {limits.min} to {limits.max}: received "
                f"{array[where]} at position {where}. Quantize a table of floats with "
                "Embedding.quantize."
            )
        return new

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
        return self.__dict__ | {"_value": self.value.copy(), "_settle": None}

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Let NumPy functions take the variable as the array it holds."""
        return np.array(self.value, dtype, copy=copy)

    def __repr__(self) -> str:
        return f"<Variable {self.name}, shape={self.shape}, dtype={self.dtype}>"


def of_shapes(
    owner: str, shapes: Sequence[Shape], values: Sequence[ArrayLike]
) -> list[NDArray[Any]]:
    """Return values as arrays, if they have the shapes of the weights they are meant for.

    Raises
    ------
    TypeError
        No list of arrays, or something in it that is no number.
    ValueError
        Another number of arrays than shapes, or another shape.
    """
    arrays = [as_numbers(f"a weight of {owner}", v) for v in as_list("weights", values, "arrays")]
    if [array.shape for array in arrays] != list(shapes):
        raise ValueError(
            f"{owner} has weights of shapes {list(shapes)}: received "
            f"{shown([a.shape for a in arrays])}. Give one array for each, in this order."
        )
    return arrays


def assign_all(owner: str, variables: Sequence[Variable], values: Sequence[ArrayLike]) -> None:
    """Replace the values of several variables, or, when one does not fit, of none.

    Parameters
    ----------
    owner
        Whose variables they are, for the message.
    variables, values
        As many of one as of the other, shapes alike.

    Raises
    ------
    TypeError
        No list of arrays, or something in it that is no number.
    ValueError
        Another number of arrays than variables, another shape, or numbers that an integer
        variable cannot hold.
    """
    arrays = of_shapes(owner, [variable.shape for variable in variables], values)
    # Converted first: what is no number must fail before anything is written.
    arrays = [v.converted(a) for a, v in zip(arrays, variables, strict=True)]
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)

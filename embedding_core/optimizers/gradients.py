"""What a gradient goes through before an optimizer uses it: checked, merged, brought to dtype."""

from collections.abc import Sequence

import numpy as np

from embedding_core._types import Floats, Shape
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable

Gradient = Floats | IndexedSlices
"""The gradient of one variable: an array of its shape, or slices that name the rows touched."""


def check(
    grads: Sequence[Gradient | None],
    variables: Sequence[Variable],
    known: Sequence[Variable] | None,
) -> None:
    """Refuse gradients that do not belong to these variables.

    Parameters
    ----------
    grads, variables
        Aligned; `None` is no gradient.
    known
        The variables the optimizer was built for, or `None` when it is not built yet.

    Raises
    ------
    ValueError
        As many of one as do not match, no gradient at all, another shape, or a variable that
        is not known.
    """
    if len(grads) != len(variables):
        raise ValueError(f"received {len(grads)} gradients for {len(variables)} variables.")
    if all(gradient is None for gradient in grads):
        raise ValueError(
            "no gradient for any variable: run backward before apply, and let at least one "
            "layer be trainable."
        )
    for gradient, variable in zip(grads, variables, strict=True):
        if known is not None and not any(variable is one for one in known):
            raise ValueError(
                f"{variable.name} is unknown to this optimizer: build it with all variables."
            )
        if gradient is None:
            continue
        shape = _shape(gradient)
        if shape != variable.shape:
            raise ValueError(
                f"the gradient of {variable.name} must have shape {variable.shape}: "
                f"received {shape}."
            )


def _shape(gradient: Gradient) -> Shape:
    if isinstance(gradient, IndexedSlices):
        return gradient.dense_shape
    return np.shape(gradient)


def prepared(gradient: Gradient, variable: Variable) -> Gradient:
    """Merge slices, and bring the numbers to the variable's dtype.

    Parameters
    ----------
    gradient
        Of the variable's shape; it is not changed.
    variable
        Whose gradient it is.

    Returns
    -------
    numpy.ndarray or IndexedSlices
        The same kind; slices name each row once, in ascending order.
    """
    if isinstance(gradient, IndexedSlices):
        merged = gradient.merged()
        if merged.values.dtype == variable.dtype:
            return merged
        return IndexedSlices(
            merged.values.astype(variable.dtype), merged.indices, merged.dense_shape
        )
    return np.asarray(gradient, variable.dtype)

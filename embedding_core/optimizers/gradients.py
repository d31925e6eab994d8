"""What a gradient goes through before an optimizer uses it: checked, merged, brought to dtype."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_list, expect, shown
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable

Gradient = Floats | IndexedSlices
"""The gradient of one variable, an array of its shape, or slices that name the rows touched."""


def variables_of(given: Any) -> list[Variable]:
    """Return a list of variables.

    Raises
    ------
    TypeError
        Anything else.
    ValueError
        One of them is given twice.
    """
    variables = as_list("variables", given, "variables")
    known: set[int] = set()
    for one in variables:
        expect("one of the variables", one, Variable, "a Variable")
        if id(one) in known:
            raise ValueError(
                f"{one.name} is given twice: name each variable once, with the sum of its "
                "gradients."
            )
        known.add(id(one))
    return variables


def check(
    grads: Sequence[Gradient | None],
    variables: Sequence[Variable],
    known: Sequence[Variable] | None,
) -> list[Gradient | None]:
    """Return gradients as arrays or slices, or refuse those that do not belong to the variables.

    Parameters
    ----------
    grads, variables
        Aligned; `None` is no gradient.
    known
        The variables the optimizer was built for, or `None` when it is not built yet.

    Raises
    ------
    TypeError
        No list of gradients, or something in it that holds no numbers.
    ValueError
        As many of one as do not match, no gradient at all, another shape, or a variable that
        is not known.
    """
    given = as_list("grads", grads, "gradients")
    if len(given) != len(variables):
        raise ValueError(
            f"received {len(given)} gradients for {len(variables)} variables, {shown(grads)}: "
            "give one for each, or None."
        )
    if all(gradient is None for gradient in given):
        raise ValueError(
            "no gradient for any variable: run backward before apply, and let at least one layer "
            f"be trainable. Received {shown(grads)}."
        )
    checked: list[Gradient | None] = []
    known_ones = None if known is None else set(map(id, known))
    for gradient, variable in zip(given, variables, strict=True):
        if known_ones is not None and id(variable) not in known_ones:
            raise ValueError(
                f"{variable.name} is unknown to this optimizer: build it with all variables."
            )
        checked.append(None if gradient is None else variable.check_gradient(gradient))
    return checked


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

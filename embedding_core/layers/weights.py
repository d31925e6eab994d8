"""The weights of a layer or a model, replaced all together or not at all."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Shape
from embedding_core.ground.checks import as_list, as_numbers, shown
from embedding_core.ground.whole import alone, make
from embedding_core.variable import Variable


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


@alone
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
    pairs = list(zip(variables, arrays, strict=True))
    make([deed for variable, array in pairs for deed in variable.assigning(array)])

"""From single losses to one number: how weights and a mask count."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_numbers, shown

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None)
"""What Keras knows; the first and the third are the same, and so are the last two."""


def standardize_reduction(reduction: Any) -> str | None:
    """Return the name of a reduction, or list them.

    Raises
    ------
    ValueError
        Anything else.
    """
    if not (reduction is None or isinstance(reduction, str)) or reduction not in REDUCTIONS:
        names = ", ".join(map(repr, REDUCTIONS))
        raise ValueError(
            f"Invalid value for argument reduction: it must be one of {names}; "
            f"received {shown(reduction)}."
        )
    return reduction


def squeeze_or_expand_to_same_rank(
    x1: NDArray[Any], x2: NDArray[Any], expand_rank_1: bool = True
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Make two arrays equally deep where a last axis of length 1 is all that parts them.

    Parameters
    ----------
    x1, x2
        Arrays of any shape.
    expand_rank_1
        Beside (n, 1), make (n,) a column; otherwise make the column flat.

    Returns
    -------
    tuple of numpy.ndarray
        Both, unchanged if it is something else that parts them.
    """
    deep, flat = (x1, x2) if x1.ndim > x2.ndim else (x2, x1)
    if deep.ndim != flat.ndim + 1 or deep.shape[-1] != 1:
        return x1, x2
    if flat.ndim == 1 and expand_rank_1:
        flat = flat[:, None]
    else:
        deep = deep[..., 0]
    return (deep, flat) if x1.ndim > x2.ndim else (flat, deep)


def beside(name: str, given: ArrayLike, shape: Shape) -> NDArray[Any]:
    """Lay weights or a mask beside single values.

    Parameters
    ----------
    name
        "sample_weight" or "mask", for the message.
    given
        One number; or one for each sample, (n,) or (n, 1); or one for each single value, with a
        last axis of length 1 or without; or anything else that NumPy spreads to `shape`.
    shape
        Of the single values, (n, ...).

    Returns
    -------
    numpy.ndarray
        As deep as `shape` says, and of a shape that spreads to it.

    Raises
    ------
    TypeError
        No numbers.
    ValueError
        They do not fit.

    Notes
    -----
    Keras lays (n,) beside (n, steps) along the *steps*, and fails unless there are n of them;
    here it is always one for each sample, as it is in Keras's metrics.
    """
    array = as_numbers(name, given)
    laid = array
    if array.ndim == len(shape) + 1 and array.shape[-1] == 1:
        laid = array[..., 0]
    elif array.ndim:
        laid = array.reshape(array.shape + (1,) * (len(shape) - array.ndim))
    if laid.ndim > len(shape) or any(
        have not in (1, need) for have, need in zip(laid.shape[::-1], shape[::-1], strict=False)
    ):
        each = f", or {shape}, one for each step" if len(shape) > 1 else ""
        raise ValueError(
            f"{name} must have shape {shape[:1]}, one for each sample{each}: received "
            f"{array.shape}."
        )
    return laid


def shares(
    shape: Shape,
    reduction: str | None,
    sample_weight: ArrayLike | None,
    mask: ArrayLike | None,
    dtype: Any,
) -> Floats:
    """Say how much of each single loss goes into the result.

    Parameters
    ----------
    shape
        Of the single losses.
    reduction
        One of `REDUCTIONS`.
    sample_weight, mask
        See `beside`; what the mask leaves out has no share, and a mean is over what is left.
    dtype
        Of the result.

    Returns
    -------
    numpy.ndarray
        Factors of the shape of the single losses. The reduced loss is the sum of the products.

    Raises
    ------
    TypeError, ValueError
        As `beside`.
    """
    mean = reduction in ("sum_over_batch_size", "mean")
    factors = np.ones((), dtype)
    if mask is not None:
        kept = beside("mask", mask, shape) != 0
        factors = kept.astype(dtype) * (_ratio(kept.size, int(kept.sum())) if mean else 1)
    if sample_weight is not None:
        factors = factors * beside("sample_weight", sample_weight, shape).astype(dtype)
    if mean:
        factors = factors / max(math.prod(shape), 1)
    elif reduction == "mean_with_sample_weight":
        if sample_weight is None and mask is None:
            factors = factors / max(math.prod(shape), 1)
        else:  # Keras adds up the weights as they were given, not as they are spread
            factors = factors * _ratio(1.0, float(factors.sum()))
    return np.full(shape, factors, dtype)


def _ratio(top: float, bottom: float) -> float:
    """Divide; nothing by nothing is 0, so that a batch without a word has loss 0, not NaN."""
    return top / bottom if bottom else 0.0

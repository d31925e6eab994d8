"""Gradients cut down to size before an optimizer uses them.

Keras's three ways, of which an optimizer takes at most one. Difference: they act on the sum of
the gradients of repeated ids, as they would on the dense gradient. Keras clips the look-ups of
one row one by one.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from embedding_core.ground._types import Floats
from embedding_core.ops import IndexedSlices
from embedding_core.optimizers.gradients import Gradient
from embedding_core.optimizers.options import Options


def clipped(gradients: list[Gradient], options: Options) -> list[Gradient]:
    """Cut gradients down in the way that an optimizer was told, if any.

    Parameters
    ----------
    gradients
        Of all variables; arrays, or slices that are merged.
    options
        Say the way and the limit.

    Returns
    -------
    list
        The same kinds and dtypes.
    """
    if options.clipnorm is not None:
        return [by_norm(gradient, options.clipnorm) for gradient in gradients]
    if options.clipvalue is not None:
        return [by_value(gradient, options.clipvalue) for gradient in gradients]
    if options.global_clipnorm is not None:
        return by_global_norm(gradients, options.global_clipnorm)
    return gradients


def by_norm(gradient: Gradient, limit: float) -> Gradient:
    """Shorten a gradient to the length `limit` if it is longer (Keras's `clipnorm`).

    Parameters
    ----------
    gradient
        An array, or slices that are merged.
    limit
        Largest Euclidean length, > 0, of the gradient of one variable.

    Returns
    -------
    numpy.ndarray or IndexedSlices
        The same direction, kind and dtype.
    """
    return _scaled(gradient, limit / max(_length([gradient]), limit))


def by_global_norm(gradients: Sequence[Gradient], limit: float) -> list[Gradient]:
    """Shorten all gradients by one factor (Keras's `global_clipnorm`).

    Parameters
    ----------
    gradients
        Arrays, or slices that are merged.
    limit
        Largest Euclidean length, > 0, of all of them taken as one long vector.

    Returns
    -------
    list
        The same directions, kinds and dtypes. All NaN when the length is not finite, as in
        Keras.
    """
    length = _length(gradients)
    factor = limit / max(length, limit) if np.isfinite(length) else np.nan
    return [_scaled(gradient, factor) for gradient in gradients]


def by_value(gradient: Gradient, limit: float) -> Gradient:
    """Cut every number to [-limit, limit] (Keras's `clipvalue`).

    Parameters
    ----------
    gradient
        An array, or slices that are merged.
    limit
        Largest size of one number, > 0.

    Returns
    -------
    numpy.ndarray or IndexedSlices
        The same kind and dtype.
    """
    return _with_values(gradient, np.clip(_values(gradient), -limit, limit))


def _values(gradient: Gradient) -> Floats:
    return gradient.values if isinstance(gradient, IndexedSlices) else gradient


def _with_values(gradient: Gradient, values: Floats) -> Gradient:
    if isinstance(gradient, IndexedSlices):
        return dataclasses.replace(gradient, values=values)
    return values


def _scaled(gradient: Gradient, factor: float) -> Gradient:
    return gradient if factor == 1 else _with_values(gradient, _values(gradient) * factor)


def _length(gradients: Sequence[Gradient]) -> float:
    """Squares are summed in float64: those of float16 would overflow at 256."""
    total = sum(float(np.square(_values(g), dtype=np.float64).sum()) for g in gradients)
    return float(np.sqrt(total))

"""Inputs, labels and weights that belong together, and the part of them that is held back.

Differences from Keras: weights that are negative, NaN or infinite are refused; so is
`class_weight` for labels that give a sample no class of its own (Keras takes the place of the
largest label, whatever the labels mean).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.batches import Samples
from embedding_core.feeding.arrays import as_array, as_inputs, refuse_what_is_no_array
from embedding_core.ground.checks import as_numbers, fraction, not_negative, number, shown


def samples(x: Any, y: Any, sample_weight: Any = None, class_weight: Any = None) -> Samples:
    """Turn inputs, labels and weights into arrays of equal length, at least one long.

    Parameters
    ----------
    x
        What `arrays.as_inputs` takes.
    y
        What `arrays.as_array` takes.
    sample_weight
        How much each sample counts, shape (n,) or (n, 1), or each of its steps, (n, steps).
    class_weight
        How much the samples of each class count, by the classes' numbers; 1 for those that it
        does not name. Only one of both weights may be given.

    Raises
    ------
    TypeError
        Something that is no array, or weights that are no numbers.
    ValueError
        Different lengths, no sample, both weights, or a weight that is none.
    """
    if sample_weight is not None and class_weight is not None:
        raise ValueError(
            "give sample_weight or class_weight, not both at the same time. Multiply them "
            "yourself if both are meant."
        )
    # In this order, so that what is given in the place of inputs and labels is named as such.
    if y is None and isinstance(x, (list, tuple)):  # of batches, or of inputs and labels
        raise TypeError(
            f"give inputs and labels as two arguments, x and y: received {shown(x)} and None."
        )
    inputs = as_inputs("x", x)
    labels = as_array("y, the labels,", y)
    weight = None if sample_weight is None else _checked_weight(sample_weight)
    shapes = [part.shape for part in (inputs, labels, weight) if part is not None]
    if any(shape[:1] != shapes[0][:1] for shape in shapes) or shapes[0][:1] in ((), (0,)):
        raise ValueError(
            "give one label, and one weight if any, for each of at least one sample: received "
            f"inputs of shape {inputs.shape}, labels of shape {labels.shape}"
            f"{'' if weight is None else f', weights of shape {weight.shape}'}."
        )
    if class_weight is not None:
        weight = _weight_of_class(labels, class_weight)
    return Samples(inputs, labels, weight)


def hold_back(
    x: Any,
    y: Any,
    validation_split: float,
    validation_data: Any,
    class_weight: Any,
    sample_weight: Any,
) -> tuple[Samples, Samples | None]:
    """Hold back the last samples, with their weights, unless there are others to validate on.

    Parameters
    ----------
    x, y, class_weight, sample_weight
        As for `samples`. The classes' weights count in training alone, as in Keras.
    validation_split
        Share of the samples that is held back, from the end.
    validation_data
        Inputs and labels, and weights if any.

    Returns
    -------
    tuple of Samples
        What to train on, and what to measure, if there is something.

    Raises
    ------
    TypeError
        As `samples`, or `validation_data` that is no such tuple.
    ValueError
        As `samples`, or a share that leaves nothing to train on or to measure.
    """
    share = fraction("validation_split", validation_split)
    data = samples(x, y, sample_weight, class_weight)
    if validation_data is not None:
        if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
            refuse_what_is_no_array("validation_data", validation_data)  # a data set, by its name
            raise TypeError(
                "validation_data must be inputs and labels, and weights if any: received "
                f"{shown(validation_data)}."
            )
        return data, samples(*validation_data)
    if not share:
        return data, None
    cut = int(len(data) * (1 - share))
    if not 0 < cut < len(data):
        raise ValueError(
            f"validation_split {share} leaves {cut} of {len(data)} samples to train on: "
            "both parts need at least one."
        )
    held_back = data[cut:]
    return data[:cut], Samples(held_back.x, held_back.y) if class_weight is not None else held_back


def _checked_weight(sample_weight: Any) -> NDArray[Any]:
    weight = as_numbers("sample_weight", as_array("sample_weight", sample_weight))
    # NaN fails the comparison, so this one test finds all three.
    bad = ~((weight >= 0) & (weight < np.inf))
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"sample_weight must hold finite numbers >= 0: received {weight[where]} at position "
            f"{where}. A sample that must not count has the weight 0."
        )
    return weight


def _weight_of_class(labels: NDArray[Any], class_weight: Any) -> NDArray[np.float32]:
    if not isinstance(class_weight, Mapping):
        raise TypeError(
            "class_weight must be a dictionary from a class's number to its weight, for example "
            f"{{0: 1.0, 1: 3.0}}: received {shown(class_weight)}."
        )
    weights: dict[int, float] = {}
    for key, value in class_weight.items():
        if number("a class in class_weight", key if not isinstance(key, bool) else int(key)) % 1:
            raise ValueError(f"class_weight counts classes by whole numbers: received {key!r}.")
        weights[int(key)] = not_negative(f"class_weight[{key!r}]", value)
    classes = _classes(as_numbers("labels", labels))
    found = np.ones(len(classes), np.float32)
    for one, weight in weights.items():
        found[classes == one] = weight
    return found


def _classes(labels: NDArray[Any]) -> NDArray[Any]:
    """Return the class of each sample, of labels (n,) or (n, 1), or of one-hot rows (n, C)."""
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.ndim == 1:
        return np.asarray(np.rint(labels))
    shares = labels.ndim == 2 and bool((labels >= 0).all())
    if not shares or not np.allclose(labels.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "class_weight needs one class for each sample, as its number or as a one-hot row: "
            f"received labels of shape {labels.shape}. Give sample_weight instead, one number "
            "for each sample or each step."
        )
    return np.asarray(labels.argmax(axis=1))

"""A walk through a Keras model that names what this book has found that applies to it.

A check is a function of its own, in the file of its theme: it gets the `Walk` and a table, and
yields its findings. What it says is *wrong* makes a model learn or say something else than it
should; what is *worth knowing* depends on the data, or costs time. Of a layer or model whose `call`
somebody has written Keras keeps no graph: it is called once more on symbolic tensors, and where
that cannot be done the report says so.
"""

from typing import Any

from embedding_core.for_keras.audit import ids, masks, tables, training, unseen
from embedding_core.for_keras.audit.report import Finding, Report
from embedding_core.for_keras.audit.walk import Walk
from embedding_core.for_keras.backend import keras

__all__ = ["CHECKS", "Finding", "Report", "audit"]

CHECKS = (
    ids.rounded_ids,
    ids.small_table,
    ids.float_export,
    masks.lost_mask,
    masks.all_padding,
    tables.norm_by_column,
    tables.dead_lora,
    tables.lost_alpha,
    tables.saturated_int4,
    training.squared_one_by_one,
    training.costly_step,
    unseen.not_followed,
)


def audit(model: Any) -> Report:
    """Look a model over.

    Parameters
    ----------
    model
        A Keras model or layer: built, compiled or loaded, or neither.

    Returns
    -------
    Report
        Its `wrong` and its `worth_knowing`; printed, it reads as a list.

    Raises
    ------
    TypeError
        It is no Keras model or layer.
    """
    if not isinstance(model, keras.layers.Layer):
        raise TypeError(
            f"audit takes a Keras model or layer: received {model!r} of type "
            f"{type(model).__name__}. A file is looked over by "
            "`python -m embedding_core audit model.keras`."
        )
    walk = Walk(model)
    return Report.of(
        finding for table in walk.tables() for check in CHECKS for finding in check(walk, table)
    )

"""Why an optimizer has to update a table densely: each reason a sentence that names its cause."""

from typing import Any

from embedding_core.for_keras.backend import tf
from embedding_core.for_keras.owing import Table

# Options of Keras's optimizers that move or read every row at every step.
_OPTIONS = {
    "weight_decay": "weight decay moves every row",
    "use_ema": "use_ema averages every row",
    "gradient_accumulation_steps": "gradient accumulation keeps a gradient for every row",
    "loss_scale_factor": "Keras cannot divide a gradient that names rows by loss_scale_factor",
    "amsgrad": "amsgrad compares every row's moments",
}


def why_dense(optimizer: Any, table: Table) -> str | None:
    """Return why each step has to update every row of this table, or `None`.

    Parameters
    ----------
    optimizer
        One of this package, before its first step.
    table
        Of a layer of this package.
    """
    if tf.distribute.has_strategy():
        return "a distribution strategy is active, and its replicas do not share what is owed"
    for option, reason in _OPTIONS.items():
        if option == "weight_decay" and not optimizer._use_weight_decay(table.raw):
            continue  # `exclude_from_weight_decay` has named it
        if getattr(optimizer, option, None) not in (None, False):
            return reason
    if table.regularizer is not None:
        return "its regularizer has a gradient for every row"
    if table.constraint is not None:
        return "its constraint is applied to every row"
    if table.mixed or table.raw.dtype not in (tf.float32, tf.float64):
        return "of mixed or half precision (rows are owed their steps in float32 or float64 only)"
    of_its_settings: str | None = optimizer.why_every_row(table)
    return of_its_settings

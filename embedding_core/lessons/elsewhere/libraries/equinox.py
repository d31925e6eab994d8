"""Equinox: `nn.Embedding`, which takes one id and is mapped over many."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.libraries.functional import Functional


def look_up(table: Any, ids: Any) -> Any:
    """Map the layer over the ids, whatever their shape."""
    import equinox as eqx
    import jax

    layer = eqx.nn.Embedding(weight=table)
    for _ in ids.shape:
        layer = jax.vmap(layer)
    return layer(ids)


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Make a layer and look."""
    import equinox as eqx
    import jax

    return np.asarray(eqx.nn.Embedding(rows, width, key=jax.random.key(0)).weight)


ADAPTERS = {
    "equinox": Adapter(
        "Equinox", ("equinox", "jax", "optax"), partial(Functional, look_up), first_values
    )
}

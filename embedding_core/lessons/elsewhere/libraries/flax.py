"""Flax: `Embed` of linen and of nnx."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.libraries.functional import Functional


def linen(table: Any, ids: Any) -> Any:
    """Apply linen's module to a table as its parameters."""
    from flax import linen as nn

    module = nn.Embed(*table.shape, dtype=table.dtype, param_dtype=table.dtype)
    return module.apply({"params": {"embedding": table}}, ids)


def nnx(table: Any, ids: Any) -> Any:
    """Put a table into nnx's module."""
    from flax import nnx

    module = nnx.Embed(*table.shape, dtype=table.dtype, param_dtype=table.dtype, rngs=nnx.Rngs(0))
    module.embedding[...] = table
    return module(ids)


def of_linen(rows: int, width: int) -> NDArray[Any]:
    """Initialize linen's module and look."""
    import jax
    from flax import linen as nn

    parameters = nn.Embed(rows, width).init(jax.random.key(0), jax.numpy.zeros(1, int))
    return np.asarray(parameters["params"]["embedding"])


def of_nnx(rows: int, width: int) -> NDArray[Any]:
    """Make nnx's module and look."""
    from flax import nnx

    return np.asarray(nnx.Embed(rows, width, rngs=nnx.Rngs(0)).embedding[...])


_PACKAGES = ("flax", "jax", "optax")
ADAPTERS = {
    "flax-linen": Adapter("Flax, linen", _PACKAGES, partial(Functional, linen), of_linen),
    "flax-nnx": Adapter("Flax, nnx", _PACKAGES, partial(Functional, nnx), of_nnx),
}

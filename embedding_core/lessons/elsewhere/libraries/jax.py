"""JAX itself: `jnp.take`, and an array indexed by ids."""

from functools import partial
from typing import Any

from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered
from embedding_core.lessons.elsewhere.libraries.functional import Functional


def take(table: Any, ids: Any) -> Any:
    """Take rows along the first axis, as `jnp.take` does by default."""
    import jax.numpy as jnp

    return jnp.take(table, ids, axis=0)


def index(table: Any, ids: Any) -> Any:
    """Index as in NumPy."""
    return table[ids]


def first_values(rows: int, width: int) -> NDArray[Any]:
    """JAX fills nothing by itself."""
    raise NotOffered


_PACKAGES = ("jax", "optax")
ADAPTERS = {
    "jax-take": Adapter("JAX, jnp.take", _PACKAGES, partial(Functional, take), first_values),
    "jax-index": Adapter("JAX, table[ids]", _PACKAGES, partial(Functional, index), first_values),
}

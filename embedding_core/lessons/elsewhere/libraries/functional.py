"""What the libraries on JAX share: a layer is a function of its table, and Optax trains it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import NotOffered, Options

LookUp = Callable[[Any, Any], Any]
"""Takes a table and ids, both JAX arrays, and returns rows."""


class Functional:
    """A table, a library's function of it, and one of Optax's optimizers."""

    def __init__(self, look_up: LookUp, table: NDArray[Any], options: Options) -> None:
        if options.padding is not None or options.max_norm is not None or options.sparse:
            raise NotOffered
        import jax.numpy as jnp
        import optax

        self._look_up, self._options = look_up, options
        self._table = jnp.asarray(table, options.dtype)
        rate = options.learning_rate
        self._optimizer = getattr(optax, options.optimizer)(rate)
        if options.decay:
            self._optimizer = optax.chain(optax.add_decayed_weights(options.decay), self._optimizer)
        self._state = self._optimizer.init(self._table)

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the function on ids as JAX takes them from NumPy."""
        import jax.numpy as jnp

        rows = self._look_up(self._table, jnp.asarray(ids))
        return _array(rows.mean(axis=1) if self._options.pooled else rows)

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        return _array(self._pulled_back(ids, upstream))

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        import optax

        gradient = self._pulled_back(ids, upstream)
        moves, self._state = self._optimizer.update(gradient, self._state, self._table)
        self._table = optax.apply_updates(self._table, moves)
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return _array(self._table).copy()

    def _pulled_back(self, ids: Any, upstream: NDArray[Any]) -> Any:
        import jax
        import jax.numpy as jnp

        ids = jnp.asarray(ids)
        rows, back = jax.vjp(lambda table: self._look_up(table, ids), self._table)
        return back(jnp.asarray(upstream, rows.dtype))[0]


def _array(values: Any) -> NDArray[Any]:
    return np.asarray(values, np.float32)

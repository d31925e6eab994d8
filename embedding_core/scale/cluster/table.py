"""The table itself: its rows lie on the servers, and only those of a batch travel."""

from typing import Any

from embedding_core.scale.cluster.spread import Spread

FIRST_SUM = 1e-8
"""Adagrad's sum of squares begins here, small, so that a rare word's first step is a long one."""


def cut(rows: int, servers: int) -> Any:
    """Return a partitioner for the strategy: what has `rows` rows is cut, all else is whole."""

    def parts(shape: Any, dtype: Any, **_: Any) -> list[int]:
        is_table = len(shape) == 2 and shape[0] == rows
        return [min(servers, rows) if is_table else 1] + [1] * (len(shape) - 1)

    return parts


class ShardedTable:
    """A table and Adagrad's sums of squares, in equal parts on the parameter servers.

    Create it in the scope of a `ParameterServerStrategy` with the partitioner `cut`. The rows
    are stored by place (see `Spread`), not by id.

    Parameters
    ----------
    rows, columns
        Its size (V, D), float32.
    learning_rate
        Of `push`.
    """

    def __init__(self, rows: int, columns: int, learning_rate: float) -> None:
        import tensorflow as tf

        shape = (rows, columns)

        # Each server makes its own part; one server alone is told neither shape nor offset.
        def uniform(partition_shape: Any = shape, partition_offset: Any = (0, 0)) -> Any:
            seed = (0, partition_offset[0])
            return tf.random.stateless_uniform(partition_shape, seed, -0.05, 0.05)

        def sums(partition_shape: Any = shape, partition_offset: Any = (0, 0)) -> Any:
            return tf.fill(partition_shape, FIRST_SUM)

        self.spread = Spread(rows)
        self.learning_rate = learning_rate
        self.table = tf.Variable(uniform, shape=shape, dtype=tf.float32, name="table")
        self.sums = tf.Variable(sums, shape=shape, dtype=tf.float32, name="sums")
        self._parts = list(zip(_parts(self.table), _parts(self.sums), strict=True))

    def pull(self, ids: Any) -> tuple[Any, Any, Any]:
        """Fetch the rows of a batch, each of them once.

        Parameters
        ----------
        ids
            int64 tensor of any shape, each in [0, V).

        Returns
        -------
        places, vectors, where
            (u,) the distinct rows' places, (u, D) their values, and for each id, in its shape,
            which of the u it is.

        Raises
        ------
        tensorflow.errors.InvalidArgumentError
            An id is outside [0, V): the message names the smallest and the largest.
        """
        import tensorflow as tf

        distinct, where = tf.unique(tf.reshape(ids, [-1]))
        low, high = tf.reduce_min(distinct), tf.reduce_max(distinct)
        outside = f"ids must be in [0, {self.spread.rows}). Smallest and largest received:"
        fine = tf.debugging.Assert((low >= 0) & (high < self.spread.rows), [outside, low, high])
        with tf.control_dependencies([fine]):
            places = self.spread.place(distinct)
        vectors = tf.nn.embedding_lookup(self.table, places)
        return places, vectors, tf.reshape(where, tf.shape(ids))

    def pull_whole(self, ids: Any) -> tuple[Any, Any, Any]:
        """Fetch the whole table, as a layer does that knows nothing of shards, and do as `pull`."""
        import tensorflow as tf

        distinct, where = tf.unique(tf.reshape(ids, [-1]))
        places = self.spread.place(distinct)
        whole = tf.concat([part for part, _ in self._parts], axis=0)
        return places, tf.gather(whole, places), tf.reshape(where, tf.shape(ids))

    def push(self, places: Any, gradient: Any) -> None:
        """Send the rows' gradients (u, D) to their servers, which take an Adagrad step there."""
        import tensorflow as tf

        first = 0
        for part, sums in self._parts:
            here = (places >= first) & (places < first + part.shape[0])
            # One operation on the server: neither sums nor rows travel back for the update.
            tf.raw_ops.ResourceSparseApplyAdagradV2(
                var=part.handle,
                accum=sums.handle,
                lr=self.learning_rate,
                epsilon=0.0,
                grad=tf.boolean_mask(gradient, here),
                indices=tf.boolean_mask(places - first, here),
                use_locking=True,
            )
            first += part.shape[0]


def _parts(variable: Any) -> list[Any]:
    """Return the parts of a cut variable; one that was not cut is its only part."""
    return list(getattr(variable, "variables", [variable]))

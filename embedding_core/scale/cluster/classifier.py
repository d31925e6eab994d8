"""The model that is trained on the cluster: the mean of a text's rows, judged by one unit."""

from typing import Any

from embedding_core.scale.cluster.table import FIRST_SUM, ShardedTable
from embedding_core.scale.cluster.work import Work


class Classifier:
    """A table, a unit, and a step of training that a worker can run.

    Create it in the scope of a `ParameterServerStrategy`.

    Parameters
    ----------
    work
        Sizes and rates.
    """

    def __init__(self, work: Work) -> None:
        import tensorflow as tf

        self.sharded = ShardedTable(work.rows, work.columns, work.learning_rate)
        self._pull = self.sharded.pull if work.pull == "rows" else self.sharded.pull_whole
        limit = (6 / (work.columns + 1)) ** 0.5  # Glorot's, the default of a Dense layer
        first = tf.random.stateless_uniform((work.columns, 1), (1, 0), -limit, limit)
        self.unit = [tf.Variable(first, name="kernel"), tf.Variable([0.0], name="bias")]
        self.unit_sums = [tf.Variable(tf.fill(v.shape, FIRST_SUM)) for v in self.unit]
        self.steps = tf.Variable(0, dtype=tf.int64, name="steps")
        self.step = tf.function(self._step)
        self.logits = tf.function(self._logits)

    def state(self) -> dict[str, Any]:
        """Return all that a checkpoint must hold, by name."""
        return {
            "table": self.sharded.table,
            "sums": self.sharded.sums,
            "unit": self.unit,
            "unit_sums": self.unit_sums,
            "steps": self.steps,
        }

    def _step(self, batches: Any) -> Any:
        import tensorflow as tf

        ids, labels = next(batches)
        places, vectors, where = self._pull(ids)
        kernel, bias = (tf.convert_to_tensor(variable) for variable in self.unit)
        with tf.GradientTape() as tape:
            tape.watch([vectors, kernel, bias])
            logits = _judge(tf.gather(vectors, where), ids, kernel, bias)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        rows, *rest = tape.gradient(loss, [vectors, kernel, bias])
        # `gather` was asked for some rows several times: their gradients are added up here.
        self.sharded.push(places, tf.convert_to_tensor(rows))
        for variable, sums, gradient in zip(self.unit, self.unit_sums, rest, strict=True):
            tf.raw_ops.ResourceApplyAdagradV2(
                var=variable.handle,
                accum=sums.handle,
                lr=self.sharded.learning_rate,
                epsilon=0.0,
                grad=gradient,
                use_locking=True,
            )
        self.steps.assign_add(1)
        return loss

    def _logits(self, ids: Any) -> Any:
        import tensorflow as tf

        _, vectors, where = self._pull(ids)
        return _judge(tf.gather(vectors, where), ids, *self.unit)


def _judge(vectors: Any, ids: Any, kernel: Any, bias: Any) -> Any:
    """Mean over the words of each text, padding left out, then the unit."""
    import tensorflow as tf

    words = tf.cast(ids != 0, tf.float32)[..., None]
    mean = tf.reduce_sum(vectors * words, 1) / tf.maximum(tf.reduce_sum(words, 1), 1.0)
    return tf.squeeze(mean @ kernel + bias, -1)

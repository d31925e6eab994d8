"""The chief: it makes the table, hands out the steps, saves, and goes on after a fault.

What is survived, and by whom:

- A worker dies: TensorFlow's `ClusterCoordinator` gives its step to another worker. A step may
  be done twice in this way, none is left out.
- A parameter server dies: its rows are gone. The chief waits until the server is there again,
  makes the table anew and reads the last checkpoint.
- A server hangs: `Watch` finds out and reports it. Who started the cluster must end that
  process; then it is one of the cases above. If nobody does, the chief gives up and says why.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import parent_process
from time import monotonic, sleep
from typing import Any

from embedding_core.scale.cluster.checkpoint import Checkpoints
from embedding_core.scale.cluster.classifier import Classifier
from embedding_core.scale.cluster.loading import load_tensorflow
from embedding_core.scale.cluster.probing import refuse_taken, wait_for
from embedding_core.scale.cluster.servers import threads
from embedding_core.scale.cluster.table import cut
from embedding_core.scale.cluster.task import Task
from embedding_core.scale.cluster.watch import Watch
from embedding_core.scale.cluster.work import Work

Report = Callable[[dict[str, Any]], None]

MOST_LOSSES = 5
"""So many times in a row, without one checkpoint between, the chief begins again."""


def coordinate(task: Task, work: Work, report: Report) -> None:
    """Train to the end, whatever happens to the servers on the way.

    Parameters
    ----------
    task
        The chief.
    work
        What to train.
    report
        Called with a dictionary for each event: "event" is "ready" (and "steps" done before),
        "steps" ("steps" done, and saved), "silent" ("job", "index"), "lost" ("why") or
        "finished" ("steps", "accuracy" on the test samples). "seconds" counts from the start.
        A function that can be pickled: the watch calls it in a process of its own, the last time
        with "failed" ("error"). Then it ends this process.

    Raises
    ------
    ConnectionError
        A server does not answer in time, or is lost again and again.
    OSError, ValueError
        As `Checkpoints`.
    """
    tf = load_tensorflow()
    began = monotonic()

    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_inter_op_parallelism_threads(threads(task))
    refuse_taken(task.address)
    checkpoints = Checkpoints(work.checkpoints)
    wait_for(task.servers(), work.limit)
    tell = partial(_tell, report, began)
    watch = Watch(
        task.servers(), work.patience, work.limit, partial(_silent, tell), partial(_end, tell)
    )
    watch.start()

    def tell_progress(event: str, **more: Any) -> None:
        watch.got_ahead()
        tell(event, **more)

    try:
        _train_through_losses(task, work, checkpoints, tell_progress)
    finally:
        watch.end()


def _tell(report: Report, began: float, event: str, **more: Any) -> None:
    report({"event": event, "seconds": round(monotonic() - began, 2), **more})


def _silent(tell: Callable[..., None], job: str, index: int) -> None:
    tell("silent", job=job, index=index)


def _end(tell: Callable[..., None], why: str) -> None:
    """End the chief from the watching process: it may wait for TensorFlow for ever."""
    tell("failed", error=why)
    print(f"error: {why}", file=sys.stderr, flush=True)
    chief = parent_process()  # not os.getppid(), somebody else where the chief has just ended
    assert chief is not None
    assert chief.pid is not None
    with suppress(ProcessLookupError):
        os.kill(chief.pid, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has but one


def _train_through_losses(
    task: Task, work: Work, checkpoints: Checkpoints, tell: Callable[..., None]
) -> None:
    import tensorflow as tf

    losses, saved = 0, checkpoints.whole()
    while True:
        try:
            _train(_Cluster(task, work, checkpoints), work, checkpoints, tell)
            return
        except (tf.errors.UnavailableError, tf.errors.AbortedError) as error:
            losses = losses + 1 if checkpoints.whole() == saved else 1
            saved = checkpoints.whole()
            if losses > MOST_LOSSES:
                raise ConnectionError(
                    f"a parameter server was lost {losses} times without a checkpoint between; "
                    f"the last time: {error.message}"
                ) from error
            tell("lost", why=type(error).__name__)
            wait_for(task.servers(), work.limit)


class _Cluster:
    """The model on the servers as they are now; made anew after a parameter server was lost."""

    def __init__(self, task: Task, work: Work, checkpoints: Checkpoints) -> None:
        import tensorflow as tf

        resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
            tf.train.ClusterSpec({job: list(at) for job, at in task.cluster.items()}),
            task_type="chief",
            task_id=0,
            rpc_layer="grpc",
        )
        partitioner = cut(work.rows, len(task.cluster["ps"]))
        strategy = tf.distribute.ParameterServerStrategy(resolver, partitioner)
        self.coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
        (ids, labels), self.test = work.samples()

        def batches() -> Any:
            # Each worker shuffles for itself.
            data = tf.data.Dataset.from_tensor_slices((ids, labels))
            return data.shuffle(len(ids)).repeat().batch(work.batch_size)

        with strategy.scope():
            self.model = Classifier(work)
        checkpoints.restore(self.model.state())
        self.batches = iter(self.coordinator.create_per_worker_dataset(batches))

    def steps(self) -> int:
        return int(self.model.steps.numpy())

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self.coordinator.schedule(self.model.step, args=(self.batches,))
        # Not `join`: it cannot be interrupted.
        while not self.coordinator.done():
            sleep(0.01)

    def accuracy(self) -> float:
        ids, labels = self.test
        right = (self.model.logits(ids).numpy() > 0) == labels
        return float(right.mean())


def _train(
    cluster: _Cluster, work: Work, checkpoints: Checkpoints, tell: Callable[..., None]
) -> None:
    steps = cluster.steps()
    tell("ready", steps=steps)
    while steps < work.steps:
        cluster.train(min(work.save_every or work.steps, work.steps - steps))
        steps = cluster.steps()
        if work.save_every:
            checkpoints.save(cluster.model.state(), steps)
        tell("steps", steps=steps)
    tell("finished", steps=steps, accuracy=cluster.accuracy())

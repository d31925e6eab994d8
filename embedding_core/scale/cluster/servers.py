"""What a worker or a parameter server does: wait for work, until it is ended from outside."""

from typing import NoReturn

from embedding_core.scale.cluster.loading import load_tensorflow
from embedding_core.scale.cluster.probing import refuse_taken
from embedding_core.scale.cluster.task import Task


def threads(task: Task) -> int:
    """Return how many operations a process must be able to wait for at once.

    By default as many as it has cores, and two cores are too few: operations that wait for
    other machines then keep those from starting that they wait for, and all stand still.
    """
    return 4 + sum(len(addresses) for addresses in task.cluster.values())


def serve(task: Task) -> NoReturn:
    """Be one of the cluster's servers.

    TensorFlow's server listens on all of the machine's networks and does what anybody tells
    it: let only machines that you trust reach its port.

    Parameters
    ----------
    task
        A worker or a parameter server.

    Raises
    ------
    OSError
        The port is taken.
    """
    refuse_taken(task.address)
    tf = load_tensorflow()

    server = tf.distribute.Server(
        {job: list(addresses) for job, addresses in task.cluster.items()},
        job_name=task.job,
        task_index=task.index,
        protocol="grpc",
        config=tf.compat.v1.ConfigProto(inter_op_parallelism_threads=threads(task)),
    )
    server.join()
    raise AssertionError("a server's join does not return")

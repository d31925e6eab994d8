"""The demonstration: what travels, what is survived, and what fits where."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.model import Sequential
from embedding_core.optimizers import Adagrad
from embedding_core.scale.cluster.host import Event, Host
from embedding_core.scale.cluster.local import LocalCluster
from embedding_core.scale.cluster.table import FIRST_SUM
from embedding_core.scale.cluster.work import Work

SKIP = "EMBEDDING_BOOK_CLUSTER"
"""Set to 0 in the environment, the chapter's cluster cells do nothing."""


def host_unless_skipped(patience: float = 120.0) -> Host | None:
    """Start a host, or say that this was switched off.

    Returns
    -------
    Host or None
        None, after a message, when the environment says ``EMBEDDING_BOOK_CLUSTER=0``.

    Raises
    ------
    RuntimeError
        It is switched off and ``CI`` is set: where the book is tested, nothing is left out.
    """
    if os.environ.get(SKIP) != "0":
        return Host(patience)
    if os.environ.get("CI"):
        raise RuntimeError(f"{SKIP}=0 is for readers: unset it where CI is set.")
    print(f"Skipped, because {SKIP} is 0. The cluster needs Linux and 3 GB of memory.")
    return None


Fault = tuple[str, str, int]
"""What happens ("kill" or "stop"), to which job, to which of them."""


def three_faults(workers: int, ps: int, steps: int) -> dict[int, Fault]:
    """Choose what happens after each quarter of a training, for `with_faults`.

    A worker dies and is not replaced (if there are two), one hangs, a parameter server dies.
    """
    faults = {
        steps // 4: ("kill", "worker", workers - 1),
        steps // 2: ("stop", "worker", 0),
        3 * steps // 4: ("kill", "ps", ps - 1),
    }
    if workers == 1:
        del faults[steps // 4]
    return faults


def with_faults(
    cluster: LocalCluster, work: Work, faults: Mapping[int, Fault], mend: bool = True
) -> Iterator[Event]:
    """Train, and let things happen on the way.

    Parameters
    ----------
    cluster
        With the processes that the faults name.
    work
        What to train.
    faults
        What happens, by the number of steps after which it does.
    mend
        Whether the cluster starts servers again, see `LocalCluster.train`.

    Yields
    ------
    dict
        The events of `LocalCluster.train`, and between them "fault" with "what".
    """
    ahead = dict(sorted(faults.items()))
    for event in cluster.train(work, mend):
        yield event
        while event["event"] == "steps" and ahead and event["steps"] >= min(ahead):
            what, job, index = ahead.pop(min(ahead))
            {"kill": cluster.kill, "stop": cluster.stop}[what](job, index)
            yield {**event, "event": "fault", "what": f"{what} {job} {index}"}


def bytes_a_step(host: Host, work: Work) -> float:
    """Train in a small cluster, and count the bytes between its processes.

    Parameters
    ----------
    host
        Forks the processes.
    work
        Of at least two times `save_every` steps: the first ones, which also bring the model
        and the data to the workers, are not counted.

    Returns
    -------
    float
        Bytes for each step, of all processes together, both ways, with all that the protocol
        adds.
    """
    marks = []
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(host, workers=1, ps=2, counted=True) as cluster,
    ):
        for event in cluster.train(replace(work, checkpoints=folder)):
            if event["event"] == "steps":
                marks.append((event["steps"], cluster.passed))
    (first, before), (last, after) = marks[0], marks[-1]
    return float((after - before) / (last - first))


def bytes_of_rows(work: Work, batches: int = 100) -> float:
    """Work out what a step must send: each row of the batch once there and its gradient back.

    Parameters
    ----------
    work
        What is trained.
    batches
        How many random batches to take the mean of.

    Returns
    -------
    float
        Distinct ids of a batch, times twice a row of float32 and twice its int64 place.
    """
    (ids, _), _ = work.samples()
    rng = np.random.default_rng(0)
    picks = (rng.choice(len(ids), work.batch_size, replace=False) for _ in range(batches))
    distinct = np.mean([len(np.unique(ids[pick])) for pick in picks])
    return float(distinct * 2 * (4 * work.columns + 8))


def in_one_process(work: Work, seed: int = 0) -> float:
    """Train the same model in this process, in NumPy, and return its accuracy."""
    (x, y), (x_test, y_test) = work.samples()
    model = Sequential(
        [
            Embedding(work.rows, work.columns, mask_zero=True),
            GlobalAveragePooling1D(),
            Dense(1, activation="sigmoid"),
        ],
        seed=seed,
    )
    adagrad = Adagrad(work.learning_rate, initial_accumulator_value=FIRST_SUM, epsilon=0.0)
    model.compile(adagrad, "binary_crossentropy", metrics=["accuracy"])
    epochs = max(1, round(work.steps * work.batch_size / len(x)))
    model.fit(x, y, work.batch_size, epochs=epochs, verbose=0)
    return float(model.evaluate(x_test, y_test, return_dict=True)["accuracy"])


def fits(host: Host, work: Work, ps: int, megabytes: int) -> str:
    """Try a table on servers that may take so much memory each.

    Parameters
    ----------
    host
        Forks the processes.
    work
        What to train.
    ps
        Number of parameter servers.
    megabytes
        What each of them may take on top of what it needs to be there.

    Returns
    -------
    str
        "fits", or the first line of the error.

    Raises
    ------
    RuntimeError
        It failed for another reason than memory.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(host, workers=1, ps=ps) as cluster,
    ):
        cluster.allow(megabytes)
        try:
            for _ in cluster.train(replace(work, checkpoints=folder)):
                pass
        except RuntimeError as error:
            first = str(error).splitlines()[0]
            if "OOM" not in first:
                raise
            return first
    return "fits"

"""A table over several machines, on paper: rows, bytes and seconds.

V rows of D numbers stand on S machines. Each machine is a worker too: it draws a batch, asks the
others for the distinct rows of it, and sends back a gradient for each. Nothing overlaps: a step
is the reading and updating of rows, then their journey. `simulate` draws ids and counts; nothing
in this module waits for a clock or a network.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground.checks import number, shown

_ID = 8  # bytes of an int64


@dataclass(frozen=True)
class Machine:
    """What one machine can do.

    Attributes
    ----------
    memory
        Bytes for its part of the table.
    row_seconds
        To look one row up and to update it, once it is in memory: to be measured.
    network
        Bytes a second, in each direction at once.

    Raises
    ------
    TypeError
        Something that is no number.
    ValueError
        A number that is not positive.
    """

    memory: float
    row_seconds: float
    network: float

    def __post_init__(self) -> None:
        for name in ("memory", "row_seconds", "network"):
            _positive(name, getattr(self, name))


@dataclass(frozen=True)
class Table:
    """What has to be stored.

    Attributes
    ----------
    rows, width
        V and D.
    slots
        Numbers that the optimizer keeps for each weight: 0 for SGD, 1 for Adagrad, 2 for Adam.
    size
        Bytes of a number.

    Raises
    ------
    TypeError
        Something that is no number.
    ValueError
        A number that is not positive; `slots` may be 0.
    """

    rows: int
    width: int
    slots: int = 1
    size: int = 4

    def __post_init__(self) -> None:
        for name in ("rows", "width", "size"):
            _positive(name, getattr(self, name))
        if number("slots", self.slots) < 0:
            raise ValueError(f"slots must be a number from 0 on: received {self.slots!r}.")

    @property
    def bytes(self) -> int:
        """Weights and slots of all rows."""
        return self.rows * self.width * (1 + self.slots) * self.size

    @property
    def row_bytes(self) -> int:
        """What travels for a row in one direction, its weights or its gradient, and its id."""
        return self.width * self.size + _ID

    def machines(self, machine: Machine) -> int:
        """Return how many machines hold the table."""
        return ceil(self.bytes / machine.memory)


@dataclass(frozen=True)
class Step:
    """What one step takes.

    Attributes
    ----------
    work, travel
        Seconds: of the busiest machine's rows, and of its busiest direction of the network.
    """

    work: float
    travel: float

    @property
    def seconds(self) -> float:
        """One after the other."""
        return self.work + self.travel

    @property
    def limit(self) -> str:
        """What takes longer, "network" or "rows"."""
        return "network" if self.travel > self.work else "rows"


@dataclass(frozen=True)
class Traffic:
    """Who asks whom for how many rows in a step.

    Attributes
    ----------
    table
        Whose rows.
    asked
        Shape (workers, shards): distinct rows that each worker asks of each shard.
    """

    table: Table
    asked: NDArray[np.int64]

    @property
    def balance(self) -> float:
        """The busiest shard's share of the look-ups, times the number of shards (1 is even)."""
        load = self.asked.sum(axis=0)
        return float(load.max() / load.mean())

    def on(self, machine: Machine) -> Step:
        """Return what the step takes on machines of a kind."""
        away = self.asked - np.diag(np.diag(self.asked))
        # Rows leave a shard and gradients leave a worker by the same cable.
        out = (away.sum(axis=0) + away.sum(axis=1)) * self.table.row_bytes
        return Step(
            work=float(self.asked.sum(axis=0).max() * machine.row_seconds),
            travel=float(out.max() / machine.network),
        )


def zipf_ids(rows: int, shape: tuple[int, int], seed: int = 0) -> NDArray[np.int64]:
    """Draw ids as texts and catalogues have them: the k-th most frequent in proportion to 1 / k.

    Parameters
    ----------
    rows
        V; id 0 is the most frequent.
    shape
        Workers, and ids that each draws.
    seed
        A seed repeats.

    Returns
    -------
    numpy.ndarray
        In [0, rows), by the inverse of the continuous law, which needs no table of V numbers.
    """
    _positive("rows", rows)
    fraction = np.random.default_rng(seed).random(shape)
    return np.minimum((rows + 1.0) ** fraction - 1, rows - 1).astype(np.int64)


def shard_of(
    ids: NDArray[np.int64], rows: int, shards: int, spread: str = "hash"
) -> NDArray[np.int64]:
    """Say which machine holds each row.

    Parameters
    ----------
    ids
        In [0, rows), any shape.
    rows, shards
        V and S.
    spread
        "blocks": the first V / S rows on the first machine, and so on. "hash": any row anywhere.

    Returns
    -------
    numpy.ndarray
        In [0, shards), the shape of `ids`.

    Raises
    ------
    ValueError
        Another spread.
    """
    if spread == "blocks":
        return ids // -(-rows // shards)
    if spread != "hash":
        raise ValueError(f"spread must be 'hash' or 'blocks': received {spread!r}.")
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(32)) % np.uint64(shards)).astype(np.int64)


def simulate(table: Table, ids: NDArray[np.int64], spread: str = "hash") -> Traffic:
    """Let every machine ask the others for the rows of its batch, and count.

    Parameters
    ----------
    table
        What is stored.
    ids
        Shape (S, n): the batch of each machine, which holds a shard and runs a worker.
    spread
        See `shard_of`.

    Returns
    -------
    Traffic
        A worker asks for a row once, however often its batch names it. What it asks of its own
        shard does not travel.

    Raises
    ------
    ValueError
        `ids` have another shape, or the spread is another.
    """
    if ids.ndim != 2 or ids.size == 0:
        raise ValueError(f"ids must have shape (machines, n), n > 0: received {ids.shape}.")
    machines = len(ids)
    asked = np.zeros((machines, machines), np.int64)
    for worker, batch in enumerate(ids):
        shards = shard_of(np.unique(batch), table.rows, machines, spread)
        asked[worker] = np.bincount(shards, minlength=machines)
    return Traffic(table, asked)


def even_network(table: Table, row_seconds: float) -> float:
    """Return the bytes a second at which a row travels as long as it takes to update.

    Parameters
    ----------
    table
        Whose rows.
    row_seconds
        As `Machine`'s.

    Returns
    -------
    float
        With many machines nearly every row travels out, and its gradient back by the other
        machine's cable: a cable carries two rows for each one that its machine updates.
    """
    _positive("row_seconds", row_seconds)
    return 2 * table.row_bytes / row_seconds


def _positive(name: str, value: float) -> None:
    if not 0 < number(name, value) < np.inf:
        raise ValueError(f"{name} must be a positive number: received {shown(value)}.")

"""What is to be trained: sizes, data, and where the checkpoints go."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Split = tuple[tuple[NDArray[Any], NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]]


@dataclass(frozen=True)
class Work:
    """A job for the chief; all of it can be written as JSON.

    Parameters
    ----------
    checkpoints
        A folder that the chief and all parameter servers see under this name.
    steps
        How many steps to train, over all workers.
    rows, columns
        Size of the table.
    batch_size
        Samples in a step.
    learning_rate
        Adagrad's.
    save_every
        Steps between two checkpoints; 0 saves none.
    data
        "rotten_tomatoes", or "random" for ids without meaning, in a table of any size.
    pull
        "rows" asks the servers for the rows of the batch, "table" for the whole table, as a
        layer does that knows nothing of shards.
    patience
        Seconds without a sign of life until a server is called silent.
    limit
        Seconds until the chief gives up: when a server is not there or stays silent, when no
        worker answers, or when training gets no further.

    Raises
    ------
    ValueError
        A whole number below 1 (`save_every`: below 0), another number not above 0, or an
        unknown word.
    """

    checkpoints: str
    steps: int = 600
    rows: int = 10_000
    columns: int = 16
    batch_size: int = 64
    learning_rate: float = 0.05
    save_every: int = 50
    data: str = "rotten_tomatoes"
    pull: str = "rows"
    patience: float = 30.0
    limit: float = 300.0

    def __post_init__(self) -> None:
        for name in ("steps", "rows", "columns", "batch_size", "save_every"):
            value, least = getattr(self, name), int(name != "save_every")
            if type(value) is not int or value < least:
                raise ValueError(
                    f"{name} must be a whole number from {least} on: received {value!r}."
                )
        for name in ("learning_rate", "patience", "limit"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0: received {getattr(self, name)!r}.")
        for name, words in (("data", ("rotten_tomatoes", "random")), ("pull", ("rows", "table"))):
            if getattr(self, name) not in words:
                raise ValueError(
                    f"{name} must be one of {words}: received {getattr(self, name)!r}."
                )

    def samples(self) -> Split:
        """Load the ids (n, 32) int64 and labels (n,) float32 to train on, and those to test on.

        Ids are sorted by frequency, as `TextVectorization` does; 0 is padding.
        """
        if self.data == "random":
            rng = np.random.default_rng(0)
            ids = rng.integers(0, self.rows, (1024, 32))
            return ((ids, (ids[:, 0] % 2).astype(np.float32)),) * 2
        from embedding_core.datasets import load_reviews, split_reviews
        from embedding_core.text import TextVectorization

        train, _, test = split_reviews(load_reviews("rotten_tomatoes"))
        encode = TextVectorization(self.rows, output_sequence_length=32)
        encode.adapt(train.texts)
        pairs = [(np.asarray(encode(part.texts)), part.labels) for part in (train, test)]
        first, second = ((x.astype(np.int64), y.astype(np.float32)) for x, y in pairs)
        return first, second

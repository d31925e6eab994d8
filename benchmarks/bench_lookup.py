"""Reading rows, and adding gradients back to them: 512 x 256 Zipf ids, D = 64, float32.

The bound is drawn in: a plain copy of the output is the least that a forward pass can cost.
"""

from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest
from data import zipf

from embedding_core import IndexedSlices, gather

SHAPE, WIDTH = (512, 256), 64

sizes = pytest.mark.parametrize("num_rows", [10_000, 100_000, 1_000_000])


def ways(*names):
    """Parametrize a benchmark; torch takes part where it is installed."""
    here = [name for name in names if not name.startswith("torch") or find_spec("torch")]
    return pytest.mark.parametrize("way", here)


@cache
def case(num_rows):
    """Make a table, ids, and the gradient of what they look up."""
    rng = np.random.default_rng(1)
    table = rng.standard_normal((num_rows, WIDTH), dtype="float32")
    return table, zipf(num_rows, SHAPE), rng.standard_normal((*SHAPE, WIDTH), dtype="float32")


def tensors(*arrays):
    """Hand the arrays to TensorFlow."""
    import tensorflow as tf

    return [tf.constant(array) for array in arrays]


@sizes
@ways("table.take", "gather", "table[ids]", "tf.gather", "torch embedding")
def bench_gather(race, num_rows, way):
    table, ids, _ = case(num_rows)
    if way == "tf.gather":
        import tensorflow as tf

        table, ids = tensors(table, ids)
        alive = []  # else TensorFlow hands out the same warm memory again

        def run():
            alive.append(tf.gather(table, ids).numpy())
    elif way == "torch embedding":
        import torch

        table, ids = torch.from_numpy(table), torch.from_numpy(ids)

        def run():
            return torch.nn.functional.embedding(ids, table).numpy()
    else:
        numpy_ways = {
            "gather": lambda: gather(table, ids),
            "table.take": lambda: table.take(ids, 0),
            "table[ids]": lambda: table[ids],
        }
        run = numpy_ways[way]
    race("gather", way, run, size=f"V={num_rows:,}")


@sizes
@ways("copy of the output", "np.take", "gather")
def bench_gather_into_out(race, num_rows, way):
    table, ids, like = case(num_rows)
    out = np.empty_like(like)
    runs = {
        "copy of the output": lambda: np.copyto(out, like),
        "np.take": lambda: np.take(table, ids, 0, out=out, mode="clip"),
        "gather": lambda: gather(table, ids, out=out),
    }
    race("gather out", way, runs[way], size=f"V={num_rows:,}", rounds=12)


@sizes
@ways("np.add.at", "merged slices", "tf.math.unsorted_segment_sum", "torch dense backward")
def bench_backward(race, num_rows, way):
    table, ids, gradient = case(num_rows)
    ids, gradient = ids.ravel(), gradient.reshape(-1, WIDTH)
    if way == "merged slices":

        def run():
            return IndexedSlices(gradient, ids, table.shape).merged()
    elif way == "np.add.at":

        def run():
            np.add.at(np.zeros_like(table), ids, gradient)
    elif way == "tf.math.unsorted_segment_sum":
        import tensorflow as tf

        gradient, ids = tensors(gradient, ids)

        def run():
            return tf.math.unsorted_segment_sum(gradient, ids, num_rows).numpy()
    else:
        import torch

        gradient, ids = torch.from_numpy(gradient), torch.from_numpy(ids)

        def run():
            return torch.ops.aten.embedding_dense_backward(gradient, ids, num_rows, -1, False)

    race("backward", way, run, size=f"V={num_rows:,}", rounds=4)

"""What Keras's own way to spread a table over devices does on two backends.

`keras.distribution.ModelParallel` is told to lay the rows of a table over two devices. Two
devices can be had on any machine, because TensorFlow and JAX split a processor into logical
ones, but only before they have started: so another interpreter is asked.
"""

import json
import os
import subprocess
import sys
from typing import NamedTuple

from embedding_core.ground.collector import CHILD

_SCRIPT = """
import json, sys
import keras
rows = int(sys.argv[1])
on_jax = keras.backend.backend() == "jax"
if not on_jax:
    import tensorflow as tf
    processor = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(processor, two)
devices = keras.distribution.list_devices()
mesh = keras.distribution.DeviceMesh((2,), ["model"], devices)
layout = keras.distribution.LayoutMap(mesh)
layout[".*embeddings"] = ("model", None)
keras.distribution.set_distribution(keras.distribution.ModelParallel(layout_map=layout))
layer = keras.layers.Embedding(rows, 4)
layer.build()
asked = layout[layer.embeddings.path].axes
table = layer.embeddings.value
if on_jax:
    shards = table.addressable_shards
    parts = [(f"{s.device.platform}:{s.device.id}", s.data.shape[0]) for s in shards]
else:
    parts = [(table.device.split("/device:")[-1].lower(), int(table.shape[0]))]
print(json.dumps([devices, asked, dict(parts)]))
"""

_TWO_DEVICES = {
    "tensorflow": {"TF_CPP_MIN_LOG_LEVEL": "3"},  # it is told in the script
    "jax": {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_force_host_platform_device_count=2"},
}


class Placed(NamedTuple):
    """Where a table went.

    Parameters
    ----------
    devices
        All that Keras knows.
    asked
        By which axis of the devices rows and columns were to be split; `None` is not at all.
    rows
        By the devices that hold any, how many rows are there.
    """

    devices: list[str]
    asked: list[str | None]
    rows: dict[str, int]


def place_rows(rows: int, backend: str = "tensorflow") -> Placed:
    """Ask for half the rows of a table on each of two devices, and see where they go.

    Parameters
    ----------
    rows
        Of the table.
    backend
        "tensorflow" or "jax".

    Returns
    -------
    Placed
        What the backend says about the variable that Keras made.

    Raises
    ------
    ValueError
        Another backend.
    RuntimeError
        The other interpreter failed; the message holds the end of what it wrote.
    """
    if backend not in _TWO_DEVICES:
        raise ValueError(f"backend must be 'tensorflow' or 'jax': received {backend!r}.")
    done = subprocess.run(
        [sys.executable, "-c", CHILD + _SCRIPT, str(rows)],
        env={**os.environ, "KERAS_BACKEND": backend, **_TWO_DEVICES[backend]},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the other interpreter failed: {done.stderr[-400:]}")
    return Placed(*json.loads(done.stdout.splitlines()[-1]))

"""What Keras's own way to spread a table over devices does on the TensorFlow backend.

`keras.distribution.ModelParallel` is told to lay the rows of a table over two devices. Two
devices can be had on any machine, because TensorFlow splits a processor into logical ones, but
only before it has started: so another interpreter is asked.
"""

import json
import os
import subprocess
import sys
from typing import NamedTuple

_SCRIPT = """
import json, sys
import keras, tensorflow as tf
rows = int(sys.argv[1])
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
print(json.dumps([devices, asked, table.device.split("/")[-1], int(table.shape[0])]))
"""


class Placed(NamedTuple):
    """Where a table went.

    Parameters
    ----------
    devices
        All that Keras knows.
    asked
        By which axis of the devices rows and columns were to be split; `None` is not at all.
    device, rows
        Where the table is, and how much of it is there.
    """

    devices: list[str]
    asked: list[str | None]
    device: str
    rows: int


def place_rows(rows: int) -> Placed:
    """Ask for half the rows of a table on each of two devices, and see where they go.

    Parameters
    ----------
    rows
        Of the table.

    Returns
    -------
    Placed
        What TensorFlow says about the variable that Keras made.

    Raises
    ------
    RuntimeError
        The other interpreter failed; the message holds the end of what it wrote.
    """
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(rows)],
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the other interpreter failed: {done.stderr[-400:]}")
    return Placed(*json.loads(done.stdout.splitlines()[-1]))

"""The progress bar, in a process of its own: tqdm reads its environment when it is imported."""

import os
import subprocess
import sys

import pytest

TRAIN = """
import numpy as np
from embedding_core import Dense, Sequential
model = Sequential([Dense(1, "sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.ones((4, 3)), [0, 1, 0, 1], epochs=2, verbose={verbose!r})
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("verbose", "disabled", "shown"),
    [("auto", False, True), (1, False, True), (0, False, False), (1, True, False)],
)
def test_a_bar_is_shown_off_a_terminal_too_unless_silenced(verbose, disabled, shown):
    environment = {k: v for k, v in os.environ.items() if k != "TQDM_DISABLE"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    if disabled:
        environment["TQDM_DISABLE"] = "1"
    code = TRAIN.format(verbose=verbose)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert ("epoch 2/2" in done.stderr) is shown
    assert shown or done.stderr == ""

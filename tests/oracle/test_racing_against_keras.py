"""The ways that are timed give the same; Keras's one-hot matrix takes the memory counted."""

import os
import subprocess
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import pytest

from embedding_core.ground.collector import CHILD
from embedding_core.ground.timing import Timing
from embedding_core.keras_bridge import racing
from embedding_core.lessons import costs

V, D = 50, 4
TABLE = np.random.default_rng(0).normal(size=(V, D)).astype("float32")
IDS = np.random.default_rng(1).integers(0, V, (3, 5))


@pytest.mark.parametrize("name", racing.FORWARD)
def test_every_way_gives_the_rows(name):
    rows = np.asarray(racing.forward_way(name, TABLE)(IDS))
    np.testing.assert_array_equal(rows.reshape(3, 5, D), TABLE[IDS])


@pytest.mark.parametrize("name", racing.STEPS)
def test_every_step_trains(name):
    step = racing.step_way(name, V, D)
    losses = [float(np.ravel(step(IDS))[0]) for _ in range(8)]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("make", [racing.forward_way, racing.step_way])
def test_an_unknown_way_is_refused(make):
    with pytest.raises(ValueError, match=r"must be one of .*; .*: received 'keras'"):
        make("keras", *([TABLE] if make is racing.forward_way else [V, D]))


def test_a_race_gives_every_way_its_rounds_at_every_number_of_rows():
    seen = {"a": [], "b": []}
    made = []

    def make(name, rows):
        made.append((name, rows))
        return seen[name].append

    times = racing.race(["a", "b"], make, [10, 1000], (2, 3), repeats=4)
    assert {name: list(at) for name, at in times.items()} == {n: [10, 1000] for n in seen}
    assert all(len(timing.seconds) == 4 for at in times.values() for timing in at.values())
    assert made == [(name, rows) for rows in (10, 1000) for name in seen]
    assert {ids.shape for calls in seen.values() for ids in calls} == {(2, 3)}
    assert max(ids.max() for ids in seen["a"][:5]) < 10 < max(i.max() for i in seen["a"][5:])


def test_no_two_calls_get_the_same_ids():
    seen = []
    racing.race(["a", "b"], lambda name, rows: seen.append, [10**6], (20,), repeats=2)
    assert len(np.unique(np.concatenate(seen))) == 6 * 20


def test_quartiles_leave_a_quarter_on_either_side():
    timing = Timing((5.0, 1.0, 4.0, 2.0, 3.0))
    assert racing.quartiles({"a": {10: timing}}) == {"a": {10: (2.0, 3.0, 4.0)}}


PEAKS = """
from pathlib import Path
import numpy as np
from embedding_core.keras_bridge import racing

def held(what):
    status = Path("/proc/self/status").read_text()
    return int(status.partition(what + ":")[2].split()[0])

V, D, n = {V}, {D}, {n}
ids = np.arange(n)
for name in ("Keras Embedding", "Keras Dense"):
    way = racing.forward_way(name, np.ones((V, D), "float32"))
    way(ids[:1])
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
    before = held("VmRSS")
    way(ids)
    print(held("VmHWM") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_the_memory_of_a_process_grows_by_what_is_counted_for_keras():
    """TensorFlow's tensors are invisible to tracemalloc; the system sees the whole process."""
    size = {"V": 3 * 10**5, "D": 16, "n": 512}
    done = subprocess.run(
        [sys.executable, "-c", CHILD + PEAKS.format(**size)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    look_up, product = (1024 * int(line) for line in done.stdout.split())
    table = 4 * size["V"] * size["D"]
    counted = costs.forward("dense product", **size).memory - table
    assert counted == pytest.approx(product, rel=0.2)
    assert look_up < 0.02 * product

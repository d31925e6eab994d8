"""What the benchmarks share: ids, and how a way of doing a work is entered into the table."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TQDM_DISABLE"] = "1"

import pytest

from embedding_core.keras_bridge import load_keras

load_keras()  # before anything imports TensorFlow, which would greet at length

TURNS = 5


@pytest.fixture(scope="module", params=range(TURNS), ids=lambda turn: f"turn{turn}")
def turn(request):
    """Run every way of a file, then all of them again.

    What a neighbour does to the machine for a while then slows every way and favours none.
    """
    return request.param


@pytest.fixture
def race(benchmark, turn):
    """Time one way: `race(work, way, function, size=..., rounds=...)`.

    `rounds` are those of one turn; `per` is what a call's time is divided by. Returns a
    dictionary for whatever else is to be reported.
    """

    def enter(work, way, function, size="", rounds=6, per=1):
        benchmark.extra_info |= {"work": work, "way": way, "size": size, "per": per}
        benchmark.pedantic(function, rounds=rounds, warmup_rounds=1)
        return benchmark.extra_info

    return enter

"""What an archive refuses to write, and reading in threads. What it refuses to read stands in
saving/test_models.
"""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embedding_core.ground import archive


@pytest.mark.parametrize("config", [3, {"rate": 1j}, {"many": {1, 2}}])
def test_a_configuration_that_json_cannot_hold_is_refused(tmp_path, config):
    path = tmp_path / "model.npz"
    with pytest.raises(TypeError, match="JSON cannot hold the configuration"):
        archive.write(path, config, {"a": np.ones(2)})
    assert not path.exists()


def test_an_array_of_something_else_than_numbers_is_refused_by_its_name(tmp_path):
    path = tmp_path / "model.npz"
    match = r"^words must be an array of numbers: received an array .* and dtype object"
    with pytest.raises(TypeError, match=match):
        archive.write(path, {}, {"a": np.ones(2), "words": np.array(["cat", None])})
    assert not path.exists()


def test_what_is_too_long_to_be_read_again_is_not_written(tmp_path):
    path = tmp_path / "model.npz"
    with pytest.raises(ValueError, match=r"may have 1048576 characters: received 2\d{6}\."):
        archive.write(path, {"words": "a" * 2_000_000}, {})
    assert not path.exists()


@pytest.fixture
def turns():
    """Let threads take turns as often as Python can, amid its own collection of garbage too."""

    def collected(phase, info):
        sum(range(50))

    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    gc.callbacks.append(collected)
    yield
    gc.callbacks.remove(collected)
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


def test_threads_read_at_once_what_one_thread_wrote(tmp_path, turns):
    path = tmp_path / "model.npz"
    archive.write(path, {}, {f"{n}": np.arange(n) for n in range(20)})

    def read(_):
        with open(path, "rb") as file:
            return archive.read(file)[1]

    with ThreadPoolExecutor(4) as threads:
        for arrays in threads.map(read, range(60)):
            for n in range(20):
                np.testing.assert_array_equal(arrays[f"{n}"], np.arange(n))

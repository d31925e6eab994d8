"""What an archive refuses to write. What it refuses to read stands in saving/test_models."""

import numpy as np
import pytest

from embedding_core.ground import archive


@pytest.mark.parametrize("config", [3, {"rate": 1j}, {"many": {1, 2}}])
def test_a_configuration_that_json_cannot_hold_is_refused(tmp_path, config):
    path = tmp_path / "model.npz"
    with pytest.raises(TypeError, match="JSON cannot hold the configuration"):
        archive.write(path, config, {"a": np.ones(2)})
    assert not path.exists()


def test_what_is_too_long_to_be_read_again_is_not_written(tmp_path):
    path = tmp_path / "model.npz"
    with pytest.raises(ValueError, match=r"may have 1048576 characters: received 2\d{6}\."):
        archive.write(path, {"words": "a" * 2_000_000}, {})
    assert not path.exists()

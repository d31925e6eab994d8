"""What chapter 18 says of Keras's distribution is still so."""

import pytest

from embedding_core.keras_bridge.model_parallel import place_rows


def test_tensorflow_ignores_a_layout():
    placed = place_rows(10)
    assert len(placed.devices) == 2
    assert placed.asked == ["model", None], "half of the rows on each device was asked for"
    assert placed.rows == {"cpu:0": 10}, "Keras splits tables on TensorFlow now: change the chapter"


def test_jax_keeps_it():
    placed = place_rows(10, "jax")
    assert placed.asked == ["model", None]
    assert placed.rows == {"cpu:0": 5, "cpu:1": 5}


def test_another_backend_is_refused():
    with pytest.raises(ValueError, match="'tensorflow' or 'jax': received 'torch'"):
        place_rows(10, "torch")


def test_a_failure_over_there_is_told_here(monkeypatch, tmp_path):
    (tmp_path / "keras.py").write_text("raise LookupError('not today')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # whose Keras takes no time to be imported
    match = r"(?s)^the other interpreter failed: .*LookupError: not today\n$"
    with pytest.raises(RuntimeError, match=match):
        place_rows(10)

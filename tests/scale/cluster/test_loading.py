import sys

import pytest

from embedding_core.scale.cluster.loading import load_tensorflow

TENSORFLOW = """
try:
    import keras.src.optimizers
    loaded = True
except ImportError:
    loaded = False
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Put a small TensorFlow that imports Keras as the real one does before all others."""
    (tmp_path / "tensorflow.py").write_text(TENSORFLOW)
    (tmp_path / "keras" / "src").mkdir(parents=True)
    for file in ("__init__", "src/__init__", "src/optimizers"):
        (tmp_path / "keras" / f"{file}.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    names = [n for n in sys.modules if n.partition(".")[0] in ("keras", "tensorflow")]
    with monkeypatch.context() as patch:
        for name in [*names, "keras", "keras.src", "keras.src.optimizers", "tensorflow"]:
            patch.setitem(sys.modules, name, None)
            del sys.modules[name]
        yield tmp_path


@pytest.mark.usefixtures("stand_in")
def test_tensorflow_comes_without_keras_which_can_be_imported_later():
    assert not load_tensorflow().loaded
    import keras

    assert sys.modules["keras"] is keras


@pytest.mark.usefixtures("stand_in")
def test_a_keras_that_is_there_stays():
    import keras

    assert load_tensorflow().loaded
    assert sys.modules["keras"] is keras


def test_after_an_import_that_fails_keras_can_be_imported(stand_in):
    (stand_in / "tensorflow.py").write_text("raise ImportError")
    with pytest.raises(ImportError):
        load_tensorflow()
    import keras

    assert sys.modules["keras"] is keras

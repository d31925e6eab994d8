"""The bridge shows and records what the installed Keras does, and nothing else."""

import inspect
import os
import subprocess
import sys
import textwrap

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest

import embedding_core
from embedding_core.ground.collector import CHILD
from embedding_core.keras_bridge import add_weight_calls, load_keras, operations, source


def test_load_keras_returns_keras_and_writes_nothing_to_stderr():
    code = "from embedding_core.keras_bridge import load_keras; print(load_keras().__name__)"
    code = CHILD + code
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("keras", "")


def test_load_keras_says_how_to_install_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(ImportError, match=r"pip install -r requirements\.txt"):
        load_keras()


def test_stderr_works_again_afterwards(capfd):
    load_keras()
    print("heard", file=sys.stderr, flush=True)
    assert capfd.readouterr().err == "heard\n"


def test_source_shows_every_line_of_a_method_without_a_docstring():
    shown = source(keras.layers.Embedding.call)
    lines = textwrap.dedent(inspect.getsource(keras.layers.Embedding.call))
    assert shown.code == lines.rstrip()
    assert shown.title.startswith(f"keras {keras.__version__}, keras/src/layers/core/embedding.py")


def test_source_leaves_the_docstring_out_and_keeps_the_rest():
    whole = inspect.getsource(keras.layers.Layer.add_weight)
    shown = source(keras.layers.Layer.add_weight)
    assert inspect.getdoc(keras.layers.Layer.add_weight).splitlines()[0] in whole
    assert inspect.getdoc(keras.layers.Layer.add_weight).splitlines()[0] not in shown
    assert shown.code.endswith("return variable")


def test_source_cuts_out_the_lines_between_two_texts_and_names_their_numbers():
    shown = source(keras.layers.Layer.add_weight, begin="if shape is None", end="shape = ()")
    assert shown.code == "if shape is None:\n    shape = ()"
    first, last = map(int, shown.title.split("lines ")[1].split(" to "))
    lines = inspect.getsource(sys.modules[keras.layers.Layer.__module__]).splitlines()
    assert "if shape is None" in lines[first - 1]
    assert "shape = ()" in lines[last - 1]


def test_source_says_when_the_installed_version_reads_differently():
    with pytest.raises(ValueError, match=r"no such line.*installed version differs"):
        source(keras.layers.Embedding.call, begin="no such line")


def test_source_is_shown_as_python_in_a_notebook():
    shown = source(keras.layers.Embedding.call)
    assert shown._repr_markdown_() == f"```python\n# {shown.title}\n{shown.code}\n```\n"


def test_add_weight_calls_records_both_libraries_alike():
    for library in (keras.layers, embedding_core):
        dense = add_weight_calls(library.Dense(3), (None, 2))
        assert [(call["name"], call["shape"]) for call in dense] == [
            ("kernel", (2, 3)),
            ("bias", (3,)),
        ]


def test_operations_records_what_a_layer_computes():
    encoded = np.eye(4, dtype="float32")[[1, 3]]
    dense = keras.layers.Dense(2, use_bias=False)
    dense.build((None, 4))
    (product,) = operations(dense, encoded)
    assert str(product) == "matmul(float32[2 × 4], float32[4 × 2]) -> float32[2 × 2]"


def test_operations_leaves_keras_as_it_was():
    before = keras.src.ops.take
    layer = keras.layers.Embedding(4, 2)
    layer.build()
    operations(layer, np.array([1]))
    assert keras.src.ops.take is before

"""Keras 2 runs apart from everything, and says what happened there."""

import os
import sys

import pytest

from embedding_core.keras_bridge import legacy, load_keras, run_keras2, run_keras2_cells

CELLS = {
    "who": "print(keras.__name__, tf.keras.__name__, np.__name__)",
    "printed": "print('a'); print('b', end='')",
    "silent": "a_name_of_this_cell = 1",
    "other cell": "print(a_name_of_this_cell)",
    "settings": """
import os, sys
print(keras.backend.floatx(), 'MINE' in os.environ, 'KERAS_BACKEND' in os.environ)
print(sys.flags.hash_randomization, sys.stdin.read() == '', 'keras' in sys.modules)
""",
    "wrapped error": """
layer = keras.layers.Embedding(4, 2)
layer(np.array([1]))
print('so far')
layer(np.array([7]))
""",
    "syntax": "print(",
    "after the errors": "print('ü', file=__import__('sys').stderr); print('ü')",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (home / "keras.json").write_text('{"floatx": "float64"}', "utf-8")
    theirs = {
        "MINE": "1",
        "KERAS_BACKEND": "torch",
        "KERAS_HOME": str(home),
        "PYTHONHASHSEED": "0",
        "PYTHONOPTIMIZE": "1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in theirs.items():
            patch.setenv(name, value)
        return run_keras2_cells(CELLS)


def test_every_snippet_answers_under_its_name_and_in_order(results):
    assert list(results) == list(CELLS)


def test_keras_is_keras_2_there(results):
    assert results["who"].output == "tf_keras tf_keras.api._v2.keras numpy\n"


def test_what_is_printed_comes_back_as_it_was(results):
    assert results["printed"] == legacy.Keras2Result("a\nb", "")
    assert results["silent"] == legacy.Keras2Result("", "")
    assert results["after the errors"] == legacy.Keras2Result("ü\n", "")


def test_a_snippet_sees_no_names_of_another(results):
    assert results["other cell"].error == "NameError: name 'a_name_of_this_cell' is not defined"


def test_settings_of_the_parent_and_of_the_reader_do_not_reach_it(results):
    """A float64 in the reader's keras.json, a backend, a hash seed, the parent's own Keras."""
    assert results["settings"].output == "float32 True False\n1 True False\n"


def test_an_error_is_one_line_without_the_wrapping_and_keeps_what_was_printed(results):
    wrapped = results["wrapped error"]
    assert wrapped.output == "so far\n"
    assert wrapped.error.startswith("InvalidArgumentError: indices[0] = 7 is not in [0, 4)")
    assert "\n" not in wrapped.error
    assert str(wrapped) == wrapped.output + wrapped.error
    assert results["syntax"].error == "SyntaxError: '(' was never closed (<syntax>, line 1)"


def test_one_snippet_returns_its_text_and_the_caller_hears_nothing_else(capfd):
    assert run_keras2("import warnings; warnings.warn('x'); print(2 + 2)") == "4\n"
    assert capfd.readouterr() == ("", "")


def test_one_snippet_that_fails_raises_with_the_reason():
    with pytest.raises(RuntimeError, match=r"^Keras 2 raised ZeroDivisionError: division by zero$"):
        run_keras2("1 / 0")


@pytest.fixture
def empty_tensorflow(monkeypatch, tmp_path):
    """Modules that take no time to import, where it does not matter what Keras does."""
    for name in ("tensorflow", "tf_keras"):
        (tmp_path / f"{name}.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


@pytest.mark.usefixtures("empty_tensorflow")
def test_a_child_that_dies_is_an_error_with_its_code():
    with pytest.raises(RuntimeError, match=r"ended with 7: last words$"):
        run_keras2("import os; os.write(2, b'first\\nlast words\\n'); os._exit(7)")


@pytest.mark.usefixtures("empty_tensorflow")
def test_the_child_is_stopped_in_time_and_the_slow_snippet_named():
    cells = {"quick": "print(1)", "slow": "import time; time.sleep(600)"}
    with pytest.raises(TimeoutError, match=r"longer than 5 seconds, at 'slow'"):
        run_keras2_cells(cells, timeout=5)


def test_without_tf_keras_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tf_keras", None)
    with pytest.raises(ImportError, match=r"tf_keras: pip install -r requirements\.txt"):
        run_keras2("print(1)")


@pytest.mark.usefixtures("results")
def test_the_caller_keeps_its_own_keras():
    assert load_keras().__version__.startswith("3.")
    assert "tf_keras" not in sys.modules
    assert "TF_USE_LEGACY_KERAS" not in os.environ

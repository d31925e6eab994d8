"""Keras 2 runs apart from everything, and says what happened there."""

import os
import sys

import pytest
from keras_side import put_empty_modules_first

from embedding_core.keras_bridge import (
    Keras2,
    Outcome,
    load_keras,
    run_here,
    run_keras2,
    run_keras2_cells,
)

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
    "warned": """
import os, warnings
for text in ("first", "second", "first"):
    warnings.warn(text)
warnings.warn("not for the user", DeprecationWarning)
os.write(1, b"past Python")
""",
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
    assert results["printed"] == Outcome("a\nb")
    assert results["silent"] == Outcome("")
    assert results["after the errors"] == Outcome("ü\n")


def test_a_snippet_sees_no_names_of_another(results):
    assert results["other cell"].error == "NameError: name 'a_name_of_this_cell' is not defined"


def test_settings_of_the_parent_and_of_the_reader_do_not_reach_it(results):
    """A float64 in the reader's keras.json, a backend, a hash seed, the parent's own Keras."""
    assert results["settings"].output == "float32 True False\n1 True False\n"


def test_an_error_is_one_line_without_the_wrapping_and_keeps_what_was_printed(results):
    wrapped = results["wrapped error"]
    assert wrapped.output == "so far\n"
    assert wrapped.error == "InvalidArgumentError: indices[0] = 7 is not in [0, 4)"
    assert str(wrapped) == f"so far\n{wrapped.error}"
    assert results["syntax"].error == "SyntaxError: '(' was never closed (<snippet>, line 1)"


def test_warnings_come_back_once_each_and_only_those_for_the_user(results):
    assert results["warned"] == Outcome("", "", ("first", "second"))
    assert str(results["warned"]) == "UserWarning: first\nUserWarning: second"


def test_the_installed_keras_answers_the_same_questions_in_the_same_form():
    assert run_here("print(keras.__version__[0], tf.keras is not keras)") == Outcome("3 True\n")
    wrapped = run_here(CELLS["wrapped error"])
    assert wrapped.output == "so far\n"
    assert wrapped.error == "InvalidArgumentError: indices[0] = 7 is not in [0, 4)"
    assert run_here(CELLS["syntax"]).error.startswith("SyntaxError: '(' was never closed")
    warned = run_here("import warnings; warnings.warn('a'); print(1)")
    assert warned == Outcome("1\n", "", ("a",))


def test_one_snippet_returns_its_text_and_the_caller_hears_nothing_else(capfd):
    assert run_keras2("import warnings; warnings.warn('x'); print(2 + 2)") == "4\n"
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def empty_tensorflow(monkeypatch, tmp_path):
    put_empty_modules_first(monkeypatch, tmp_path)


@pytest.mark.usefixtures("empty_tensorflow")
def test_one_snippet_that_fails_raises_with_the_reason():
    with pytest.raises(RuntimeError, match=r"^Keras 2 raised ZeroDivisionError: division by zero$"):
        run_keras2("1 / 0")


@pytest.mark.usefixtures("empty_tensorflow")
def test_a_child_that_dies_is_an_error_with_its_code():
    with pytest.raises(RuntimeError, match=r"ended with 7: last words$"):
        run_keras2("import os; os.write(2, b'first\\nlast words\\n'); os._exit(7)")


@pytest.mark.usefixtures("empty_tensorflow")
def test_the_child_is_stopped_in_time_and_the_slow_snippet_named():
    cells = {"quick": "print(1)", "slow": "import time; time.sleep(600)"}
    with pytest.raises(TimeoutError, match=r"longer than 5 seconds for 'import time"):
        run_keras2_cells(cells, timeout=5)


@pytest.mark.usefixtures("empty_tensorflow")
def test_one_interpreter_answers_many_questions_and_none_after_it_has_ended():
    with Keras2() as keras2:
        assert keras2.run("print(1)").output == "1\n"
        assert keras2.run("import os; print(os.getpid())") == keras2.run(
            "import os; print(os.getpid())"
        )
        with pytest.raises(RuntimeError, match=r"ended with 3: it said nothing$"):
            keras2.run("import os; os._exit(3)")
        with pytest.raises(RuntimeError, match=r"ended with 3"):
            keras2.run("print(2)")


@pytest.mark.usefixtures("empty_tensorflow")
def test_closing_ends_the_interpreter_and_leaves_no_folder():
    with Keras2() as keras2:
        said = keras2.run("import os; print(os.getpid(), os.getcwd())").output.split()
    assert not os.path.exists(said[1])
    with pytest.raises(ProcessLookupError):
        os.kill(int(said[0]), 0)


def test_without_tf_keras_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tf_keras", None)
    with pytest.raises(ImportError, match=r"tf_keras: pip install -r requirements\.txt"):
        run_keras2("print(1)")


@pytest.mark.usefixtures("results")
def test_the_caller_keeps_its_own_keras():
    assert load_keras().__version__.startswith("3.")
    assert "tf_keras" not in sys.modules
    assert "TF_USE_LEGACY_KERAS" not in os.environ

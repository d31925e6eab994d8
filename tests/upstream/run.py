"""Run the installed Keras's own unit tests on the package, in a process without Keras.

    python tests/upstream/run.py    # prints JSON: {file: {test: [outcome, why]}}

The test files are read from the installed Keras, and so is the `TestCase` they derive from. What
they import resolves to `doubles`. An outcome is "passed"; "reworded", when all of the test passed
but an error had another wording than Keras's and the right class; "failed", with the error; or
"outside", with the name that the package does not have.
"""

# The names are unittest's own.
# ruff: noqa: N802, N815, PT027
import contextlib
import importlib.util
import io
import json
import sys
import types
import unittest
import warnings
from pathlib import Path

import pytest

# Found before its name is blocked; looking for a package does not import it.
SOURCE = Path(importlib.util.find_spec("keras").submodule_search_locations[0]) / "src"

import doubles  # noqa: E402
from absent import Outside  # noqa: E402
from files import FILES  # noqa: E402

sys.meta_path.insert(0, doubles.Finder())

# Errors of Python's own about a call: they say that an argument is missing, not that it is wrong.
MISCALLED = ("unexpected keyword argument", "positional argument", "has no attribute")


def load(path, name):
    """Run a file of the installed Keras as a module of the given name."""
    module = types.ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module  # so that its classes can be pickled
    exec(compile(path.read_text("utf-8"), str(path), "exec"), vars(module))
    return module


class Worded:
    """The context of `assertRaisesRegex` that asks for the class, and notes another wording."""

    def __init__(self, case, expected, pattern):
        self.case, self.plain = case, unittest.TestCase.assertRaises(case, expected)
        self.exact = unittest.TestCase.assertRaisesRegex(case, expected, pattern or "")

    def __enter__(self):
        self.exact.__enter__()
        return self.plain

    def __exit__(self, kind, error, trace):
        try:
            caught = self.exact.__exit__(kind, error, trace)
        except AssertionError:
            if kind is None or any(words in str(error) for words in MISCALLED):
                raise
            self.case.reworded = True
            caught = True
        self.plain.exception = error
        return caught


def asked_by_class(case, expected, pattern, *call, **kwargs):
    """Stand in for `assertRaisesRegex`."""
    context = Worded(case, expected, pattern)
    if not call:
        return context
    with context:
        call[0](*call[1:], **kwargs)
    return None


class Outcomes(unittest.TestResult):
    """Writes down how each test ended."""

    running = None

    def __init__(self):
        super().__init__()
        self.ended = {}

    def startTest(self, test):
        super().startTest(test)
        Outcomes.running = test

    def _end(self, test, outcome, why=""):
        cls = type(test).__name__
        self.ended.setdefault(f"{cls}.{test.id().rsplit('.', 1)[-1]}", [outcome, why])

    def addSuccess(self, test):
        self._end(test, "reworded" if getattr(test, "reworded", False) else "passed")

    def addError(self, test, error):
        kind, value, _ = error
        if kind is Outside:
            self._end(test, "outside", str(value))
        else:
            self._end(test, "failed", f"{kind.__name__}: {value}".strip())

    addFailure = addError

    def addSkip(self, test, reason):
        self._end(test, "outside", "another backend")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.addError(test, error)


def is_for_others(test):
    """Say whether a mark of pytest skips the test here."""
    marks = [
        *getattr(type(test), "pytestmark", []),
        *getattr(getattr(test, test._testMethodName), "pytestmark", []),
    ]
    return any(mark.name == "skipif" and any(mark.args) for mark in marks)


def outcomes_of(file):
    """Run one test file and return how each of its tests ended."""
    result = Outcomes()
    # A file's own name, not Keras's: that is what pickle looks up.
    try:
        module = load(SOURCE / f"{file}_test.py", f"upstream_{file.replace('/', '_')}")
    except (Exception, Outside) as error:  # a newer Keras may ask for more at import
        return {"(the file)": ["failed", f"{type(error).__name__}: {error}"]}
    for name in ("jax", "torch"):
        sys.modules.pop(name, None)  # SciPy looks there whether an array may be one of theirs
    for suite in unittest.defaultTestLoader.loadTestsFromModule(module):
        for test in suite:
            if is_for_others(test):
                result.addSkip(test, "")
            else:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    test.run(result)
    return result.ended


def main():
    testing = load(SOURCE / "testing" / "test_case.py", "keras.src.testing.test_case")
    testing.TestCase.assertRaisesRegex = asked_by_class
    pytest.raises = lambda expected, match=None: Worded(Outcomes.running, expected, match)
    testing.uses_gpu._value = testing.uses_tpu._value = False
    doubles.MODULES["testing"] = (testing, {"test_case": testing})
    with contextlib.redirect_stdout(io.StringIO()):  # tests may print
        ended = {file: outcomes_of(file) for file in FILES}
    real = [
        name
        for name, module in sys.modules.items()
        if name.split(".")[0] in ("keras", "tensorflow") and getattr(module, "__file__", None)
    ]
    assert real == ["keras.src.testing.test_case"], real
    json.dump(ended, sys.stdout)


if __name__ == "__main__":
    main()

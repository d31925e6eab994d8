"""Bad and odd input, counted: every failure is a documented error that names the value.

How many cases there are is the Hypothesis profile's business: a few hundred by default, ten
thousand with `--hypothesis-profile=nightly` (`make fuzz`). With -v the table names each callable.
"""

import importlib
import inspect
import pkgutil
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager

import judge
import numpy as np
import odd
import pytest
from catalogue import CATALOGUE
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import embedding_core

CASES = {"book": 500, "nightly": 10_000}
_PROFILE = settings.get_current_profile_name()
_WITH_ARGUMENTS = [entry for entry in CATALOGUE if not entry.bare]
EACH = -(-CASES.get(_PROFILE, 500) // len(_WITH_ARGUMENTS))
# Not shrunk: a case is small anyway. Nothing is kept: all callables would share what failed for
# one of them, since to Hypothesis they are one test.
FUZZ = settings(
    max_examples=EACH,
    phases=[Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
_SECONDS = 120
_ROOM = 3 << 29


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Let what takes "cat" for the name of a file or folder make it here."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def room():
    """Let NumPy refuse an array of some gigabytes, as it would refuse one of thousands."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + _ROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Endless(BaseException):
    """A call that did not come back. No `Exception`, or the call might swallow it."""


@contextmanager
def ending():
    """Interrupt a call that does not come back."""

    def stop(*_):
        raise Endless(f"no answer after {_SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("entry", _WITH_ARGUMENTS, ids=lambda entry: entry.name)
def test_bad_input_is_refused_by_name_and_changes_nothing(entry, counts):
    ended = counts.setdefault(entry.name, Counter())

    @FUZZ
    @given(st.data())
    def one_case(data):
        call, arguments, watched = entry.make()
        spoiled = data.draw(st.sets(st.sampled_from(sorted(arguments)), min_size=1, max_size=2))
        for name in spoiled:
            slow = name in entry.slow
            one = odd.drawn(arguments[name], huge=not slow)
            arguments[name] = data.draw(one, label=name).value
        with ending():
            how = judge.verdict(call, arguments, spoiled, entry.promises, watched)
        ended[how] += 1
        assert how in ("refused", "done"), how

    one_case()


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_the_good_arguments_are_good(entry):
    call, arguments, _ = entry.make()
    assert entry.bare == (not arguments)
    call(**arguments)


def test_there_are_enough_callables_and_cases():
    names = [entry.name for entry in CATALOGUE]
    assert len(set(names)) == len(names) >= 50
    assert CASES["nightly"] >= 10_000
    assert EACH * len(_WITH_ARGUMENTS) >= CASES.get(_PROFILE, 500)


# Not fuzzed: what is abstract, or made by nobody but the package itself.
INNER = {
    *("Configurable", "LearningRateSchedule", "Options", "Optimizer", "AdaptableTable"),
    *("Activation", "History", "Cost", "Index", "Lora", "Memory", "Rest"),
    *("DiskMemory", "BringsMemory", "Step", "Traffic", "MeanOfRows"),
    *("Fading", "DecaySums", "Model", "Source", "Seen", "Subject", "Groups"),
    *("Callback", "CallbackList", "Progress", "Samples", "Fed"),
    *("Described", "Weighted", "Stack", "Active", "InPairs", "Remembering"),
    *("Loss", "BuiltIn", "Pointwise", "Metric", "Share"),
}
LOADS = ("load", "read", "get", "from_config", "as_path")


# These import Keras, or a library that a reader may not have.
ABOVE = ("lessons.figures", "lessons.claims", "lessons.sentiment", "lessons.elsewhere")
ABOVE += ("for_keras", "keras_bridge", "keras_files", "scale.cluster", "__main__")


def modules_of(package):
    """Import the modules of the floors that compute, one after the other."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if not found.name.removeprefix("embedding_core.").startswith(ABOVE):
            module = importlib.import_module(found.name)
            yield module
            if found.ispkg:
                yield from modules_of(module)


def things_of_the_package():
    """List the public classes and loaders of the floors that compute, by name."""
    for module in modules_of(embedding_core):
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(thing) or (name.startswith(LOADS) and inspect.isfunction(thing)):
                yield f"{module.__name__.removeprefix('embedding_core.')}.{name}", thing


def test_no_constructor_and_no_loader_is_forgotten():
    fuzzed = {entry.name.split(".")[-1] for entry in CATALOGUE}
    forgotten = [name for name, _ in things_of_the_package() if name.split(".")[-1] not in fuzzed]
    # What Sequential.load and DiskTable call.
    allowed = INNER | {"read", "read_lines", "read_with", "load_model", "read_header"}
    missing = [name for name in forgotten if name.split(".")[-1] not in allowed]
    assert missing == [], "give each a line in tests/fuzz/catalogue.py"
    of_the_package = {name.split(".")[-1] for name, _ in things_of_the_package()}
    assert allowed <= of_the_package  # and the exceptions are still needed


# The judge itself, on functions whose fault is known.


def documented_well(value):
    """Take 1.

    Parameters
    ----------
    value
        Any.

    Raises
    ------
    ValueError, TypeError
        Not 1.
    OSError
        Never.

    Notes
    -----
    Nothing.
    """
    if value != 1:
        raise ValueError(f"value must be 1: received {value!r}")


def test_documented_errors_are_read_from_the_docstring():
    assert judge.documented(documented_well) == (ValueError, TypeError, OSError)
    assert judge.documented(lambda: None) == ()


def verdict(call, value, *watched, promises=(ValueError,)):
    return judge.verdict(call, {"value": value}, ["value"], promises, list(watched))


def fail(message, error=ValueError):
    """Make a function that fails with a message."""

    def failing(value):
        raise error(message)

    return failing


def test_the_judge_tells_a_good_refusal_from_each_kind_of_bad_one():
    assert verdict(documented_well, 1) == "done"
    assert verdict(documented_well, 7) == "refused"
    assert verdict(documented_well, 7, promises=(KeyError,)).startswith("only ['KeyError']")
    assert verdict(fail("received 7", IndexError), 7).startswith("only ['ValueError']")
    for message in ("bad", "received 70", "received 0.7", "received -7", "received 17"):
        assert verdict(fail(message), 7).startswith("the message does not show"), message
    assert verdict(fail("7" + " " * 1500), 7).startswith("a message of 1501 characters")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros((3, 2)), "received shape (3, 2)"),
        (np.array([1, 9]), "id 9 is too large"),
        (["a", None], "received None at position 1"),
        ("x" * 100, "received 'xxxxxxxxxxxxxxxxxxxxxxxx..."),
        (odd.Thing(), "received <a thing>"),
        ({"a": 5}, "no argument 'a'"),
    ],
)
def test_a_message_may_show_the_shape_or_the_part_that_is_wrong(value, message):
    assert judge.shows(message, value)
    assert not judge.shows("that will not do", value)


def test_the_judge_sees_what_a_failing_call_has_changed():
    array, layer = np.zeros(3), embedding_core.Embedding(2, 1, weights=[[1.0], [2.0]])

    def spoil(value):
        value[0] = 5
        raise ValueError("received 5.0")

    def train(value):
        layer.embeddings.assign_rows([0], [[9.0]])
        raise ValueError(f"received {value}")

    assert verdict(spoil, array).startswith("changed something before it failed")
    assert verdict(train, 3, layer).startswith("changed something before it failed")
    assert verdict(train, 3) == "refused"


def test_a_call_that_does_not_come_back_is_interrupted(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "_SECONDS", 1)
    with pytest.raises(Endless), ending():
        time.sleep(60)

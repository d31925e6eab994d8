"""What a call with bad input may do: work, or refuse it in the way its documentation promises.

Nothing here is told what is right for a single function. The errors allowed are those that its
docstring lists under "Raises"; the message has to show the value that was received; and all
things that took part must be, byte for byte, what they were before.
"""

import builtins
import itertools
import re
import types
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import scipy
from helpers import state

from embedding_core.scale.disk import DiskTable

LONGEST_MESSAGE = 1500
_NEEDED = 20
"""So many characters of a long value have to be in the message: it may be cut behind them."""


def documented(thing):
    """Read the error types from a docstring's section "Raises".

    A line of names, `IndexError, TypeError`, is followed by an indented explanation.
    """
    lines = (thing.__doc__ or "").expandtabs().splitlines()
    indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    margin = " " * min(indents, default=0)
    names, inside = [], False
    for line, below in itertools.zip_longest(lines, lines[1:], fillvalue=""):
        if below.strip() == "------" and line.strip() == "Raises":
            inside = True
        elif below.strip() and set(below.strip()) == {"-"}:
            inside = False  # the title of the next section
        elif inside and line.startswith(margin) and re.match(r"[A-Z]", line[len(margin) :]):
            names += line.strip().split(", ")
    return tuple(getattr(builtins, name) for name in names)


def names(value, depth=4):
    """List what a message may show of a value: any one of these will do."""
    if isinstance(value, (np.ndarray, np.generic)) or scipy.sparse.issparse(value):
        yield from _of_array(value)
    yield from _shape(value)
    if isinstance(value, (bytes, bytearray, memoryview)):  # NumPy takes them for numbers
        yield from map(str, list(value)[:30])
    is_real = isinstance(value, (int, float, np.integer, np.floating))
    if is_real and -(2**53) < value < 2**53 and value == int(value):
        yield from (str(int(value)), str(float(value)))  # 3.0 is a 3, and 3 a 3.0
    if isinstance(value, types.GeneratorType):
        yield from ("0", "1", "2", "(3,)")  # what those of `odd` give
    if scipy.sparse.issparse(value):
        yield "()"  # NumPy sees one thing in it
    if isinstance(value, (list, tuple, set, frozenset, range)):
        yield f"{len(value)}"
        yield _repr(list(value))[:_NEEDED]
        if depth:
            for part in list(value)[:30]:
                yield from names(part, depth - 1)
    if isinstance(value, Mapping) and depth:
        for key, part in list(value.items())[:30]:
            yield from names(key, depth - 1)
            yield from names(part, depth - 1)
    text = _repr(value)
    yield text[:_NEEDED]
    yield text[1 : 1 + _NEEDED]  # inside the quotes of a longer list, for example
    if not isinstance(value, (list, tuple, dict)):
        yield str(value)[:_NEEDED]
    if not isinstance(value, (bool, int, float, str, type(None))):
        yield type(value).__name__
    if isinstance(value, type) or callable(value):
        yield getattr(value, "__name__", "")


def _of_array(array):
    yield str(array.shape)
    yield str(array.shape[1:])  # of the parts of a list of arrays
    yield str(array.dtype)
    for length in array.shape:
        yield str(length)
    if isinstance(array, np.generic):
        yield str(array)
        return
    stored = array.tocoo().data if scipy.sparse.issparse(array) else array
    if isinstance(stored, np.ndarray):
        for part in stored.ravel()[:60].tolist() + list(stored.ravel()[:60]):
            yield _repr(part)[:_NEEDED]
            yield str(part)[:_NEEDED]


def _shape(nested):
    try:
        array = np.asarray(nested)
        yield str(array.shape)
        yield str((*array.shape, 2))  # what an embedding, here always of width 2, made of it
        if not array.ndim:
            yield "(1,)"  # what a loss takes a single number for: one sample
        yield str(array.dtype)
    except (ValueError, TypeError, RecursionError, OverflowError):
        return


def _repr(value):
    try:
        return repr(value)
    except RecursionError:
        return "[[[["


def shows(message, value):
    """Tell whether a message shows a value, as a word of its own."""
    return any(re.search(_pattern(name), message) for name in names(value) if name)


def _pattern(name):
    """Let 1 be found in "received 1." and not in "10", "0.1" or "-1"."""
    before = r"(?<![\w.-])" if re.match(r"[\w-]", name) else ""
    behind = r"(?![\w]|\.\d)" if len(name) < _NEEDED and re.search(r"\w$", name) else ""
    return before + re.escape(name) + behind


def snapshot(things):
    """Take things apart, so that a later look can be compared with this one."""
    return [_whole(thing) for thing in things]


def _whole(thing):
    try:
        return _part(thing)
    except RecursionError:  # it holds itself, or is nested too deeply to be walked through
        return id(thing)


def _part(thing):
    if scipy.sparse.issparse(thing):
        rest = thing.tocoo()
        return type(thing), thing.shape, state(rest.data), state(rest.row), state(rest.col)
    if isinstance(thing, Path) and thing.is_file():
        return thing.read_bytes()
    if isinstance(thing, DiskTable):
        return thing.path.read_bytes()
    if isinstance(thing, dict):
        return {key: _part(part) for key, part in thing.items()}
    if type(thing) in (list, tuple):
        return [_part(part) for part in thing]
    return state(thing, caches=False)


def verdict(call, arguments, replaced, promises, watched):
    """Make a call, and say "done", or "refused", or what was wrong with the refusal.

    Parameters
    ----------
    call, arguments
        `call(**arguments)` is made.
    replaced
        Names of the arguments that are odd.
    promises
        Types of error that are documented.
    watched
        What must be the same after a failure, besides the arguments.
    """
    things = [*watched, *arguments.values()]
    before = [snapshot(things) for _ in range(2)][1]  # a first look may settle deferred rows
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an overflow that is computed is no failure
            call(**arguments)
    except Exception as error:
        problem = _problem(error, [arguments[name] for name in replaced], promises)
        after = [snapshot(things) for _ in range(2)][1]
        if not problem and after != before:
            problem = "changed something before it failed"
        what = f"{type(error).__name__}: {error}"
        return "refused" if problem is None else f"{problem}: {what[:LONGEST_MESSAGE]}"
    return "done"


def _problem(error, values, promises):
    if not isinstance(error, promises):
        return f"only {[kind.__name__ for kind in promises]} are documented"
    if not any(shows(str(error), value) for value in values):
        return "the message does not show the value"
    if len(str(error)) > LONGEST_MESSAGE:
        return f"a message of {len(str(error))} characters"
    return None

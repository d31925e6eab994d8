"""Which of its two forms a function runs in: the plain one, or the compiled one.

What each step of training calls most has a second form in `kernels`: the same arithmetic, written
as loops for numba to compile. The plain form in NumPy and SciPy is the one to read, and the one
that runs where numba is missing (the extra `compiled` brings it: `pip install
"embedding-core[compiled]"`). Both give the same numbers to the last bit on a processor whose NumPy
and SciPy round each operation by itself, as on x86, so it does not matter when one takes over from
the other.

Loading numba takes half a second, and compiling, which it does once for a machine, some more. So
nothing is loaded by an import, nor by a few steps on a toy: the `STEPS_TO_LOAD`-th step of a
process loads it, and so does a text of ten million letters that is to be cut into words.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from embedding_core.ground import kernels

P = ParamSpec("P")
R = TypeVar("R")

STEPS_TO_LOAD = 32
"""How many steps make the time for loading worth while."""

# Of the first argument. There is no arithmetic in float16 to compile.
_DTYPES = frozenset(map(np.dtype, (np.intp, np.float32, np.float64)))

_forms: dict[str, Callable[..., Any]] = {}
_plain = False
_steps = 0


def compiled(plain: Callable[P, R]) -> Callable[P, R]:
    """Let the form of the same name in `kernels` run, as soon as it is loaded.

    Parameters
    ----------
    plain
        Takes an array first, and everything by position.

    Returns
    -------
    function
        Takes the same. The plain form alone runs on an array of no axes or of another dtype.
    """
    name = plain.__name__

    @wraps(plain)
    def either(*args: Any) -> R:
        form, first = _forms.get(name), args[0]
        if form is None or _plain or first.dtype not in _DTYPES or not first.ndim:
            return plain(*args)  # type: ignore[call-arg]
        made: R = form(*args)
        return made

    return either  # type: ignore[return-value]


def count_step() -> None:
    """Take note of a step; load the compiled forms when there have been enough."""
    global _steps
    _steps += 1
    if _steps == STEPS_TO_LOAD:
        load()


def load() -> bool:
    """Load the compiled forms, and say whether there are any: whether numba is installed."""
    global _forms
    if _forms:
        return True
    try:
        from numba import njit
    except ImportError:
        return False
    _forms = {form.__name__: _jitted(njit, form) for form in kernels.ALL}
    return True


def _jitted(njit: Any, form: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function compiled at its first call, and kept on disk if there is a place for it."""
    options = {"error_model": "numpy", "nogil": True}  # 1 / 0 is infinite, as it is in NumPy
    try:
        made: Callable[..., Any] = njit(cache=True, **options)(form)
    except RuntimeError:  # neither beside the file nor in the user's folder may be written
        made = njit(**options)(form)
    return made


@contextmanager
def plainly() -> Iterator[None]:
    """Let the plain forms run inside the block, whatever is loaded."""
    global _plain
    before, _plain = _plain, True
    try:
        yield
    finally:
        _plain = before

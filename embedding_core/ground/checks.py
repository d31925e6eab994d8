"""What many functions ask of their arguments, and how a message shows what they received.

Each check returns the argument as it is to be used, or raises an error that names the argument,
what is accepted, and what came instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LONGEST = 80
_NO_LISTS = (str, bytes, bytearray, memoryview, dict)
_MOST = int(np.iinfo(np.intp).max)


def shown(value: object) -> str:
    """Write a value down for a message: as Python does, cut short; an array by its shape."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    try:
        text = repr(value)
    except RecursionError:
        return f"a {type(value).__name__}, nested too deeply to be shown"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def as_numbers(name: str, value: ArrayLike, what: str = "numbers") -> NDArray[Any]:
    """Return an array of real numbers or booleans, of any shape.

    Parameters
    ----------
    name
        Of the argument, for the message.
    value
        An array, a number, or nested lists.
    what
        Which numbers, for the message.

    Raises
    ------
    TypeError
        Anything else than numbers.
    ValueError
        Lists of different lengths.
    """
    try:
        array = np.asarray(value)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"{name} must be {what} in a rectangle, all lists of one length: received "
            f"{shown(value)}."
        ) from error
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be {what}: received dtype {array.dtype}, {shown(value)}.")
    return array


def is_whole(value: object) -> bool:
    """Tell a whole number, Python's or NumPy's, from everything else; booleans are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def positive_int(name: str, value: Any) -> int:
    """Return `value` as an int, or say what it should have been.

    Raises
    ------
    ValueError
        Not a whole number above 0 (booleans are none) that an index can hold.
    """
    if not is_whole(value) or not 0 < value <= _MOST:
        raise ValueError(
            f"{name} must be a positive integer: received {shown(value)} of type "
            f"{type(value).__name__}."
        )
    return int(value)


def number(name: str, value: Any) -> Any:
    """Return a real number as it is, NaN and infinities too, or say what it should have been.

    Raises
    ------
    TypeError
        Not a number; booleans are none.
    """
    one = isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0
    is_number = is_whole(value) or isinstance(value, float) or (one and value.dtype.kind in "iuf")
    if not is_number:
        raise TypeError(f"{name} must be a number: received {shown(value)}.")
    return value


def finite(name: str, value: Any) -> float:
    """Return a finite number as a Python number, or say what it should have been.

    Raises
    ------
    TypeError
        Not a number.
    ValueError
        NaN or infinite.
    """
    if not -np.inf < number(name, value) < np.inf:
        raise ValueError(f"{name} must be a finite number: received {shown(value)}.")
    plain: float = value.item() if isinstance(value, (np.generic, np.ndarray)) else value
    return plain


def not_negative(name: str, value: Any) -> float:
    """Return a number >= 0 as a float, or say what it should have been.

    Raises
    ------
    TypeError
        Not a number.
    ValueError
        Negative, infinite or NaN.
    """
    if not 0 <= number(name, value) < np.inf:
        raise ValueError(f"{name} must be a finite number >= 0: received {shown(value)}.")
    return as_float(name, value)


def positive_or_none(name: str, value: Any) -> float | None:
    """Return `None`, or a number > 0 as a float, or say what it should have been.

    Raises
    ------
    TypeError
        Neither `None` nor a number.
    ValueError
        Zero, negative, infinite or NaN.
    """
    if value is None:
        return None
    if not 0 < number(name, value) < np.inf:
        raise ValueError(
            f"{name} must be a finite number > 0, or None for none: received {shown(value)}."
        )
    return as_float(name, value)


def fraction(name: str, value: Any) -> float:
    """Return a decay rate in [0, 1), or say what it should have been.

    Raises
    ------
    TypeError
        Not a number.
    ValueError
        Outside [0, 1).
    """
    if not 0 <= number(name, value) < 1:
        raise ValueError(f"{name} must lie in [0, 1): received {shown(value)}.")
    return float(value)


def as_float(name: str, value: Any) -> float:
    """Return a real number as a float, NaN and infinities too, or say what it should have been.

    Raises
    ------
    TypeError
        Not a number; booleans are none.
    ValueError
        An int beyond all floats.
    """
    try:
        return float(number(name, value))
    except OverflowError as error:  # an int of more than 308 digits
        raise ValueError(f"{name} must be a number that a float holds: {shown(value)}.") from error


def switch(name: str, value: Any) -> bool:
    """Return True or False, or say that it should have been one of them.

    Raises
    ------
    TypeError
        Anything else: a number that slipped into the wrong place would read as True.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False: received {shown(value)}.")
    return bool(value)


def one_of(name: str, value: Any, known: Sequence[str]) -> str:
    """Return one of some names, or list them.

    Raises
    ------
    ValueError
        Anything else.
    """
    if not isinstance(value, str) or value not in known:
        names = f"{', '.join(map(repr, known[:-1]))} or {known[-1]!r}"
        raise ValueError(f"{name} must be {names}: received {shown(value)}.")
    return value


def expect(name: str, value: Any, kind: type | tuple[type, ...], what: str) -> None:
    """Refuse what is no instance of a class.

    Raises
    ------
    TypeError
        It is none.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {what}: received {shown(value)}.")


def as_name(value: Any, what: str = "name") -> str:
    """Return a string, or say that it should have been one.

    Raises
    ------
    TypeError
        Anything else.
    """
    expect(what, value, str, "a str")
    return str(value)


def as_seed(value: Any) -> int | None:
    """Return `None` or a whole number from 0 on.

    Raises
    ------
    TypeError
        Not a whole number.
    ValueError
        Negative.
    """
    if value is None:
        return None
    if not is_whole(value):
        raise TypeError(f"seed must be None or a whole number: received {shown(value)}.")
    if value < 0:
        raise ValueError(f"seed must be at least 0: received {value}.")
    return int(value)


def as_list(name: str, value: Any, of: str) -> list[Any]:
    """Return what a list or another iterable holds; a string is none.

    Raises
    ------
    TypeError
        A string, a dictionary, or something that cannot be gone through.
    """
    if isinstance(value, (list, tuple)):
        return list(value)
    try:
        if isinstance(value, _NO_LISTS) or not isinstance(value, Iterable):
            raise TypeError(f"a {type(value).__name__} is none")
        return list(value)  # a NumPy number is Iterable and cannot be gone through
    except TypeError as error:
        raise TypeError(f"{name} must be a list of {of}: received {shown(value)}.") from error


def as_dtype(value: Any, kinds: str = "fiu", what: str = "one of numbers") -> np.dtype[Any]:
    """Return a dtype of numbers.

    Parameters
    ----------
    value
        A dtype, or what names one.
    kinds
        NumPy's letters for the kinds accepted.
    what
        Which these are, for the message.

    Raises
    ------
    TypeError
        Anything else.
    """
    try:
        dtype: np.dtype[Any] = np.dtype(value)
    except Exception as error:  # NumPy has six kinds of them here, SyntaxError among them
        raise TypeError(f"dtype must be {what}: received {shown(value)}.") from error
    if value is None or dtype.kind not in kinds:  # None would be float64
        raise TypeError(f"dtype must be {what}: received {shown(value)}.")
    return dtype


def as_axes(name: str, value: Any) -> int | tuple[int, ...]:
    """Return the number of an axis, or those of several.

    Raises
    ------
    TypeError
        Neither a whole number nor a list of them.
    """
    if is_whole(value):
        return int(value)
    if not isinstance(value, (tuple, list)) or not all(map(is_whole, value)):
        raise TypeError(
            f"{name} must be a whole number or a list of them: received {shown(value)}."
        )
    return tuple(int(axis) for axis in value)


def as_shape(name: str, value: Any) -> tuple[int, ...]:
    """Return a shape that an array of float64 can have.

    Raises
    ------
    TypeError
        Not a tuple or list of whole numbers.
    ValueError
        A negative length, or more numbers than can be counted.
    """
    if not isinstance(value, (tuple, list)) or not all(map(is_whole, value)):
        raise TypeError(f"{name} must be a tuple of whole numbers: received {shown(value)}.")
    count = 8
    for length in value:
        count *= max(int(length), 1)
        if length < 0 or count > _MOST:
            raise ValueError(f"no array can have the {name} {shown(tuple(value))}.")
    return tuple(int(length) for length in value)


@contextmanager
def undrawn(rng: np.random.Generator | None) -> Iterator[None]:
    """Let a failure inside the block leave the random numbers where they were before."""
    before: Any = None if rng is None else rng.bit_generator.state
    try:
        yield
    except BaseException:
        if rng is not None:
            rng.bit_generator.state = before
        raise

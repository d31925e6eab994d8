"""Checks that several modules of ``text`` share."""

import operator
from collections.abc import Iterable
from typing import SupportsIndex

import numpy as np

from embedding_core.ground.checks import shown


def as_count(name: str, value: SupportsIndex, minimum: int, why: str) -> int:
    """Return an integer argument as ``int``, or say what it should have been.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : int
        What was received; NumPy integers count, booleans do not.
    minimum : int
        The least value accepted.
    why : str
        The reason for the minimum, for the message.

    Returns
    -------
    int
        The value.

    Raises
    ------
    TypeError
        When the value is not an integer.
    ValueError
        When it is below the minimum, or too large for an index.
    """
    if isinstance(value, (bool, type)) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an int, received {type(value).__name__}: {shown(value)}")
    try:
        number = operator.index(value)
    except TypeError as error:  # an array of several numbers
        raise TypeError(f"{name} must be an int, received {shown(value)}") from error
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum} ({why}), received {number}")
    if number > np.iinfo(np.intp).max:
        raise ValueError(
            f"{name} must be a number that an index can hold, received {shown(number)}"
        )
    return number


def as_texts(texts: Iterable[str], name: str = "texts") -> list[str]:
    """Return the texts as a list, or name the first thing that is not a text.

    Parameters
    ----------
    texts : iterable of str
        A flat collection of texts.
    name : str, optional
        The argument's name, for the message.

    Returns
    -------
    list of str
        The same texts.

    Raises
    ------
    TypeError
        When ``texts`` is one string or a dictionary, is not iterable, or holds something other
        than strings.
    ValueError
        When a text holds half of a surrogate pair, which UTF-8 cannot.
    """
    if isinstance(texts, str | bytes | dict) or not isinstance(texts, Iterable):
        raise TypeError(
            f"{name} must be a list of str, received {type(texts).__name__}: {shown(texts)}; "
            "for a single one, put it in a list"
        )
    try:
        received = list(texts)
    except TypeError as error:  # a NumPy number says that it is Iterable
        raise TypeError(f"{name} must be a list of str, received {shown(texts)}") from error
    for position, text in enumerate(received):
        if not isinstance(text, str):
            raise TypeError(
                f"{name} must hold str only, received {type(text).__name__} at position "
                f"{position}: {shown(text)}; flatten nested lists and decode bytes first"
            )
        if not text.isascii():
            _refuse_surrogates(text, f"{name}[{position}]")
    return received


def _refuse_surrogates(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{where} cannot be written as UTF-8: received {shown(text)}; "
            "remove the lone surrogates, for instance with "
            "text.encode(errors='replace').decode()"
        ) from error

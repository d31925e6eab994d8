"""Words to integers without a vocabulary: the hashing that Keras once exported as ``one_hot``.

Differences from ``keras.src.legacy.preprocessing.text``: a table of fewer than two buckets, an
unknown hash name and an empty ``split`` are refused with an error that says what is accepted.
"""

import hashlib
from collections.abc import Callable, Iterable

from embedding_core.ground.checks import as_list, as_name, shown, switch
from embedding_core.text._checks import as_count, as_texts

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""Characters that separate words, ASCII punctuation without the apostrophe, tab and newline."""


def text_to_word_sequence(
    input_text: str, filters: str = FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """Cut a text into words at ``split`` and at every character of ``filters``.

    Parameters
    ----------
    input_text : str
        The text.
    filters : str, optional
        Characters that count as separators.
    lower : bool, optional
        Lower the case first, by Unicode's rules (``TextVectorization`` lowers ASCII only).
    split : str, optional
        The separator, not empty.

    Returns
    -------
    list of str
        The words in order, none of them empty.

    Raises
    ------
    TypeError
        When ``input_text``, ``filters`` or ``split`` is not a string, or ``lower`` neither True
        nor False.
    ValueError
        When ``split`` is empty.

    Notes
    -----
    Keras: ``keras.src.legacy.preprocessing.text.text_to_word_sequence``.
    """
    if not isinstance(input_text, str):
        raise TypeError(
            f"input_text must be one str, received {type(input_text).__name__}: "
            f"{shown(input_text)}; call the function once for each text"
        )
    switch("lower", lower)
    as_name(filters, "filters")
    if not isinstance(split, str):
        raise TypeError(f"split must be a str, received {type(split).__name__}: {shown(split)}")
    if not split:
        raise ValueError("split must hold at least one character, received ''; try ' '")
    text = input_text.lower() if lower else input_text
    separated = text.translate(dict.fromkeys(map(ord, filters), split))
    return [word for word in separated.split(split) if word]


def one_hot(
    input_text: str,
    n: int,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Hash each word of a text to an integer: despite its name, this is not one-hot encoding.

    Nothing here is a vector of zeros with a single one. The result is a list of ids, ready for
    an ``Embedding``; ``embedding_core.ops.one_hot`` makes the vectors. The ids come from
    Python's ``hash``, so they change from one process to the next unless the environment
    variable ``PYTHONHASHSEED`` is fixed; ``hashing_trick(..., "md5")`` is stable.

    Parameters
    ----------
    input_text : str
        The text.
    n : int
        Size of the table of ids, at least 2; 0 is left free for padding.
    filters, lower, split
        As in `text_to_word_sequence`.
    analyzer : callable, optional
        Called with the text to get its words, in place of `text_to_word_sequence`.

    Returns
    -------
    list of int
        One id in 1 ... n - 1 for each word. Two words may share an id.

    Raises
    ------
    TypeError, ValueError
        As `hashing_trick`.

    Notes
    -----
    Keras: ``keras.src.legacy.preprocessing.text.one_hot``.
    """
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


def hashing_trick(
    text: str,
    n: int,
    hash_function: Callable[[str], int] | str | None = None,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Hash each word of a text to one of ``n - 1`` ids.

    Parameters
    ----------
    text : str
        The text.
    n : int
        Size of the table of ids, at least 2; 0 is left free for padding.
    hash_function : callable, "md5" or None, optional
        From a word to an integer. ``None`` is Python's ``hash``, which changes from process to
        process; ``"md5"`` gives the same ids everywhere.
    filters, lower, split
        As in `text_to_word_sequence`.
    analyzer : callable, optional
        Called with the text to get its words, in place of `text_to_word_sequence`.

    Returns
    -------
    list of int
        One id in 1 ... n - 1 for each word. Two words may share an id: with w words, about
        w²/2n pairs do (the birthday bound).

    Raises
    ------
    TypeError
        When ``text`` is not a string, ``n`` not an integer, ``hash_function`` or ``analyzer``
        not callable or the latter gives no words; or as `text_to_word_sequence`.
    ValueError
        When ``n`` is below 2 or ``hash_function`` is an unknown name, or ``text`` cannot be
        written as UTF-8.

    Notes
    -----
    Keras: ``keras.src.legacy.preprocessing.text.hashing_trick``. The idea is Weinberger et al.,
    *Feature hashing for large scale multitask learning*, 2009.
    """
    buckets = as_count("n", n, minimum=2, why="0 is kept for padding") - 1
    digest = _resolve(hash_function)
    if analyzer is None:
        words = text_to_word_sequence(text, filters, lower, split)
    elif callable(analyzer):
        words = as_list(f"what {shown(analyzer)} returns", analyzer(text), "words")
    else:
        raise TypeError(f"analyzer must be None or callable, received {shown(analyzer)}")
    return [digest(word) % buckets + 1 for word in as_texts(words, "words")]


def _resolve(hash_function: Callable[[str], int] | str | None) -> Callable[[str], int]:
    if hash_function is None:
        return hash
    if isinstance(hash_function, str):
        if hash_function != "md5":
            raise ValueError(
                f"hash_function must be None, 'md5' or a callable, received {shown(hash_function)}"
            )
        return md5
    if not callable(hash_function):
        raise TypeError(
            "hash_function must be None, 'md5' or a callable, "
            f"received {type(hash_function).__name__}: {shown(hash_function)}"
        )
    return hash_function


def md5(word: str) -> int:
    """Return a word's MD5 digest as an integer of 128 bits, the same in every process."""
    # The digest serves as a spread of words over buckets, not as protection.
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)

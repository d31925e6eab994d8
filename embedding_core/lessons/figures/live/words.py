"""The map of words: the live figure of chapter 11."""

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import orthogonal_procrustes

from embedding_core.ground._types import Floats
from embedding_core.ids import check_ids
from embedding_core.lessons.figures.live.page import LiveFigure, numbers, paragraph, table
from embedding_core.relatives.neighbours import nearest_words, places, unit_rows

MOST_GROUPS = 6
"""How many groups of words the page can tell apart by colour and shape."""

NEIGHBOURS = 10
"""How many neighbours the page shows of a word."""

_LARGEST = np.iinfo("int16").max


def live_map(
    words: Sequence[str],
    tables: Mapping[str, ArrayLike],
    maps: Mapping[str, ArrayLike],
    groups: Mapping[str, Sequence[int]],
    asked: Sequence[str],
) -> LiveFigure:
    """Show trained words on a map, and who is near whom in all their numbers.

    Parameters
    ----------
    words
        n different words, more than `NEIGHBOURS`.
    tables
        By objective: shape (n, D), the words' rows, none of them zero.
    maps
        By objective, the same ones: shape (n, 2), where the words lie. A map is turned and
        mirrored to lie like the first, which changes no distance.
    groups
        By name: the words that belong together, as places in [0, n); at most `MOST_GROUPS`.
    asked
        Some of the words, at least one: those whose neighbours the text names. The first is
        chosen at first.

    Returns
    -------
    LiveFigure
        On the page the reader chooses word and objective. The rows go there as directions, in
        16-bit numbers; the page finds the neighbours among the n words as
        `relatives.neighbours.nearest` does.

    Raises
    ------
    IndexError, TypeError, ValueError
        Too few words, no or too many groups, tables and maps that do not match, or as
        `check_ids`, `places` and `unit_rows`.
    """
    if len(words) <= NEIGHBOURS or list(tables) != list(maps) or not tables:
        raise ValueError(
            f"need more than {NEIGHBOURS} words and a map for each table: received "
            f"{len(words)} words, tables {list(tables)}, maps {list(maps)}."
        )
    if not 0 < len(groups) <= MOST_GROUPS or not len(asked):
        raise ValueError(
            f"need from 1 to {MOST_GROUPS} groups and a word to ask for: received "
            f"{list(groups)} and {asked}."
        )
    rounded = {name: _rounded(table, len(words)) for name, table in tables.items()}
    data = {
        "label": "The map of words",
        "words": list(words),
        "vectors": {name: _packed(rows) for name, rows in rounded.items()},
        "maps": {name: numbers(place) for name, place in _turned(maps, len(words)).items()},
        "groups": {n: check_ids(list(ids), len(words)).tolist() for n, ids in groups.items()},
        "neighbours": NEIGHBOURS,
        "asked": places(words, asked).tolist()[0],
    }
    return LiveFigure("map", data, _text(words, rounded, asked))


def _rounded(rows: ArrayLike, count: int) -> NDArray[np.int16]:
    """Write each row's direction in 16-bit numbers."""
    directions = unit_rows(rows)
    if len(directions) != count:
        raise ValueError(f"need a row for each of {count} words: received {len(directions)}.")
    return np.asarray((directions * _LARGEST).round(), np.int16)


def _packed(rows: NDArray[np.int16]) -> str:
    """Write 16-bit numbers as text, the low byte of each first."""
    return base64.b64encode(rows.astype("<i2").tobytes()).decode()


def _turned(maps: Mapping[str, ArrayLike], count: int) -> dict[str, Floats]:
    """Turn and mirror each map so that it lies like the first, and fit it into [-1, 1]."""
    turned: dict[str, Floats] = {}
    for name, lying in maps.items():
        place = np.asarray(lying, "float64")
        if place.shape != (count, 2):
            raise ValueError(
                f"a map must have the shape ({count}, 2): received {place.shape} for {name!r}."
            )
        place = place - place.mean(axis=0)
        for first in list(turned.values())[:1]:
            place = place @ orthogonal_procrustes(place, first)[0]
        place -= (place.max(axis=0) + place.min(axis=0)) / 2
        turned[name] = place / np.abs(place).max()
    return {name: place.round(3) for name, place in turned.items()}


def _text(
    words: Sequence[str], tables: Mapping[str, NDArray[np.int16]], asked: Sequence[str]
) -> list[str]:
    rows = [
        (word, *(", ".join(nearest_words(rows, words, word, 5)) for rows in tables.values()))
        for word in asked
    ]
    return [
        paragraph(
            f"{len(words)} words, each with a row in every table. The nearest neighbours of a "
            "word depend on what its table was trained for. Nearest means the smallest angle, "
            "in all numbers of a row and among these words."
        ),
        *(
            table(
                f"The five nearest to “{word}”",
                ["Trained for", "Neighbours"],
                zip(tables, near, strict=True),
            )
            for word, *near in rows
        ),
    ]

